"""The rules of the target grammar, tried in order; the first that reads the whole text wins.

Rules know Chinese phrasing only. They know nothing of indicators, regions or databases; the units they accept are
handed in, so that a new unit is a row in seeds/unit.csv.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from dagster_project.grammar.model import ParsedTarget

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
RISE = "提升|提高|上升|增长|增加|改善|优化|扩大"
FALL = "下降|降低|减少|缩小|收窄"
PACE = "稳步|逐步|逐年|持续|稳定|不断|稳中有|有所|明显|显著|进一步|较快"

PREFIX_COMPARATORS = {
    ">=": ("≥", "不低于", "不少于", "不小于"),
    "<=": ("≤", "不高于", "不超过", "不大于", "不多于", "控制在"),
    ">": (">", "高于", "大于", "超过", "超", "突破", "多于"),
    "<": ("<", "低于", "小于", "少于"),
}
SUFFIX_COMPARATORS = {">=": ("以上", "及以上", "(含)以上"), "<=": ("以下", "以内", "及以下", "(含)以内")}
CHINESE_DIGITS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
RATIO_PLACES = Decimal("0.00000001")


def normalise(text: str) -> str:
    """One spelling for what plans print in several: half-width signs, no white space, `~` for every range sign."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\s+", "", text)
    text = text.replace("⩾", "≥").replace("⩽", "≤").replace("≧", "≥").replace("≦", "≤")
    return re.sub(r"(?<=[\d%])(?:-|~|—+|–|至)(?=\d)", "~", text)


def parse_target(value_text: str, units: Collection[str], *, is_growth_column: bool = False) -> ParsedTarget:
    """Read one target as printed.

    `units`: every spelling of a unit that may stand behind a number. `is_growth_column`: the column's heading says
    that its cells are yearly growth (年均增长), so that a plain number is no level. Never raises; what no rule
    reads comes back as kind `unparsed`.
    """
    text = normalise(value_text)
    provisional = bool(re.search(r"\((?:暂定|预计|初步)\)", text))
    if provisional:
        text = re.sub(r"\((?:暂定|预计|初步)\)", "", text)
    unit_pattern = _unit_pattern(frozenset(units))
    for rule in RULES:
        parsed = rule(text, unit_pattern)
        if parsed is not None:
            if is_growth_column and parsed.target_kind == "threshold":
                parsed = replace(parsed, target_kind="growth")
            return replace(parsed, is_provisional=provisional)
    return ParsedTarget("unparsed", is_provisional=provisional)


@lru_cache(maxsize=4)
def _unit_pattern(units: frozenset[str]) -> str:
    spellings = sorted({normalise(unit) for unit in units if unit and unit != "1"}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(spelling) for spelling in spellings) + ")" if spellings else "(?:(?!))"


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _none(text: str, units: str) -> ParsedTarget | None:
    return ParsedTarget("none") if re.fullmatch(r"[-—–/]*|不参评|不考核|不适用", text) else None


def _delegated(text: str, units: str) -> ParsedTarget | None:
    pattern = r"(?:完成|达到)(?:国家|上级|省|市|区|县|省市|市里)*(?:级)?下达(?:的)?(?:年度)?(?:目标|任务|指标)(?:任务|要求)?"
    return ParsedTarget("delegated") if re.fullmatch(pattern, text) else None


def _direction(text: str, units: str) -> ParsedTarget | None:
    if re.fullmatch(rf"(?:{PACE})*(?:{RISE})", text):
        return ParsedTarget("direction", comparator=">")
    if re.fullmatch(rf"(?:{PACE})*(?:{FALL})", text):
        return ParsedTarget("direction", comparator="<")
    return None


def _hold(text: str, units: str) -> ParsedTarget | None:
    if re.fullmatch(r"(?:基本)?(?:保持|维持)(?:基本)?(?:稳定|不变|在?合理区间)", text):
        return ParsedTarget("hold")
    match = re.fullmatch(rf"(?:保持|维持)(?:在)?({NUMBER})({units})?", text)
    return ParsedTarget("hold", target_value=_number(match[1]), unit_text=match[2]) if match else None


def _score_rule(text: str, units: str) -> ParsedTarget | None:
    return ParsedTarget("score_rule") if re.search(r"排名.{0,6}(?:计分|得分)|按.{0,12}计分", text) else None


