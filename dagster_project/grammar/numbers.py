"""Rules for aims with a number: threshold, interval, approximate, growth, increment, cumulative.

Every rule takes a normalised text without marks and returns what it reads, or None; it reads the whole text or nothing.
Where its words contradict each other or leave a doubt, it reads nothing.
"""

import re
from dataclasses import replace
from functools import lru_cache

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.quantity import (
    ARABIC,
    PREFIX,
    PREFIXES,
    SUFFIX,
    SUFFIXES,
    VAGUE,
    Quantity,
    Units,
    quantity_pattern,
)  # fmt: skip
from dagster_project.grammar.words import (
    AIM,
    BASE,
    BY_THEN,
    CHANGES,
    COUNTED,
    EVERY_YEAR,
    MADE,
    NOUN,
    ROUGH_BOUNDS,
    VERBS,
)  # fmt: skip

SHARES = ("%", "‰", "百分点", "个百分点", "倍")
# a phrase about one number is short; a longer text is several phrases
LONGEST = 60
# 规模以上 and 省级及以上 say of a thing which one, not how many
_WHICH = "规模以上|(?:国家|省|市|区|县)级(?:及)?以上"
FALLS = {None: "<=", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}


def changes_meaning(words: str) -> bool:
    """Whether words beside a number say more than what is counted or measured."""
    return bool(re.search(CHANGES, re.sub(_WHICH, "", words)))


def basis_of(base: str | None, year_on_year: str | None, yearly: object) -> tuple[str | None, str | None]:
    """From words to one of BASES and the base year."""
    if yearly:
        return "annual_average", None
    if year_on_year or (base and re.match("上年|去年|上一年", base)):
        return "previous_year", None
    if base:
        return "base_year", base
    return None, None


@lru_cache(maxsize=64)
def _numeric_pattern(units_pattern: str, quantity_a: str, quantity_b: str) -> re.Pattern:
    verb = {name: f"(?P<{name}>{pattern})" for name, pattern in VERBS.items()}
    return re.compile(
        rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:从|由)?(?P<from>(?:20\d\d年的)?(?:{ARABIC})(?:{units_pattern})?(?=提高|提升|增加|上升|增长|扩大|降低|下降|减少|缩小|压减|降|减|升|增))?"
        rf"(?:{AIM}|实现|再){{0,4}}(?P<each>{EVERY_YEAR})?{BASE}(?P<each2>{EVERY_YEAR})?(?:{AIM}|实现|再){{0,4}}{verb['sum']}(?:{AIM}){{0,4}}(?P<each3>年均|每年|平均(?=增|递增))?"
        rf"(?:{verb['up_to']}|{verb['down_to']}|(?:{verb['by_up']}|{verb['by_down']}|{verb['new']}|{verb['do']})(?P<object>{MADE})|{verb['reach']})?"
        rf"(?P<prefix>{PREFIX})?(?P<about>{VAGUE})?(?:每(?P<per>万人|千人|百人|人|万户|百户|户)(?:拥有)?)?"
        rf"{quantity_a}(?P<mid>{SUFFIX})?(?:~{quantity_b})?(?P<suffix>{SUFFIX})?(?P<each4>/年)?(?P<between>之间|区间|范围)?"
        rf"(?P<noun>{NOUN})?(?P<tail>(?:的速度|的)?(?:年均)?(?:增长|增速|增幅))?"
        r"(?P<sum2>\((?:五年|三年|规划期|期间|5年)?累计(?:数|值)?\)|\[累计\])?"
    )


