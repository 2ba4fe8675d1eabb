"""Templates: periods, the workbook an officer opens, and folders kept in sync. Rows here are made up."""

import io
import os
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from dagster_project.ingest.layout import column_of, map_header
from dagster_project.workbooks.columns import COLUMNS, PLACES
from dagster_project.workbooks.folder import INDEX_NAME, Wanted, sync_folder
from dagster_project.workbooks.items import Agenda, Department, Item
from dagster_project.workbooks.names import safe_name
from dagster_project.workbooks.periods import due_periods, period_of
from dagster_project.workbooks.template import FIRST_ROW, HEAD_ROW, file_name, template_bytes

PLAN_2023 = (date(2023, 1, 1), date(2023, 12, 31))
PLAN_FIVE_YEARS = (date(2021, 1, 1), date(2025, 12, 31))
DEPARTMENT = Department("330411_development_reform", "区发改局", "秀洲区")


def item(**changes) -> Item:
    """A figure to fill in: GDP per capita in 万元, known for 2022."""
    values = {
        "region_code": "330411", "region_name": "秀洲区", "indicator_id": "gdp_per_capita", "indicator_text": "人均生产总值（万元）",
        "qualifier": "", "scope": "wide", "measure": "value", "measure_type": "level", "unit": "万元",
        "last_value": Decimal("12.5"), "last_text": "12.5", "last_period": "2022", "targets": ["13 万元（2023年）"],
    }  # fmt: skip
    return Item(**{**values, **changes})


def opened(period: str, *items: Item):
    return load_workbook(io.BytesIO(template_bytes(Agenda(DEPARTMENT, period_of(period), list(items)))))


def cell(sheet, number: int, key: str):
    """The cell of a column in the n-th row of figures, from 0."""
    return sheet.cell(FIRST_ROW + 1 + number, PLACES[key] + 1)


def validation_of(sheet, target):
    found = [rule for rule in sheet.data_validations.dataValidation if target.coordinate in rule.sqref]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("as_of", "plan", "expected"),
    [
        (date(2024, 6, 30), PLAN_FIVE_YEARS, ["2023", "2024Q2"]),
        (date(2024, 6, 29), PLAN_FIVE_YEARS, ["2023", "2024Q1"]),
        (date(2024, 2, 1), PLAN_FIVE_YEARS, ["2023"]),
        (date(2024, 12, 31), PLAN_FIVE_YEARS, ["2024"]),
        (date(2021, 5, 1), PLAN_FIVE_YEARS, ["2021Q1"]),
        (date(2026, 11, 22), PLAN_FIVE_YEARS, ["2025"]),
        (date(2023, 11, 1), PLAN_2023, ["2023Q3"]),
        (date(2026, 11, 22), PLAN_2023, ["2023"]),
        (date(2020, 12, 31), PLAN_2023, []),
    ],
)
def test_what_is_due_is_the_last_ended_year_and_the_last_ended_quarter_after_it(as_of, plan, expected):
    assert due_periods(as_of, *plan) == expected


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(2016, 2030), st.integers(0, 5))
def test_nothing_is_due_before_it_has_ended_or_outside_the_plan(as_of, first_year, length):
    plan = date(first_year, 1, 1), date(first_year + length, 12, 31)
    periods = [period_of(code) for code in due_periods(as_of, *plan)]
    assert all(period.end <= as_of and plan[0].year <= period.year <= plan[1].year for period in periods)
    assert len(periods) <= 2


def test_a_period_that_cannot_be_filled_in_is_refused_by_name():
    assert period_of("2024Q2").end == date(2024, 6, 30)
    assert period_of("2024M02").end == date(2024, 2, 29)
    for code in ("2024Q5", "2024M13", "2021-2025", "2024年", ""):
        with pytest.raises(ValueError, match="2023Q2"):
            period_of(code)


