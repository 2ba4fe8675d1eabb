"""Rules for aims with a number: threshold, interval, approximate, growth, increment, cumulative, hold, stretch.

Every rule takes a normalised text without marks and returns what it reads, or None; it reads the whole text or nothing.
Where its words contradict each other or leave a doubt, it reads nothing.
"""

import re
from dataclasses import replace
from decimal import Decimal

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.phrases import rank
from dagster_project.grammar.quantity import (
    ARABIC,
    CHINESE,
    PREFIX,
    PREFIXES,
    RATIO_PLACES,
    SUFFIX,
    SUFFIXES,
    VAGUE,
    Quantity,
    Units,
    quantity_pattern,
)  # fmt: skip
from dagster_project.grammar.text import MULTIPLIERS, chinese_number
from dagster_project.grammar.words import (
    AIM,
    BASE,
    BY_THEN,
    DOWN_TO,
    EVERY_YEAR,
    FRACTION_SUFFIX,
    HOLD,
    REACH,
    STRETCH,
    TIMES_WORDS,
    UP_TO,
    VERBS,
)  # fmt: skip


def hold(text: str, units: Units) -> ParsedTarget | None:
    """A state to keep every year: 保持稳定, 维持在合理区间, 保持81.5, 稳定在95%以上, 与上年持平, 不低于上年."""
    words = (
        r"(?:总体|基本|继续|长期){0,4}(?:保持|维持|稳定|处于|控制)?(?:在|于)?(?:总体|基本|动态|持续|相对){0,4}"
        r"(?:稳定|不变|平稳|平衡|合理区间|合理水平|较低水平|低位|较高水平|高位|稳定水平|现有水平|良好水平)(?:运行|内|以内)?",
        r"(?:与|同|和)?(?:上年|去年|上一年|现状|20\d\d年)?(?:相比)?(?:基本|总体|保持){0,4}持平",
    )
    if any(re.fullmatch(pattern, text) for pattern in words):
        return ParsedTarget("hold")
    if re.fullmatch(
        r"(?:不低于|不少于|不减少于?|不降低于?)(?:上年|去年|上一年|现状|现有水平|20\d\d年)(?:水平)?|不减少|不降低|不下降",
        text,
    ):
        return ParsedTarget("hold", comparator=">=")
    if re.fullmatch(
        r"(?:不高于|不超过|不增加于?)(?:上年|去年|上一年|现状|现有水平|20\d\d年)(?:水平)?|不增加|不上升|零增长",
        text,
    ):
        return ParsedTarget("hold", comparator="<=")
    match = re.fullmatch(rf"(?:{AIM}){{0,4}}{HOLD}(?P<rest>.+)", text)
    if not match:
        return None
    kept = numeric(match["rest"], units) or rank(match["rest"], units)
    if kept is None or kept.target_kind not in ("threshold", "interval", "approximate", "rank"):
        # 保持5%以上的增速 and the like speak of growth
        return kept if kept is not None and kept.target_kind == "growth" else None
    if kept.target_kind == "rank":
        return kept
    about = "~" if kept.target_kind == "approximate" else kept.comparator
    return replace(kept, target_kind="hold", comparator=about)


