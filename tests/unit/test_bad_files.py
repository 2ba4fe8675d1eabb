"""Files as they really arrive: what cannot be read is refused with its reason, row and text; the rest is kept."""

import datetime
import io
import os
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.ingest.archive import copy_hashed
from dagster_project.ingest.layout import LAYOUT_COLUMNS
from dagster_project.ingest.limits import read_limits
from dagster_project.paths import SEEDS_DIR, WarehousePaths
from tests.landing import SEEDS_OF_INGEST, Landing, line, table

HEADER, WIDTH = ",".join(LAYOUT_COLUMNS), len(LAYOUT_COLUMNS)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.fixture
def landing(tmp_path):
    landing = Landing(tmp_path / "it's a [warehouse] 仓库")
    yield landing
    landing.connection.close()


def three(**options) -> str:
    """Three good rows, whose values are their row numbers."""
    return table(
        *(line(value=str(row_no), indicator_text=f"测试指标{row_no}") for row_no in (2, 3, 4)), **options
    )


def workbook(*rows: list, header=LAYOUT_COLUMNS, prepare=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    prepare(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_zip(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "text")
        archive.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


XLSX = workbook(line())


# cases are named by their place: a workbook holds the second it was made, so its bytes are no name of a test
NO_TABLES = [
    ("a.csv", b"", "文件为空 the file is empty send it again"),
    ("a.csv", b" \r\n\t\n ", "文件为空 the file is empty"),
    ("a.csv", b"\xef\xbb\xbf", "文件为空 the file is empty"),
    ("a.csv", f"{HEADER}\n".encode(), "只有表头 header and no rows send it again"),
    ("a.csv", f"{HEADER}\n{',' * (len(LAYOUT_COLUMNS) - 1)}\n\n".encode(), "只有表头 header and no rows"),
    ("a.csv", PNG, "不是表格 .csv' PNG send CSV or XLSX"),
    ("a.xlsx", PNG + b"2", "不是表格 PNG send CSV or XLSX"),
    ("a.csv", b"%PDF-1.7\n", "不是表格 PDF"),
    ("a.csv", a_zip("table.csv"), "压缩包 zip archive send the XLSX or CSV itself"),
    ("a.xlsx", a_zip("word/document.xml"), "其他文档 another document send the XLSX or CSV itself"),
    ("a.xlsx", XLSX[: len(XLSX) // 2], "损坏 damaged or cut off send it again"),
    ("a.xlsx", XLSX[:30], "损坏 damaged or cut off"),
    ("a.xlsx", three().encode(), "扩展名 .xlsx' rename it .csv"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Excel save it as .xlsx"),
    ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "不是表格 HTML"),
    ("a.csv", three().encode("utf-16"), "UTF-16 save it as CSV UTF-8"),
    ("a.csv", three().encode("utf-16-be"), "二进制 binary UTF-8 or GB18030"),
    ("a.csv", b"\xff\xfe\xfa,\xff\n1,2\n", "UTF-16 save it as CSV UTF-8"),
    ("a.csv", b"\x81\xff,\xff\n1,2\n", "编码无法识别 neither UTF-8 nor GB18030 save as CSV UTF-8"),
    ("a.csv", table(line(), header=["indicator_text", "value"]).encode(), "缺少列 missing period, source_title, region_code row 1"),
    ("a.csv", table(line(), header=[*LAYOUT_COLUMNS, "数值"]).encode(), "列重复 'value' twice '数值' keep one"),
    ("a.csv", b'"region_code,period\n1,2', "表头无法读取 the header cannot be read correct row 1"),
    ("a.csv", three().replace("period", '""period').encode(), "表头无法读取 the header cannot be read correct row 1"),
    ("a.csv", b"x" * 300_000, "表头 row 1"),
    ("a.xlsx", workbook(line(), header=["甲", "乙"]), "没有符合格式的工作表 no sheet Sheet missing"),
    ("a.xlsx", workbook(prepare=lambda book: book.active.delete_rows(1, 9)), "没有符合格式的工作表 all are empty"),
    ("a.xlsx", workbook(prepare=lambda book: book.active.cell(1_048_000, 16_000, "x")), "删除远处的单元格 delete the cells far away"),
]  # fmt: skip


@pytest.fixture(scope="module")
def no_tables(tmp_path_factory):
    """A file for each case of NO_TABLES, after one run."""
    landing = Landing(tmp_path_factory.mktemp("warehouse"))
    for case, (name, content, _) in enumerate(NO_TABLES):
        landing.put(f"{case} {name}", content)
    landing.run()
    yield landing
    landing.connection.close()


@pytest.mark.parametrize("case", range(len(NO_TABLES)))
def test_a_file_that_is_no_table_is_refused_as_a_whole_and_archived(no_tables, case):
    name, content, said = NO_TABLES[case]
    ((file_id, status, reason),) = no_tables.query(
        f"SELECT file_id, status, reason FROM raw.received_file WHERE file_name = '{case} {name}'"
    )
    assert status == "refused" and no_tables.query("SELECT count(*) FROM raw.actual") == [(0,)]
    refused = no_tables.query(
        f"SELECT row_no, reason || ' / ' || reason_en FROM raw.rejected_row WHERE file_id = '{file_id}'"
    )
    assert refused == [(0, reason)]
    for word in said.split():
        assert word in reason
    assert (no_tables.paths.archive / file_id).read_bytes() == content and no_tables.inbox() == []


USUAL_WRAPPINGS = [
    ("a.csv", three().encode()),
    ("a.csv", three(newline="\n").encode()),
    ("a.csv", three(newline="\r").encode()),
    ("a.csv", three().rstrip().encode()),
    ("a.csv", three().encode("utf-8-sig")),
    ("a.csv", three().encode("gb18030")),
    ("a.txt", three(delimiter="\t").encode()),
    ("a.csv", three(delimiter=";").encode()),
    ("a.xlsx.csv", workbook(*(line(value=str(n), indicator_text=f"测试指标{n}") for n in (2, 3, 4)))),
    ("a.csv", three(header=["区划代码", "地区", "指标编码", "指标", "限定", "口径", "时期", "当期/累计", "度量", "数值", "计量单位", "状态", "来源", "来源网址", "发布日期", "核实", "备注"]).encode()),
    ("a.csv", three(header=[f" *{column.upper()} " for column in LAYOUT_COLUMNS]).encode()),
    ("a.csv", three(header=[column.replace("_", "_\n") for column in LAYOUT_COLUMNS]).encode()),
    ("空格 'quote\" 中文.csv", three().encode()),
    ("-rf.csv", three().encode()),
    ("2023年/一季度/a.csv", three().encode()),
    ("dir.csv/no-ending", three().encode()),
    ("'; DROP TABLE raw.actual; --.csv", three().encode()),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(USUAL_WRAPPINGS)))
def test_every_usual_wrapping_gives_the_same_rows(landing, case):
    name, content = USUAL_WRAPPINGS[case]
    landing.put(name, content)
    landing.run()
    assert landing.accepted() == {2: "2", 3: "3", 4: "4"} and landing.refused() == {}
    assert landing.query("SELECT DISTINCT indicator_text FROM raw.actual ORDER BY ALL")[0] == ("测试指标2",)
    assert landing.files() == {name: "accepted"}
    assert [path for path in landing.paths.inbox.rglob("*") if path.is_file()] == []


FIRST, SECOND, LAST = three().splitlines()[1:]


ODD_LINES = [
    ([FIRST, SECOND, LAST[:20]], [2, 3], {4: f"列数不符 cells where the header has {WIDTH}"}),
    ([FIRST, SECOND, f'{LAST}"cut off\nhere'], [2, 3], {4: "引号不配对 quotes correct or complete", 5: "列数不符"}),
    ([FIRST, f'330411,"秀洲区,{SECOND}', LAST], [2, 4], {3: "引号不配对 quotes"}),
    ([FIRST, f'"{"x" * 1_100_000}",{SECOND}', LAST], [2, 4], {3: "单元格过长 too long"}),
    ([FIRST, f'"a"b,{SECOND}', LAST], [2, 4], {3: "引号不配对"}),
    ([FIRST, f"{SECOND},more", LAST], [2, 4], {3: f"列数不符 {WIDTH + 1} cells where the header has {WIDTH} separator"}),
    ([FIRST, f"{SECOND},,,", LAST], [2, 3, 4], {}),
    ([FIRST, "330411,秀洲区", LAST], [2, 4], {3: "列数不符 2 cells"}),
    (["", FIRST, "", "", LAST], [3, 6], {}),
    ([FIRST, "   ", LAST], [2, 4], {}),
    ([FIRST, "," * (WIDTH - 1), LAST, ""], [2, 4], {}),
    ([FIRST, f'{SECOND[:-1]},"one\n\ntwo"', LAST], [2, 3, 4], {}),
    ([FIRST, SECOND.replace("测试指标3", '"a ""quoted"" name, with\r\na line"'), LAST], [2, 3, 4], {}),
    ([FIRST, SECOND.replace("测试指标3", "测试\x00指标"), LAST], [2, 4], {3: "NUL export the file again"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def odd_files(tmp_path_factory):
    """A file for each case of ODD_LINES and each encoding."""
    landing = Landing(tmp_path_factory.mktemp("warehouse"))
    for case, (rows, _, _) in enumerate(ODD_LINES):
        for encoding in ("utf-8", "gb18030"):
            landing.put(f"{case} {encoding}", "\r\n".join([HEADER, *rows]).encode(encoding))
    landing.run()
    yield landing
    landing.connection.close()


@pytest.mark.parametrize(
    ("case", "accepted", "refused"), [(n, *case[1:]) for n, case in enumerate(ODD_LINES)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_line_costs_one_row_and_row_numbers_are_those_of_a_spreadsheet(
    odd_files, case, encoding, accepted, refused
):
    of_file = f"JOIN raw.received_file AS file USING (file_id) WHERE file_name = '{case} {encoding}' ORDER BY row_no"
    found = odd_files.query(
        "SELECT row_no, refused.reason || ' / ' || refused.reason_en, row_text"
        f" FROM raw.rejected_row AS refused {of_file}"
    )
    assert [row_no for row_no, _, _ in found] == list(refused)
    for row_no, reason, text in found:
        assert text and all(word in reason for word in refused[row_no].split())
    kept = odd_files.query(f"SELECT row_no FROM raw.actual {of_file}")
    assert [row_no for (row_no,) in kept] == accepted


@pytest.mark.parametrize("row", [f"{FIRST},多", f'{FIRST[:-1]},"注","多"'])
def test_a_long_row_in_gb18030_does_not_bring_the_database_down(landing, row):
    landing.put("a.csv", f"{HEADER}\n{row}\n{LAST}\n".encode("gb18030"))
    landing.run()
    assert list(landing.refused()) == [2] and list(landing.accepted()) == [3]


def test_a_nul_far_down_in_a_large_file_costs_one_row(landing):
    rows = [line(indicator_text=f"测试指标{number}") for number in range(2, 3000)]
    landing.put("a.csv", table(*rows).replace("测试指标2500,", "测试\x00指标,").encode())
    landing.run()
    assert list(landing.refused()) == [2500] and len(landing.accepted()) == len(rows) - 1
    assert landing.refused_text()[2500].startswith("330411,秀洲区,,测试␀指标,")


@pytest.mark.parametrize(("most", "few"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_row_in_another_encoding_is_refused_and_the_rest_read(landing, most, few):
    rows = [
        row.encode(few if number == 3 else most) for number, row in enumerate(three().splitlines(), start=1)
    ]
    rows[2] = rows[2].replace("秀洲区".encode(few), "秀洲".encode(few) + b"\xff")
    landing.put(
        "a.csv",
        b"\n".join([*rows, "330411,秀洲区,,又一指标".encode(most) + rows[3][rows[3].index(b",,,") :]]),
    )
    landing.run()
    assert list(landing.accepted()) == [2, 4, 5]
    assert "save the whole file as CSV UTF-8" in landing.refused()[3] and "编码" in landing.refused()[3]
    assert "\\x" in landing.refused_text()[3]


def test_a_file_cut_inside_a_character_loses_only_that_row(landing):
    landing.put("a.csv", three().encode()[: three().encode().rindex("测试来源".encode()) + 1])
    landing.run()
    assert list(landing.accepted()) == [2, 3] and list(landing.refused()) == [4]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_unknown_columns_are_left_out_and_short_headers_are_enough(landing, newline):
    header = ["甲", "指标", "时期", "数值", "乙", "来源", "地区"]
    landing.put(
        "a.csv",
        table(
            ["x", "测试指标", "2023", "5", "y", "测试来源", "秀洲区"], header=header, newline=newline
        ).encode(),
    )
    landing.run()
    assert landing.query("SELECT region_code, value, scope, status, measure FROM raw.actual") == [
        ("330411", Decimal(5), "unspecified", "preliminary", "value")
    ]


BAD_CELLS = [
    ({"region_code": "999999", "region_name": ""}, "地区未知 unknown region '999999' seeds/region.csv"),
    ({"region_code": "330411", "region_name": "南湖区"}, "代码与名称不符 330411 秀洲区 '南湖区' correct one"),
    ({"region_code": "", "region_name": "东湖街道"}, "地区名称不唯一 '东湖街道' give the code"),
    ({"region_code": "", "region_name": "乌有县"}, "地区未知 '乌有县'"),
    ({"region_code": "", "region_name": ""}, "地区未知 unknown region ''"),
    ({"unit": "斗"}, "单位未知 '斗' seeds/unit.csv"),
    ({"value": "20以上"}, "不是数字 '20以上' plain digits"),
    ({"value": "NaN"}, "不是数字 'NaN'"),
    ({"value": "inf"}, "不是数字 'inf'"),
    ({"value": "1e5"}, "不是数字 '1e5'"),
    ({"value": "--5"}, "不是数字 '--5'"),
    ({"value": "1,23"}, "不是数字 '1,23'"),
    ({"value": "62.1%", "unit": "万元"}, "不是数字 '62.1%'"),
    ({"value": "12%%", "unit": "%"}, "不是数字 '12%%'"),
    ({"value": "0." + "3" * 200}, "不是数字 '0.333"),
    ({"value": "'; DROP TABLE raw.actual; --"}, "不是数字 DROP"),
    ({"value": "9" * 16}, "数值过大 '9999999999999999万元' wrong unit"),
    ({"value": "9" * 400}, "数值过大 wrong unit"),
    ({"value": "123456789", "unit": "亿元"}, "数值过大 '123456789亿元' wrong unit"),
    ({"period": "23"}, "时期无法识别 '23' write 2023, 2023H1"),
    ({"period": "2023Q5"}, "时期无法识别 '2023Q5'"),
    ({"period": ""}, "时期无法识别 ''"),
    ({"period": "2025-2021"}, "时期颠倒 '2025-2021' swap the years"),
    ({"period": "2020M09-01"}, "时期颠倒 '2020M09-01' swap the months"),
    ({"reported_at": "2024-02-30"}, "发布日期无法识别 '2024-02-30' write 2024-03-31"),
    ({"reported_at": "infinity"}, "发布日期无法识别 'infinity'"),
    ({"scope": "中口径"}, "口径无法识别 '中口径' wide"),
    ({"measure": "颜色"}, "度量无法识别 '颜色' rank"),
    ({"status": "大概"}, "状态无法识别 '大概' final"),
    ({"indicator_text": ""}, "没有指标名称 no indicator name"),
    ({"source_title": "\u3000"}, "没有来源 no source"),
    ({"value": "x", "unit": "斗", "period": "y"}, "不是数字 单位未知 时期无法识别"),
]  # fmt: skip


@pytest.fixture(scope="module")
def many_bad_rows(tmp_path_factory):
    """One file with every bad row of BAD_CELLS between two good ones."""
    landing = Landing(tmp_path_factory.mktemp("warehouse"))
    good = [line(indicator_text=name) for name in ("第一个好的", "最后一个好的")]
    landing.put("a.csv", table(good[0], *(line(**cells) for cells, _ in BAD_CELLS), good[1]).encode())
    landing.run()
    yield landing
    landing.connection.close()


@pytest.mark.parametrize(
    ("row_no", "cells", "said"), [(n, *case) for n, case in enumerate(BAD_CELLS, start=3)]
)
def test_a_row_is_refused_with_its_value_and_what_to_do(many_bad_rows, row_no, cells, said):
    reason, text = many_bad_rows.refused()[row_no], many_bad_rows.refused_text()[row_no]
    for word in said.split():
        assert word in reason
    for cell in cells.values():
        assert cell.strip() in text


def test_the_good_rows_around_bad_ones_are_kept(many_bad_rows):
    assert list(many_bad_rows.accepted()) == [2, len(BAD_CELLS) + 3]
    assert list(many_bad_rows.refused()) == list(range(3, len(BAD_CELLS) + 3))


def test_numbers_people_write_are_read_exactly(landing):
    cases = [
        ("1,234.5", "万元", "1234.5", 1),
        ("\u3000 12 \u00a0", "万元", "12", 0),
        ("+5", "", "5", 0),
        ("-0.50", "%", "-0.5", 2),
        ("62.13%", "%", "62.13", 2),
        ("62.13%", "", "62.13", 2),
        ("999999999999999", "元", "999999999999999", 0),
        ("12345678901.123456789", "元", "12345678901.12345679", 9),
    ]
    rows = [
        line(value=text, unit=unit, indicator_text=f"指标{n}") for n, (text, unit, _, _) in enumerate(cases)
    ]
    landing.put("a.csv", table(*rows).encode())
    landing.run()
    found = landing.query("SELECT value, decimals, value_text, unit_text FROM raw.actual ORDER BY row_no")
    for (text, unit, value, decimals), row in zip(cases, found, strict=True):
        assert row == (Decimal(value), decimals, text.strip().removesuffix("%"), "%" if "%" in text else unit)


def test_a_region_may_be_given_by_code_unique_name_or_alias(landing):
    cases = [
        ({"region_code": "330411", "region_name": ""}, "330411"),
        ({"region_code": "", "region_name": "秀洲区"}, "330411"),
        ({"region_code": "330401", "region_name": ""}, "330400"),
        ({"region_code": "", "region_name": "嘉兴港区"}, "330400Z02"),
    ]
    landing.put("a.csv", table(*(line(**cells) for cells, _ in cases)).encode())
    landing.run()
    found = landing.query("SELECT region_code FROM raw.actual ORDER BY row_no")
    assert found == [(region_code,) for _, region_code in cases]


def test_an_alias_that_could_mean_two_regions_doubles_no_row(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in SEEDS_OF_INGEST:
        (seeds / f"{name}.csv").write_bytes((SEEDS_DIR / f"{name}.csv").read_bytes())
    with (seeds / "region_alias.csv").open("a") as file:
        file.write("330401,别的名称,330411,,\n")
    landing = Landing(tmp_path / "warehouse", seeds)
    landing.put(
        "a.csv",
        table(
            line(region_code="330401", region_name=""), line(region_code="330401", region_name="别的名称")
        ).encode(),
    )
    landing.run()
    assert list(landing.refused()) == [2] and list(landing.accepted()) == [3]


SAME_KEY = [
    ([("11.5", "万元"), ("12.0", "万元")], [2, 3]),
    ([("11.5", "万元"), ("11.5", "万元")], []),
    ([("62.1", "%"), ("62.13", "%")], []),
    ([("62.1", "%"), ("62.2", "%")], [2, 3]),
    ([("62.1", "%"), ("62.16", "%")], [2, 3]),
    ([("11.5", "万元"), ("115000", "元")], []),
    ([("11.5", "万元"), ("116000", "元")], [2, 3]),
    ([("62", "%"), ("62.1", "%"), ("62.4", "%")], [3, 4]),
    ([("100", "人"), ("100", "户")], [2, 3]),
    ([("1", "元"), ("2", "元"), ("1", "元")], [2, 3, 4]),
]
"""Figures of one key and source, and which of them (the first is row 2) are refused."""


@pytest.fixture(scope="module")
def repeated_keys(tmp_path_factory):
    """One file with the figures of each case of SAME_KEY under an indicator of its own."""
    landing = Landing(tmp_path_factory.mktemp("warehouse"))
    cases = [(f"指标{case}", figures) for case, (figures, _) in enumerate(SAME_KEY)]
    rows = [
        line(indicator_text=name, value=value, unit=unit)
        for name, figures in cases
        for value, unit in figures
    ]
    landing.put("a.csv", table(*rows).encode())
    landing.run()
    yield landing
    landing.connection.close()


@pytest.mark.parametrize("case", range(len(SAME_KEY)))
def test_figures_of_one_key_and_source_must_agree_at_the_coarser_precision(repeated_keys, case):
    figures, refused = SAME_KEY[case]
    first = 2 + sum(len(earlier) for earlier, _ in SAME_KEY[:case])
    rows = range(first, first + len(figures))
    wanted = [first + place - 2 for place in refused]
    assert [row_no for row_no in repeated_keys.refused() if row_no in rows] == wanted
    assert [row_no for row_no in repeated_keys.accepted() if row_no in rows] == [
        n for n in rows if n not in wanted
    ]
    named = [f"{row_no} ({''.join(figures[row_no - first])})" for row_no in wanted]
    for row_no in wanted:
        reason = repeated_keys.refused()[row_no]
        assert reason.startswith("同一键同一来源有不同数值") and reason.endswith(
            ": keep the one that is right"
        )
        assert ", ".join(named) in reason


def test_another_source_date_status_or_text_is_no_contradiction(landing):
    changes = [
        {},
        {"source_title": "乙"},
        {"reported_at": "2024-01-01"},
        {"status": "final"},
        {"scope": "wide"},
    ]
    rows = [line(value=str(number), **change) for number, change in enumerate(changes)]
    grades = [line(measure="等级", value=value, unit="") for value in ("二乙", "三甲")]
    landing.put("a.csv", table(*rows, *grades).encode())
    landing.run()
    assert list(landing.accepted()) == [2, 3, 4, 5, 6] and list(landing.refused()) == [7, 8]
    assert "7 (二乙), 8 (三甲)" in landing.refused()[7]


def test_thousands_of_contradictions_are_counted_not_listed(landing):
    landing.put("a.csv", table(*(line(value=str(number)) for number in range(5000))).encode())
    landing.run()
    assert len(landing.refused()) == 5000 and "(5000)" in landing.refused()[2]
    assert len(landing.refused()[2]) < 500


def test_workbook_cells_are_read_as_people_see_them(landing):
    values = [13.0, 0.1 + 0.2, 99.85600000000001, 0.6213, 0.07, 1e-7, 123456789012, "=1+1", "62.1"]
    rows = [line(indicator_text=f"指标{n}", unit="" if n in (3, 4) else "元") for n in range(len(values))]
    for row, value in zip(rows, values, strict=True):
        row[LAYOUT_COLUMNS.index("value")] = value
        row[LAYOUT_COLUMNS.index("region_code")], row[LAYOUT_COLUMNS.index("period")] = 330411, 2023
        row[LAYOUT_COLUMNS.index("reported_at")] = datetime.date(2024, 3, 31)

    def prepare(book):
        book.active["J5"].number_format, book.active["J6"].number_format = "0.00%", '0.0"点"%'
        book.create_sheet("说明").append(["请勿修改表头"])
        book.create_sheet("空表").append(LAYOUT_COLUMNS)

    landing.put("a.xlsx", workbook(*rows, prepare=prepare))
    landing.run()
    seen = dict(landing.query("SELECT row_no, value_text || unit_text FROM raw.actual ORDER BY row_no"))
    assert list(seen.values()) == [
        "13元", "0.3元", "99.856元", "62.13%", "7%", "0.0000001元", "123456789012元", "62.1元",
    ]  # fmt: skip
    assert "公式没有计算结果" in landing.refused()[9] and "=1+1" in landing.refused()[9].replace("'", "")
    assert landing.query("SELECT DISTINCT reported_at FROM raw.actual") == [(datetime.date(2024, 3, 31),)]


def test_workbook_rows_keep_their_numbers_over_blank_rows(landing):
    landing.put("a.xlsx", workbook([], line(value=3), [" "], [], line(value=6, indicator_text="另一指标")))
    landing.run()
    assert landing.accepted() == {3: "3", 6: "6"}


def test_two_sheets_with_rows_are_refused_by_name_instead_of_losing_one(landing):
    def prepare(book):
        book.create_sheet("第二季度").append(LAYOUT_COLUMNS)
        book["第二季度"].append(line())

    landing.put("a.xlsx", workbook(line(), prepare=prepare))
    landing.run()
    assert "多个工作表" in landing.refused()[0] and "第二季度" in landing.refused()[0]


def test_links_hidden_files_and_lock_files_are_not_followed_or_taken(landing, tmp_path):
    secret = tmp_path / "outside" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(three())
    (landing.paths.inbox / "link.csv").symlink_to(secret)
    (landing.paths.inbox / "folder").symlink_to(secret.parent, target_is_directory=True)
    (landing.paths.inbox / "x.csv").mkdir()
    for name in (".hidden.csv", "~$a.xlsx", ".gitkeep"):
        landing.put(name, three().encode())
    report = landing.run()
    assert report.new == [] and landing.files() == {} and len(landing.inbox()) == 6 and secret.exists()


def test_a_name_in_gbk_from_a_windows_archive_is_read_and_leaves_the_inbox(landing):
    name = os.fsdecode("指标.csv".encode("gb18030"))
    try:
        landing.put(name, three().encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    landing.run()
    assert landing.files() == {"指标.csv": "accepted"} and landing.inbox() == []


def test_a_file_that_cannot_be_opened_stays_and_the_others_are_taken(landing, monkeypatch):
    landing.put("closed.csv", three().encode())
    landing.put("open.csv", table(line()).encode())

    def guarded(path, archive):
        if path.name == "closed.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return copy_hashed(path, archive)

    monkeypatch.setattr("dagster_project.ingest.load.copy_hashed", guarded)
    report = landing.run()
    assert report.left_for_next_run == ["closed.csv"] and landing.inbox() == ["closed.csv"]
    assert landing.files() == {"open.csv": "accepted"}
    assert any("closed.csv" in said and "permissions" in said and "无法读取" in said for said in landing.said)


def test_doubled_keys_in_the_seeds_are_named(tmp_path):
    for name in SEEDS_OF_INGEST:
        (tmp_path / f"{name}.csv").write_bytes((SEEDS_DIR / f"{name}.csv").read_bytes())
    with (tmp_path / "unit.csv").open("a") as file:
        file.write("万元,万元,money,1000,0.001,\n")
    with pytest.raises(ValueError, match=r"seeds/unit.csv has unit_text \['万元'\] more than once"):
        Landing(tmp_path / "warehouse", tmp_path).run()


GOOD_VALUES = st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(str) | st.sampled_from(
    ["1,234.5", " 7 ", "+3"]
)
BAD_VALUES = st.sampled_from(["20以上", "NaN", "1e5", "--5", "=1+1", "1" * 30, "'", '"', "a\nb", ";--"])
ROWS = st.lists(
    st.tuples(
        st.booleans(),
        GOOD_VALUES,
        BAD_VALUES,
        st.sampled_from(["330411", "秀洲"]),
        st.sampled_from(["元", "斗", ""]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    rows=ROWS, encoding=st.sampled_from(["utf-8", "gb18030"]), newline=st.sampled_from(["\n", "\r\n", "\r"])
)
def test_every_row_is_accepted_exactly_or_refused_and_none_twice(landing, rows, encoding, newline):
    values = [good if is_good else bad for is_good, good, bad, _, _ in rows]
    lines = [
        line(value=value, region_code=region, region_name="", unit=unit, indicator_text=f"指标{number}")
        for number, (value, (_, _, _, region, unit)) in enumerate(zip(values, rows, strict=True))
    ]
    landing.connection.execute("DROP SCHEMA IF EXISTS raw CASCADE")
    landing.paths = WarehousePaths(landing.paths.root / f"example{landing.runs}")
    landing.paths.create_folders()
    landing.put("a.csv", table(*lines, newline=newline).encode(encoding))
    report = landing.run(closed=False)
    accepted, refused = landing.accepted(), landing.refused()
    row_numbers = landing.query(
        "SELECT row_no FROM raw.actual UNION ALL SELECT row_no FROM raw.rejected_row ORDER BY ALL"
    )
    assert [row_no for (row_no,) in row_numbers] == list(range(2, len(rows) + 2))
    assert report.new[0].rows_total == len(rows) == len(accepted) + len(refused)
    for row_no, value in landing.query("SELECT row_no, value FROM raw.actual"):
        assert value == Decimal(values[row_no - 2].strip().replace(",", ""))
    for number, (is_good, _, _, region, unit) in enumerate(rows):
        assert (number + 2 in accepted) == (is_good and region == "330411" and unit != "斗")


CELLS = st.text(st.sampled_from("ab中 \",\n\r\t;'%|"), max_size=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_the_fast_and_the_careful_reader_find_the_same_cells(landing, rows, newline):
    from dagster_project.ingest.archive import look_at_text
    from dagster_project.ingest.delimited import odd_rows, regular_rows

    path = landing.paths.root / "cells.csv"
    path.write_text(table(*rows, newline=newline), newline="")
    limits = read_limits(SEEDS_DIR)
    fast = regular_rows(path, look_at_text(path), limits, landing.paths.root)
    shown = ", ".join(f"coalesce(trim({column}), '')" for column in LAYOUT_COLUMNS)
    is_row = " OR ".join(f"trim({column}, ' \t\r\n') <> ''" for column in LAYOUT_COLUMNS)
    careful = odd_rows(landing.connection, path, limits)
    assert careful.broken == []
    found = landing.query(f"SELECT {shown} FROM {careful.relation} WHERE {is_row} ORDER BY row_no")
    wanted = [
        tuple(cell.strip(" ") for cell in row) for row in rows if any(cell.strip(" \t\r\n") for cell in row)
    ]
    assert found == wanted
    if fast is not None:
        assert landing.query(f"SELECT {shown} FROM {fast.relation} WHERE {is_row}") == wanted


@pytest.mark.slow
def test_row_numbers_hold_in_a_file_that_is_read_in_parallel(landing):
    rows = 250_000
    filler = "x" * 80
    body = "".join(
        f'330411,"指标{number}",2023,"{number:{"" if number % 7 else ","}}",元,测试来源,"{filler}"\n'
        for number in range(2, rows + 2)
    )
    header = "region_code,indicator_text,period,value,unit,source_title,note"
    landing.put("a.csv", f"{header}\n{body}".encode())
    landing.run()
    assert landing.query("SELECT count(*), count(*) FILTER (value = row_no) FROM raw.actual") == [
        (rows, rows)
    ]
