"""The schema `raw` as ingest keeps it: a star whose dimensions are the combinations of words found in each file.

`raw.plain_row` and `raw.worded_row` are the fact; the views `raw.actual_row` and `raw.actual` show them as one, without and with
their words.
The database may be deleted at any time; if it was made by another version of this module, it is emptied and filled
again from the archive.
"""

import hashlib

import duckdb

from dagster_project.ingest.words import STORED_DECIMALS

ROW_COLUMNS = "file_no INTEGER, row_no BIGINT, place_no INTEGER, label_no INTEGER, circumstance_no INTEGER"
TABLES = {
    "loaded": "file_no INTEGER, file_id VARCHAR, seeds_fingerprint VARCHAR",
    "plain_row": f"{ROW_COLUMNS}, number DECIMAL(18,{STORED_DECIMALS}), decimals TINYINT",
    "worded_row": f"""
        {ROW_COLUMNS}, number DECIMAL(24,{STORED_DECIMALS}), decimals TINYINT, value_text VARCHAR, note VARCHAR""",
    "place": "file_no INTEGER, place_no INTEGER, region_code VARCHAR, region_text VARCHAR, scope VARCHAR",
    "label": """
        file_no INTEGER, label_no INTEGER, indicator_code VARCHAR, indicator_text VARCHAR, qualifier VARCHAR""",
    "circumstance": """
        file_no INTEGER, circumstance_no INTEGER, scope VARCHAR, period VARCHAR, measure VARCHAR, unit_text VARCHAR,
        status VARCHAR, source_title VARCHAR, source_url VARCHAR, reported_at DATE, is_confirmed BOOLEAN""",
    "rejected_row": """
        file_no INTEGER, file_id VARCHAR, row_no BIGINT, reason VARCHAR, reason_en VARCHAR, column_names VARCHAR[],
        waits_for_seeds BOOLEAN, row_text VARCHAR""",
}
"""Table -> columns. The rows of a file are in plain_row if each is no more than a number written plainly with its
decimals, else in worded_row, where a value_text that is null means the same: storing millions of nulls takes time."""


def printed_number(row: str) -> str:
    """The number of a row as it was written, with its decimals, in SQL. `row` has number and decimals."""
    number = f"{row}.number::VARCHAR"
    return f"left({number}, length({number}) - {STORED_DECIMALS} + {row}.decimals - ({row}.decimals = 0)::INTEGER)"


def printed_value(row: str) -> str:
    """The value of a row as it was written, in SQL. `row` has number, decimals and value_text."""
    return f"coalesce({row}.value_text, {printed_number(row)})"


ACTUAL_ROW_VIEW = f"""
SELECT
    actual_row.file_no,
    actual_row.row_no,
    place.region_code,
    place.scope AS scope_of_place,
    actual_row.label_no,
    actual_row.circumstance_no,
    actual_row.number AS value,
    actual_row.decimals,
    actual_row.value_text,
    actual_row.note
FROM (
    -- (written out before the rows meet: a number of 64 bits is, five times faster than one of 128)
    SELECT file_no, row_no, place_no, label_no, circumstance_no, number, decimals,
        coalesce({printed_number("plain_row")}, '') AS value_text, '' AS note
    FROM raw.plain_row
    UNION ALL
    SELECT file_no, row_no, place_no, label_no, circumstance_no, number, decimals,
        coalesce({printed_value("worded_row")}, ''), coalesce(note, '')
    FROM raw.worded_row
) AS actual_row
INNER JOIN raw.place AS place ON place.place_no = actual_row.place_no"""
"""A row of a file with its region; what else it says stands in its label and its circumstance."""

ACTUAL_VIEW = """
SELECT
    loaded.file_id,
    actual_row.row_no,
    actual_row.region_code,
    label.indicator_code,
    label.indicator_text,
    label.qualifier,
    CASE WHEN circumstance.scope = 'unspecified' THEN coalesce(actual_row.scope_of_place, circumstance.scope)
        ELSE circumstance.scope END AS scope,
    circumstance.period,
    circumstance.measure,
    actual_row.value,
    actual_row.decimals,
    actual_row.value_text,
    circumstance.unit_text,
    circumstance.status,
    circumstance.source_title,
    circumstance.source_url,
    circumstance.reported_at,
    circumstance.is_confirmed,
    actual_row.note
FROM raw.actual_row AS actual_row
INNER JOIN raw.loaded AS loaded ON loaded.file_no = actual_row.file_no
INNER JOIN raw.label AS label ON label.label_no = actual_row.label_no
INNER JOIN raw.circumstance AS circumstance ON circumstance.circumstance_no = actual_row.circumstance_no"""
"""A row of a file with all its words, for people and tests; whoever reads millions of rows reads them once a combination."""

VIEWS = {"actual_row": ACTUAL_ROW_VIEW, "actual": ACTUAL_VIEW}


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schema raw and what is missing in it; start anew if it was made by another version of this module."""
    made_by = hashlib.sha256(repr((TABLES, VIEWS)).encode()).hexdigest()
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    ours = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = 'loaded' AND comment = ?",
        [made_by],
    ).fetchone()[0]
    if not ours:
        for kind, table in connection.execute(
            """SELECT 'TABLE', table_name FROM duckdb_tables() WHERE schema_name = 'raw' AND list_contains($1, table_name)
               UNION ALL
               SELECT 'VIEW', view_name FROM duckdb_views() WHERE schema_name = 'raw' AND list_contains($1, view_name)""",
            [[*TABLES, *VIEWS]],
        ).fetchall():
            connection.execute(f"DROP {kind} raw.{table}")
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS raw.{table} ({columns})")
    connection.execute(f"COMMENT ON TABLE raw.loaded IS '{made_by}'")
    for view, query in VIEWS.items():
        connection.execute(f"CREATE OR REPLACE VIEW raw.{view} AS {query}")


def forget_file(connection: duckdb.DuckDBPyConnection, file_id: str) -> None:
    """Delete everything of one file."""
    for table in TABLES:
        if table != "loaded":
            connection.execute(
                f"DELETE FROM raw.{table} WHERE file_no IN (SELECT file_no FROM raw.loaded WHERE file_id = ?)",
                [file_id],
            )
    connection.execute("DELETE FROM raw.loaded WHERE file_id = ?", [file_id])


def forget_all_but(connection: duckdb.DuckDBPyConnection, file_ids: list[str]) -> None:
    """Delete everything of files that are not among these."""
    for (file_id,) in connection.execute(
        "SELECT file_id FROM raw.loaded WHERE NOT list_contains(?::VARCHAR[], file_id)", [file_ids]
    ).fetchall():
        forget_file(connection, file_id)


def next_number(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    """The first number that no row of a table has yet."""
    return connection.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM raw.{table}").fetchone()[0]
