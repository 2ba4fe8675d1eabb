"""Reading a file into a table of text: whatever it is called, whatever wrote it.

A reader only finds cells. Whether a cell makes sense is decided in `validation`. A file that cannot be read as a
whole raises FileRefused; rows that cannot be read come back beside the good ones.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS, LayoutError, map_header

HEADER_ROW = 1
SAMPLE_BYTES = 65_536
CHUNK_BYTES = 1 << 22
MAX_XLSX_BYTES_UNPACKED = 512 * 1024 * 1024
XLSX_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
KNOWN_OTHER_FORMATS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"\x1f\x8b": "gzip", b"Rar!": "RAR"}


class FileRefused(ValueError):
    """The whole file cannot be taken; the message says why and what to do."""


@dataclass
class BrokenRow:
    """A row whose cells cannot be told apart."""

    row_no: int
    text: str
    reason: str


@dataclass
class ReadResult:
    """What a reader left in the table: how many rows, and which rows it could not put there."""

    rows: int
    broken: list[BrokenRow] = field(default_factory=list)


def read_into(connection: duckdb.DuckDBPyConnection, path: Path, name: str, table: str) -> ReadResult:
    """Fill `table` (created here) with the file's rows: row_no BIGINT and every layout column as text.

    `row_no` is the row as a spreadsheet program counts it, header = 1. `name` is what people call the file; its
    ending is not trusted. Raises FileRefused.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileRefused("文件为空 / the file is empty: send it again with its rows")
    if start.startswith(OLD_EXCEL_MAGIC):
        raise FileRefused("旧版 Excel (.xls) 或加密文件 / an old or encrypted Excel file: save it as .xlsx without a password")
    if start.startswith(XLSX_MAGIC):
        return _read_xlsx(connection, path, table)
    for magic, format_name in KNOWN_OTHER_FORMATS.items():
        if start.startswith(magic):
            raise FileRefused(f"不是表格 / {name!r} is a {format_name} file, no table: send CSV or XLSX")
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise FileRefused(
            f"不是 Excel 文件 / {name!r} is called a workbook but is none (its first bytes are {start[:4]!r}): "
            "save it as .xlsx again, or rename it .csv if it is text"
        )
    if b"\x00" in start:
        raise FileRefused(f"不是文本 / {name!r} holds binary data: send CSV (UTF-8 or GB18030) or XLSX")
    return _read_text(connection, path, table)


