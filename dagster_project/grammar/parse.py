"""From a target text to one ParsedTarget: marks off, then the rules in order, then the parts of a composite."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from dagster_project.grammar import numbers, phrases, shares, worded
from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.quantity import PREFIXES, Units
from dagster_project.grammar.stretch import stretch
from dagster_project.grammar.text import normalise, split_marks
from dagster_project.grammar.words import DO, NEW, PLAN_PERIODS, STRETCH_WORD

# the first rule that reads the whole text wins
RULES: tuple[Callable[[str, Units], ParsedTarget | None], ...] = (
    phrases.none,
    phrases.score_rule,
    phrases.delegated,
    shares.whole,
    worded.hold,
    phrases.direction,
    phrases.rank,
    shares.fraction,
    shares.times,
    shares.ratio,
    numbers.numeric,
    stretch,
    worded.named,
    phrases.grade,
    phrases.relative,
)
_BY_YEAR = re.compile(r"^(?:到|至)?(20\d\d)年(?!的)")
# a year a target is compared with is not the year it is for
_COMPARED_WITH = re.compile(
    r"(?:比|较|与|同|以|于|不[低高]于|不超过)20\d\d年|在20\d\d年(?:底|末)?(?:水平|的)?基础|20\d\d年(?:底|末)?(?:水平)?的|从20\d\d年|[比较在]十[二三四五]五"
)
_YEAR = re.compile("(20\\d\\d)年|(" + "|".join(PLAN_PERIODS) + ")期?末")
# what is denied elsewhere than in the words the rules know is not read as if it were not
_DENIED = re.compile("不|未|没|非|无|禁|勿|莫|否|杜绝|停止|取消|暂停|终止|撤销|放弃")
_KNOWN_DENIALS = "|".join(
    (
        *sorted((word for word in PREFIXES if "不" in word), key=len, reverse=True),
        "不(?:慢|快|低|高)于",
        "不再?(?:减少|降低|下降|增加|上升)",
        "只(?:增不减|减不增|升不降|降不升)",
        "不变",
        "不断",
        "不发生",
        "不参评",
        "一[户人个]不[漏少落]",
        "未来",
        "非遗",
        "无障碍",
        "无害化",
        "无废",
    )  # fmt: skip
)
# the value of another time, or a number that is no aim
_OTHER_VALUE = re.compile("实际(?!工作)|实绩|已|权重|满分|预警|原目标|分别|现状为?\\d|基期为?\\d|扣\\d")
# 60%以上80%以下, 大于60%小于80%: nothing stands between the bounds of an interval
_BETWEEN_BOUNDS = r"(?<=以上)(?=\d)|(?<=[\d%])(?=小于|低于|不[高大]于|不超过)"
_PART_KINDS = ("threshold", "interval", "approximate", "growth", "increment", "hold")


def parse_target(
    value_text: str,
    units: Collection[str],
    *,
    label_unit: str = "",
    year: str | None = None,
    is_growth_column: bool = False,
) -> ParsedTarget:
    """Read one target as printed.

    `units`: every spelling of a unit that may stand behind a number. `label_unit`: the unit the label prints, empty
    if none. `year`: the last year of the target's period; a text that names another year as its own (2022年达到8%) is
    not read. `is_growth_column`: the column's heading says that its cells are yearly growth (年均增长), so that a plain
    number is no level. Never raises; what no rule reads comes back as kind `unparsed`.
    """
    text = normalise(value_text)
    if text is None:
        return ParsedTarget("unparsed")
    text, marks = split_marks(text)
    if _names_another_year(text, year):
        return ParsedTarget("unparsed", marks=marks)
    known = Units(units, label_unit)
    parsed = _one(text, known) or _composite(text, known) or ParsedTarget("unparsed")
    if _is_doubted(text, parsed.target_kind):
        parsed = ParsedTarget("unparsed")
    if is_growth_column:
        parsed = _in_growth_column(parsed, text, known)
    return replace(parsed, marks=marks)


def _names_another_year(text: str, year: str | None) -> bool:
    years = {match[1] or PLAN_PERIODS[match[2]] for match in _YEAR.finditer(_COMPARED_WITH.sub("", text))}
    return bool(year and years - {year})


def _is_doubted(text: str, kind: str) -> bool:
    """Whether something is denied that no rule knows, or a number is no aim."""
    if kind in ("none", "unparsed"):
        return False
    if _DENIED.search(re.sub(_KNOWN_DENIALS, "", text)):
        return True
    return kind != "score_rule" and bool(_OTHER_VALUE.search(text))


def _in_growth_column(parsed: ParsedTarget, text: str, units: Units) -> ParsedTarget:
    """Whole coverage stays what it is; beside a number of the column it leaves a doubt."""
    if not any(shares.whole(piece, units) for piece in re.split("[;,、]", text)):
        return _as_growth(parsed)
    return ParsedTarget("unparsed") if parsed.target_kind == "composite" else parsed


def _as_growth(parsed: ParsedTarget) -> ParsedTarget:
    """A value of a column of growth; an amount (500亿元) is none."""
    if parsed.target_kind == "composite":
        return replace(parsed, parts=tuple(_as_growth(part) for part in parsed.parts))
    if parsed.target_kind not in ("threshold", "interval", "approximate") or parsed.unit_text not in (
        None,
        *numbers.SHARES,
    ):
        return parsed if parsed.unit_text != "1" else ParsedTarget("unparsed")
    sign = "~" if parsed.target_kind == "approximate" else parsed.comparator
    return replace(parsed, target_kind="growth", comparator=sign, basis="annual_average")


def _one(text: str, units: Units) -> ParsedTarget | None:
    return next((parsed for rule in RULES if (parsed := rule(text, units)) is not None), None)


def _composite(text: str, units: Units) -> ParsedTarget | None:
    """Several aims in one cell (达到50%,排名全省前30); every part must be read, or nothing is."""
    if len(text) > 200:
        return None
    for separator in (";", ",但?", "、|且|并且|并|,但?|;", _BETWEEN_BOUNDS):
        pieces = [piece for piece in re.split(rf"(?:{separator})+", text) if piece]
        if len(pieces) < 2 or any(
            _BY_YEAR.match(piece) or re.match(STRETCH_WORD, piece) for piece in pieces[1:]
        ):
            continue
        parts = [_part(piece, units) for piece in pieces]
        read = tuple(part for part in parts if part is not None)
        if len(read) == len(parts):
            band = _interval(read)
            if separator == _BETWEEN_BOUNDS:
                return band
            return band or (None if _is_doubtful(read) else ParsedTarget("composite", parts=read))
    return None


def _interval(parts: tuple[ParsedTarget, ...]) -> ParsedTarget | None:
    """Two bounds of one quantity (≥90%且≤95%) are an interval."""
    if len(parts) != 2 or any(part.target_kind != "threshold" or part.label_text for part in parts):
        return None
    low, high = sorted(parts, key=lambda part: part.target_value)
    is_band = (
        low.unit_text == high.unit_text
        and (low.comparator or "")[:1] == ">"
        and (high.comparator or "")[:1] == "<"
        and low.target_value < high.target_value
    )
    return (
        replace(low, target_kind="interval", comparator=None, target_value_high=high.target_value)
        if is_band
        else None
    )


def _is_doubtful(parts: tuple[ParsedTarget, ...]) -> bool:
    """Two numbers of one kind of which neither says what it is about (60%以上，80%) cannot be told apart.

    Nor can it be told whether 新建高中1所、初中2所 are two new ones or two in all.
    """
    said = [(part.target_kind, part.unit_text, part.reference_text, part.label_text) for part in parts]
    made = {part.unit_text for part in parts if part.target_kind == "increment"}
    plain = {part.unit_text for part in parts if part.target_kind == "threshold"}
    return len(said) != len(set(said)) or bool(made & plain - {None})


def _part(text: str, units: Units) -> ParsedTarget | None:
    parsed = _one(text, units)
    if parsed is not None:
        # 新建5所，改建3所: the verb tells the parts apart
        verb = (
            re.match(f"{NEW}|{DO}", text)
            if parsed.target_kind == "increment" and parsed.target_value > 0
            else None
        )
        if verb and not parsed.label_text:
            parsed = replace(parsed, label_text=verb[0])
        return None if parsed.target_kind == "none" else parsed
    # the shortest words before a readable value say what the part is about: 城镇 8万元, 小学 达到0.4以下
    for end in range(2, min(len(text), 20)):
        label = text[:end]
        about = re.sub("[老青少]年|学前三年|第[一二三]产业|PM2.5|PM10", "", label)
        if re.search(r"[^\u4e00-\u9fffA-Za-z()]|年|第|力争|争取", about) or numbers.changes_meaning(about):
            return None
        parsed = _one(text[end:], units)
        if parsed is not None and parsed.target_kind in _PART_KINDS:
            return replace(parsed, label_text=label)
    return None
