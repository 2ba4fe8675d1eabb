"""What people write into cells: numbers, periods, days, and what stands where there is no figure."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.ingest.words import (
    accumulated,
    canonical,
    date_of,
    figure_of,
    is_placeholder,
    is_reversed,
    period_of,
)

PERIODS = {
    "2023": "2023", "2023年": "2023", "2023年度": "2023", "2023年全年": "2023", "２０２３": "2023",
    "2023年二季度": "2023Q2", "2023年第4季度": "2023Q4", "2023Q2": "2023Q2", "2023-Q3": "2023Q3", "2023q1": "2023Q1",
    "2023年上半年": "2023H1", "2023年下半年": "2023H2", "2023H1": "2023H1",
    "2023-06": "2023M06", "2023/6": "2023M06", "2023年6月": "2023M06", "2023年7月份": "2023M07", "202306": "2023M06",
    "2023.06": "2023M06", "2023-06-01": "2023M06", "2023M06": "2023M06",
    "2023年1-9月": "2023M01-09", "2023年1—9月累计": "2023M01-09", "2023年前三季度": "2023M01-09", "2023M01-09": "2023M01-09",
    "2023年前5个月": "2023M01-05", "2023年二季度（累计）": "2023H1", "2023年1-6月": "2023H1", "2023M01-03": "2023Q1",
    "2023年1-12月": "2023", "2023M06-06": "2023M06", "2021-2025": "2021-2025", "2021—2025年": "2021-2025",
    "2021年至2025年": "2021-2025",
}  # fmt: skip
NO_PERIODS = (
    "",
    "23",
    "2023Q5",
    "2023-13",
    "2023.1",
    "2023-06-30",
    "去年",
    "2023年13月",
    "1899",
    "2023年二三季度",
)


@pytest.mark.parametrize(("text", "code"), PERIODS.items())
def test_a_period_is_read_as_people_write_it(text, code):
    assert period_of(text) == code == period_of(f" {text}　")


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_may_mean_two_periods_or_none_is_not_guessed(text):
    assert period_of(text) is None


@pytest.mark.parametrize(
    ("code", "whole"),
    [("2023Q1", "2023Q1"), ("2023Q2", "2023H1"), ("2023Q3", "2023M01-09"), ("2023Q4", "2023"), ("2023H1", "2023H1"),
     ("2023H2", "2023"), ("2023M01", "2023M01"), ("2023M05", "2023M01-05"), ("2023M12", "2023"),
     ("2023M04-08", "2023M01-08"), ("2023", "2023"), ("2021-2025", "2021-2025")],
)  # fmt: skip
def test_accumulated_is_from_the_beginning_of_the_year(code, whole):
    assert accumulated(code) == whole


@given(year=st.integers(1900, 2099), first=st.integers(1, 12), last=st.integers(1, 12))
def test_months_have_one_code_and_it_is_read_as_itself(year, first, last):
    code = canonical(f"{year}M{first:02}-{last:02}")
    assert period_of(code) == code == canonical(code)
    assert is_reversed(code) == (first > last)


FIGURES = {
    "1234.5": ("1234.5", 1, ""), "1,234.5": ("1234.5", 1, ""), "1 234.5": ("1234.5", 1, ""),
    "１，２３４．５": ("1234.5", 1, ""), "+5": ("5", 0, ""), "-0.50": ("-0.5", 2, ""), "−5": ("-5", 0, ""),
    "62.13%": ("62.13", 2, "%"), "62.13％": ("62.13", 2, "%"), "12.5万元": ("12.5", 1, "万元"), "3 个": ("3", 0, "个"),
    "0.123456785": ("0.12345679", 9, ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "read"), FIGURES.items())
def test_a_number_is_read_exactly_with_its_decimals_and_unit(text, read):
    figure = figure_of(text)
    assert (figure.number, figure.decimals, figure.unit) == (Decimal(read[0]), read[1], read[2])


@given(st.decimals(-(10**14), 10**14, places=4), st.booleans())
def test_a_number_with_or_without_separators_is_the_same(number, with_separators):
    text = format(number, ",f") if with_separators else format(number, "f")
    assert figure_of(text).number == number and figure_of(text).decimals == 4


@pytest.mark.parametrize("text", ["", "abc", "NaN", "inf", "--5", "1.2.3", ".5", "五", "=1+1", "1,2,3", "1e"])
def test_what_is_no_number_is_none_or_keeps_the_rest_as_a_unit_nobody_knows(text):
    figure = figure_of(text)
    assert figure is None or figure.unit in {",2,3", ".3", "e"}


@pytest.mark.parametrize("text", ["", " ", "—", "——", "-", "/", "待公布", "暂无", "N/A", "　", "…", "未统计"])
def test_a_placeholder_says_there_is_no_figure(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["0", "无", "否", "-1", "1/2", "达到"])
def test_what_says_something_is_no_placeholder(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["2024-03-31", "2024/3/31", "2024.3.31", "2024年3月31日", "20240331", "2024-03-31 00:00:00"]
)
def test_a_day_is_read_as_people_write_it(text):
    assert date_of(text) == date(2024, 3, 31)


@pytest.mark.parametrize("text", ["2024-02-30", "2024-3", "31.3.2024", "infinity", "2024-03-31 12:30"])
def test_what_is_no_day_is_none(text):
    assert date_of(text) is None
