"""From a target text to one ParsedTarget: marks off, then the rules in order, then the parts of a composite."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from dagster_project.grammar import numbers, phrases
from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.quantity import Units
from dagster_project.grammar.text import normalise, split_marks

# the first rule that reads the whole text wins
RULES: tuple[Callable[[str, Units], ParsedTarget | None], ...] = (
    phrases.none,
    phrases.score_rule,
    phrases.delegated,
    numbers.whole,
    numbers.hold,
    phrases.direction,
    phrases.rank,
    numbers.fraction,
    numbers.times,
    numbers.numeric,
    numbers.stretch,
    phrases.grade,
    phrases.relative,
)
_BY_YEAR = re.compile(r"^(?:到|至)?(20\d\d)年(?!的)")
_SAYS_HOW_MUCH = re.compile(
    "不|[低高大小多少快慢]于|超|达|至|到|力争|争取|约|近|年|第|前|增|降|提高|提升|减|保持|控制|以内|左右"
)
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
    named = _BY_YEAR.match(text)
    if named and year and named[1] != year:
        return ParsedTarget("unparsed", marks=marks)
    known = Units(units, label_unit)
    parsed = _one(text, known) or _composite(text, known) or ParsedTarget("unparsed")
    if is_growth_column and parsed.target_kind == "threshold":
        parsed = replace(parsed, target_kind="growth", basis="annual_average")
    return replace(parsed, marks=marks)


def _one(text: str, units: Units) -> ParsedTarget | None:
    return next((parsed for rule in RULES if (parsed := rule(text, units)) is not None), None)


def _composite(text: str, units: Units) -> ParsedTarget | None:
    """Several aims in one cell (达到50%,排名全省前30); every part must be read, or nothing is."""
    for separator in (";", ",", "、|且|并且|并|,|;"):
        pieces = [piece for piece in re.split(rf"(?:{separator})+", text) if piece]
        if len(pieces) < 2 or any(_BY_YEAR.match(piece) for piece in pieces[1:]):
            continue
        parts = [_part(piece, units) for piece in pieces]
        read = tuple(part for part in parts if part is not None)
        if len(read) == len(parts):
            return _interval(read) or (None if _is_doubtful(read) else ParsedTarget("composite", parts=read))
    return None


def _interval(parts: tuple[ParsedTarget, ...]) -> ParsedTarget | None:
    """Two bounds of one quantity (≥90%且≤95%) are an interval."""
    if len(parts) != 2 or any(part.target_kind != "threshold" or part.label_text for part in parts):
        return None
    low, high = parts
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
    """Two numbers of one kind of which neither says what it is about (60%以上，80%) cannot be told apart."""
    bare = [(part.target_kind, part.unit_text, part.reference_text) for part in parts if not part.label_text]
    return len(bare) != len(set(bare))


def _part(text: str, units: Units) -> ParsedTarget | None:
    parsed = _one(text, units)
    if parsed is not None:
        return None if parsed.target_kind == "none" else parsed
    # the shortest words before a readable value say what the part is about: 城镇 8万元, 小学 达到0.4以下
    for end in range(2, min(len(text), 20)):
        if re.search(r"[^\u4e00-\u9fffA-Za-z()]", text[:end]) or _SAYS_HOW_MUCH.search(text[:end]):
            return None
        parsed = _one(text[end:], units)
        if parsed is not None and parsed.target_kind in _PART_KINDS:
            return replace(parsed, label_text=text[:end])
    return None
