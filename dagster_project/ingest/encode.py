"""From rows of text to rows of codes: the table `landing_cell`, one row for each row of a file.

A table of figures has few different words and many different numbers. Words become codes of enumerations, one a
column, so that what they mean is found out once a word and not once a row; numbers written plainly become decimals.
What cells mean is not decided here.
"""

import duckdb

from dagster_project.ingest.landing_table import LandingRows
from dagster_project.ingest.layout import LAYOUT_COLUMNS
from dagster_project.ingest.words import STORED_DECIMALS, figure_of, is_placeholder
from dagster_project.rows import insert_rows

CELL_TABLE = "landing_cell"
WORD_COLUMNS = tuple(column for column in LAYOUT_COLUMNS if column not in ("value", "note"))
"""Columns of few different texts, each of which means something."""

PLAIN_NUMBER = rf"-?(0|[1-9]\d{{0,9}})(\.\d{{1,{STORED_DECIMALS}}})?"
"""Fits DECIMAL(18,8): casting text to a wider decimal is a hundred times slower. Longer numbers are read one by one."""


def enumeration(column: str) -> str:
    """The type of the codes of a column of CELL_TABLE."""
    return f"landing_{column}"


def encode_rows(connection: duckdb.DuckDBPyConnection, rows: LandingRows, units: list[str]) -> int:
    """Fill CELL_TABLE from the rows of a file; returns how many there are.

    Columns: row_no, every column of WORD_COLUMNS (an enumeration; '' where the file has no such column), number,
    decimals, value_text (null for a plain number; else what stands there, '' for a placeholder) and note. `units` are
    the words that may stand behind a number; such a word counts as the row's unit where that is empty.
    Raises duckdb.InvalidInputException if DuckDB's reader meets an irregular row.
    """
    columns = [column for column in WORD_COLUMNS if column in rows.columns]
    if rows.sample is None or not _store_rows(connection, rows, columns, units, rows.sample):
        _store_rows(connection, rows, columns, units, rows.relation)
    absent = "".join(
        f", ''::{enumeration(column)} AS {column}"
        for column in WORD_COLUMNS
        if column not in rows.columns and column != "unit"
    )
    numbers = f"rowid + {rows.first_row} AS row_no, *" if rows.first_row else "*"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {CELL_TABLE} AS SELECT {numbers}{absent} FROM {CELL_TABLE}_stored"
    )
    _read_other_values(connection, set(units))
    return connection.execute(f"SELECT count(*) FROM {CELL_TABLE}_stored").fetchone()[0]


def _store_rows(
    connection: duckdb.DuckDBPyConnection,
    rows: LandingRows,
    columns: list[str],
    units: list[str],
    words_from: str,
) -> bool:
    """Store the rows with codes for the words found in the relation `words_from`; False if other words came up."""
    distinct = ", ".join(f"list(DISTINCT {column})" for column in columns)
    found = connection.execute(f"SELECT {distinct} FROM {words_from}").fetchone()
    words = dict(zip(columns, found, strict=True))
    for column in WORD_COLUMNS:
        known = dict.fromkeys(["", *(word for word in words.get(column) or () if word is not None)])
        known |= dict.fromkeys(rows.likely_words.get(column, ()) if words_from == rows.sample else ())
        if column == "unit":  # it may yet be found behind a number
            known |= dict.fromkeys(units)
        connection.execute(
            f"CREATE OR REPLACE TEMP TYPE {enumeration(column)} AS ENUM (SELECT unnest(?::VARCHAR[]))",
            [list(known)],
        )
    codes = "".join(
        f"try_cast(coalesce({column}, '') AS {enumeration(column)}) AS {column}, " for column in columns
    )
    if "unit" not in columns:
        codes += f"''::{enumeration('unit')} AS unit, "
    # rows get their numbers from where DuckDB stored them: numbering them in the query would keep it from reading in
    # parallel; nothing is ever deleted from this table
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {CELL_TABLE}_stored AS
            SELECT
                {"" if rows.first_row else "row_no, "}{codes}
                CASE WHEN regexp_full_match(value, '{PLAIN_NUMBER}') THEN value::DECIMAL(18,{STORED_DECIMALS}) END AS number,
                (CASE WHEN number IS NOT NULL AND instr(value, '.') > 0 THEN length(value) - instr(value, '.') ELSE 0 END)
                    ::TINYINT AS decimals,
                CASE WHEN number IS NULL THEN coalesce(value, '') END AS value_text,
                {"note" if "note" in rows.columns else "NULL::VARCHAR AS note"}
            FROM {rows.relation}"""
    )
    unknown = " OR ".join(f"count({column}) < count(*)" for column in columns)
    return not connection.execute(f"SELECT {unknown} FROM {CELL_TABLE}_stored").fetchone()[0]


def _read_other_values(connection: duckdb.DuckDBPyConnection, units: set[str]) -> None:
    """Read the values that are no plain numbers, each text once: 1,234.5, 62.13%, 12万元, 待公布."""
    texts = connection.execute(
        f"SELECT DISTINCT value_text FROM {CELL_TABLE}_stored WHERE value_text <> ''"
    ).fetchall()
    read = []
    for (text,) in texts:
        if is_placeholder(text):
            read.append((text, "", None, 0, ""))
        elif (figure := figure_of(text)) and (not figure.unit or figure.unit in units):
            read.append((text, figure.digits, str(figure.number), figure.decimals, figure.unit))
    if not read:
        return
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE value_read (
            text VARCHAR, shown VARCHAR, number DECIMAL(24,{STORED_DECIMALS}), decimals TINYINT, unit {enumeration("unit")})"""
    )
    insert_rows(connection, "value_read", read)
    connection.execute(f"ALTER TABLE {CELL_TABLE}_stored ALTER number TYPE DECIMAL(24,{STORED_DECIMALS})")
    # a unit behind the number that is not the one of the unit's column makes it no number
    connection.execute(
        f"""UPDATE {CELL_TABLE}_stored AS cell
            SET value_text = read.shown, number = read.number, decimals = read.decimals,
                unit = CASE WHEN read.unit = '' THEN cell.unit ELSE read.unit END
            FROM value_read AS read
            WHERE cell.value_text = read.text AND (read.unit IN ('', cell.unit) OR cell.unit = '')"""
    )
