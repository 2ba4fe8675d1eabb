"""The bulletins of one published night, opened again by another library: printed values, colours, paper."""

import duckdb
import openpyxl
import pytest

from dagster_project.bulletins import write_bulletins
from dagster_project.bulletins.queries import TARGETS
from dagster_project.bulletins.sheet import FILLS
from dagster_project.bulletins.target import Target
from dagster_project.bulletins.workbook import COVER, SHEETS, SUMMARY
from tests.conftest import AS_OF
from tests.unit.test_bulletins import Page

SHENGZHOU_2022 = "330683_2022_嵊州市2022年共同富裕重点指标晾晒通报"
XIUZHOU_2020 = "330411_2020_秀洲区2020年共同富裕重点指标晾晒通报"


@pytest.fixture(scope="module")
def folder(first_night, tmp_path_factory):
    """Bulletins of the published file, opened read-only as everybody opens it."""
    folder = tmp_path_factory.mktemp("bulletins") / "made"
    with duckdb.connect(str(first_night.database), read_only=True) as connection:
        write_bulletins(connection, folder)
    return folder


def rows(sheet):
    """The records of a sheet by the Chinese heads of its columns."""
    heads = [cell.value.split("\n")[0] for cell in sheet[3]]
    return [dict(zip(heads, cells, strict=True)) for cells in sheet.iter_rows(min_row=4)]


def test_every_region_that_set_targets_has_its_bulletins_in_both_forms(folder):
    names = sorted(path.name for path in folder.iterdir())
    years = [
        "330400_2025",
        "330411_2020",
        "330411_2023",
        "330411_2025",
        "330683_2022",
        "330683_2025",
        "331102_2023",
    ]
    assert [name[:11] for name in names] == [year for year in years for _ in ("html", "xlsx")]
    assert {name.rsplit(".", 1)[1] for name in names} == {"html", "xlsx"}


def test_shengzhou_2022_says_what_is_printed_and_how_far_it_fell_short(folder):
    workbook = openpyxl.load_workbook(folder / f"{SHENGZHOU_2022}.xlsx")
    for key in ("lights", "behind"):
        row = rows(workbook[SHEETS[key]])[0]
        assert row["指标"].value == "人均生产总值(万元)"
        assert row["目标（原文）"].value == "11 万元"
        assert (row["实际"].value, row["实际"].number_format) == (99856, '#,##0"元"')
        assert row["数据时期"].value == "2022年" and row["结论"].value == "未达标"
        assert (round(row["完成率"].value, 3), row["完成率"].number_format) == (0.908, "0.0%")
        assert row["差距"].value == -10144 and '"元"' in row["差距"].number_format
        assert row["责任单位"].value == "市发改局"
        assert row["出处"].value == "[1] 表1 序号1 第1行 2022年"
        assert "2022年嵊州市国民经济和社会发展统计公报" in row["原因"].value
    assert len(rows(workbook[SHEETS["behind"]])) == 1
    page = Page((folder / f"{SHENGZHOU_2022}.html").read_text(encoding="utf-8"))
    assert {"▲ 黄灯", "未达标", "11 万元", "99,856元", "90.8%", "−10,144元"} <= set(page.cells)


def test_a_light_has_its_colour_and_says_its_word(folder):
    workbook = openpyxl.load_workbook(folder / f"{XIUZHOU_2020}.xlsx")
    cells = [row["亮灯"] for row in rows(workbook[SHEETS["lights"]])]
    words = {"■ 红灯": "red", "▲ 黄灯": "yellow", "● 绿灯": "green", "○ 灰灯（不评）": "grey"}
    assert {cell.value for cell in cells} == set(words)
    assert all(cell.fill.fgColor.rgb == "FF" + FILLS[words[cell.value]][1:] for cell in cells)
    order = list(dict.fromkeys(cell.value for cell in cells))
    assert order == list(words), "worst first"


def test_the_workbook_prints_on_a4_and_can_be_filtered(folder):
    for path in folder.glob("*.xlsx"):
        workbook = openpyxl.load_workbook(path)
        assert workbook.sheetnames == [COVER, SUMMARY, *SHEETS.values()]
        for sheet in workbook:
            assert sheet.page_setup.paperSize == 9
            assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
            assert "第 &P 页" in sheet.oddFooter.right.text and "共同富裕" in sheet.oddHeader.center.text
        lights = workbook[SHEETS["lights"]]
        assert lights.print_title_rows == "$3:$3" and lights.freeze_panes == "A4"
        assert lights.auto_filter.ref.startswith("A3:") and lights.auto_filter.ref.endswith(
            str(lights.max_row)
        )
        assert lights.page_setup.orientation == "landscape"
        heads = {cell.value.split("\n")[0]: cell.column_letter for cell in lights[3]}
        assert f"$A$1:${heads['出处']}$" in lights.print_area, "what follows is for the screen"
        assert workbook[COVER].page_setup.orientation == "portrait"
        assert len(workbook[SUMMARY]._charts) == 1
        assert AS_OF in workbook.properties.description


def test_bulletins_count_as_the_scorecards_do(first_night):
    with duckdb.connect(str(first_night.database), read_only=True) as connection:
        cursor = connection.execute(TARGETS)
        names = [column[0] for column in cursor.description]
        targets = [Target(dict(zip(names, row, strict=True)), 1) for row in cursor.fetchall()]
    cards = first_night.query(
        "SELECT region_code, target_count, green_count, yellow_count, red_count, grey_count, judged_count, overdue_count"
        " FROM marts.rpt_scorecard WHERE card_kind = 'region'"
    )
    counted = {}
    for target in targets:
        if target.is_counted:
            counted.setdefault(target.holder_code, []).append(target)
    assert counted.keys() == {card[0] for card in cards}
    for region, *expected in cards:
        lights = [target.light for target in counted[region]]
        by_light = [lights.count(light) for light in ("green", "yellow", "red", "grey")]
        judged, overdue = len(lights) - by_light[3], sum(target.is_overdue for target in counted[region])
        assert [len(lights), *by_light, judged, overdue] == expected, region


def test_every_target_that_sets_a_goal_for_the_year_stands_in_the_bulletin(first_night, folder):
    expected = first_night.query(
        "SELECT target.target_id FROM marts.fct_target AS target JOIN marts.dim_document AS document USING (document_id)"
        " JOIN marts.dim_period AS period USING (period)"
        " WHERE document.region_code = '330411' AND period.year = 2023 AND target_kind <> 'none'"
    )
    (path,) = folder.glob("330411_2023_*.xlsx")
    listed = [row["目标标识"].value for row in rows(openpyxl.load_workbook(path)[SHEETS["lights"]])]
    assert sorted(listed) == sorted(target_id for (target_id,) in expected)


def test_overdue_figures_are_those_of_the_coverage_report(first_night, folder):
    expected = first_night.query(
        "SELECT max(days_overdue) FROM marts.rpt_coverage WHERE region_code = '330683' AND period = '2022' AND is_overdue"
    )[0][0]
    workbook = openpyxl.load_workbook(folder / f"{SHENGZHOU_2022}.xlsx")
    units = rows(workbook[SHEETS["overdue"]])
    figures = rows(workbook[SHEETS["overdue_figures"]])
    assert sum(row["逾期项数"].value for row in units) == len(figures)
    assert units[0]["责任单位"].value == "市人力社保局"
    assert max(row["逾期（天）"].value for row in figures) == expected
    assert {str(row["报出期限"].value)[:10] for row in figures} == {"2023-06-29"}