def numeric(text: str, units: Units) -> ParsedTarget | None:
    """A number with what stands around it: threshold, interval, approximate, growth, increment, cumulative."""
    if len(text) > LONGEST:
        return None
    bracketed = re.fullmatch(
        rf"\[(?P<prefix>{PREFIX})?{quantity_pattern('a', units)}\](?P<unit>{units.pattern})?(?P<suffix>{SUFFIX})?",
        text,
    )
    if bracketed:
        return _cumulative(bracketed, units)
    if text.startswith("[") and text.endswith("]"):
        # [下降18%]: a change over the years
        parsed = numeric(text[1:-1], units)
        is_change = parsed is not None and parsed.target_kind == "growth" and parsed.basis is None
        return replace(parsed, basis="plan_start") if is_change else None
    pattern = _numeric_pattern(units.pattern, quantity_pattern("a", units), quantity_pattern("b", units))
    match = pattern.fullmatch(text)
    return _meaning(match, units) if match else None


def _cumulative(match: re.Match, units: Units) -> ParsedTarget | None:
    """[18], [18]%: square brackets are the plans' sign for a sum over the years."""
    quantity = Quantity(match, "a")
    if not quantity.is_number or (quantity.unit and match["unit"]) or (match["prefix"] and match["suffix"]):
        return None
    sign = PREFIXES.get(match["prefix"] or "") or SUFFIXES.get(match["suffix"] or "")
    unit = quantity.unit or match["unit"]
    return ParsedTarget("cumulative", sign, quantity.value, unit_text=units.printed(unit))


def _meaning(match: re.Match, units: Units) -> ParsedTarget | None:
    """What a matched numeric phrase says; None where its words contradict each other or leave a doubt."""
    low = Quantity(match, "a", is_range_end=bool(match["bn"]))
    high = Quantity(match, "b") if match["bn"] else None
    if not low.is_number or (high and not high.is_number):
        return None
    verb = next((name for name in VERBS if name != "sum" and match[name]), None)
    unit = high.unit if high and high.unit else low.unit
    if not (_is_whole(match, low, high) and _is_plain(match, verb, unit, low)):
        return None
    if match["per"]:
        # 每万人2个: a density, if seeds/unit.csv knows it
        unit = f"{unit}/{match['per']}"
        if not re.fullmatch(units.pattern, unit):
            return None
    bound = _bound(match, low, high)
    if bound is None:
        return None
    sign, about = bound
    if sign and verb == "up_to" and sign[0] == "<" or sign and verb == "down_to" and sign[0] == ">":
        return None
    is_share = (unit or units.label_unit) in SHARES
    yearly = any(match[group] for group in ("each", "each2", "each3", "each4"))
    base = basis_of(match["base"], match["year_on_year"], yearly)
    if match["from"] and verb not in ("up_to", "down_to"):
        return None
    span = ParsedTarget(
        "threshold",
        "~" if about else sign,
        low.value,
        high.value if high else None,
        unit_text=units.printed(unit),
    )
    if verb in ("by_up", "by_down") or match["tail"]:
        return _change(match, span, base, verb == "by_down", is_share and unit in (*SHARES, None))
    if match["total"] or match["sum2"]:
        return replace(span, target_kind="cumulative", basis="annual_average" if yearly else None)
    if verb in ("new", "do"):
        # 建成80% is the share that is done, and no share is added
        if unit in SHARES:
            return None
        kind = "cumulative" if match["sum"] else "increment"
        sign = span.comparator or (None if match["sum"] else ">=")
        return replace(span, target_kind=kind, comparator=sign, basis=base[0], reference_text=base[1])
    if match["sum"]:
        # 三年内达到80% is a level at the end, no sum
        return None
    if yearly:
        # 每年10场: so many every year; 每年达到80%以上 is a level
        counts = unit and re.fullmatch(rf"万?(?:{COUNTED}|人次|人|天)", unit)
        if verb or not counts or (sign or ">")[0] == "<" or (unit == "天"):
            return None
        return replace(span, target_kind="increment", comparator=span.comparator or ">=", basis=base[0])
    return None if any(base) else _level(match, span, sign, about, verb)


