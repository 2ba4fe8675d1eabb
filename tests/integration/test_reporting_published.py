"""The workbooks of one real night: what officers find in warehouse/templates and warehouse/returns."""

import io
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from openpyxl import load_workbook

from dagster_project.workbooks.columns import COLUMNS, PLACES
from dagster_project.workbooks.items import agendas
from dagster_project.workbooks.template import FIRST_ROW, template_bytes
from tests.landing import Landing

AS_OF = date(2024, 6, 30)
XIUZHOU = "330411_development_reform"


@pytest.fixture(scope="module")
def build(first_night):
    with duckdb.connect(str(first_night.paths.build_db), read_only=True) as connection:
        yield connection


def figures(path) -> list[dict]:
    """The rows of a template, by the key of their columns."""
    sheet = load_workbook(path)["填报表"]
    return [
        dict(zip((column.key for column in COLUMNS), (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=FIRST_ROW + 1)
    ]


def test_every_department_has_its_templates_for_what_is_due(first_night, build):
    made = {
        path.relative_to(first_night.paths.templates).as_posix()
        for path in first_night.paths.templates.rglob("*.xlsx")
    }
    departments = first_night.query(
        "SELECT count(DISTINCT department_id) FROM marts.bridge_target_department"
    )[0][0]
    assert len({name.split("/")[1] for name in made}) == departments
    assert {name.split("/")[0] for name in made} == {"2023", "2024Q2"}
    assert {name for name in made if "（秀洲区）" in name} == {
        name for name in made if "（秀洲区）" in name and name.startswith("2023/")
    }
    assert "2024Q2/市发改局（嵊州市）.xlsx" in made, "the plan of Shengzhou runs to 2025"


def test_the_targets_of_a_department_stand_in_its_template_as_printed(first_night):
    rows = figures(first_night.paths.templates / "2023" / "区发改局（秀洲区）.xlsx")
    first, second = rows[:2]
    assert (first["indicator_text"], first["scope"], first["target"]) == (
        "人均生产总值（万元）",
        "大口径",
        "13 万元（2023年）",
    )
    assert (second["indicator_text"], second["scope"], second["target"]) == (
        "人均生产总值（万元）",
        "小口径",
        "11.5 万元（2023年）",
    )
    assert {row["unit"] for row in rows[:2]} == {"万元"}, (
        "as officers keep it; the indicator's own unit is 元"
    )
    assert {row["indicator_id"] for row in rows[:2]} == {"gdp_per_capita"}
    assert {row["source_title"] for row in rows} == {"区发改局（秀洲区）"}
    assert {row["period"] for row in rows} == {"2023"}
    assert {row["value"] for row in rows} == {None}
    assert "按全区排名计分" not in str(rows), "a rule of scoring sets no goal of its own"
    assert len(rows) == len(
        {(row["region_code"], row["indicator_id"], row["scope"], row["measure"]) for row in rows}
    )
    assert "王店镇" in {row["region_name"] for row in rows}
    # 完成市下达目标: the figure is wanted, and whether it is reached
    carbon = [
        row["measure"]
        for row in rows
        if row["indicator_id"] == "carbon_intensity" and row["scope"] == "大口径"
    ]
    assert carbon == ["数值", "完成情况"]


def test_the_last_actual_is_shown_in_the_unit_of_the_row(first_night):
    rows = figures(first_night.paths.templates / "2024Q2" / "市发改局（嵊州市）.xlsx")
    (gdp,) = [row for row in rows if row["indicator_id"] == "gdp_per_capita"]
    assert (gdp["last_value"], gdp["last_period"], gdp["unit"]) == (9.9856, "2022", "万元"), "99856 元"
    assert gdp["target"] == "14 万元（2025年）", (
        "the path to 2025 covers the quarter; the target of 2022 is over"
    )
    unknown = next(row for row in rows if row["indicator_id"] == "social_integrity")
    assert (unknown["last_value"], unknown["last_period"]) == ("尚无", None)


def test_every_unit_and_region_of_every_template_is_one_the_ingest_knows(build):
    known_units = {row[0] for row in build.execute("SELECT unit_text FROM seeds.unit").fetchall()} | {""}
    dimension = dict(build.execute("SELECT unit_text, dimension FROM seeds.unit").fetchall())
    standard = dict(build.execute("SELECT indicator_id, unit FROM marts.dim_indicator").fetchall())
    items = [item for agenda in agendas(build, AS_OF, [], []) for item in agenda.items]
    assert len(items) > 600
    assert {item.unit for item in items} <= known_units
    for item in items:
        if item.unit and item.indicator_id:
            assert dimension[item.unit] == dimension[standard[item.indicator_id]], item
    assert {item.measure for item in items} >= {"value", "rank", "completion"}


def test_parts_of_a_composite_cell_are_asked_for_once(build):
    (agenda,) = agendas(build, AS_OF, ["331102_deepening_reform_services"], [])
    joint = [item for item in agenda.items if item.indicator_id == "joint_random_inspection_rate"]
    assert [(item.measure, item.unit, item.targets) for item in joint] == [
        ("value", "%", ["达到50%,排名全省前30,全市前3（2023年）"]),
        ("rank", "", ["达到50%,排名全省前30,全市前3（2023年）"]),
    ]


def test_one_department_and_any_period_its_plan_covers_can_be_asked_for(build):
    asked = agendas(build, AS_OF, ["330683_development_reform"], ["2022", "2024H1", "2026"])
    assert [agenda.period.code for agenda in asked] == ["2022", "2024H1"], "the plan ends in 2025"
    targets = {item.indicator_id: item.targets for item in asked[0].items}
    assert len(targets["gdp_per_capita"]) == 2, "2022 stands on the way to 2025 too"
    with pytest.raises(ValueError, match="marts.dim_department"):
        agendas(build, AS_OF, ["no_such_department"], [])
    with pytest.raises(ValueError, match="2023Q2"):
        agendas(build, AS_OF, [], ["去年"])


def test_on_another_day_other_periods_are_due(build):
    def periods(as_of: date) -> set[str]:
        return {
            agenda.period.code for agenda in agendas(build, as_of, [XIUZHOU, "330683_development_reform"], [])
        }

    assert periods(date(2023, 5, 1)) == {"2022", "2023Q1"}
    assert periods(date(2026, 11, 22)) == {"2023", "2025"}


def test_a_filled_template_is_read_with_the_unit_scope_and_value_that_were_meant(first_night, tmp_path):
    book = load_workbook(first_night.paths.templates / "2023" / "区发改局（秀洲区）.xlsx")
    sheet = book["填报表"]
    sheet.cell(FIRST_ROW + 1, PLACES["value"] + 1).value = 12.6
    sheet.cell(FIRST_ROW + 1, PLACES["status"] + 1).value = "修订"
    saved = io.BytesIO()
    book.save(saved)
    landing = Landing(tmp_path)
    landing.put("区发改局.xlsx", saved.getvalue())
    landing.run()
    ((sender, saved_at, accepted, refused, not_reported),) = landing.query(
        "SELECT sender, saved_at, rows_accepted, rows_refused, rows_not_reported FROM raw.received_file"
    )
    assert sender == "区发改局（秀洲区）" and (accepted, refused) == (1, 0)
    assert not_reported == sheet.max_row - FIRST_ROW - 1, "what was left empty is not refused"
    assert landing.query("SELECT reported_at FROM raw.actual") == [(saved_at.date(),)]
    taken = landing.connection.execute(
        "SELECT region_code, indicator_text, scope, period, measure, value, unit_text, status, source_title FROM raw.actual"
    ).fetchall()
    landing.connection.close()
    assert taken == [
        (
            "330411",
            "人均生产总值（万元）",
            "wide",
            "2023",
            "value",
            Decimal("12.6"),
            "万元",
            "revised",
            "区发改局（秀洲区）",
        )
    ]


def test_templates_of_a_night_are_the_same_bytes_whenever_they_are_made(first_night, build):
    (agenda,) = agendas(build, AS_OF, [XIUZHOU], [])
    made = first_night.paths.templates / "2023" / "区发改局（秀洲区）.xlsx"
    assert template_bytes(agenda) == made.read_bytes()


def test_the_one_refused_row_of_the_shipped_files_is_given_back_where_it_stands(first_night):
    (path,) = first_night.paths.returns.glob("*.xlsx")
    assert path.name.startswith("退回_xiuzhou_14th_five_year_plan_printed_actuals_")
    ((row_no,),) = first_night.query("SELECT row_no FROM quality.rejected_row")
    sheet = load_workbook(path)["退回数据"]
    reason, *cells = [cell.value for cell in sheet[row_no]]
    assert reason.startswith("✗ ")
    assert "20以上" in cells
    assert [cell.value for cell in sheet[row_no + 1]][0] == "已接收"
