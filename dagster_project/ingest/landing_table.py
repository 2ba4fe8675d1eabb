"""The table a reader fills: one row of text cells for each row of a file, and what could not be put there.

`row_no` is the row as a spreadsheet program counts it; the header is row 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS, LayoutError, map_header

HEADER_ROW = 1
ROWS_PER_INSERT = 50_000


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
    """The rows a reader could not put into the table."""

    broken: list[BrokenRow] = field(default_factory=list)


def positions_in(header: list[str]) -> dict[str, int]:
    """Where each layout column stands. Raises FileRefused."""
    try:
        return map_header(header)
    except LayoutError as error:
        raise FileRefused(str(error)) from error


def create_from_query(
    connection: duckdb.DuckDBPyConnection, table: str, query: str, parameters: list
) -> None:
    """Fill `table` from a query that gives the rows below the header in the order of the file, none left out.

    Rows get their numbers from where DuckDB stored them: numbering them in the query would keep it from reading in
    parallel. Not for use inside a transaction, where a table that is not committed has other row ids.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_cells AS {query}", parameters)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid + {HEADER_ROW + 1} AS row_no, * FROM {table}_cells"
    )


def create_from_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Iterable[tuple[int, list[str]]],
    positions: dict[str, int],
) -> None:
    """Fill `table` from row numbers and cells, a batch at a time."""
    import pyarrow as pa

    columns = ", ".join(f"{column} VARCHAR" for column in LAYOUT_COLUMNS)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_cells (row_no BIGINT, {columns})")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {table}_cells")
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS_PER_INSERT)):
        arrays = {"row_no": pa.array([row_no for row_no, _ in batch], pa.int64())}
        for column in LAYOUT_COLUMNS:
            position = positions.get(column)
            cells = [None if position is None else row[position] for _, row in batch]
            arrays[column] = pa.array(cells, pa.string())
        arrow_rows = pa.table(arrays)  # noqa: F841 (DuckDB finds it by its name)
        connection.execute(f"INSERT INTO {table}_cells SELECT * FROM arrow_rows")
