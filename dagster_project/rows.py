"""Rows between Python and DuckDB: in, all in one go, for row by row takes a millisecond each; out, as dictionaries."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def insert_rows(connection: "duckdb.DuckDBPyConnection", table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert tuples, in the order of the table's columns, which decide the types. None is null."""
    import pyarrow as pa

    if not rows:
        return
    columns = [pa.array(list(column)) for column in zip(*rows, strict=True)]
    arrow_rows = pa.table(columns, names=[f"c{number}" for number in range(len(columns))])
    connection.register("arrow_rows", arrow_rows)
    connection.execute(f"INSERT INTO {table} SELECT * FROM arrow_rows")
    connection.unregister("arrow_rows")


def fetch_rows(
    connection: "duckdb.DuckDBPyConnection", query: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries by column name."""
    cursor = connection.execute(query, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
