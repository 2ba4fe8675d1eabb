"""The published DuckDB file: tables and views of marts and quality, with comments, readable by old clients."""

import re
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

import duckdb

from dagster_project.publish.contract import published_relations
from dagster_project.rows import insert_rows

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
    "run_stage": {
        "": "每次运行各步骤的用时；发布步骤的用时见下一版本 / How long each stage of a run took; that of the publication stands in the next version",
        "run_id": "运行号 / Run",
        "stage": "步骤 / Stage: the step in Dagster",
        "started_at": "开始时间（上海） / Begin, Shanghai time",
        "seconds": "用时（秒） / Duration in seconds",
        "outcome": "结果：succeeded, failed / Outcome",
    },
    "run_measure": {
        "": "每次运行的计数：收到的文件与行、退回的行、检查与未通过的检查、各表行数 / What was counted in a run: files and rows received, rows refused, checks and failed checks, rows of each table",
        "run_id": "运行号 / Run",
        "measure": "计数项：files_new, files_duplicate, files_read_again, files_left_for_next_run, rows_accepted, rows_refused, checks, checks_failed, row_count / What is counted",
        "subject": "对象：batch（本次收件）、质量关或表 / Of what: the batch received, a gate or a table",
        "value": "数 / Number",
    },
}

PUBLISHED_EVENT_QUERY = """
    SELECT run_id, logged_at FROM quality.run_log WHERE event = 'published' ORDER BY logged_at DESC, run_id LIMIT 1"""
"""Asked of a published database: which run published it, and when."""


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


def row_counts(
    connection: duckdb.DuckDBPyConnection, published: Collection[tuple[str, str]]
) -> dict[str, int]:
    """Rows of every table that the models make for a version."""
    tables = _relations(connection, "duckdb_tables()", "table_name", published)
    return {
        f"{schema}.{table}": connection.execute(f'SELECT count(*) FROM "{schema}"."{table}"').fetchone()[0]
        for schema, table, _, _ in tables
        if table not in STATE_TABLES
    }


def add_this_run(connection: duckdb.DuckDBPyConnection, stages: list[tuple], measures: list[tuple]) -> None:
    """What the durable state learns of the running run only when it ends: stages and counts so far."""
    insert_rows(connection, "quality.run_stage", stages)
    insert_rows(connection, "quality.run_measure", measures)


def write_database(
    connection: duckdb.DuckDBPyConnection, target: Path, published: Collection[tuple[str, str]]
) -> dict[str, int]:
    """Copy tables and views of the open build database into a new file, comments and constraints included.

    `published`: schema and name of what belongs to a version; what else the build database holds, such as the table of
    a model that is gone, stays behind. Returns table name -> row count. The file must not exist yet.
    """
    (build,) = connection.execute("SELECT current_database()").fetchone()
    connection.execute(f"ATTACH '{target}' AS version (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"CREATE SCHEMA version.{schema}")
        counts = {}
        for schema, table, sql, comment in _relations(connection, "duckdb_tables()", "table_name", published):
            name = f'version."{schema}"."{table}"'
            connection.execute(f"CREATE TABLE {name}{sql[sql.index('(') :]}")
            connection.execute(f'INSERT INTO {name} SELECT * FROM "{schema}"."{table}"')
            _copy_comments(connection, "TABLE", schema, table, comment, name)
            counts[f"{schema}.{table}"] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for schema, view, sql, comment in _relations(connection, "duckdb_views()", "view_name", published):
            # a view is looked up where it is created; readers may call the database what they like
            connection.execute("USE version")
            connection.execute(
                re.sub(rf"\b{re.escape(build)}\.(?=({'|'.join(PUBLISHED_SCHEMAS)})\.)", "", sql)
            )
            connection.execute(f'USE "{build}"')
            _copy_comments(connection, "VIEW", schema, view, comment, f'version."{schema}"."{view}"')
    finally:
        connection.execute(f'USE "{build}"')
        connection.execute("DETACH version")
    return counts


def _relations(
    connection: duckdb.DuckDBPyConnection, catalogue: str, name: str, published: Collection[tuple[str, str]]
) -> list[tuple]:
    """Schema, name, SQL and comment of published tables or views; a view after the views it reads."""
    order = "view_oid" if name == "view_name" else "ALL"
    rows = connection.execute(
        f"SELECT schema_name, {name}, sql, comment FROM {catalogue}"
        f" WHERE database_name = current_database() AND schema_name IN (SELECT unnest(?)) ORDER BY {order}",
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return [row for row in rows if (row[0], row[1]) in published]


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, kind: str, schema: str, table: str, comment: str | None, name: str
) -> None:
    """Comments of a table or view and its columns, with where a column leads and what makes a row one."""
    relation = published_relations().get((schema, table))
    pointers = {column.name: column.pointer for column in relation.columns} if relation else {}
    if comment and relation and relation.key:
        comment += f" [主键 / key: {', '.join(relation.key)}]"
    comments = [(kind, name, comment)]
    comments += [
        ("COLUMN", f'{name}."{column}"', text and text + pointers.get(column, ""))
        for column, text in connection.execute(
            "SELECT column_name, comment FROM duckdb_columns()"
            " WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
            [schema, table],
        ).fetchall()
    ]
    for subject_kind, subject, text in comments:
        if text:
            connection.execute(
                f"COMMENT ON {subject_kind} {subject} IS '{text.replace(chr(39), chr(39) * 2)}'"
            )
