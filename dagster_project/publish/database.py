"""The published DuckDB file: schemas marts and quality, with their comments, readable by old clients."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

import duckdb

PUBLISHED_SCHEMAS = ("marts", "quality")
STORAGE_VERSION = "v1.0.0"
"""The storage format that every DuckDB client from 1.1 on reads, whatever the engine that writes it."""

STATE_TABLES = {
    "check_result": {
        "": "每次质量关检查的结果 / Result of every expectation of the gates, of every run",
        "run_id": "运行号 / Run",
        "gate": "质量关 / Gate (suite)",
        "batch": "检查的数据集 / Set of rows looked at",
        "check_name": "检查名 / Check",
        "expectation_type": "期望类型 / Type of expectation in Great Expectations",
        "column_name": "检查的列 / Column, where the expectation has one",
        "severity": "严重度：critical 阻止发布，warning 提示 / critical stops publication, warning does not",
        "success": "是否通过 / Whether it passed",
        "rows_checked": "检查行数 / Rows looked at",
        "rows_failed": "未通过行数 / Rows that fail",
        "observed": "观察值 / What was observed",
        "failing_rows": "未通过的行（JSON，最多 20 行） / Failing rows as JSON, at most 20",
        "title": "检查说明 / What is expected",
        "checked_at": "检查时间（上海） / When, Shanghai time",
    },
    "run_log": {
        "": "运行日志：每次运行的开始、发布与失败 / Starts, publications and failures of runs",
        "run_id": "运行号 / Run",
        "event": "事件：started, published, failed / Event",
        "logged_at": "时间（上海） / When, Shanghai time",
        "as_of_date": "评价基准日 / As-of date of the run",
        "detail": "说明 / Detail",
    },
}


def add_state_tables(connection: duckdb.DuckDBPyConnection, load_state) -> None:
    """Write quality.check_result and quality.run_log from the durable state.

    `load_state(connection, dataset, table)` fills a table with a dataset.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    for dataset, comments in STATE_TABLES.items():
        table = f"quality.{dataset}"
        load_state(connection, dataset, table)
        for column, comment in comments.items():
            subject = f"COLUMN {table}.{column}" if column else f"TABLE {table}"
            connection.execute(f"COMMENT ON {subject} IS '{comment}'")


def log_publication(
    connection: duckdb.DuckDBPyConnection, run_id: str, published_at: datetime, as_of_date: date
) -> None:
    """Let the version's own run log say that it was published; the durable one follows when it is served."""
    connection.execute(
        "INSERT INTO quality.run_log VALUES (?, 'published', ?, ?, NULL)", [run_id, published_at, as_of_date]
    )


def write_database(
    connection: duckdb.DuckDBPyConnection, target: Path, published: Collection[tuple[str, str]]
) -> dict[str, int]:
    """Copy tables of the open build database into a new file, comments and constraints included.

    `published`: schema and name of the tables that belong to a version; what else the build database holds, such as
    the table of a model that is gone, stays behind. Returns table name -> row count. The file must not exist yet.
    """
    connection.execute(f"ATTACH '{target}' AS version (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        counts = {}
        tables = connection.execute(
            "SELECT schema_name, table_name, sql, comment FROM duckdb_tables()"
            " WHERE database_name = current_database() AND schema_name IN (SELECT unnest(?)) ORDER BY ALL",
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"CREATE SCHEMA version.{schema}")
        for schema, table, sql, comment in tables:
            if (schema, table) not in published:
                continue
            name = f'version."{schema}"."{table}"'
            connection.execute(_create_in_version(sql, name))
            connection.execute(f'INSERT INTO {name} SELECT * FROM "{schema}"."{table}"')
            _copy_comments(connection, schema, table, comment, name)
            counts[f"{schema}.{table}"] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    finally:
        connection.execute("DETACH version")
    return counts


def _create_in_version(sql: str, name: str) -> str:
    columns = sql[sql.index("(") :]
    return f"CREATE TABLE {name}{columns}"


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, comment: str | None, name: str
) -> None:
    comments = [("TABLE", name, comment)]
    comments += [
        ("COLUMN", f'{name}."{column}"', text)
        for column, text in connection.execute(
            "SELECT column_name, comment FROM duckdb_columns()"
            " WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
            [schema, table],
        ).fetchall()
    ]
    for kind, subject, text in comments:
        if text:
            connection.execute(f"COMMENT ON {kind} {subject} IS '{text.replace(chr(39), chr(39) * 2)}'")