def fraction(text: str, units: Units) -> ParsedTarget | None:
    """A share in words: 三分之二以上, 达到1/3, 半数以上, 过半, 九成以上, 百分之八十; whole coverage: 全覆盖; none left: 清零."""
    suffix = "|".join(FRACTION_SUFFIX)
    lead = rf"(?:{AIM}){{0,4}}(?:{REACH}|{UP_TO}|{DOWN_TO})?(?P<prefix>{PREFIX})?"
    match = re.fullmatch(rf"{lead}(?P<below>{CHINESE})分之(?P<above>{CHINESE})(?P<suffix>{suffix})?", text)
    if match is None:
        match = re.fullmatch(rf"{lead}(?P<above>\d+)[/⁄](?P<below>\d+)(?P<suffix>{suffix})?", text)
    value = None
    if match:
        below, above = (
            Decimal(match[name]) if match[name].isdigit() else chinese_number(match[name])
            for name in ("below", "above")
        )
        if match["below"] in ("百", "千") and above is not None:
            # 百分之八十 is a percentage in words
            share = {"百": "%", "千": "‰"}[match["below"]]
            return numeric(text.replace(f"{match['below']}分之{match['above']}", f"{above}{share}"), units)
        if not below or above is None or above > below:
            return None
        value = (above / below).quantize(RATIO_PLACES)
    else:
        match = re.fullmatch(rf"{lead}(?P<tenths>{CHINESE})成(?P<half>半)?(?P<suffix>{suffix})?", text)
        if match:
            tenths = chinese_number(match["tenths"])
            if tenths is None or not 1 <= tenths <= 10 or (tenths == 10 and match["half"]):
                return None
            value = tenths / 10 + (Decimal("0.05") if match["half"] else 0)
    if value is None:
        half = re.fullmatch(
            rf"(?:{AIM}){{0,4}}(?:{REACH})?(?P<prefix>超过|超|达到|达|过)?(?:半数|一半|半)(?P<suffix>{suffix})?",
            text,
        )
        if half is None or (half["prefix"] is None and half["suffix"] is None):
            return None
        sign = ">" if half["prefix"] in ("超过", "超", "过") else FRACTION_SUFFIX.get(half["suffix"] or "")
        return ParsedTarget("threshold", sign, Decimal("0.5"), unit_text="1")
    before, after = PREFIXES.get(match["prefix"] or ""), FRACTION_SUFFIX.get(match["suffix"] or "")
    if before and after and before[0] != after[0]:
        return None
    if after == "~":
        return ParsedTarget("approximate", target_value=value, unit_text="1")
    return ParsedTarget("threshold", before or after, value, unit_text="1")


def whole(text: str, units: Units) -> ParsedTarget | None:
    """All or nothing in words: 全覆盖 is 100%, 清零 and 零发生 are 0, 零突破 is more than 0."""
    match = re.fullmatch(
        rf"(?:{AIM}|实现|达到|做到|保持|形成){{0,4}}(?:[\u4e00-\u9fff()、]{{1,14}}?)??(?:{AIM}|实现|达到|做到|保持){{0,4}}(?:100%)?全(?:面|域)?覆盖",
        text,
    )
    if match and not re.search("不|未(?!来)|非|无", text):
        near = "基本" in text
        kind, sign = ("approximate", None) if near else ("threshold", ">=")
        return ParsedTarget(kind, sign, Decimal(100), unit_text="%")
    if re.fullmatch(
        rf"(?:{AIM}|实现|做到|保持|确保){{0,4}}(?:动态|全部|全面|存量){{0,4}}(?:清零|归零|零发生|零容忍|为零|不发生)|全(?:面|部)消除",
        text,
    ):
        return ParsedTarget("threshold", "<=", Decimal(0))
    if re.fullmatch(rf"(?:{AIM}|实现|取得){{0,4}}零的?突破", text):
        return ParsedTarget("threshold", ">", Decimal(0))
    if re.fullmatch("(?:缩短|减少|降低|压缩|精简|压减|下降)一半", text):
        return ParsedTarget("growth", "<=", Decimal(-50), unit_text="%")
    return None


def _basis(base: str | None, year_on_year: str | None, yearly: str | None) -> tuple[str | None, str | None]:
    """From words to one of BASES and the base year."""
    if yearly:
        return "annual_average", None
    if year_on_year or (base and re.match("上年|去年|上一年|同期", base)):
        return "previous_year", None
    if base:
        return "base_year", base
    return None, None