def _rank(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(
        r"(?:排名|位次|位居|居|进入|保持)*(全国|全省|全市|全区)?(?:排名|位次)?(前|第)(\d+|[一二三四五六七八九十])(?:位|名)?",
        text,
    )
    if not match:
        return None
    place = Decimal(match[3]) if match[3].isdigit() else Decimal(CHINESE_DIGITS[match[3]])
    return ParsedTarget("rank", comparator="<=", target_value=place, reference_text=match[1])


def _grade(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(r"(?:达到|达)([^\d]+?)(?:标准|等级|水平)", text)
    return ParsedTarget("grade", reference_text=match[1]) if match else None


def _fraction(text: str, units: str) -> ParsedTarget | None:
    digits = "".join(CHINESE_DIGITS)
    match = re.fullmatch(rf"([{digits}])分之([{digits}])(以上|以下|以内)?", text)
    if not match:
        return None
    value = (Decimal(CHINESE_DIGITS[match[2]]) / Decimal(CHINESE_DIGITS[match[1]])).quantize(RATIO_PLACES)
    comparator = {"以上": ">=", "以下": "<=", "以内": "<="}.get(match[3] or "")
    return ParsedTarget("threshold", comparator=comparator, target_value=value, unit_text="1")


def _relative(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(r"(高于|低于|快于|不低于|不高于)(\D+)", text)
    if match:
        comparator = {"高于": ">", "快于": ">", "低于": "<", "不低于": ">=", "不高于": "<="}[match[1]]
        return ParsedTarget("relative", comparator=comparator, reference_text=match[2])
    match = re.fullmatch(r"与?(\D+?)(?:保持)?(?:基本)?同步", text)
    return ParsedTarget("relative", comparator=">=", reference_text=match[1]) if match else None


def _cumulative(text: str, units: str) -> ParsedTarget | None:
    for pattern in (
        rf"\[({NUMBER})\]({units})?",
        rf"({NUMBER})({units})?\(累计\)",
        rf"累计(?:达到?)?({NUMBER})({units})?",
    ):
        match = re.fullmatch(pattern, text)
        if match:
            return ParsedTarget("cumulative", target_value=_number(match[1]), unit_text=match[2])
    return None


def _increment(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(rf"(?:新增|新建|新建成|净增)({NUMBER})({units})?(以上)?", text)
    return ParsedTarget("increment", ">=", _number(match[1]), unit_text=match[2]) if match else None


def _growth(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(
        rf"(?:年均)?(增长|提高|提升|上升|下降|降低|减少)({NUMBER})(%|个百分点)(以上|左右)?", text
    )
    if not match:
        return None
    falls = match[1] in FALL.split("|")
    value = -_number(match[2]) if falls else _number(match[2])
    return ParsedTarget("growth", "<=" if falls else ">=", value, unit_text=match[3])


def _approximate(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(rf"(?:达到|控制在)?({NUMBER})({units})?左右|约({NUMBER})({units})?", text)
    if not match:
        return None
    return ParsedTarget(
        "approximate", target_value=_number(match[1] or match[3]), unit_text=match[2] or match[4]
    )


def _interval(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(rf"({NUMBER})({units})?~({NUMBER})({units})?", text)
    if not match or (match[2] and match[4] and match[2] != match[4]):
        return None
    low, high = _number(match[1]), _number(match[3])
    if low > high:
        return None
    return ParsedTarget("interval", target_value=low, target_value_high=high, unit_text=match[4] or match[2])


def _threshold(text: str, units: str) -> ParsedTarget | None:
    prefixes = {word: sign for sign, words in PREFIX_COMPARATORS.items() for word in words}
    suffixes = {word: sign for sign, words in SUFFIX_COMPARATORS.items() for word in words}
    prefix = "|".join(sorted(prefixes, key=len, reverse=True))
    suffix = "|".join(re.escape(word) for word in sorted(suffixes, key=len, reverse=True))
    match = re.fullmatch(rf"(?:达到?)?({prefix})?(-?{NUMBER})({units})?({suffix})?({units})?", text)
    if not match or (match[3] and match[5]):
        return None
    before, after = prefixes.get(match[1] or ""), suffixes.get(match[4] or "")
    if before and after and before[0] != after[0]:
        return None
    return ParsedTarget("threshold", after or before, _number(match[2]), unit_text=match[3] or match[5])


def _stretch(text: str, units: str) -> ParsedTarget | None:
    match = re.fullmatch(r"(.+?),?(?:力争|争取)(?:达到|突破|超过)?(.+)", text)
    if not match:
        return None
    floor, stretch = _threshold(match[1], units), _threshold(match[2], units)
    if (
        floor is None
        or stretch is None
        or (floor.unit_text and stretch.unit_text not in (None, floor.unit_text))
    ):
        return None
    return replace(floor, stretch_value=stretch.target_value, unit_text=floor.unit_text or stretch.unit_text)


RULES: tuple[Callable[[str, str], ParsedTarget | None], ...] = (
    _none,
    _delegated,
    _hold,
    _score_rule,
    _direction,
    _rank,
    _grade,
    _fraction,
    _cumulative,
    _increment,
    _growth,
    _approximate,
    _interval,
    _threshold,
    _stretch,
    _relative,
)