def _level(
    match: re.Match, span: ParsedTarget, sign: str | None, about: bool, verb: str | None
) -> ParsedTarget | None:
    """A value to be reached or kept: threshold, interval, approximate."""
    if match["reach"] == "在" and not (sign or span.target_value_high):
        return None
    if span.target_value_high is not None:
        # 6-8%以上 leaves a doubt which of the two is the bound; an interval is not rough
        doubt = about or sign not in (None, "<=")
        return None if doubt else replace(span, target_kind="interval", comparator=None)
    if about:
        return replace(span, target_kind="approximate", comparator=None)
    if sign is None and verb in ("up_to", "down_to"):
        sign = ">=" if verb == "up_to" else "<="
    return replace(span, comparator=sign)


def _change(
    match: re.Match, span: ParsedTarget, base: tuple[str | None, str | None], falls: bool, is_rate: bool
) -> ParsedTarget | None:
    """Growth, if in per cent, points or multiples, or a step: 增长8%, 减少5起."""
    value, top = span.target_value, span.target_value_high
    if value < 0 or (match["tail"] and not is_rate):
        return None
    basis, year = base
    if is_rate:
        if match["object"] or (falls and (span.unit_text == "倍" or value > 100 and span.unit_text == "%")):
            # nothing falls by more than all of it
            return None
        if span.unit_text == "倍":
            value, top = value * 100, top * 100 if top else None
            span = replace(span, unit_text="%")
        if match["sum"] and basis is None:
            basis = "plan_start"
    elif span.unit_text in (None, "位", "名") or match["up_rate"] or match["down_rate"]:
        # without a unit it may be per cent; a place that moves up is a smaller number
        return None
    elif match["sum"]:
        return None
    sign = span.comparator or ">="
    if falls:
        value, top = (-value, None) if top is None else (-top, -value)
        sign = FALLS.get(sign, sign)
    return replace(
        span,
        target_kind="growth" if is_rate else "increment",
        comparator=sign,
        target_value=value,
        target_value_high=top,
        basis=basis,
        reference_text=year,
    )


def _is_whole(match: re.Match, low: Quantity, high: Quantity | None) -> bool:
    """Whether the two ends of a range belong together."""
    if high is None:
        return not match["between"]
    return not (
        (low.unit and low.unit != high.unit)
        or match["mid"]
        or match.string.startswith(("从", "由"))
        or low.value >= high.value
    )


def _is_plain(match: re.Match, verb: str | None, unit: str | None, low: Quantity) -> bool:
    """Whether the words around the number change nothing of its meaning."""
    if match["object"] and changes_meaning(match["object"]):
        return False
    if unit == "年" and 1900 <= low.value < 2100 or match["suffix"] == "内" and unit is None:
        # a calendar year is no amount
        return False
    noun = match["noun"]
    if not noun or noun in ("目标", "的目标", "大关", "台阶", "新台阶", "红线", "底线"):
        return True
    if unit in ("%", "‰"):
        return noun.startswith("的") or bool(match["mid"] or match["suffix"])
    # 1000万元以上项目 is a size of projects, 5家企业 is a number of them
    return unit is not None and bool(re.fullmatch(rf"万?{COUNTED}", unit)) and not match["sum2"]


def _bound(match: re.Match, low: Quantity, high: Quantity | None) -> tuple[str | None, bool] | None:
    """The comparator and whether the number is rough; None where comparators contradict each other."""
    before = PREFIXES.get(match["prefix"] or "")
    suffixes = {SUFFIXES[word] for word in (match["mid"], match["suffix"]) if word}
    if low.is_more or (high and high.is_more):
        suffixes.add(">")
    about = bool(match["about"]) or "~" in suffixes
    after = suffixes - {"~"}
    if about:
        # 不超过3%左右 would lose its bound
        return None if after or before and match["prefix"] not in ROUGH_BOUNDS else (None, True)
    if len(after) > 1 and after != {">", ">="}:
        return None
    sign = before
    for other in after:
        if sign and sign[0] != other[0]:
            return None
        sign = sign if sign and not (sign == ">" and other == ">=") else other
    return sign, False