def times(text: str, units: Units) -> ParsedTarget | None:
    """Growth by multiples: 比2020年翻一番, 增长1.5倍, 达到2020年的2倍以上; as growth in per cent of the base."""
    words = "|".join(sorted(TIMES_WORDS, key=len, reverse=True))
    match = re.fullmatch(
        rf"(?:{AIM}){{0,4}}(?:实现|力争)?{BASE}(?:实现|力争|基本|再|又){{0,4}}(?P<words>{words})(?P<suffix>以上)?",
        text,
    )
    if match:
        basis, base = _basis(match["base"], match["year_on_year"], None)
        return ParsedTarget(
            "growth",
            ">=",
            Decimal(TIMES_WORDS[match["words"]]),
            unit_text="%",
            basis=basis,
            reference_text=base,
        )
    match = re.fullmatch(
        rf"(?:{AIM}){{0,4}}(?:达到|是|为|相当于|提高到|增长到|增加到)?(?P<base>20\d\d年|上年|去年|现状|期初)的(?P<n>{ARABIC}|{CHINESE})倍(?P<suffix>以上|左右)?",
        text,
    )
    if match:
        value = (
            Decimal(match["n"].replace(",", "")) if match["n"][-1].isdigit() else chinese_number(match["n"])
        )
        if value is None or value <= 0:
            return None
        basis, base = _basis(match["base"], None, None)
        sign = "~" if match["suffix"] == "左右" else ">="
        return ParsedTarget(
            "growth", sign, (value - 1) * 100, unit_text="%", basis=basis, reference_text=base
        )
    return None


def numeric(text: str, units: Units) -> ParsedTarget | None:
    """A number with what stands around it: threshold, interval, approximate, growth, increment, cumulative."""
    bracketed = re.fullmatch(rf"\[{quantity_pattern('a', units)}\](?P<suffix>{SUFFIX})?", text)
    if bracketed:
        quantity = Quantity(bracketed, "a", units)
        sign = SUFFIXES.get(bracketed["suffix"] or "")
        return (
            ParsedTarget("cumulative", sign, quantity.value, unit_text=units.printed(quantity.unit))
            if quantity.is_number
            else None
        )
    verb = "|".join(f"(?P<{name}>{pattern})" for name, pattern in VERBS.items() if name != "sum")
    pattern = (
        rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:从|由)?(?P<from>(?:{ARABIC})(?:{units.pattern})?(?=提高|提升|增加|上升|增长|扩大|降低|下降|减少|缩小|压减|降|减|升|增))?"
        rf"(?:{AIM}|实现|再){{0,4}}(?P<each>{EVERY_YEAR})?{BASE}(?P<each2>{EVERY_YEAR})?(?:{AIM}|实现|再){{0,4}}(?P<sum>{VERBS['sum']})?(?:{AIM}){{0,4}}(?P<each3>年均|每年)?"
        rf"(?:{verb})?(?P<object>[\u4e00-\u9fffA-Za-z“”\"、+()]{{1,16}}?)??(?P<prefix>{PREFIX})?(?P<about>{VAGUE})?(?:每(?P<per>万人|千人|百人|人|万户|百户|户)(?:拥有)?)?"
        rf"{quantity_pattern('a', units)}(?P<mid>{SUFFIX})?(?:~{quantity_pattern('b', units)})?(?P<suffix>{SUFFIX})?(?:之间|区间|范围)?(?P<noun>的?[\u4e00-\u9fff()、]{{1,12}}?)??(?P<tail>的?(?:年均)?(?:增长|增速|增幅))?"
        r"(?P<sum2>\((?:五年|三年|规划期|期间|5年)?累计(?:数|值)?\)|\[累计\])?"
    )
    match = re.fullmatch(pattern, text)
    return _meaning(match, units) if match else None


