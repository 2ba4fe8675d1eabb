"""A received file read once more, as rows of text, to be given back. Ingest decides what they mean; here they are only found."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dagster_project.ingest import delimited, workbook
from dagster_project.ingest.landing_table import FileRefused
from dagster_project.ingest.limits import read_limits
from dagster_project.ingest.readers import ZIP_MAGIC
from dagster_project.paths import SEEDS_DIR


@dataclass(frozen=True)
class ReceivedTable:
    """The table of a file: where its header ends, where each column of the layout stands, and all rows from row 1 on."""

    header_row: int
    positions: dict[str, int]
    rows: Iterator[tuple[int, list[str]]]


def open_table(path: Path) -> ReceivedTable | None:
    """The table that ingest took rows from; None where it found none."""
    try:
        with path.open("rb") as file:
            is_workbook = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
        reader = workbook if is_workbook else delimited
        header, rows = reader.rows_as_shown(path, read_limits(SEEDS_DIR))
    except (FileRefused, OSError):
        return None
    return ReceivedTable(header.last_row, header.positions, rows)
