"""Rules for words in front of a whole phrase with a number: kept every year (保持81.5), a measure repeated (参保率99%)."""

import re
from dataclasses import replace

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.numbers import SHARES, changes_meaning, numeric
from dagster_project.grammar.phrases import rank
from dagster_project.grammar.quantity import PREFIX, Units
from dagster_project.grammar.words import AIM, BY_THEN, COUNTED, HOLD, NAME

_EARLIER = r"(?P<year>上年同期|去年同期|上年|去年|上一年|现状|现有水平|20\d\d年(?:年?底|末)?)(?:水平)?"


def hold(text: str, units: Units) -> ParsedTarget | None:
    """A state to keep every year: 保持稳定, 维持在合理区间, 保持81.5, 稳定在95%以上, 与上年持平, 不低于上年."""
    words = (
        r"(?:总体|基本|继续|长期){0,4}(?:保持|维持|稳定|处于|控制)?(?:在|于)?(?:总体|基本|动态|持续|相对){0,4}"
        r"(?:稳定|不变|平稳|平衡|合理区间|合理水平|较低水平|低位|较高水平|高位|稳定水平|现有水平|良好水平|现状)(?:运行|内|以内)?"
    )
    if re.fullmatch(words, text):
        return ParsedTarget("hold")
    patterns = {
        None: rf"(?:(?:与|同|和)?{_EARLIER})?(?:相比)?(?:基本|总体|保持){{0,4}}持平",
        ">=": rf"(?:不低于|不少于|不减少于?|不降低于?){_EARLIER}|不减少|不降低|不下降",
        "<=": rf"(?:不高于|不超过|不增加于?){_EARLIER}|不再?增加|不上升|零增长",
    }
    for sign, pattern in patterns.items():
        match = re.fullmatch(pattern, text)
        if match:
            return ParsedTarget("hold", comparator=sign, reference_text=match["year"])
    match = re.fullmatch(rf"(?:{AIM}){{0,4}}{HOLD}(?P<rest>.+)", text)
    if not match:
        return None
    kept = numeric(match["rest"], units) or rank(match["rest"], units)
    if kept is None or kept.target_kind in ("growth", "rank"):
        # 保持5%以上的增速 and the like speak of growth
        return kept
    if kept.target_kind not in ("threshold", "interval", "approximate"):
        return None
    about = "~" if kept.target_kind == "approximate" else kept.comparator
    return replace(kept, target_kind="hold", comparator=about)


def named(text: str, units: Units) -> ParsedTarget | None:
    """A measure repeated before its value (参保率稳定在99%以上, GDP年均增长6%); the measure is kept in `label_text`."""
    for end in range(2, min(len(text) - 1, 30)):
        match = re.fullmatch(
            rf"{BY_THEN}?(?:{AIM}){{0,4}}(?P<total>(?:(?:五年|三年|十四五期间|期间)?累计))?(?:实现|(?P<done>完成))?{NAME}",
            text[:end],
        )
        if not match or changes_meaning(match["name"]) or text[end:].startswith(("的", "以")):
            continue
        parsed = numeric(text[end:], units) or hold(text[end:], units)
        if parsed is not None and parsed.target_value is not None and _fits(match, parsed):
            parsed = replace(parsed, label_text=match["name"])
            return _summed(parsed, text[end:]) if match["total"] else parsed
    return None


def _summed(parsed: ParsedTarget, rest: str) -> ParsedTarget | None:
    """累计投资5亿元 is a sum, 累计产值增长30% a change since the start; anything else a doubt."""
    if parsed.target_kind == "growth":
        return replace(parsed, basis=parsed.basis or "plan_start")
    is_amount = parsed.target_kind == "threshold" and parsed.unit_text not in SHARES
    plain = re.match(rf"(?:达到?)?(?:{PREFIX})?\d", rest)
    return replace(parsed, target_kind="cumulative") if is_amount and plain else None


def _fits(match: re.Match, parsed: ParsedTarget) -> bool:
    """Whether a measure can have this value: a rate a share, an amount a change or a value in its unit."""
    is_share = parsed.unit_text in SHARES
    if parsed.target_kind == "growth":
        return bool(match["share"] or match["amount"])
    if match["share"]:
        return (is_share or parsed.unit_text in (None, "分", "1")) and parsed.target_kind != "increment"
    if match["amount"]:
        # 完成投资80% is a share of the task; 投资80% may be its growth
        is_thing = re.fullmatch(rf"万?{COUNTED}", parsed.unit_text or "") and not match["amount"].endswith(
            ("数", "量", "规模")
        )
        return (not is_share or bool(match["done"])) and not is_thing and parsed.target_kind != "increment"
    return parsed.target_kind == "increment"
