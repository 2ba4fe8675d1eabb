"""What a reader hands over: where the rows of a file can be queried as text cells, and what could not be read.

`row_no` is the row as a spreadsheet program counts it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS, Header, LayoutError, find_header

TEXT_TABLE = "landing_text"
MEMORY_VIEW = "landing_memory"


class FileRefused(ValueError):
    """The whole file cannot be taken; the message says why and what to do."""


@dataclass
class BrokenRow:
    """A row whose cells cannot be told apart."""

    row_no: int
    text: str
    reason: str
    reason_en: str


@dataclass(frozen=True)
class WorkbookFacts:
    """What a workbook says of itself. `template` is the department and period it was made for, by us."""

    saved_at: datetime | None = None
    author: str = ""
    template: str = ""
    return_of: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the workbook was made here, to be filled in or corrected."""
        return bool(self.template or self.return_of)


@dataclass
class LandingRows:
    """The rows of a file below its header.

    `relation` can stand behind FROM and gives `columns` as text. Its first row is row `first_row` of the file and the
    others follow; where that is None, it has a column row_no.
    """

    relation: str
    columns: tuple[str, ...]
    first_row: int | None
    header: Header
    sample: str | None = None
    """A relation like the first over pieces of a large file: it very likely holds all its words."""
    likely_words: dict[str, list[str]] = field(default_factory=dict)
    """Column -> words that may well come up in a large file although they are not in its sample."""
    broken: list[BrokenRow] = field(default_factory=list)
    facts: WorkbookFacts = WorkbookFacts()


def header_in(rows: list[list[str]]) -> Header:
    """Where the header stands. Raises FileRefused."""
    try:
        return find_header(rows)
    except LayoutError as error:
        raise FileRefused(str(error)) from error


def present_columns(header: Header) -> tuple[str, ...]:
    """The layout columns a file has, in the order of the layout."""
    return tuple(column for column in LAYOUT_COLUMNS if column in header.positions)


def create_text_table(connection: duckdb.DuckDBPyConnection, header: Header) -> LandingRows:
    """Make TEXT_TABLE for the layout columns of a file, still empty."""
    columns = present_columns(header)
    declared = "".join(f", {column} VARCHAR" for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {TEXT_TABLE} (row_no BIGINT{declared})")
    return LandingRows(TEXT_TABLE, columns, None, header)


def append_to_text_table(
    connection: duckdb.DuckDBPyConnection,
    rows: LandingRows,
    row_numbers: list[int],
    cells_of: Callable[[int], list[str]],
) -> None:
    """Append rows to TEXT_TABLE. `cells_of` gives the texts of all these rows at one position of the file's columns."""
    connection.register("arrow_rows", _arrow_rows(rows.header, row_numbers, cells_of))
    connection.execute(f"INSERT INTO {TEXT_TABLE} SELECT * FROM arrow_rows")
    connection.unregister("arrow_rows")


def rows_in_memory(
    connection: duckdb.DuckDBPyConnection,
    header: Header,
    row_numbers: list[int],
    cells_of: Callable[[int], list[str]],
) -> LandingRows:
    """The rows of a file that is in memory as a whole, as a view of what is there: copying them would take time."""
    connection.register(MEMORY_VIEW, _arrow_rows(header, row_numbers, cells_of))
    return LandingRows(MEMORY_VIEW, present_columns(header), None, header)


def _arrow_rows(header: Header, row_numbers: list[int], cells_of: Callable[[int], list[str]]):
    import pyarrow as pa

    columns = present_columns(header)
    arrays = [pa.array(row_numbers, pa.int64())]
    arrays += [pa.array(cells_of(header.positions[column]), pa.string()) for column in columns]
    return pa.table(arrays, names=["row_no", *columns])