def _meaning(match: re.Match, units: Units) -> ParsedTarget | None:
    """What a matched numeric phrase says; None where its words contradict each other or leave a doubt."""
    low = Quantity(match, "a", units)
    high = Quantity(match, "b", units) if match["bn"] else None
    if not low.is_number or (high and not high.is_number):
        return None
    verb = next((name for name in VERBS if name != "sum" and match[name]), None)
    unit = high.unit if high and high.unit else low.unit
    if high and low.unit and low.unit != high.unit or (high and match["mid"]):
        return None
    if match["object"] and not _is_object(match, verb) or match["noun"] and not _is_noun(match, unit):
        return None
    if high and match.string.startswith(("从", "由")):
        return None
    if unit == "年" and 2000 <= low.value < 2100 or verb == "by_up" and unit == "位":
        # a calendar year is no amount; a place that moves up is a smaller number
        return None
    before = PREFIXES.get(match["prefix"] or "") or {
        "突破": ">",
        "超过": ">",
        "超": ">",
        "不低于": ">=",
        "不少于": ">=",
    }.get(match["reach"] or "")
    suffixes = {SUFFIXES[word] for word in (match["mid"], match["suffix"]) if word}
    if low.is_more or (high and high.is_more):
        suffixes.add(">")
    about = bool(match["about"]) or "~" in suffixes
    after = suffixes - {"~"}
    if about and (after - {"<="} or before and before != "<=" and not match["about"]):
        return None
    if match["per"]:
        # 每万人2个: a density, if seeds/unit.csv knows it
        unit = f"{unit}/{match['per']}"
        if not re.fullmatch(units.pattern, unit):
            return None
    if match["suffix"] == "内" and unit is None:
        return None
    if len(after) > 1 and after != {">", ">="}:
        return None
    sign = before
    for other in after:
        if sign and sign[0] != other[0]:
            return None
        sign = sign if sign and not (sign == ">" and other == ">=") else other
    if high and low.value >= high.value:
        return None
    value, top = low.value, high.value if high else None
    unit_text = units.printed(unit)

    yearly = (
        match["each"]
        or match["each2"]
        or match["each3"]
        or (verb in ("by_up", "by_down") and match[verb].startswith("年均"))
    )
    basis, base = _basis(match["base"], match["year_on_year"], yearly)
    grows = verb in ("by_up", "by_down") or bool(match["tail"])
    is_sum = bool(match["sum"] or match["sum2"])
    is_share = (unit or units.label_unit) in ("%", "个百分点", "‰", "倍", "百分点")

    if match["from"] and verb not in ("up_to", "down_to"):
        return None
    if grows and (unit in ("%", "个百分点", "‰", "百分点", "倍") or (unit is None and is_share)):
        if unit == "倍":
            value, top, unit_text = value * 100, top * 100 if top else None, "%"
        falls = verb == "by_down"
        if falls:
            value, top = -value, -top if top else None
            if top is not None:
                value, top = top, value
            sign = {None: "<=", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}[sign]
        if is_sum and basis is None:
            basis = "plan_start"
        return ParsedTarget(
            "growth",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis=basis,
            reference_text=base,
        )
    if match["tail"]:
        return None
    if basis == "base_year" and verb not in ("by_up", "by_down", "new"):
        return None
    if is_sum and verb not in ("by_down",):
        return ParsedTarget(
            "cumulative",
            "~" if about else sign,
            value,
            top,
            unit_text=unit_text,
            basis="annual_average" if yearly else None,
        )
    if verb in ("by_up", "by_down", "new", "do"):
        if unit is None and verb in ("by_up", "by_down") and is_share:
            return None
        if verb == "by_down":
            value, top = (-value, None) if top is None else (-top, -value)
            sign = {None: "<=", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}[sign]
        return ParsedTarget(
            "increment",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis=basis,
            reference_text=base,
        )
    if yearly:
        # 年均7%: a yearly rate; 每年10场: so many every year
        if is_share and unit:
            return ParsedTarget(
                "growth",
                "~" if about else sign or ">=",
                value,
                top,
                unit_text=unit_text,
                basis="annual_average",
            )
        if unit is None:
            return None
        return ParsedTarget(
            "increment",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis="annual_average",
        )
    if base or basis:
        return None
    if top is not None:
        return (
            ParsedTarget("interval", target_value=value, target_value_high=top, unit_text=unit_text)
            if not sign or sign == "<="
            else None
        )
    if about:
        return ParsedTarget("approximate", target_value=value, unit_text=unit_text)
    if sign is None and verb in ("up_to", "down_to"):
        sign = ">=" if verb == "up_to" else "<="
    return ParsedTarget("threshold", sign, value, unit_text=unit_text)


