"""Reading CSV and its relatives: comma, tab or semicolon; UTF-8 or GB18030.

Regular files are left to DuckDB's reader. A file with anything odd in it goes through Python row by row, so that one
bad row costs one row.
"""

import csv
import mmap
import random
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import duckdb

from dagster_project.ingest.archive import TextLooks
from dagster_project.ingest.landing_table import (
    BrokenRow,
    FileRefused,
    LandingRows,
    append_to_text_table,
    create_text_table,
    header_in,
    present_columns,
)
from dagster_project.ingest.layout import Header
from dagster_project.ingest.limits import Limits

UNREADABLE = re.compile("[\x00\udc80-\udcff]")
"""NUL, and what stands for bytes that are no character of the file's encoding."""
BLANK_LINE = re.compile(rb"\n\r?\n[^\r\n]")
MAX_KEPT_TEXT = 4_000
ROWS_PER_INSERT = 50_000
SAMPLED_FROM = 1 << 26
SAMPLE_PIECES = 1_000
SAMPLE_PIECE_BYTES = 1 << 14
Record = tuple[str, list[str] | None, str]
"""Text, cells (None: they cannot be told apart) and error of a row."""


def regular_rows(path: Path, looks: TextLooks, limits: Limits, sample_folder: Path) -> LandingRows | None:
    """A relation of DuckDB's reader over a file whose header is its first line; None for what is not regular.

    Of a large file a sample is put into `sample_folder`, which must stay as long as the relation is used. Irregular rows
    further down make queries of the relation raise duckdb.InvalidInputException.
    """
    if not looks.is_plain:
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        first_line = file.readline(limits.line_length)
    delimiter = _delimiter_in([first_line])
    try:
        (cells,) = _cells_of([first_line], delimiter)
        header = header_in([cells])
    except (FileRefused, csv.Error, ValueError):
        return None
    names = {f"column_{position}": "VARCHAR" for position in range(header.width)}
    columns = present_columns(header)
    selected = ", ".join(f"column_{header.positions[column]} AS {column}" for column in columns)

    def relation(file: Path, options: str) -> str:
        quoted_path = str(file).replace("'", "''")
        return f"""(
            SELECT {selected}
            FROM read_csv('{quoted_path}', columns = {names}, delim = '{delimiter}', quote = '"', escape = '"',
                header = true, auto_detect = false, max_line_size = {limits.line_length}, {options}))"""

    rows = LandingRows(relation(path, "strict_mode = true"), columns, 2, header)
    if path.stat().st_size >= SAMPLED_FROM:
        rows.sample = relation(_sample_of(path, sample_folder), "ignore_errors = true")
    return rows


def _sample_of(path: Path, folder: Path) -> Path:
    """A file of the first lines and of pieces from all over a large file. Reading all of it for its words would take long."""
    # not at even distances: tables repeat themselves; the seed makes every run read the same pieces
    dice = random.Random(0)
    places = sorted({0, *(dice.randrange(path.stat().st_size) for _ in range(SAMPLE_PIECES))})
    sample = folder / "sample.csv"
    with path.open("rb") as file, sample.open("wb") as pieces:
        for place in places:
            file.seek(place)
            text = file.read(SAMPLE_PIECE_BYTES)
            start = text.find(b"\n") + 1 if place else 0
            pieces.write(text[start : text.rfind(b"\n") + 1])
    return sample


def has_lost_rows(path: Path, looks: TextLooks, row_count: int) -> bool:
    """Whether DuckDB's reader, having found `row_count` rows, left out blank lines: later rows would be misnumbered."""
    if row_count >= looks.line_count - 1:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return BLANK_LINE.search(text) is not None


def odd_rows(connection: duckdb.DuckDBPyConnection, path: Path, limits: Limits) -> LandingRows:
    """Fill TEXT_TABLE row by row, whatever the file is like. Raises FileRefused."""
    encoding, delimiter = _encoding_and_delimiter(path, limits)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        records = _records(iter(file), delimiter)
        first_records = list(islice(records, limits.header_depth))
        header = _header_of(first_records)
        below = enumerate(chain(first_records, records), start=1)
        rows = create_text_table(connection, header)
        good = _good_rows(below, header, encoding, rows.broken)
        while batch := list(islice(good, ROWS_PER_INSERT)):
            append_to_text_table(
                connection,
                rows,
                [row_no for row_no, _ in batch],
                lambda position, batch=batch: [cells[position] for _, cells in batch],
            )
    return rows


