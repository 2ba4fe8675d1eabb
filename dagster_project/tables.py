"""Tables as people see them in the Dagster UI: row counts, previews and columns as metadata."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from dagster_project.rows import fetch_rows

if TYPE_CHECKING:
    import duckdb

PREVIEW_ROWS = 5
MAX_CELL_LENGTH = 60


def _cell(value: Any) -> str:
    text = "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - 1] + "…"


def markdown_table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows (dictionaries with the same keys) as a Markdown table."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def table_metadata(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> dict[str, Any]:
    """Row count, columns with their comments, and a preview of a table or view of the build database."""
    name = f'"{schema}"."{table}"'
    count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    columns = connection.execute(
        "SELECT column_name, lower(data_type), comment FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?"
        " AND NOT internal ORDER BY column_index",
        [schema, table],
    ).fetchall()
    rows = fetch_rows(connection, f"SELECT * FROM {name} LIMIT {PREVIEW_ROWS}")
    metadata: dict[str, Any] = {
        "dagster/row_count": count,
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(column, type_, description=comment) for column, type_, comment in columns]
        ),
    }
    if rows:
        metadata["preview"] = dg.MetadataValue.md(markdown_table(rows))
    return metadata