def _create(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    columns = ", ".join(f"{column} VARCHAR" for column in LAYOUT_COLUMNS)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (row_no BIGINT, {columns})")


def _positions(header: list[str]) -> dict[str, int]:
    try:
        return map_header(header)
    except LayoutError as error:
        raise FileRefused(str(error)) from error


def _encoding_of(path: Path) -> str:
    """utf-8-sig or gb18030, whichever decodes the whole file; raises FileRefused with the first bad byte."""
    import codecs

    failures = []
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        offset = 0
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    decoder.decode(chunk)
                    offset += len(chunk)
                decoder.decode(b"", final=True)
            return "utf-8-sig" if encoding == "utf-8" else encoding
        except UnicodeDecodeError as error:
            failures.append(f"{encoding} fails near byte {offset + error.start}")
    raise FileRefused(f"编码无法识别 / the encoding is neither UTF-8 nor GB18030 ({'; '.join(failures)}): save as CSV UTF-8")


def _delimiter_of(header_line: str) -> str:
    return max(",\t;", key=header_line.count)


def _read_text(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> ReadResult:
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        header_line = file.readline()
        delimiter = _delimiter_of(header_line)
        header = next(csv.reader([header_line], delimiter=delimiter), [])
    positions = _positions(header)
    if encoding == "utf-8-sig" and not _has_inner_blank_line(path):
        rows = _read_with_duckdb(connection, path, table, header, positions, delimiter)
        if rows is not None:
            return ReadResult(rows)
    with path.open(encoding=encoding, newline="") as file:
        return _read_with_python(connection, file, table, len(header), positions, delimiter)


def _has_inner_blank_line(path: Path) -> bool:
    """Whether an empty line stands inside the file, which would shift the row numbers of DuckDB's reader."""
    blank_line = re.compile(rb"\n\r?\n[^\r\n]")
    carry = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if blank_line.search(carry + chunk):
                return True
            carry = chunk[-3:]
    return False


def _read_with_duckdb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    header: list[str],
    positions: dict[str, int],
    delimiter: str,
) -> int | None:
    """The fast way, for regular files. None where a row is irregular: then each row needs its own look."""
    names = {f"column_{position}": "VARCHAR" for position in range(len(header))}
    selected = ", ".join(
        f"column_{positions[column]} AS {column}" if column in positions else f"NULL::VARCHAR AS {column}"
        for column in LAYOUT_COLUMNS
    )
    _create(connection, table)
    try:
        connection.execute(
            f"""INSERT INTO {table}
                SELECT row_number() OVER () + {HEADER_ROW}, {selected}
                FROM read_csv(?, columns = {names}, delim = ?, quote = '"', escape = '"', header = true,
                              auto_detect = false, strict_mode = true, max_line_size = 1048576)""",
            [str(path), delimiter],
        )
    except duckdb.Error:
        return None
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def _read_with_python(
    connection: duckdb.DuckDBPyConnection,
    file: io.TextIOBase,
    table: str,
    width: int,
    positions: dict[str, int],
    delimiter: str,
) -> ReadResult:
    good, broken = [], []
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    row_no = 0
    while True:
        row_no += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            broken.append(BrokenRow(row_no, "", f"引号不配对或行被截断 / quotes do not pair, or the file was cut off here ({error})"))
            break
        if row_no == HEADER_ROW or not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width and (len(cells) < width or any(cell.strip() for cell in cells[width:])):
            text = delimiter.join(cells)
            broken.append(
                BrokenRow(row_no, text, f"列数不符 / {len(cells)} cells where the header has {width}: row cut off, or a comma too many")
            )
            continue
        good.append((row_no, cells))
    return ReadResult(_insert(connection, table, good, positions), broken)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[int, list[str]]], positions: dict[str, int]
) -> int:
    import pyarrow as pa

    _create(connection, table)
    if not rows:
        return 0
    columns = {"row_no": pa.array([row_no for row_no, _ in rows], pa.int64())}
    for column in LAYOUT_COLUMNS:
        position = positions.get(column)
        cells = [None if position is None else row[position] for _, row in rows]
        columns[column] = pa.array(cells, pa.string())
    arrow_rows = pa.table(columns)  # noqa: F841 (DuckDB finds it by its name)
    connection.execute(f"INSERT INTO {table} SELECT * FROM arrow_rows")
    return len(rows)


def _text_of(cell: object) -> str:
    """A spreadsheet cell as the text a person sees: 13.0 is 13, a date is an ISO date."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    return str(cell)


def _read_xlsx(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> ReadResult:
    import python_calamine

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if "[Content_Types].xml" not in archive.namelist():
                raise FileRefused("是压缩包而非工作簿 / a zip archive, no workbook: send the XLSX or CSV itself")
    except zipfile.BadZipFile as error:
        raise FileRefused(f"工作簿损坏或被截断 / the workbook is damaged or cut off ({error}): send it again") from error
    if unpacked > MAX_XLSX_BYTES_UNPACKED:
        raise FileRefused(
            f"工作簿过大 / the workbook unpacks to {unpacked:,} bytes, more than {MAX_XLSX_BYTES_UNPACKED:,}: split it"
        )
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names]
    except Exception as error:  # the reader raises several unrelated types for damaged workbooks
        raise FileRefused(f"工作簿无法读取 / the workbook cannot be read ({error}): save it again as .xlsx") from error
    problems = []
    for sheet_name, sheet in sheets:
        if not sheet:
            continue
        header = [_text_of(cell) for cell in sheet[0]]
        try:
            positions = map_header(header)
        except LayoutError as error:
            problems.append(f"{sheet_name}: {error}")
            continue
        rows = [
            (number, [_text_of(cell) for cell in cells])
            for number, cells in enumerate(sheet[1:], start=HEADER_ROW + 1)
            if any(cell not in ("", None) for cell in cells)
        ]
        return ReadResult(_insert(connection, table, rows, positions))
    raise FileRefused(f"没有符合格式的工作表 / no sheet has the landing layout ({'; '.join(problems) or 'all are empty'})")
