"""Rules for shares and multiples in words: 三分之二以上, 九成, 过半, 全覆盖, 清零, 翻一番, 减少三分之一."""

import re
from decimal import Decimal

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.numbers import FALLS, basis_of, changes_meaning, numeric
from dagster_project.grammar.quantity import ARABIC, CHINESE, PREFIX, PREFIXES, RATIO_PLACES, VAGUE, Units
from dagster_project.grammar.text import chinese_number
from dagster_project.grammar.words import (
    AIM,
    BASE,
    BY_THEN,
    DOWN_TO,
    FRACTION_SUFFIX,
    NOUN,
    REACH,
    TIMES_WORDS,
    UP_TO,
    VERBS,
)

_SUFFIX = "|".join(FRACTION_SUFFIX)
_LEAD = (
    rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:(?P<up_to>{UP_TO})|(?P<down_to>{DOWN_TO})|(?P<up>{VERBS['by_up']})|(?P<down>{VERBS['by_down']})|{REACH})?"
    rf"(?P<prefix>{PREFIX}|过)?(?P<about>{VAGUE})?"
)
_TAIL = rf"(?P<suffix>{_SUFFIX})?(?P<noun>{NOUN})?"


def fraction(text: str, units: Units) -> ParsedTarget | None:
    """A share in words: 三分之二以上, 达到1/3, 半数以上, 过半, 九成以上, 百分之八十, 减少三分之一."""
    match = re.fullmatch(rf"(?P<before>.*?)(?P<of>[百千])分之(?P<above>{CHINESE})(?P<after>.*)", text)
    if match:
        # 百分之八十 is a percentage in words
        above = chinese_number(match["above"])
        share = {"百": "%", "千": "‰"}[match["of"]]
        return None if above is None else numeric(f"{match['before']}{above}{share}{match['after']}", units)
    match = re.fullmatch(rf"{_LEAD}{_share_pattern()}{_TAIL}", text)
    value = _share(match) if match else None
    return None if value is None else _meaning(match, value)


def _share_pattern() -> str:
    return (
        rf"(?:(?P<below>{CHINESE})分之(?P<above>{CHINESE})|(?P<over>\d)[/⁄](?P<under>\d)|(?P<tenths>{CHINESE})成(?P<plus>半)?|"
        r"(?P<half>半数|一半|半))"
    )


def _share(match: re.Match) -> Decimal | None:
    """The value of the share; None for what is none (八分之十), and for what may be a date or two values (3/5)."""
    if match["half"]:
        # 半 alone is a piece of a word, a half without a bound a piece of a sentence
        says = match["prefix"] or match["suffix"] or match["down"] or match.string.startswith("达到")
        return (
            Decimal("0.5") if says and (match["half"] != "半" or match["prefix"] or match["down"]) else None
        )
    if match["tenths"]:
        tenths = chinese_number(match["tenths"])
        if tenths is None or not 1 <= tenths <= 10 or (tenths == 10 and match["plus"]):
            return None
        return tenths / 10 + (Decimal("0.05") if match["plus"] else 0)
    if match["over"]:
        above, below = Decimal(match["over"]), Decimal(match["under"])
        if not re.search(r"[\u4e00-\u9fff≥≤><]", match.string):
            return None
    else:
        above, below = chinese_number(match["above"]), chinese_number(match["below"])
    if not below or above is None or not 0 < above <= below:
        return None
    return above / below


def _meaning(match: re.Match, value: Decimal) -> ParsedTarget | None:
    before = ">" if match["prefix"] == "过" else PREFIXES.get(match["prefix"] or "")
    after = FRACTION_SUFFIX.get(match["suffix"] or "")
    about = bool(match["about"]) or after == "~"
    if before and after and before[0] != after[0] or about and (before or match["about"] and after):
        return None
    sign = before or after
    if match["up"] or match["down"]:
        # 减少三分之一: growth in per cent
        if match["noun"] or match["prefix"] or about or match["up_rate"] or match["down_rate"]:
            return None
        percent = (value * 100).quantize(RATIO_PLACES).normalize()
        if match["down"]:
            return ParsedTarget("growth", FALLS[sign], -percent, unit_text="%")
        return ParsedTarget("growth", sign or ">=", percent, unit_text="%")
    value = value.quantize(RATIO_PLACES).normalize()
    if about:
        return ParsedTarget("approximate", target_value=value, unit_text="1")
    wanted = ">=" if match["up_to"] else "<=" if match["down_to"] else None
    if wanted and sign and wanted[0] != sign[0]:
        return None
    return ParsedTarget("threshold", sign or wanted, value, unit_text="1")


