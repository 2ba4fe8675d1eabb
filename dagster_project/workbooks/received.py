"""A received file read once more, as rows of text, to be given back. Ingest decides what they mean; here they are only found."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dagster_project.ingest import delimited, workbook
from dagster_project.ingest.landing_table import FileRefused, positions_in
from dagster_project.ingest.readers import ZIP_MAGIC

HEADER_WITHIN_ROWS = 20


@dataclass(frozen=True)
class ReceivedTable:
    """The table of a file: where its header ends, where each column of the layout stands, and all rows from row 1 on."""

    header_row: int
    positions: dict[str, int]
    rows: Iterator[tuple[int, list[str]]]


def open_table(path: Path) -> ReceivedTable | None:
    """The table that ingest took rows from; None where it found none."""
    with path.open("rb") as file:
        is_workbook = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    try:
        return _of_workbook(path) if is_workbook else _of_text(path)
    except (FileRefused, OSError):
        return None


def _of_workbook(path: Path) -> ReceivedTable | None:
    for rows in workbook._sheets(path).values():
        for row_no, cells in enumerate(rows[:HEADER_WITHIN_ROWS], start=1):
            try:
                return ReceivedTable(row_no, positions_in(cells), enumerate(rows, start=1))
            except FileRefused:
                continue
    return None


def _of_text(path: Path) -> ReceivedTable:
    encoding = delimited._encoding_of(path)
    header, delimiter = delimited._header_of(path, encoding)

    def rows() -> Iterator[tuple[int, list[str]]]:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            for row_no, (text, cells, _) in enumerate(delimited._records(iter(file), delimiter), start=1):
                yield row_no, [text] if cells is None else cells

    return ReceivedTable(1, positions_in(header), rows())
