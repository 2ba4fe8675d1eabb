"""A floor and a stretch goal in one cell: 6%力争8%."""

import re
from dataclasses import replace
from decimal import Decimal

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.numbers import LONGEST, numeric
from dagster_project.grammar.phrases import rank
from dagster_project.grammar.quantity import Units
from dagster_project.grammar.text import MULTIPLIERS
from dagster_project.grammar.worded import hold
from dagster_project.grammar.words import STRETCH, STRETCH_WORD

_KINDS = ("threshold", "approximate", "growth", "increment", "cumulative", "hold", "rank")


def stretch(text: str, units: Units) -> ParsedTarget | None:
    """A floor and a stretch goal: 6%力争8%; 达到700亿元，力争突破800亿元; 保6%争8%; 全省前30，力争前20."""
    if len(text) > LONGEST:
        return None
    # a slogan behind the goal (冲刺千亿俱乐部) is no third number, nor is 力争更好结果 a second
    text = re.sub(r",(?:冲刺|迈向|跻身)[\u4e00-\u9fff]{2,10}$", "", text)
    without = re.sub("[,、](?:在实际工作中)?力争(?:实现|取得)?更好(?:的)?(?:结果|成绩|水平)$", "", text)
    if without != text:
        return numeric(without, units)
    turned = re.fullmatch(r"力争(?P<goal>[^,、]*\d[^,、]*?)[,、]?确保(?P<floor>[^,、]*\d[^,、]*)", text)
    if turned:
        text = f"{turned['floor']},力争{turned['goal']}"
    match = re.fullmatch(
        rf"(?:确保|必保|保底|保(?!持|障)|基本目标|必达目标|目标|(?=最低))?(?P<floor>.*?\d.*?){STRETCH}(?P<goal>[^()]*?\d[^()]*?)\)?",
        text,
    ) or re.fullmatch(
        r"底线(?:目标)?(?P<floor>.*?\d.*?)[,、]目标(?P<reaching>)(?P<goal>[^()]*?\d[^()]*?)", text
    )
    if not match or re.search(STRETCH_WORD, match["goal"]):
        return None
    floor = _read(match["floor"], units)
    goal = _read(match["goal"], units)
    if floor is None or goal is None or not _belong(floor, goal, match):
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
    return None if _is_weaker(floor, value) else replace(floor, stretch_value=value)


def _read(text: str, units: Units) -> ParsedTarget | None:
    parsed = numeric(text, units) or hold(text, units) or rank(text, units)
    if parsed is None or parsed.target_kind not in _KINDS:
        return None
    return None if parsed.target_value is None or parsed.target_value_high is not None else parsed


def _belong(floor: ParsedTarget, goal: ParsedTarget, match: re.Match) -> bool:
    """Whether the goal is of the floor's kind; a level (力争达到500家) is no goal of a change (新增100家)."""
    if "rank" in (floor.target_kind, goal.target_kind):
        same_peers = goal.reference_text in (None, floor.reference_text)
        return floor.target_kind == goal.target_kind and same_peers and floor.unit_text == goal.unit_text
    if goal.target_kind not in ("threshold", "approximate", floor.target_kind):
        return False
    if floor.target_kind in ("growth", "increment") and goal.target_kind != floor.target_kind:
        plain = re.fullmatch(r"[\d.,]+[^\d,]*", match["goal"]) is not None
        return plain and not goal.label_text and match["reaching"] in (None, "")
    floor_sign, goal_sign = floor.comparator or "~", goal.comparator or "~"
    # 达到80%，力争不超过90% says two things
    is_upper = match["floor"].startswith(("达到", "超", "突破", "提"))
    return not (
        goal_sign[0] == "<"
        and (floor_sign[0] == ">" or is_upper)
        or floor_sign[0] == "<"
        and goal_sign[0] == ">"
    )


def _is_weaker(floor: ParsedTarget, value: Decimal) -> bool:
    """Whether the goal asks for no more than the floor."""
    if floor.target_kind == "growth" and floor.comparator == "~":
        return abs(value) <= abs(floor.target_value)
    wanted = (floor.comparator or "")[:1]
    return wanted == ">" and value <= floor.target_value or wanted == "<" and value >= floor.target_value


def _in_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """9500亿元 and 1万亿元 count in one unit with different multipliers; None for units that differ in more."""

    def split(text: str) -> tuple[Decimal, str]:
        for word in sorted(MULTIPLIERS, key=len, reverse=True):
            if text.startswith(word):
                return MULTIPLIERS[word], text[len(word) :]
        return Decimal(1), text

    (factor, base), (wanted_factor, wanted_base) = split(unit), split(wanted)
    # 900万人，力争1000万: what is counted need not be said twice
    is_one = base == wanted_base or (base == "" and wanted_base != "")
    return value * factor / wanted_factor if is_one else None