def whole(text: str, units: Units) -> ParsedTarget | None:
    """All or nothing in words: 全覆盖 is 100%, 清零 and 零发生 are 0, 零突破 is more than 0."""
    match = re.fullmatch(
        rf"(?:{AIM}|实现|达到|做到|保持|形成){{0,4}}(?P<what>[\u4e00-\u9fff()、]{{1,14}}?)??(?:{AIM}|实现|达到|做到|保持){{0,4}}(?:100%)?全(?:面|域)?覆盖",
        text,
    )
    # 八成以上的村全覆盖 covers not all of them
    if match and not (
        changes_meaning(match["what"] or "") or re.search("半|成|分之|部分|多数|有序", match["what"] or "")
    ):
        near = "基本" in text
        kind, sign = ("approximate", None) if near else ("threshold", ">=")
        return ParsedTarget(kind, sign, Decimal(100), unit_text="%")
    if re.fullmatch(
        rf"(?:{AIM}|实现|做到|保持|确保){{0,4}}(?:动态|全部|全面|存量|隐患){{0,4}}(?:清零|归零|零发生|零容忍|为零|不发生|零事故|零投诉)|不发生(?:较大|重大|重特大|特别重大)?(?:及以上)?(?:安全|生产安全|环境|食品安全)?(?:责任)?事故|全(?:面|部)消除",
        text,
    ):
        return ParsedTarget("threshold", "<=", Decimal(0))
    if re.fullmatch(rf"(?:{AIM}|实现|取得){{0,4}}零的?突破", text):
        return ParsedTarget("threshold", ">", Decimal(0))
    if re.fullmatch("(?:缩短|减少|降低|压缩|精简|压减|下降)一半|减半", text):
        return ParsedTarget("growth", "<=", Decimal(-50), unit_text="%")
    return None


def times(text: str, units: Units) -> ParsedTarget | None:
    """Growth by multiples: 比2020年翻一番, 达到2020年的2倍以上; as growth in per cent of the base."""
    words = "|".join(sorted(TIMES_WORDS, key=len, reverse=True))
    match = re.fullmatch(
        rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:实现|力争)?{BASE}(?:实现|力争|基本|再|又){{0,4}}(?P<words>{words})(?P<suffix>以上)?",
        text,
    )
    if match:
        basis, base = basis_of(match["base"], match["year_on_year"], None)
        return ParsedTarget(
            "growth",
            ">=",
            Decimal(TIMES_WORDS[match["words"]]),
            unit_text="%",
            basis=basis,
            reference_text=base,
        )
    match = re.fullmatch(
        rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:达到?|是|为|相当于|提高到|增长到|增加到)?(?P<base>20\d\d年|上年|去年|现状|期初)的(?P<n>{ARABIC}|{CHINESE})倍(?P<suffix>以上|左右)?",
        text,
    )
    if match:
        value = (
            Decimal(match["n"].replace(",", "")) if match["n"][-1].isdigit() else chinese_number(match["n"])
        )
        if value is None or value <= 0:
            return None
        basis, base = basis_of(match["base"], None, None)
        sign = "~" if match["suffix"] == "左右" else ">="
        return ParsedTarget(
            "growth", sign, (value - 1) * 100, unit_text="%", basis=basis, reference_text=base
        )
    return None


def ratio(text: str, units: Units) -> ParsedTarget | None:
    """A multiple printed as a proportion to one: 1.8:1, 缩小到1.8:1以内."""
    match = re.fullmatch(rf"(?P<before>\D*)(?P<n>{ARABIC})[:∶]1(?P<after>\D*)", text)
    parsed = numeric(f"{match['before']}{match['n']}{match['after']}", units) if match else None
    # 1:1 may be a share of one half as well
    if parsed is None or parsed.target_kind != "threshold" or parsed.unit_text or parsed.target_value <= 1:
        return None
    return ParsedTarget("threshold", parsed.comparator, parsed.target_value, unit_text="1")
