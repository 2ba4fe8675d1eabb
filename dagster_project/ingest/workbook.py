"""Reading XLSX workbooks: the one sheet that has the landing layout, each cell as the text a person sees in it."""

import re
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import duckdb

from dagster_project.ingest.landing_table import (
    HEADER_ROW,
    FileRefused,
    ReadResult,
    create_from_rows,
    positions_in,
)

MAX_BYTES_UNPACKED = 512 * 1024 * 1024
MAX_CELLS = 30_000_000
"""The reader below lays a sheet out in full, however few cells of it are used."""
PERCENT_FORMATS = {9, 10}
"""The built-in number formats 0% and 0.00%."""
CELL = re.compile(rb"<(?:\w+:)?c ([^>]*)>")
CELL_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
CELL_STYLE = re.compile(rb'\bs="([0-9]+)"')
QUOTED_IN_FORMAT = re.compile(r'"[^"]*"|\\.')
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> ReadResult:
    """Fill `table` with the rows of the sheet that has the landing layout. Raises FileRefused."""
    fitting, problems = [], []
    for sheet_name, rows in _sheets(path).items():
        if not rows:
            continue
        try:
            positions = positions_in(rows[0])
        except FileRefused as error:
            problems.append(f"{sheet_name}: {error}")
            continue
        numbered = [
            (row_no, cells)
            for row_no, cells in enumerate(rows[1:], start=HEADER_ROW + 1)
            if any(cell.strip() for cell in cells)
        ]
        fitting.append((sheet_name, positions, numbered))
    if not fitting:
        raise FileRefused(
            "没有符合格式的工作表，第 1 行须为表头 / no sheet has the landing layout with its header in row 1 "
            f"({'; '.join(problems) or '全部为空 / all are empty'})"
        )
    filled = [sheet for sheet in fitting if sheet[2]] or fitting[:1]
    if len(filled) > 1:
        names = ", ".join(name for name, _, _ in filled)
        raise FileRefused(
            f"多个工作表都有数据（{names}），请合并为一个工作表或分别发送 / more than one sheet has rows in the landing layout "
            f"({names}): put them into one sheet, or send a workbook for each"
        )
    _, positions, numbered = filled[0]
    create_from_rows(connection, table, numbered, positions)
    return ReadResult()


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """Every sheet as rows of text. Raises FileRefused for what is no sound workbook."""
    import python_calamine

    try:
        with zipfile.ZipFile(path) as archive:
            percent_cells = _look_inside(archive)
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name, kind in ((sheet.name, str(sheet.typ)) for sheet in workbook.sheets_metadata)
            if kind.endswith("WorkSheet")
        }
    except FileRefused:
        raise
    except Exception as error:  # the readers raise many unrelated types for damaged workbooks
        raise FileRefused(
            f"工作簿损坏或被截断，请重新另存为 .xlsx 并发送 / the workbook is damaged or cut off ({error}): save it again as .xlsx "
            "and send it again"
        ) from error
    return {
        name: [
            [
                _text_of(cell, (row, column) in percent_cells.get(name, ()))
                for column, cell in enumerate(cells, start=1)
            ]
            for row, cells in enumerate(rows, start=1)
        ]
        for name, rows in sheets.items()
    }


def _look_inside(archive: zipfile.ZipFile) -> dict[str, set[tuple[int, int]]]:
    """Sheet name -> row and column of the cells shown as per cent. Raises FileRefused for what is too large."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise FileRefused(
            "是压缩包或其他文档而非 Excel 工作簿，请直接发送 XLSX 或 CSV / a zip archive or another document, no Excel workbook: "
            "send the XLSX or CSV itself"
        )
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_BYTES_UNPACKED:
        raise FileRefused(
            f"工作簿过大，请拆分 / the workbook unpacks to {unpacked:,} bytes, more than {MAX_BYTES_UNPACKED:,}: split it"
        )
    styles = _percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else set()
    return {
        sheet: _percent_cells(archive.read(part), styles, sheet)
        for sheet, part in _sheet_parts(archive).items()
        if part in names
    }


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet")
    parts = {sheet.get("name"): targets.get(sheet.get(RELATION_ID), "") for sheet in sheets}
    return {name: target[1:] if target.startswith("/") else f"xl/{target}" for name, target in parts.items()}


def _percent_styles(styles_xml: bytes) -> set[int]:
    """The numbers of the cell styles that show a value as per cent."""
    styles = ElementTree.fromstring(styles_xml)
    formats = PERCENT_FORMATS | {
        int(form.get("numFmtId"))
        for form in styles.iterfind("{*}numFmts/{*}numFmt")
        if "%" in QUOTED_IN_FORMAT.sub("", form.get("formatCode", ""))
    }
    cell_styles = styles.iterfind("{*}cellXfs/{*}xf")
    return {number for number, style in enumerate(cell_styles) if int(style.get("numFmtId", 0)) in formats}


def _percent_cells(sheet_xml: bytes, styles: set[int], sheet_name: str) -> set[tuple[int, int]]:
    found, last_row, last_column = set(), 0, 0
    for cell in CELL.finditer(sheet_xml):
        place, style = CELL_PLACE.search(cell[1]), CELL_STYLE.search(cell[1])
        if place is None:
            continue
        row, column = int(place[2]), _column_number(place[1])
        last_row, last_column = max(row, last_row), max(column, last_column)
        if style is not None and int(style[1]) in styles:
            found.add((row, column))
    if last_row * last_column > MAX_CELLS:
        raise FileRefused(
            f"工作表 {sheet_name!r} 在第 {last_row} 行、第 {last_column} 列仍有内容，请删除远处的单元格 / sheet {sheet_name!r} "
            f"reaches to row {last_row} and column {last_column}: delete the cells far away from the table"
        )
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text_of(cell: object, is_percent: bool = False) -> str:
    """A cell as the text a person sees: 13.0 is 13, 0.6213 shown as per cent is 62.13%, a date is an ISO date."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        number = Decimal(format(cell, ".15g"))
        return f"{_plain(number * 100)}%" if is_percent else _plain(number)
    if hasattr(cell, "year"):
        return cell.isoformat()[:10]
    return str(cell)


def _plain(number: Decimal) -> str:
    """Without exponent and without zeros at the end of the decimals."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
