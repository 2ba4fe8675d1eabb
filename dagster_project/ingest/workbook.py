"""Reading XLSX workbooks: the one sheet that has the landing layout, each cell as the text a person sees in it.

A workbook is a zip archive that anybody may have made. Only the parts a table needs are unpacked, each no further than
the limits allow, and handed to the reader in an archive of our own: macros, links and drawings never get there.
"""

import gc
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from dagster_project.clock import SHANGHAI
from dagster_project.ingest.landing_table import (
    FileRefused,
    LandingRows,
    WorkbookFacts,
    header_in,
    rows_in_memory,
)
from dagster_project.ingest.layout import Header
from dagster_project.ingest.limits import Limits

TEMPLATE_PROPERTY, RETURN_PROPERTY = "cpw_template", "cpw_return_of"
"""Document properties of the workbooks that are made here: `<department_id>|<period>`; the file_id of what is returned."""

NEEDED_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|custom)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings)\.xml|xl/worksheets/[^/]+\.xml"
)
PERCENT_FORMATS = {9, 10}
"""The built-in number formats 0% and 0.00%."""
QUOTED_IN_FORMAT = re.compile(r'"[^"]*"|\\.')
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

ATTRIBUTE = rb"""\s*=\s*["']"""
FAR_PLACE = re.compile(
    rb"r"
    + ATTRIBUTE
    + rb"""(?:([A-Za-z]{2,}[0-9]+|[A-Za-z][0-9]{6,})|([0-9]{6,})["'][^>]*>\s*<(?:\w+:)?c\b)"""
)
"""Places of cells, and of rows that hold cells, beyond column Z or row 99 999."""
NEAR_ROWS, NEAR_COLUMNS = 99_999, 26
FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)\s*(<(?:\w+:)?v\b[^/>]*>[^<])?",
    re.DOTALL,
)
CELL_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})""")


def read_workbook(connection: duckdb.DuckDBPyConnection, path: Path, limits: Limits) -> LandingRows:
    """The rows of the sheet that has the landing layout. Raises FileRefused."""
    with _no_collection():
        return _read_workbook(connection, path, limits)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A million cells are a million objects: looking through them for garbage takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def rows_as_shown(path: Path, limits: Limits) -> tuple[Header, Iterator[tuple[int, list[str]]]]:
    """The header of the sheet that read_workbook takes, and all its rows from row 1 on, as texts. Raises FileRefused."""
    parts, header, rows, text_of = _open(path, limits)
    shown = (
        (row + 1, [text_of((cell,), [row], column)[0] for column, cell in enumerate(cells)])
        for row, cells in enumerate(rows)
    )
    return header, shown


def _read_workbook(connection: duckdb.DuckDBPyConnection, path: Path, limits: Limits) -> LandingRows:
    parts, header, rows, text_of = _open(path, limits)
    used = [row for row in range(header.last_row, len(rows)) if any(rows[row])]
    by_column = list(zip(*(rows[row] for row in used), strict=True))
    found = rows_in_memory(
        connection,
        header,
        [row + 1 for row in used],
        lambda column: text_of(by_column[column], used, column) if used else [],
    )
    found.facts = _facts(parts)
    return found


def _open(path: Path, limits: Limits) -> tuple[dict[str, bytes], Header, list[list], "_TextOf"]:
    """The parts of a workbook; header and rows of the sheet that counts; what turns its cells into text. Raises FileRefused."""
    try:
        parts = _unpack(path, limits)
        sheet_xml = {name: parts.get(part, b"") for name, part in _sheet_parts(parts).items()}
        name, header, rows = _the_sheet_with_figures(_sheets(parts, sheet_xml, limits), limits)
        return parts, header, rows, _TextOf(parts.get("xl/styles.xml"), sheet_xml.get(name, b""))
    except FileRefused:
        raise
    except Exception as error:  # the readers raise many unrelated types for damaged workbooks
        raise FileRefused(
            f"工作簿损坏或被截断，请重新另存为 .xlsx 并发送 / the workbook is damaged or cut off ({str(error)[:200]}): save it "
            "again as .xlsx and send it again"
        ) from error


def _unpack(path: Path, limits: Limits) -> dict[str, bytes]:
    """The parts a table needs, by name. What a part says of its size is not believed."""
    parts: dict[str, bytes] = {}
    left = limits.workbook_unpacked
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if "xl/workbook.xml" not in names:
            raise FileRefused(
                "是压缩包或其他文档而非 Excel 工作簿，请直接发送 XLSX 或 CSV / a zip archive or another document, no Excel workbook: "
                "send the XLSX or CSV itself"
            )
        if len(members) > limits.workbook_parts:
            raise FileRefused(
                f"工作簿内的部件过多（{len(members):,} 个，上限 {limits.workbook_parts:,}） / the workbook has {len(members):,} "
                f"parts, more than {limits.workbook_parts:,}: copy the table into a new one"
            )
        for member in members:
            if NEEDED_PARTS.fullmatch(member.filename):
                with archive.open(member) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise FileRefused(
                        f"工作簿过大，请拆分 / the workbook unpacks to more than {limits.workbook_unpacked:,} bytes: split it"
                    )
                parts[member.filename] = content
    return parts


def _xml(part: bytes):
    from defusedxml import ElementTree

    return ElementTree.fromstring(part)


def _sheets(parts: dict[str, bytes], sheet_xml: dict[str, bytes], limits: Limits) -> dict[str, list[list]]:
    """Sheet name -> rows of cells as Python values; formulas without a result as their text."""
    import python_calamine

    for name, xml in sheet_xml.items():
        _refuse_a_far_reach(name, xml, limits)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for part_name, content in parts.items():
            archive.writestr(part_name, content)
    packed.seek(0)
    workbook = python_calamine.CalamineWorkbook.from_filelike(packed)
    sheets = {}
    for sheet in workbook.sheets_metadata:
        if str(sheet.typ).endswith("WorkSheet"):
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            _show_formulas(sheet_xml.get(sheet.name, b""), rows)
            sheets[sheet.name] = rows
    return sheets


def _the_sheet_with_figures(sheets: dict[str, list[list]], limits: Limits) -> tuple[str, Header, list[list]]:
    fitting, problems = [], []
    for name, rows in sheets.items():
        if not rows:
            continue
        try:
            header = header_in([[_plain_text(cell) for cell in row] for row in rows[: limits.header_depth]])
        except FileRefused as error:
            problems.append(f"{name}: {error}")
            continue
        fitting.append((name, header, rows))
    if not fitting:
        raise FileRefused(
            "没有符合格式的工作表 / no sheet has the landing layout with its header in one of the first "
            f"{limits.header_depth} rows ({'; '.join(problems) or '全部为空 / all are empty'})"
        )
    filled = [
        sheet for sheet in fitting if any(any(row) for row in sheet[2][sheet[1].last_row :])
    ] or fitting[:1]
    if len(filled) > 1:
        names = ", ".join(name for name, _, _ in filled)
        raise FileRefused(
            f"多个工作表都有数据（{names}），请合并为一个工作表或分别发送 / more than one sheet has rows in the landing layout "
            f"({names}): put them into one sheet, or send a workbook for each"
        )
    return filled[0]


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    relations = _xml(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = _xml(parts["xl/workbook.xml"]).iterfind(".//{*}sheet")
    named = {sheet.get("name"): targets.get(sheet.get(RELATION_ID), "") for sheet in sheets}
    return {name: target[1:] if target.startswith("/") else f"xl/{target}" for name, target in named.items()}


def _refuse_a_far_reach(name: str, sheet_xml: bytes, limits: Limits) -> None:
    """The reader lays a sheet out in full up to its last cell, however few are used."""
    last_row, last_column = NEAR_ROWS, NEAR_COLUMNS
    for cell, row in FAR_PLACE.findall(sheet_xml):
        place = cell or row
        letters = place.rstrip(b"0123456789")
        last_row = max(last_row, int(place[len(letters) :]))
        last_column = max(last_column, _column_number(letters))
    if last_row * last_column > max(limits.workbook_cells, NEAR_ROWS * NEAR_COLUMNS):
        raise FileRefused(
            f"工作表 {name!r} 在第 {last_row} 行、第 {last_column} 列仍有内容，请删除远处的单元格 / sheet {name!r} "
            f"reaches to row {last_row} and column {last_column}: delete the cells far away from the table"
        )


def _show_formulas(sheet_xml: bytes, rows: list[list]) -> None:
    """Put the text of formulas that no program has computed where the reader sees nothing: they are not empty."""
    if b"<f" not in sheet_xml and b":f" not in sheet_xml:
        return
    for attributes, formula, value in FORMULA_CELL.findall(sheet_xml):
        place = CELL_PLACE.search(attributes)
        if value or not place:
            continue
        row, column = int(place[2]), _column_number(place[1])
        while len(rows) < row:
            rows.append([])
        cells = rows[row - 1]
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = "=" + formula.decode(errors="replace")[:200]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


class _TextOf:
    """Cells as the texts a person sees: 13.0 is 13, 0.6213 shown as per cent is 62.13%, a date is an ISO date."""

    def __init__(self, styles_xml: bytes | None, sheet_xml: bytes):
        styles = _percent_styles(styles_xml) if styles_xml else set()
        self._per_cent = _rows_of_styles(sheet_xml, styles) if styles else {}

    def __call__(self, cells: tuple, rows: list[int], column: int) -> list[str]:
        """The texts of cells of one column; rows and columns count from 0."""
        texts = [cell if type(cell) is str else _plain_text(cell) for cell in cells]
        if per_cent := self._per_cent.get(column + 1):
            for number, (row, cell) in enumerate(zip(rows, cells, strict=True)):
                if row + 1 in per_cent and isinstance(cell, int | float):
                    texts[number] = f"{_plain_number(Decimal(format(cell, '.15g')) * 100)}%"
        return texts


def _percent_styles(styles_xml: bytes) -> set[int]:
    """The numbers of the cell styles that show a value as per cent."""
    styles = _xml(styles_xml)
    formats = PERCENT_FORMATS | {
        int(form.get("numFmtId"))
        for form in styles.iterfind("{*}numFmts/{*}numFmt")
        if "%" in QUOTED_IN_FORMAT.sub("", form.get("formatCode", ""))
    }
    cell_styles = styles.iterfind("{*}cellXfs/{*}xf")
    return {number for number, style in enumerate(cell_styles) if int(style.get("numFmtId", 0)) in formats}


def _rows_of_styles(sheet_xml: bytes, styles: set[int]) -> dict[int, set[int]]:
    """Column -> rows of the cells that have one of the styles."""
    numbers = b"|".join(b"%d" % style for style in sorted(styles))
    cells = re.compile(rb"<(?:\w+:)?c\b([^>]*\bs" + ATTRIBUTE + rb"(?:" + numbers + rb")[\"'][^>]*)>")
    found: dict[int, set[int]] = {}
    for attributes in cells.findall(sheet_xml):
        if place := CELL_PLACE.search(attributes):
            found.setdefault(_column_number(place[1]), set()).add(int(place[2]))
    return found


def _plain_text(cell: object) -> str:
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        text = "%.15g" % cell  # noqa: UP031 (twice as fast, a hundred thousand times)
        return text if "e" not in text else _plain_number(Decimal(text))
    if hasattr(cell, "year"):
        return cell.isoformat()[:10]
    return str(cell)


def _plain_number(number: Decimal) -> str:
    """Without exponent and without zeros at the end of the decimals."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _facts(parts: dict[str, bytes]) -> WorkbookFacts:
    """What the properties of the document say; nothing where they are damaged, for the table is sound without them."""
    with suppress(Exception):
        return _properties(parts)
    return WorkbookFacts()


def _properties(parts: dict[str, bytes]) -> WorkbookFacts:
    saved_at, author, properties = None, "", {}
    if "docProps/core.xml" in parts:
        core = _xml(parts["docProps/core.xml"])
        author = (core.findtext("{*}lastModifiedBy") or core.findtext("{*}creator") or "").strip()[:100]
        saved_at = _moment(core.findtext("{*}modified") or "")
    if "docProps/custom.xml" in parts:
        for item in _xml(parts["docProps/custom.xml"]):
            properties[item.get("name")] = "".join(item.itertext()).strip()
    return WorkbookFacts(
        saved_at, author, properties.get(TEMPLATE_PROPERTY, ""), properties.get(RETURN_PROPERTY, "")
    )


def _moment(text: str) -> datetime | None:
    """A W3C date and time as Shanghai time, without a zone."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    zone = moment.tzinfo or ZoneInfo("UTC")
    return moment.replace(tzinfo=zone).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
