"""How actuals really arrive: titles over the header, merged cells, placeholders, units behind numbers, workbooks of ours."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from dagster_project.ingest.layout import LayoutError, find_header
from tests.landing import Landing, line, table

HEADER = ["地区", "指标", "时期", "当期/累计", "数值", "单位", "来源", "发布日期"]
ROW = ["秀洲区", "测试指标", "2023年二季度", "", "12.5", "万元", "区统计局", "2023年8月1日"]


@pytest.fixture
def landing(tmp_path):
    landing = Landing(tmp_path / "warehouse")
    yield landing
    landing.connection.close()


def changed(**cells) -> list:
    return [cells.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def book(fill, **properties) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        fill(workbook)
        for name, value in properties.items():
            workbook.set_custom_property(name, value)
        workbook.set_properties(
            {"author": "张三", "created": datetime.datetime(2024, 3, 1, 8, 0, tzinfo=datetime.UTC)}
        )
    return file.getvalue()


def titled(rows):
    def fill(workbook):
        sheet = workbook.add_worksheet("二季度")
        sheet.merge_range(0, 0, 0, 7, "2023年二季度指标完成情况表")
        sheet.write(1, 0, "填报单位：区统计局")
        sheet.merge_range(2, 0, 3, 0, "地区")
        sheet.merge_range(2, 1, 3, 1, "指标")
        sheet.merge_range(2, 2, 3, 2, "时期")
        sheet.merge_range(2, 3, 3, 3, "当期/累计")
        sheet.merge_range(2, 4, 2, 5, "完成情况")
        sheet.write_row(3, 4, ["数值", "单位"])
        sheet.merge_range(2, 6, 3, 6, "来源")
        sheet.merge_range(2, 7, 3, 7, "发布日期")
        for number, row in enumerate(rows, start=4):
            sheet.write_row(number, 0, row)
        workbook.add_worksheet("填表说明").write(0, 0, "数值只填数字")

    return fill


def test_a_titled_workbook_with_merged_header_rows_and_extra_sheets_is_read_where_it_stands(landing):
    landing.put("a.xlsx", book(titled([ROW, [], changed(指标="另一指标", 数值=7)])))
    landing.run()
    assert landing.query(
        "SELECT row_no, period, value, unit_text, reported_at FROM raw.actual ORDER BY row_no"
    ) == [
        (5, "2023Q2", Decimal("12.5"), "万元", datetime.date(2023, 8, 1)),
        (7, "2023Q2", Decimal(7), "万元", datetime.date(2023, 8, 1)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_titled_text_file_is_read_where_it_stands(landing, encoding, delimiter):
    lines = [["2023年二季度指标完成情况表"], [], HEADER, ROW, changed(指标="另一指标", 数值="待公布")]
    text = "\r\n".join(delimiter.join(cells) for cells in lines)
    landing.put("a.csv", text.encode(encoding))
    landing.run()
    assert landing.accepted() == {4: "12.5"} and landing.refused() == {}
    assert landing.query("SELECT rows_total, rows_not_reported FROM raw.received_file") == [(2, 1)]


def test_a_header_split_over_rows_is_put_together_and_a_missing_column_named():
    header = find_header(
        [["标题"], ["地区", "指标", "时期", "完成情况", "", "来源"], ["", "", "", "数值", "单位", ""]]
    )
    assert (header.first_row, header.last_row) == (2, 3)
    assert header.positions == {
        "region_name": 0, "indicator_text": 1, "period": 2, "value": 3, "unit": 4, "source_title": 5,
    }  # fmt: skip
    with pytest.raises(
        LayoutError, match=r"missing column\(s\) source_title: add them to the header in row 2"
    ):
        find_header([["标题"], ["地区", "指标", "时期", "数值"], ["秀洲区", "x", "2023", "1"]])


def test_rows_without_a_figure_are_counted_and_neither_taken_nor_refused(landing):
    values = ["1", "", "—", "/", "待公布", "暂无", "20以上"]
    rows = [line(value=value, indicator_text=f"指标{number}") for number, value in enumerate(values)]
    landing.put("a.csv", table(*rows, line(value="—", region_code="999999", region_name="")).encode())
    landing.run()
    assert list(landing.accepted()) == [2] and list(landing.refused()) == [8]
    assert landing.query(
        "SELECT rows_total, rows_accepted, rows_refused, rows_not_reported FROM raw.received_file"
    ) == [(8, 1, 1, 6)]


def test_a_retraction_needs_no_value(landing):
    landing.put(
        "a.csv", table(line(value="", status="撤回"), line(value="—", status="撤回", period="2022")).encode()
    )
    landing.run()
    assert landing.query("SELECT value, value_text, status FROM raw.actual") == [(None, "", "retracted")] * 2


def test_a_unit_behind_the_number_counts_where_the_unit_column_is_empty_or_agrees(landing):
    cases = [("12.5万元", ""), ("12.5万元", "万元"), ("１２.５％", ""), ("12.5万元", "元"), ("12.5斗", "")]
    landing.put(
        "a.csv",
        table(*(line(value=v, unit=u, indicator_text=f"指标{n}") for n, (v, u) in enumerate(cases))).encode(),
    )
    landing.run()
    assert landing.query("SELECT row_no, value, value_text, unit_text FROM raw.actual ORDER BY row_no") == [
        (2, Decimal("12.5"), "12.5", "万元"),
        (3, Decimal("12.5"), "12.5", "万元"),
        (4, Decimal("12.5"), "12.5", "%"),
    ]
    assert {row: "不是数字" in reason for row, reason in landing.refused().items()} == {5: True, 6: True}


def test_cumulative_figures_belong_to_the_period_since_the_beginning_of_the_year(landing):
    rows = [
        ROW,
        changed(**{"当期/累计": "累计"}),
        changed(**{"当期/累计": "累计", "时期": "2023-05", "指标": "乙"}),
    ]
    landing.put("a.csv", table(*rows, header=HEADER).encode())
    landing.run()
    assert landing.query("SELECT period FROM raw.actual ORDER BY row_no") == [
        ("2023Q2",),
        ("2023H1",),
        ("2023M01-05",),
    ]


def test_an_indicator_may_be_given_by_its_code_alone(landing):
    header = ["地区", "指标编码", "指标", "时期", "数值", "单位", "来源"]
    landing.put(
        "a.csv",
        table(["秀洲区", "gdp_per_capita", "", "2023", "12", "万元", "区统计局"], header=header).encode(),
    )
    landing.run()
    assert landing.query("SELECT indicator_code, indicator_text FROM raw.actual") == [("gdp_per_capita",) * 2]


def test_a_workbook_of_ours_says_who_sent_it_and_when_its_figures_were_reported(landing):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, changed(发布日期=""))

    landing.put("a.xlsx", book(fill, cpw_template="330411_development_reform|2023Q2"))
    landing.put("科室/b.xlsx", book(fill))
    landing.put(
        "c.xlsx",
        book(lambda workbook: (fill(workbook), workbook.get_worksheet_by_name("Sheet1").write(2, 0, " "))),
    )
    landing.run()
    said = landing.query("SELECT file_name, sender, saved_at FROM raw.received_file ORDER BY file_name")
    saved = datetime.datetime(2024, 3, 1, 16, 0, tzinfo=datetime.UTC).replace(
        tzinfo=None
    )  # Shanghai time, without a zone
    assert said == [
        ("a.xlsx", "区发改局（秀洲区）", saved),
        ("c.xlsx", "张三", saved),
        ("科室/b.xlsx", "科室", saved),
    ]
    days = landing.query(
        "SELECT file_name, reported_at FROM raw.actual JOIN raw.received_file USING (file_id) ORDER BY 1"
    )
    assert days == [("a.xlsx", saved.date()), ("c.xlsx", None), ("科室/b.xlsx", None)]


def test_formulas_count_with_the_result_a_program_left_and_not_without(landing):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 4, "=SUM(A9:A10)", None, 42.5)
        sheet.write_row(2, 0, changed(指标="乙"))

    once = openpyxl.load_workbook(io.BytesIO(book(fill)))
    assert once.active["E2"].value == "=SUM(A9:A10)"
    landing.put("computed.xlsx", book(fill))
    uncomputed = io.BytesIO()
    once.save(uncomputed)  # this library keeps the formula and drops its result
    landing.put("uncomputed.xlsx", uncomputed.getvalue())
    landing.run()
    assert landing.query("SELECT value FROM raw.actual WHERE row_no = 2") == [(Decimal("42.5"),)]
    assert "公式没有计算结果" in landing.refused()[2] and "SUM(A9:A10)" in landing.refused()[2]
