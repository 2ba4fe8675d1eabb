"""Reading CSV and its relatives: comma, tab or semicolon; UTF-8 or GB18030.

Regular files go through DuckDB's reader. A file with anything odd in it goes through Python row by row, so that one
bad row costs one row.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from dagster_project.ingest.landing_table import (
    HEADER_ROW,
    BrokenRow,
    FileRefused,
    ReadResult,
    create_from_query,
    create_from_rows,
    positions_in,
)
from dagster_project.ingest.layout import LAYOUT_COLUMNS

CHUNK_BYTES = 1 << 22
INNER_BLANK_LINE = re.compile(rb"\n\r?\n[^\r\n]")
UNREADABLE = re.compile("[\x00\udc80-\udcff]")
"""NUL, and what stands for bytes that are no character of the file's encoding."""
MAX_LINE_BYTES = 1 << 20
MAX_KEPT_TEXT = 4_000

csv.field_size_limit(MAX_LINE_BYTES)


def read_delimited(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> ReadResult:
    """Fill `table` with the rows of a text file. Raises FileRefused."""
    if _is_regular(path):
        header, delimiter = _header_of(path, "utf-8-sig")
        positions = positions_in(header)
        header_is_one_line = not any("\n" in cell or "\r" in cell for cell in header)
        if header_is_one_line:  # below another one DuckDB would find no rows
            try:
                _read_with_duckdb(connection, path, table, len(header), positions, delimiter)
                return ReadResult()
            except duckdb.InvalidInputException:
                pass  # a row is irregular: each needs its own look
    encoding = _encoding_of(path)
    header, delimiter = _header_of(path, encoding)
    return _read_with_python(connection, path, encoding, table, len(header), positions_in(header), delimiter)


def _encoding_of(path: Path) -> str:
    """UTF-8 unless most of the lines that are not plain ASCII are no UTF-8: then GB18030."""
    utf_8_lines = other_lines = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    utf_8_lines += 1
                except UnicodeDecodeError:
                    other_lines += 1
    return "utf-8-sig" if utf_8_lines >= other_lines else "gb18030"


def _header_of(path: Path, encoding: str) -> tuple[list[str], str]:
    """The header's cells and the delimiter, which is the one that stands most often in the first line."""
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        first_line = file.readline(MAX_LINE_BYTES)
    if UNREADABLE.search(first_line):
        raise FileRefused(
            "编码无法识别，请另存为“CSV UTF-8” / the encoding of the header is neither UTF-8 nor GB18030: save as CSV UTF-8"
        )
    delimiter = max(",\t;", key=first_line.count)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        try:
            return next(_cells_of(file, delimiter), []), delimiter
        except csv.Error as error:
            raise FileRefused(
                f"表头无法读取，请改正第 1 行 / the header cannot be read ({error}): correct row 1"
            ) from error


def _is_regular(path: Path) -> bool:
    """Whether the file is UTF-8, and no NUL, no lone CR and no empty line stands inside it.

    DuckDB would count the rows of such a file differently; and a row that is too long and no UTF-8 is fatal to the
    whole database (1.5).
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    carry = b""
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
                window = carry + chunk
                if b"\x00" in chunk or window.count(b"\r", 0, -1) > window.count(b"\r\n"):
                    return False
                if (b"\n\n" in window or b"\n\r\n" in window) and INNER_BLANK_LINE.search(window):
                    return False
                carry = window[-3:]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return not carry.endswith(b"\r")


def _read_with_duckdb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    width: int,
    positions: dict[str, int],
    delimiter: str,
) -> None:
    """The fast way, for regular files. Raises duckdb.InvalidInputException where a row is irregular."""
    names = {f"column_{position}": "VARCHAR" for position in range(width)}
    selected = ", ".join(
        f"column_{positions[column]} AS {column}" if column in positions else f"NULL::VARCHAR AS {column}"
        for column in LAYOUT_COLUMNS
    )
    create_from_query(
        connection,
        table,
        f"""SELECT {selected}
            FROM read_csv(?, columns = {names}, delim = ?, quote = '"', escape = '"', header = true,
                          auto_detect = false, strict_mode = true, max_line_size = {MAX_LINE_BYTES})""",
        [str(path), delimiter],
    )


def _read_with_python(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    encoding: str,
    table: str,
    width: int,
    positions: dict[str, int],
    delimiter: str,
) -> ReadResult:
    result = ReadResult()

    def good_rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        for row_no, (text, cells, error) in enumerate(_records(lines, delimiter), start=HEADER_ROW):
            if row_no == HEADER_ROW or (cells is not None and not any(cell.strip() for cell in cells)):
                continue
            reason = _what_is_wrong(text, cells, error, width)
            if reason:
                result.broken.append(BrokenRow(row_no, _shown(text, encoding), reason))
            else:
                yield row_no, cells

    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        create_from_rows(connection, table, good_rows(iter(file)), positions)
    return result


def _cells_of(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """As DuckDB reads them: quotes must pair, and a blank before a quoted cell is none of its text."""
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[str, list[str] | None, str]]:
    """Text, cells and error of each record. Where quotes do not pair, only the first line is given up."""
    ahead: deque[str] = deque()
    taken: list[str] = []

    def feed() -> Iterator[str]:
        while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
            taken.append(line)
            yield line

    while True:
        taken.clear()
        try:
            cells = next(_cells_of(feed(), delimiter), None)
        except csv.Error as error:
            ahead.extendleft(reversed(taken[1:]))
            yield taken[0], None, str(error)
            continue
        if cells is None:
            return
        yield "".join(taken), cells, ""


def _what_is_wrong(text: str, cells: list[str] | None, error: str, width: int) -> str:
    """Why a record is no row, or an empty text."""
    if cells is None:
        return (
            "引号不配对、单元格过长或行被截断，请改正或补全该行 / quotes do not pair, a cell is too long, or the row was cut off "
            f"({error}): correct or complete the row"
        )
    if "\x00" in text:
        return "行内有 NUL 字符，请重新导出该文件 / the row holds NUL characters: export the file again"
    if UNREADABLE.search(text):
        return (
            "行内编码与文件不一致，请整个文件另存为“CSV UTF-8” / the row is in another encoding than the file: "
            "save the whole file as CSV UTF-8"
        )
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return (
            f"列数不符：该行 {len(cells)} 列，表头 {width} 列，请检查是否截断或多了分隔符 / {len(cells)} cells where the header "
            f"has {width}: look for a row cut off, or a separator too many (a cell that holds one needs quotes)"
        )
    return ""


def _shown(text: str, encoding: str) -> str:
    """The text of a broken row so that it can be stored: bytes that are no character as \\x.."""
    kept = text.rstrip("\r\n")[:MAX_KEPT_TEXT]
    shown = kept.encode(encoding.removesuffix("-sig"), "surrogateescape").decode(encoding, "backslashreplace")
    return shown.replace("\x00", "␀")