def _encoding_and_delimiter(path: Path, limits: Limits) -> tuple[str, str]:
    csv.field_size_limit(limits.line_length)
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        first_lines = list(islice(iter(lambda: file.readline(limits.line_length), ""), limits.header_depth))
    if first_lines and UNREADABLE.search(first_lines[0]):
        raise FileRefused(
            "编码无法识别，请另存为“CSV UTF-8” / the encoding of the header is neither UTF-8 nor GB18030: save as CSV UTF-8"
        )
    return encoding, _delimiter_in(first_lines)


def rows_as_shown(path: Path, limits: Limits) -> tuple[Header, Iterator[tuple[int, list[str]]]]:
    """The header of a text file, and all its rows from row 1 on; the text of a row whose cells cannot be told apart is one
    cell. Raises FileRefused."""
    encoding, delimiter = _encoding_and_delimiter(path, limits)

    def records() -> Iterator[Record]:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            yield from _records(iter(file), delimiter)

    header = _header_of(list(islice(records(), limits.header_depth)))
    return header, (
        (row_no, [_shown(text, encoding)] if cells is None or UNREADABLE.search(text) else cells)
        for row_no, (text, cells, _) in enumerate(records(), start=1)
    )


def _header_of(first_records: list[Record]) -> Header:
    if first_records and first_records[0][1] is None:
        raise FileRefused(
            f"表头无法读取，请改正第 1 行 / the header cannot be read ({first_records[0][2]}): correct row 1"
        )
    return header_in([cells or [] for _, cells, _ in first_records])


def _good_rows(
    records: Iterable[tuple[int, Record]], header: Header, encoding: str, broken: list[BrokenRow]
) -> Iterator[tuple[int, list[str]]]:
    for row_no, (text, cells, error) in records:
        if row_no <= header.last_row or (cells is not None and not any(cell.strip() for cell in cells)):
            continue
        reasons = _what_is_wrong(text, cells, error, header.width)
        if reasons:
            broken.append(BrokenRow(row_no, _shown(text, encoding), *reasons))
        else:
            yield row_no, cells


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


def _delimiter_in(first_lines: list[str]) -> str:
    """The delimiter that stands most often in one of the first lines: a title above the header has none."""
    return max(",\t;", key=lambda mark: max((line.count(mark) for line in first_lines), default=0))


def _cells_of(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """As DuckDB reads them: quotes must pair, and a blank before a quoted cell is none of its text."""
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
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


def _what_is_wrong(text: str, cells: list[str] | None, error: str, width: int) -> tuple[str, str] | None:
    """Why a record is no row, in Chinese and in English, or None."""
    if cells is None:
        return (
            "引号不配对、单元格过长或行被截断，请改正或补全该行",
            f"quotes do not pair, a cell is too long, or the row was cut off ({error}): correct or complete the row",
        )
    if "\x00" in text:
        return "行内有 NUL 字符，请重新导出该文件", "the row holds NUL characters: export the file again"
    if UNREADABLE.search(text):
        return (
            "行内编码与文件不一致，请整个文件另存为“CSV UTF-8”",
            "the row is in another encoding than the file: save the whole file as CSV UTF-8",
        )
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return (
            f"列数不符：该行 {len(cells)} 列，表头 {width} 列，请检查是否截断或多了分隔符",
            f"{len(cells)} cells where the header has {width}: look for a row cut off, or a separator too many "
            "(a cell that holds one needs quotes)",
        )
    return None


def _shown(text: str, encoding: str) -> str:
    """The text of a broken row so that it can be stored: bytes that are no character as \\x.."""
    kept = text.rstrip("\r\n")[:MAX_KEPT_TEXT]
    shown = kept.encode(encoding.removesuffix("-sig"), "surrogateescape").decode(encoding, "backslashreplace")
    return shown.replace("\x00", "␀")
