"""Getting Python rows into DuckDB in one go; row by row it would take a millisecond each."""

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