def test_the_header_is_the_landing_layout_and_no_other_row_could_be_taken_for_it():
    sheet = opened("2023", item())["填报表"]
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(max_row=FIRST_ROW)]
    positions = map_header([str(text) for text in rows[HEAD_ROW]])
    for key in (
        "region_code",
        "region_name",
        "indicator_text",
        "scope",
        "period",
        "measure",
        "value",
        "unit",
        "status",
        "source_title",
        "note",
    ):
        assert positions[key] == PLACES[key]
    assert all(column_of(column.english) is None for column in COLUMNS)
    assert len({column.head for column in COLUMNS}) == len(COLUMNS)


def test_only_the_cells_to_fill_in_are_unlocked():
    sheet = opened("2024Q2", item(measure_type="flow"))["填报表"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    unlocked = {column.key for column in COLUMNS if not cell(sheet, 0, column.key).protection.locked}
    assert unlocked == {"value", "accumulation", "status", "note", "confirmed"}
    assert not [c for row in sheet.iter_rows(max_row=HEAD_ROW + 1) for c in row if not c.protection.locked]
    assert sheet.freeze_panes == f"{get_column_letter(PLACES['indicator_text'] + 2)}{FIRST_ROW + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{HEAD_ROW + 1}:")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_numbers_are_asked_for_where_a_number_is_wanted_and_words_where_words_are():
    sheet = opened(
        "2023",
        item(),
        item(measure="rank", unit=""),
        item(measure="grade", unit=""),
        item(measure="completion", unit=""),
    )["填报表"]
    rules = [validation_of(sheet, cell(sheet, number, "value")) for number in range(4)]
    assert [rule.type for rule in rules] == ["decimal", "decimal", None, "list"]
    assert rules[0].errorStyle in (None, "stop")
    assert "万元" in rules[0].promptTitle
    assert "13 万元" in rules[0].prompt
    assert rules[3].formula1 == '"完成,未完成"'
    assert [cell(sheet, number, "measure").value for number in range(4)] == [
        "数值",
        "位次",
        "等级",
        "完成情况",
    ]
    assert validation_of(sheet, cell(sheet, 0, "status")).formula1 == '"初步,修订,最终,撤回"'
    assert validation_of(sheet, cell(sheet, 0, "confirmed")).formula1 == '"是"'


@pytest.mark.parametrize(
    ("period", "measure_type", "value", "locked"),
    [
        ("2024Q2", "flow", "累计", False),
        ("2024Q2", "growth", "累计", False),
        ("2024M06", "flow", "累计", False),
        ("2024Q2", "rate", None, False),
        ("2024Q2", "state", None, True),
        ("2024Q1", "flow", None, True),
        ("2023", "flow", None, True),
    ],
)
def test_alone_or_year_to_date_is_asked_only_where_it_makes_a_difference(period, measure_type, value, locked):
    target = cell(opened(period, item(measure_type=measure_type))["填报表"], 0, "accumulation")
    assert target.value == value
    assert bool(target.protection.locked) is locked


def test_texts_that_look_like_formulas_stay_texts():
    sheet = opened("2023", item(indicator_text="=1+1", targets=['=HYPERLINK("x")'], qualifier="@cmd"))[
        "填报表"
    ]
    for key, text in (("indicator_text", "=1+1"), ("target", '=HYPERLINK("x")'), ("qualifier", "@cmd")):
        assert (cell(sheet, 0, key).value, cell(sheet, 0, key).data_type) == (text, "s")
        assert cell(sheet, 0, key).quotePrefix


def test_the_workbook_says_whose_it_is_and_equal_rows_give_equal_bytes():
    agenda = Agenda(DEPARTMENT, period_of("2023"), [item()])
    content = template_bytes(agenda)
    assert template_bytes(Agenda(DEPARTMENT, period_of("2023"), [item()])) == content
    properties = {prop.name: prop.value for prop in load_workbook(io.BytesIO(content)).custom_doc_props.props}
    assert properties == {"cpw_template": "330411_development_reform|2023"}
    assert file_name(agenda) == "2023/区发改局（秀洲区）.xlsx"
    assert load_workbook(io.BytesIO(content)).sheetnames == ["填报表", "填报说明"]


@given(st.text(max_size=300))
def test_any_text_becomes_a_file_name_every_system_takes(text):
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*[]\x00\n\r\t\u202e')
    assert name == name.strip(" .")
    assert name.split(".")[0].upper() not in {"CON", "NUL", "PRN", "AUX", "COM1", "LPT9"}
    assert safe_name(name) == name


