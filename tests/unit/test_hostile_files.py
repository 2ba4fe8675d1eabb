"""Files made to do harm: refused or made harmless, quickly, and the files beside them are taken all the same."""

import io
import shutil
import time
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from dagster_project.ingest.layout import LAYOUT_COLUMNS
from dagster_project.paths import SEEDS_DIR
from tests.landing import SEEDS_OF_INGEST, Landing, line, table

SHEET = "xl/worksheets/sheet1.xml"
AFTER_THE_ROWS = b"</sheetData>"
GOOD_CSV = table(line(indicator_text="旁边的好文件")).encode()
QUICK_SECONDS = 20


@pytest.fixture
def landing(tmp_path):
    landing = Landing(tmp_path / "warehouse")
    yield landing
    landing.connection.close()


def workbook(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in (LAYOUT_COLUMNS, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rebuilt(content: bytes, *, replace=None, add=None) -> bytes:
    """A workbook with parts replaced (name -> function of the old content) or added (name -> content)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, (replace or {}).get(name, lambda same: same)(part))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return made.getvalue()


def inserted(text: bytes, before: bytes = AFTER_THE_ROWS):
    return lambda part: part.replace(before, text + before, 1)


def zip_bomb() -> bytes:
    """Three hundred million blanks in a sheet: a few hundred kilobytes as long as nobody unpacks them."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(line()))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w") as part:
                content = old.read(name)
                if name == SHEET:
                    head, tail = content.split(AFTER_THE_ROWS)
                    part.write(head)
                    for _ in range(300):
                        part.write(b" " * 1_000_000)
                    content = AFTER_THE_ROWS + tail
                part.write(content)
    return made.getvalue()


def bomb_that_lies() -> bytes:
    """The same, with headers that say the sheet is ten bytes long."""
    content = bytearray(zip_bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        member = archive.getinfo(SHEET)
    at = -1
    while (at := content.find(SHEET.encode(), at + 1)) >= 0:
        for header, offset in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
            if content[at - offset : at - offset + 4] == header:
                size_at = at - offset + (22 if header[2] == 3 else 24)
                content[size_at : size_at + 4] = (10).to_bytes(4, "little")
    assert member.file_size > 300_000_000
    return bytes(content)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"lol" * 10,
    b"".join(
        b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(ord("a"), ord("j"))
    ),
)


def with_document_type(part: bytes) -> bytes:
    end = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
    return part[:end] + ENTITIES + part[end:]


REFUSED = {
    "zip bomb": (zip_bomb, "unpacks to more than 268,435,456 bytes: split it"),
    "zip bomb that lies": (bomb_that_lies, "damaged or cut off"),
    "too many parts": (
        lambda: rebuilt(workbook(line()), add={f"xl/media/{n}.png": b"" for n in range(2_500)}),
        "parts, more than 2,000",
    ),
    "far cell": (
        lambda: rebuilt(workbook(line()), replace={SHEET: inserted(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        "reaches to row 1048576 and column 16384",
    ),
    "far cell in other quotes": (
        lambda: rebuilt(workbook(line()), replace={SHEET: inserted(b"<row r='9'><c r = 'XFD1048576'><v>1</v></c></row>")}),
        "reaches to row 1048576 and column 16384",
    ),
    "entities in the workbook": (
        lambda: rebuilt(workbook(line()), replace={"xl/workbook.xml": with_document_type}),
        "damaged or cut off",
    ),
    "entities in the styles": (
        lambda: rebuilt(workbook(line()), replace={"xl/styles.xml": with_document_type}),
        "damaged or cut off",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_workbook_is_refused_quickly_and_its_neighbour_taken(landing, case):
    make, said = REFUSED[case]
    content = make()
    landing.put("坏.xlsx", content)
    landing.put("好.csv", GOOD_CSV)
    started = time.monotonic()
    landing.run()
    assert time.monotonic() - started < QUICK_SECONDS
    assert landing.files() == {"坏.xlsx": "refused", "好.csv": "accepted"}
    assert said in landing.refused()[0] and landing.inbox() == []


def test_entities_in_the_properties_are_not_expanded_and_the_table_is_read(landing):
    landing.put("a.xlsx", rebuilt(workbook(line()), replace={"docProps/core.xml": with_document_type}))
    landing.run()
    assert landing.files() == {"a.xlsx": "accepted"}
    assert landing.query("SELECT sender, saved_at FROM raw.received_file") == [("", None)]


def test_a_million_empty_rows_are_no_rows(landing):
    rows = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(3, 1_048_577))
    landing.put("a.xlsx", rebuilt(workbook(line(value=5)), replace={SHEET: inserted(rows)}))
    landing.put("b.csv", GOOD_CSV + b"\r\n" * 1_000_000)
    started = time.monotonic()
    landing.run()
    assert time.monotonic() - started < QUICK_SECONDS
    assert landing.query("SELECT file_name, rows_total, rows_accepted FROM raw.received_file ORDER BY 1") == [
        ("a.xlsx", 1, 1),
        ("b.csv", 1, 1),
    ]


def test_macros_links_and_strange_paths_never_leave_the_archive(landing, tmp_path):
    row = line(value=5)
    content = rebuilt(
        workbook(row),
        replace={
            SHEET: inserted(
                b'<row r="3"><c r="A3" t="str"><f>[1]Sheet1!A1</f><v>330411</v></c>'
                b'<c r="D3" t="str"><f>HYPERLINK("http://127.0.0.1/","x")</f><v>\xe5\x8f\xa6\xe4\xb8\x80\xe6\x8c\x87\xe6\xa0\x87</v></c>'
                b'<c r="G3"><v>2023</v></c><c r="J3"><f>1+1</f><v>2</v></c>'
                b'<c r="M3" t="str"><v>\xe6\x9d\xa5\xe6\xba\x90</v></c></row>'
            )
        },
        add={
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub AutoOpen()",
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
            "../../../../evil.txt": b"evil",
            "/etc/evil.txt": b"evil",
            "xl/worksheets/../../evil.xml": b"evil",
        },
    )
    columns = {"region_code": "A", "indicator_text": "D", "period": "G", "value": "J", "source_title": "M"}
    cells = openpyxl.load_workbook(io.BytesIO(workbook(row))).active
    for column, letter in columns.items():
        assert cells[f"{letter}1"].value == column, "the row added above must stand under the right heads"
    landing.put("宏.xlsm", content)
    landing.run()
    assert landing.query("SELECT row_no, indicator_text, value FROM raw.actual ORDER BY row_no") == [
        (2, "测试指标", Decimal(5)),
        (3, "另一指标", Decimal(2)),
    ]
    assert list(tmp_path.rglob("*evil*")) == []


def test_text_that_would_run_elsewhere_stays_text(landing):
    hostile = [
        '=HYPERLINK("http://127.0.0.1/","点我")', "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1",
        "'); DROP TABLE raw.plain_row; --", "$file_id", "{0}", "%s", "<script>alert(1)</script>", "\\x00", "'' OR 1=1",
    ]  # fmt: skip
    rows = [
        line(indicator_text=text, note=text, qualifier=text, source_title=text, source_url=text)
        for text in hostile
    ]
    bad = [
        line(**{column: text})
        for text in hostile
        for column in ("region_name", "unit", "period", "scope", "value")
    ]
    landing.put("'; DROP SCHEMA raw CASCADE; --.csv", table(*rows, *bad).encode())
    landing.run()
    kept = landing.query(
        "SELECT indicator_text, note, qualifier, source_title, source_url FROM raw.actual ORDER BY row_no"
    )
    assert kept == [(text.strip(), text, *[text.strip()] * 3) for text in hostile]
    assert len(landing.refused()) == len(bad) and landing.files() == {
        "'; DROP SCHEMA raw CASCADE; --.csv": "accepted"
    }


def test_limits_are_data(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in SEEDS_OF_INGEST:
        shutil.copyfile(SEEDS_DIR / f"{name}.csv", seeds / f"{name}.csv")
    limits = seeds / "landing_limit.csv"
    text = limits.read_text(encoding="utf-8")
    limits.write_text(text.replace("file_size,4096,MB", "file_size,2000,bytes"), encoding="utf-8")
    landing = Landing(tmp_path / "warehouse", seeds)
    large = table(*(line(indicator_text=f"指标{number}") for number in range(100))).encode()
    landing.put("大.csv", large)
    landing.put("小.csv", GOOD_CSV)
    landing.run()
    assert landing.files() == {"大.csv": "refused", "小.csv": "accepted"}
    assert "上限 2,000" in landing.refused()[0] and "split it" in landing.refused()[0]
    limits.write_text(text, encoding="utf-8")
    landing.run()
    assert landing.files()["大.csv"] == "accepted", "a larger limit takes it without sending it again"
    limits.write_text(text.replace("line_length,1", "line_length,eins"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"landing_limit.csv row 6: 'line_length' = 'eins'"):
        landing.run()
    limits.write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
    with pytest.raises(ValueError, match="lacks header_depth"):
        landing.run()
    landing.connection.close()
