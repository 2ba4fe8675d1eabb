"""Rows of one file that contradict each other: the same key and source with different values. Neither is taken.

Two figures contradict each other if they differ by more than half of the last printed digit of the coarser one.
"""

from pathlib import Path

import duckdb

from dagster_project.ingest.encode import CELL_TABLE
from dagster_project.ingest.raw_tables import printed_value
from dagster_project.ingest.words import STORED_DECIMALS

ROWS_NAMED = 6
"""How many of the rows that contradict each other a reason names."""

KEY_HASH = "hash(place_key, label_key, circumstance_key, coalesce(nullif(circumstance_scope, 'unspecified'), place_scope))"


def load_units(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """Load the units that make figures comparable into the table lookup_unit."""
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE lookup_unit AS
           SELECT unit_text, dimension, to_base
           FROM read_csv(?, all_varchar = true, header = true, delim = ',', quote = '"')""",
        [str(seeds / "unit.csv")],
    )


def refuse(
    connection: duckdb.DuckDBPyConnection, table: str, file_no: int, file_id: str, row_text: str
) -> int:
    """Move the contradicting ones of the rows just put into raw.<table> to raw.rejected_row. Returns how many.

    Reads landing_judged (see `sort_rows`), where a key is a few small numbers. `row_text`: the text of a row, in SQL.
    """
    if not _may_repeat(connection, table, file_no) or (repeated := _repeated_keys(connection)) is None:
        return 0
    connection.register("repeated_key", repeated)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated_row AS
            SELECT row_no, {KEY_HASH} AS key_hash FROM landing_judged
            WHERE is_accepted AND {KEY_HASH} IN (SELECT key_hash FROM repeated_key)"""
    )
    connection.unregister("repeated_key")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE contradiction AS {_CONTRADICTIONS}", {"file_id": file_id}
    )
    count = connection.execute(
        f"""INSERT INTO raw.rejected_row
            SELECT {file_no}, '{file_id}', row_no, reason, reason_en, ['value'], false, {row_text}
            FROM (SELECT *, {printed_value("cell")} AS printed FROM {CELL_TABLE} AS cell)
            INNER JOIN contradiction USING (row_no) ORDER BY row_no"""
    ).fetchone()[0]
    connection.execute(
        f"DELETE FROM raw.{table} WHERE file_no = {file_no} AND row_no IN (SELECT row_no FROM contradiction)"
    )
    return count


def _may_repeat(connection: duckdb.DuckDBPyConnection, table: str, file_no: int) -> bool:
    """Whether rows may have the same key. The quick look: each combination of words is a key of its own, and none repeats."""
    combinations_per_key = connection.execute(
        """SELECT (SELECT count(DISTINCT place_key) < count(*) FROM landing_place)
            OR (SELECT count(DISTINCT label_key) < count(*) FROM landing_label)
            OR (SELECT count(DISTINCT (circumstance_key, circumstance_scope)) < count(*) FROM landing_circumstance)
            OR (SELECT count(place_scope) > 0 FROM landing_place)"""
    ).fetchone()[0]
    return combinations_per_key or len(
        _repeated(
            connection,
            f"SELECT hash(place_no, label_no, circumstance_no) AS h FROM raw.{table} WHERE file_no = {file_no}",
        )
    )


def _repeated_keys(connection: duckdb.DuckDBPyConnection):
    """The hashes that more than one accepted row has, as a frame; None if there are none."""
    repeated = _repeated(connection, f"SELECT {KEY_HASH} AS h FROM landing_judged WHERE is_accepted")
    if not len(repeated):
        return None
    import pandas as pd

    return pd.DataFrame({"key_hash": repeated}).drop_duplicates()


def _repeated(connection: duckdb.DuckDBPyConnection, query: str):
    """The values of column h that come more than once. Sorting is the fastest way."""
    hashes = connection.execute(query).fetchnumpy()["h"]
    hashes.sort()
    return hashes[1:][hashes[1:] == hashes[:-1]]


# a figure is held against the extremes of those as fine or finer, and against the nearest ends of the coarser
_CONTRADICTIONS = f"""
WITH figures AS (
    SELECT
        actual.*,
        dense_rank() OVER (ORDER BY
            region_code, indicator_code, indicator_text, qualifier, scope, period, measure, source_title, source_url, status,
            reported_at) AS key_no,
        unit.dimension,
        actual.value * coalesce(unit.to_base, '1')::DECIMAL(14,0) AS figure,
        ('0.' || repeat('0', least(decimals, {STORED_DECIMALS})) || '5')::DECIMAL(10,9)
            * coalesce(unit.to_base, '1')::DECIMAL(14,0) AS half_digit
    FROM raw.actual AS actual
    INNER JOIN repeated_row USING (row_no)
    LEFT JOIN lookup_unit AS unit ON unit.unit_text = actual.unit_text
    WHERE actual.file_id = $file_id
),
held_against AS (
    SELECT
        *,
        max(figure) OVER finer - figure > half_digit
            OR figure - min(figure) OVER finer > half_digit
            OR figure < max(figure - half_digit) OVER coarser
            OR figure > min(figure + half_digit) OVER coarser
            OR min(dimension) OVER one_key <> max(dimension) OVER one_key
            OR (measure NOT IN ('value', 'rank') AND min(value_text) OVER one_key <> max(value_text) OVER one_key)
            AS is_contradicted
    FROM figures
    WINDOW
        one_key AS (PARTITION BY key_no),
        finer AS (PARTITION BY key_no ORDER BY half_digit RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        coarser AS (PARTITION BY key_no ORDER BY half_digit DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
named AS (
    SELECT
        key_no,
        list(row_no || ' (' || left(value_text, 100) || unit_text || ')' ORDER BY row_no) AS stand_there
    FROM held_against WHERE is_contradicted GROUP BY key_no
),
worded AS (
    SELECT
        row_no,
        array_to_string(stand_there[:{ROWS_NAMED}], ', ')
            || CASE WHEN len(stand_there) > {ROWS_NAMED} THEN ' … (' || len(stand_there) || ')' ELSE '' END AS stand_where
    FROM held_against INNER JOIN named USING (key_no)
    WHERE is_contradicted
)
SELECT
    row_no,
    '同一键同一来源有不同数值：第 ' || stand_where || ' 行，请只保留正确的一行' AS reason,
    'the same key and source stand in this file with different values, rows ' || stand_where || ': keep the one that is right'
        AS reason_en
FROM worded"""