class Files:
    """A folder in sync, and how often each file was made."""

    def __init__(self, folder):
        self.folder, self.made = folder, []

    def sync(self, contents: dict[str, bytes], *, is_complete: bool = True):
        def make(name):
            self.made.append(name)
            if contents[name] == b"bad":
                raise ValueError("no")
            return contents[name]

        wanted = [Wanted(name, contents[name], lambda name=name: make(name)) for name in contents]
        return sync_folder(self.folder, wanted, is_complete=is_complete)

    def names(self):
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.xlsx"))


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "out")


def test_a_file_is_made_only_if_it_would_differ_and_removed_when_nobody_wants_it(files):
    assert files.sync({"2023/甲.xlsx": b"1", "2023/乙.xlsx": b"1"}).written == [
        "2023/甲.xlsx",
        "2023/乙.xlsx",
    ]
    before = {path: path.stat().st_mtime_ns for path in files.folder.rglob("*.xlsx")}
    assert files.sync({"2023/甲.xlsx": b"1", "2023/乙.xlsx": b"1"}).unchanged == [
        "2023/甲.xlsx",
        "2023/乙.xlsx",
    ]
    assert files.made == ["2023/甲.xlsx", "2023/乙.xlsx"], "nothing is made that is there already"
    done = files.sync({"2023/甲.xlsx": b"2"})
    assert (done.written, done.removed) == (["2023/甲.xlsx"], ["2023/乙.xlsx"])
    assert files.sync({}).removed == ["2023/甲.xlsx"]
    assert not (files.folder / "2023").exists()
    assert len(before) == 2


def test_a_file_that_was_filled_in_where_it_lies_is_made_anew(files):
    files.sync({"甲.xlsx": b"1"})
    (files.folder / "甲.xlsx").write_bytes(b"filled in")
    assert files.sync({"甲.xlsx": b"1"}).written == ["甲.xlsx"]
    assert (files.folder / "甲.xlsx").read_bytes() == b"1"


def test_a_run_that_asks_for_some_files_leaves_the_others_and_what_is_known_of_them(files):
    files.sync({"甲.xlsx": b"1", "乙.xlsx": b"1"})
    assert files.sync({"甲.xlsx": b"2"}, is_complete=False).removed == []
    files.made.clear()
    files.sync({"甲.xlsx": b"2", "乙.xlsx": b"1"})
    assert files.made == []


def test_a_killed_run_is_made_good_without_touching_what_is_right(files):
    files.sync({"甲.xlsx": b"1", "乙.xlsx": b"1"})
    (files.folder / INDEX_NAME).unlink()
    (files.folder / "乙.xlsx").unlink()
    left_over = files.folder / ".丙.xlsx.123.tmp"
    left_over.write_bytes(b"half")
    os.utime(files.folder / "甲.xlsx", ns=(5, 5))
    done = files.sync({"甲.xlsx": b"1", "乙.xlsx": b"1"})
    assert (done.written, done.unchanged) == (["乙.xlsx"], ["甲.xlsx"])
    assert (files.folder / "甲.xlsx").stat().st_mtime_ns == 5
    assert not left_over.exists()
    (files.folder / INDEX_NAME).write_text("{broken", encoding="utf-8")
    assert files.sync({"甲.xlsx": b"1", "乙.xlsx": b"1"}).unchanged == ["甲.xlsx", "乙.xlsx"]


def test_a_file_that_cannot_be_made_keeps_its_old_one_and_holds_nobody_up(files):
    files.sync({"甲.xlsx": b"1", "乙.xlsx": b"1"})
    done = files.sync({"甲.xlsx": b"bad", "乙.xlsx": b"2"})
    assert done.failed == {"甲.xlsx": "ValueError: no"}
    assert done.written == ["乙.xlsx"]
    assert (files.folder / "甲.xlsx").read_bytes() == b"1"
    assert files.sync({"甲.xlsx": b"1", "乙.xlsx": b"2"}).failed == {}
