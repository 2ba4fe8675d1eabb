"""The target grammar: texts of the four tables as printed, phrasings beyond them, and properties."""

import csv
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.grammar import TARGET_KINDS, parse_target
from dagster_project.paths import SEEDS_DIR

UNITS = {"%", "万元", "亿元", "元", "个百分点", "人", "万亿元", "平方米"}


def rows_of_target_seed():
    with (SEEDS_DIR / "target.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "kind", "comparator", "value"),
    [
        ("13", "threshold", None, "13"),
        ("≥17.2", "threshold", ">=", "17.2"),
        ("<0.0096", "threshold", "<", "0.0096"),
        ("< 1.8", "threshold", "<", "1.8"),
        (">85", "threshold", ">", "85"),
        ("60以上", "threshold", ">=", "60"),
        ("27以下", "threshold", "<=", "27"),
        ("不低于94%", "threshold", ">=", "94"),
        ("控制在26以内", "threshold", "<=", "26"),
        ("＞９０", "threshold", ">", "90"),
        ("1,100", "threshold", None, "1100"),
        ("三分之二以上", "threshold", ">=", "0.66666667"),
        ("75左右", "approximate", None, "75"),
        ("5(累计)", "cumulative", None, "5"),
        ("[2.7]", "cumulative", None, "2.7"),
        ("增长1.3%", "growth", ">=", "1.3"),
        ("下降3%以上", "growth", "<=", "-3"),
        ("新建10", "increment", ">=", "10"),
        ("保持81.5", "hold", None, "81.5"),
        ("排名全省前60", "rank", "<=", "60"),
        ("稳步提升", "direction", ">", None),
        ("逐年下降", "direction", "<", None),
        ("保持稳定", "hold", None, None),
        ("维持在合理区间", "hold", None, None),
        ("完成上级下达任务", "delegated", None, None),
        ("完成市下达目标", "delegated", None, None),
        ("高于地区生产总值年均增长", "relative", ">", None),
        ("地区生产总值年均增长基本同步", "relative", ">=", None),
        ("达到二乙标准", "grade", None, None),
        ("--", "none", None, None),
        ("不参评", "none", None, None),
    ],
)
def test_a_text_is_read_as_people_read_it(text, kind, comparator, value):
    parsed = parse_target(text, UNITS)
    assert (parsed.target_kind, parsed.comparator) == (kind, comparator)
    assert parsed.target_value == (None if value is None else Decimal(value))


def test_intervals_have_two_ends():
    parsed = parse_target("2.89-2.9", UNITS)
    assert (parsed.target_kind, parsed.target_value, parsed.target_value_high) == (
        "interval",
        Decimal("2.89"),
        Decimal("2.9"),
    )


@pytest.mark.parametrize(
    ("text", "floor", "stretch", "unit"),
    [
        ("6%力争8%", "6", "8", "%"),
        ("达到700亿元，力争突破800亿元", "700", "800", "亿元"),
        ("11，力争12", "11", "12", None),
    ],
)
def test_a_stretch_goal_stands_beside_the_floor(text, floor, stretch, unit):
    parsed = parse_target(text, UNITS)
    assert (parsed.target_kind, parsed.target_value, parsed.stretch_value, parsed.unit_text) == (
        "threshold",
        Decimal(floor),
        Decimal(stretch),
        unit,
    )


def test_a_growth_column_makes_plain_numbers_growth():
    assert parse_target("0.54个百分点", UNITS, is_growth_column=True).target_kind == "growth"
    assert parse_target("-6.50%", UNITS, is_growth_column=True).target_value == Decimal("-6.50")


@pytest.mark.parametrize(
    "text", ["13以上14", "大约是十几", "5%和8%", "3.2.1", "12345,67", "10—5", "90%以上且不低于95%以下"]
)
def test_what_no_rule_reads_is_unparsed_and_carries_no_number(text):
    parsed = parse_target(text, UNITS)
    assert parsed.target_kind == "unparsed"
    assert parsed.target_value is None


def test_every_cell_of_the_four_tables_is_read():
    units = {row["unit_text"] for row in csv.DictReader((SEEDS_DIR / "unit.csv").open(encoding="utf-8"))}
    kinds = Counter()
    for row in rows_of_target_seed():
        parsed = parse_target(row["value_text"], units, is_growth_column="年均增长" in row["column_ref"])
        kinds[row["document_id"], row["table_ref"], parsed.target_kind] += 1
    assert not [key for key in kinds if key[2] == "unparsed"]
    # counted by hand in the printed tables
    assert kinds["xiuzhou_2023_work_plan", "附件2", "none"] == 2
    assert kinds["xiuzhou_2023_work_plan", "附件2", "delegated"] == 4
    assert kinds["xiuzhou_2023_work_plan", "附件2", "interval"] == 1
    assert kinds["xiuzhou_14th_five_year_plan", "表2-1", "approximate"] == 2
    assert kinds["xiuzhou_14th_five_year_plan", "表2-1", "delegated"] == 4
    assert kinds["xiuzhou_14th_five_year_plan", "表2-1", "relative"] == 2
    assert kinds["xiuzhou_14th_five_year_plan", "表1-1", "cumulative"] == 2
    assert kinds["shengzhou_2021_2025_action_plan", "表1", "delegated"] == 4
    assert kinds["shengzhou_2021_2025_action_plan", "表1", "hold"] == 4


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["", "%", "亿元"]))
def test_a_number_is_read_exactly_whatever_stands_around_it(value, unit):
    for text, comparator in (
        (f"{value}{unit}", None),
        (f"≥{value}{unit}", ">="),
        (f" {value} {unit} 以上", ">="),
    ):
        parsed = parse_target(text, UNITS)
        assert (parsed.target_kind, parsed.comparator, parsed.target_value) == (
            "threshold",
            comparator,
            value,
        )
        assert parsed.unit_text == (unit or None)


@given(st.text(alphabet="0123456789.,%以上下左右约≥≤<>-~[]()力争达到增长前提升元亿万、，; ", max_size=14))
def test_the_grammar_never_raises_and_never_invents_digits(text):
    parsed = parse_target(text, UNITS)
    assert parsed.target_kind in TARGET_KINDS
    for value in (parsed.target_value, parsed.target_value_high, parsed.stretch_value):
        if value is not None:
            digits = "".join(character for character in f"{abs(value):f}" if character.isdigit())
            assert digits.strip("0") in "".join(character for character in text if character.isdigit())
