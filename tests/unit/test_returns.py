"""Returns: what officers get back for refused rows, and that it can be corrected and sent again. All files are made up."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl import load_workbook

from dagster_project.workbooks.refusals import MAX_MARKS, Refusal, accepted_rows, reasons_counted, refusals
from dagster_project.workbooks.returned import file_names, return_bytes
from tests.landing import Landing

HEADER = "地区,指标,口径,时期,数值,单位,状态,来源,备注\n"
GOOD = "秀洲区,测试指标甲,大口径,2023,12.60,万元,,区发改局（秀洲区）,\n"
WRONG = "秀洲区,测试指标乙,,2023,七十万,%,,区发改局（秀洲区）,=cmd|' /C calc'!A0\n"
REASON = "数值不是数字“七十万”"


@pytest.fixture
def landing(tmp_path):
    landing = Landing(tmp_path)
    yield landing
    landing.connection.close()


def returned(landing: Landing) -> dict[str, bytes]:
    """Name and bytes of every return."""
    found = refusals(landing.connection)
    names = file_names(found)
    return {
        names[refusal.file_id]: return_bytes(
            refusal,
            landing.paths.archive / refusal.file_id,
            accepted_rows(landing.connection, refusal.file_id),
        )
        for refusal in found
    }


def the_return(landing: Landing):
    (content,) = returned(landing).values()
    return load_workbook(io.BytesIO(content))


def name_columns(landing: Landing, row_no: int, columns: list[str]) -> None:
    """Say which cells of a refused row are at fault, and why."""
    landing.connection.execute("ALTER TABLE raw.rejected_row ADD COLUMN IF NOT EXISTS column_names VARCHAR[]")
    landing.connection.execute(
        "UPDATE raw.rejected_row SET column_names = ?, reason = ? WHERE row_no = ?", [columns, REASON, row_no]
    )


def doubt(landing: Landing, row_no: int) -> None:
    landing.connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    landing.connection.execute(
        f"""CREATE TABLE quality.suspicious_figure AS
            SELECT file_id, row_no, 'jump' AS rule_id, '是上期的 10000 倍' AS reason FROM raw.actual WHERE row_no = {row_no}"""
    )


def texts(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_rows_come_back_at_their_own_row_numbers_with_the_very_cell_marked(landing):
    landing.put("一季度.csv", (HEADER + GOOD + "\n" + WRONG).encode("gb18030"))
    landing.run()
    name_columns(landing, 4, ["value"])
    book = the_return(landing)
    sheet = book["退回数据"]
    rows = texts(sheet)
    assert rows[0] == ["退回原因", *HEADER.strip().split(",")]
    assert rows[1] == [
        "已接收",
        "秀洲区",
        "测试指标甲",
        "大口径",
        "2023",
        "12.60",
        "万元",
        None,
        "区发改局（秀洲区）",
        None,
    ]
    assert set(rows[2]) == {None}
    assert rows[3][0] == f"✗ {REASON}"
    assert sheet["F4"].value == "七十万"
    assert sheet["F4"].comment.text.strip() == REASON
    assert sheet["F4"].fill.fgColor.rgb == sheet["A4"].fill.fgColor.rgb == "FFF8CBCB"
    assert sheet["F2"].fill.fill_type is None
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["F4"]
    assert (sheet["J4"].value, sheet["J4"].data_type, bool(sheet["J4"].quotePrefix)) == (
        "=cmd|' /C calc'!A0", "s", True,
    )  # fmt: skip
    assert sheet.freeze_panes == "B2"
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} >= {'"初步,修订,最终,撤回"'}
    note = "\n".join(str(row[1]) for row in texts(book["退回说明"]))
    assert "已接收 1 行，退回 1 行" in note
    assert "1 行：" in note


def test_a_reason_without_a_cell_is_pointed_at_itself(landing):
    landing.put("一季度.csv", (HEADER + GOOD + WRONG).encode())
    landing.run()
    name_columns(landing, 3, ["reported_at"])
    sheet = the_return(landing)["退回数据"]
    assert sheet["A3"].comment.text.strip() == REASON


def test_a_corrected_return_is_taken_as_it_is_and_says_what_it_answers(landing):
    landing.put("一季度.csv", (HEADER + GOOD + WRONG).encode())
    landing.run()
    book = the_return(landing)
    (file_id,) = {
        row[0] for row in landing.connection.execute("SELECT file_id FROM raw.rejected_row").fetchall()
    }
    assert {prop.name: prop.value for prop in book.custom_doc_props.props} == {"cpw_return_of": file_id}
    book["退回数据"]["F3"].value = 70
    saved = io.BytesIO()
    book.save(saved)
    landing.put("退回件（已改）.xlsx", saved.getvalue())
    landing.run()
    taken = landing.connection.execute(
        "SELECT indicator_text, value, note FROM raw.actual WHERE file_id <> ? ORDER BY row_no", [file_id]
    ).fetchall()
    assert [(name, float(value)) for name, value, _ in taken] == [("测试指标甲", 12.6), ("测试指标乙", 70)]
    assert taken[1][2] == "=cmd|' /C calc'!A0"


def test_unlikely_figures_ask_for_confirmation_and_get_a_column_for_it(landing):
    landing.put("一季度.csv", (HEADER + GOOD).encode())
    landing.run()
    assert refusals(landing.connection) == []
    doubt(landing, 2)
    book = the_return(landing)
    sheet = book["退回数据"]
    assert sheet["A2"].value == "？ 是上期的 10000 倍。若无误，请在“核实”列填“是”后重新报送"
    assert sheet["F2"].comment.text.strip().startswith("是上期的 10000 倍")
    assert sheet["F2"].fill.fgColor.rgb == "FFFFE699"
    assert (sheet["K1"].value, sheet["K2"].value) == ("核实", None)
    assert any(
        "K2" in rule.sqref for rule in sheet.data_validations.dataValidation if rule.formula1 == '"是"'
    )
    landing.connection.execute(
        "ALTER TABLE quality.suspicious_figure ADD COLUMN is_confirmed BOOLEAN DEFAULT true"
    )
    assert refusals(landing.connection) == []


def test_a_file_that_could_not_be_read_comes_back_as_its_reason(landing):
    landing.put("空.csv", b"")
    landing.put("断.xlsx", b"PK\x03\x04 cut off here")
    landing.run()
    contents = returned(landing)
    assert len(contents) == 2
    for name, content in contents.items():
        book = load_workbook(io.BytesIO(content))
        assert book.sheetnames == ["退回说明"]
        note = "\n".join(str(row[1]) for row in texts(book.active))
        assert "整份未能读取" in note
        assert ("文件为空" in note) is ("空" in name)


def test_a_file_held_back_by_gate_1_comes_back_with_why(landing):
    path = landing.put("一季度.csv", (HEADER + GOOD).encode())
    from dagster_project.ingest.archive import sha256_of

    landing.run(quarantine={sha256_of(path): "覆盖面比上次缩小"})
    book = the_return(landing)
    assert book.active.title == "退回说明"
    assert "覆盖面比上次缩小" in "\n".join(str(row[1]) for row in texts(book["退回说明"]))
    assert book["退回数据"]["A2"].value == "未采用（整份暂缓）"


def test_a_long_file_comes_back_as_its_refused_rows_with_their_row_numbers(landing):
    """Generated: 10,000 rows, every second one refused."""
    lines = [(WRONG if number % 2 else GOOD).replace("指标", f"指标{number}", 1) for number in range(10_000)]
    landing.put("长.csv", (HEADER + "".join(lines)).encode())
    landing.run()
    book = the_return(landing)
    rows = texts(book["退回数据"])
    assert rows[0][:3] == ["退回原因", "原行号", "地区"]
    assert [row[1] for row in rows[1:]] == [3 + 2 * number for number in range(MAX_MARKS)]
    assert rows[1][3] == "测试指标1乙"
    note = "\n".join(str(row[1]) for row in texts(book["退回说明"]))
    assert f"只列出 {MAX_MARKS} 行" in note
    assert "退回 5000 行" in note


def test_only_values_come_back_nothing_else_of_a_workbook(landing):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.strip().split(","))
    sheet.append(GOOD.strip().split(","))
    sheet.append([*WRONG.strip().split(",")[:-1], None])
    sheet["I2"].hyperlink = "http://example.invalid/x"
    sheet["I3"] = "=[1]外部!$A$1"
    saved = io.BytesIO()
    book.save(saved)
    landing.put("带链接.xlsx", saved.getvalue())
    landing.run()
    for content in returned(landing).values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if "external" in name or "vba" in name]
            for name in archive.namelist():
                text = archive.read(name)
                assert b"example.invalid" not in text
                assert not (name.startswith("xl/worksheets/sheet") and b"<f>" in text)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "..\\..\\windows\\system32", "con.csv", "区发改局\u202exslx.csv", "a\x00b\n\x1b[31m.csv",
        "长" * 300 + ".xlsx", "=cmd|calc.csv", ".. ", "~$锁.xlsx", "\udce4\udcf6.csv", "a[1]:<>|?*.csv", "",
    ],
)  # fmt: skip
def test_names_of_returns_are_safe_and_recognisable_whatever_was_received(tmp_path, name):
    one, two = (refusal_of(file_id, name) for file_id in ("ab" * 32, "ab" * 16 + "cd" * 16))
    names = list(file_names([one, two]).values())
    assert len(set(names)) == 2
    for made in names:
        assert made.startswith("退回_")
        assert len(made.encode()) < 230
        path = tmp_path / made
        path.write_bytes(return_bytes(one, tmp_path / "missing", set()))
        assert path.parent == tmp_path
        load_workbook(path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def refusal_of(file_id: str, name: str) -> Refusal:
    from datetime import datetime

    received_at = datetime(2024, 3, 1, 8, 30)  # noqa: DTZ001 (Shanghai time, as stored)
    return Refusal(file_id, name, "", received_at, "refused", "文件为空", 0, 0)


def test_hostile_text_in_cells_cannot_break_the_return(landing):
    hostile = ["\x00x", "\x1b[31m", "_x0041_", "\ufffe", "a" * 40_000, "'; DROP TABLE x;--", "<f>1</f>&amp;"]
    lines = "".join(
        f'秀洲区,测试指标{number},,2023,七,%,,测试来源,"{text}"\n' for number, text in enumerate(hostile)
    )
    landing.put("坏字符.csv", (HEADER + lines).encode("utf-8", "surrogatepass"))
    landing.run()
    sheet = the_return(landing)["退回数据"]
    notes = [row[-1] for row in texts(sheet)[1:]]
    assert notes[5:] == hostile[5:]
    assert len(notes[4]) <= 32_767


def test_reasons_are_counted_without_what_they_quote(landing):
    landing.put(
        "一季度.csv", (HEADER + WRONG + WRONG.replace("七十万", "八十万").replace("乙", "丙")).encode()
    )
    landing.run()
    (counted,) = reasons_counted(landing.connection)
    assert (counted["row_count"], counted["files"]) == (2, 1)
    assert "七十万" not in counted["reason"]
    assert "十万" in counted["example"]