def _is_object(match: re.Match, verb: str | None) -> bool:
    """Whether the words between verb and number are a thing counted or measured, and change nothing of the meaning."""
    words = match["object"]
    if not (
        match["sum"]
        or verb in ("new", "do", "by_up", "by_down")
        or re.match(rf"{BY_THEN}?(?:{AIM}){{0,4}}(?:实现|完成|达到)", match.string)
    ):
        return False
    if verb in ("by_up", "by_down") and match["an"] and not re.fullmatch(r"(?:到|至)?", words):
        # 提高到 is another verb; anything else between 增长 and its number is a doubt
        return False
    return not re.search(
        "不|未(?!来)|降|减|无|非|前|第|每|平均|低于|高于|少于|多于|以[上下内]|左右|同比|或|至|到|达|占|比|倍|率$",
        words,
    )


def _is_noun(match: re.Match, unit: str | None) -> bool:
    """Whether the words behind a number are what is counted (5家企业, 50%的村), and change nothing of the meaning."""
    if unit is None or match["tail"] or match["sum2"]:
        return False
    if unit in ("%", "‰") and not match["noun"].startswith("的"):
        return False
    return not re.search(
        "不|未(?!来)|无|非|以[上下内]|左右|或|至|到|达|增|减|降|升|超|多|少|比|倍|率|速|前|后|位|月|天|日|小时|季|年|十|百|千|万|亿|[一二三四五六七八九两]个",
        match["noun"],
    )


def stretch(text: str, units: Units) -> ParsedTarget | None:
    """A floor and a stretch goal: 6%力争8%; 达到700亿元，力争突破800亿元; 保6%争8%; 确保5.5%、力争6%."""
    # a slogan behind the goal (冲刺千亿俱乐部) is no third number
    text = re.sub(r",(?:冲刺|迈向|跻身)[\u4e00-\u9fff]{2,10}$", "", text)
    match = re.fullmatch(
        rf"(?:确保|保底|保|底线|目标)?(?P<floor>.*?\d.*?){STRETCH}(?P<goal>[^()]*?\d[^()]*?)\)?", text
    )
    if not match or re.search("力争|争取|冲刺|奋斗", match["goal"]):
        return None
    floor = numeric(match["floor"], units) or hold(match["floor"], units)
    goal = numeric(match["goal"], units)
    if floor is None or goal is None or goal.target_value_high is not None:
        return None
    if floor.target_kind not in ("threshold", "approximate", "growth", "increment", "cumulative", "hold"):
        return None
    if goal.target_kind not in ("threshold", "approximate", floor.target_kind):
        return None
    if floor.target_value is None or floor.target_value_high is not None:
        return None
    value = goal.target_value
    if floor.target_value < 0 < value:
        # 下降3%，力争5%: the stretch is a fall as well
        value = -value
    if floor.unit_text != goal.unit_text:
        if floor.unit_text is None:
            floor = replace(floor, unit_text=goal.unit_text)
        elif goal.unit_text is not None:
            value = _in_unit(value, goal.unit_text, floor.unit_text)
            if value is None:
                return None
    return replace(floor, stretch_value=value)


def _in_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """9500亿元 and 1万亿元 count in one unit with different multipliers; None for units that differ in more."""

    def split(text: str) -> tuple[Decimal, str]:
        for word in sorted(MULTIPLIERS, key=len, reverse=True):
            if text.startswith(word) and len(text) > len(word):
                return MULTIPLIERS[word], text[len(word) :]
        return Decimal(1), text

    (factor, base), (wanted_factor, wanted_base) = split(unit), split(wanted)
    return value * factor / wanted_factor if base == wanted_base else None
