"""Accepting or refusing each row of one file, in SQL, all reasons at once.

A refused row keeps its text and its reasons. What an accepted row means (indicator, standard unit) is decided later,
in dbt; here a value must be readable, its region, unit and period known, and the file must not contradict itself.
"""

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS, MEASURES, SCOPES, STATUSES

PERIOD_PATTERN = (
    r"^(19|20)\d\d(H[12]|Q[1-4]|M(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])-(0[1-9]|1[0-2])|-(19|20)\d\d)?$"
)
NUMBER_PATTERN = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"
MAX_INTEGER_DIGITS = 15
MAX_BASE_VALUE = "1e16"
"""Larger than any figure in the smallest unit of its dimension; the decimals downstream hold what is smaller."""

RAW_ACTUAL_COLUMNS = """
    file_id VARCHAR, row_no BIGINT, region_code VARCHAR, region_text VARCHAR, indicator_text VARCHAR,
    qualifier VARCHAR, scope VARCHAR, period VARCHAR, measure VARCHAR, value DECIMAL(24,8), decimals TINYINT,
    value_text VARCHAR, unit_text VARCHAR, status VARCHAR, source_title VARCHAR, source_url VARCHAR,
    reported_at DATE, note VARCHAR"""
RAW_REJECTED_COLUMNS = """
    file_id VARCHAR, row_no BIGINT, reason VARCHAR, waits_for_seeds BOOLEAN, row_text VARCHAR"""


def _lookup(connection: duckdb.DuckDBPyConnection, table: str, words: dict[str, str]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (word VARCHAR, meaning VARCHAR)")
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", list(words.items()))


def load_lookups(connection: duckdb.DuckDBPyConnection, seeds) -> None:
    """Load what rows are checked against: regions, aliases and units of the seeds, and the layout's words."""
    options = "all_varchar = true, header = true, delim = ',', quote = '\"'"
    for name in ("region", "region_alias", "unit"):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE lookup_{name} AS SELECT * FROM read_csv('{seeds / name}.csv', {options})"
        )
    _lookup(connection, "lookup_scope", SCOPES)
    _lookup(connection, "lookup_measure", MEASURES)
    _lookup(connection, "lookup_status", STATUSES)


def split_rows(connection: duckdb.DuckDBPyConnection, table: str, file_id: str) -> tuple[int, int]:
    """Judge the rows of `table` (as `readers` fills it) and insert them into raw.actual or raw.rejected_row.

    Returns how many were accepted and how many refused. `load_lookups` must have run on the connection.
    """
    trimmed = ", ".join(
        f"coalesce(trim({column}, ' \t\r\n　\u00a0'), '') AS {column}" for column in LAYOUT_COLUMNS
    )
    row_text = " || ' | ' || ".join(f"coalesce({column}, '')" for column in LAYOUT_COLUMNS)
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE judged AS
WITH cells AS (
    SELECT row_no, {trimmed} FROM {table}
),
region_names AS (
    SELECT region_name, any_value(region_code) AS region_code, count(*) AS bearers FROM lookup_region GROUP BY region_name
),
resolved AS (
    SELECT
        cells.*,
        coalesce(alias.region_code, by_code.region_code, CASE WHEN cells.region_code = '' AND names.bearers = 1 THEN names.region_code END) AS known_region,
        by_code.region_name AS name_of_code,
        names.bearers,
        coalesce(nullif(alias.scope, ''), scope_word.meaning) AS known_scope,
        measure_word.meaning AS known_measure,
        status_word.meaning AS known_status,
        unit.unit_text IS NOT NULL OR cells.unit = '' AS unit_is_known,
        regexp_matches(cells.period, '{PERIOD_PATTERN}') AS period_is_readable,
        regexp_matches(cells.value, '{NUMBER_PATTERN}') AS value_is_number,
        length(regexp_extract(replace(cells.value, ',', ''), '\\d+')) <= {MAX_INTEGER_DIGITS} AS value_fits,
        try_cast(nullif(cells.reported_at, '') AS DATE) AS known_date,
        CASE WHEN value_is_number AND value_fits
            THEN cast(replace(cells.value, ',', '') AS DECIMAL(24,8)) * coalesce(unit.to_base, '1')::DECIMAL(14,0) END AS comparable_value,
        coalesce(unit.to_base, '1')::DOUBLE / 10 ** length(regexp_extract(cells.value, '\\.(\\d+)$', 1)) AS printed_precision
    FROM cells
    LEFT JOIN lookup_region AS by_code ON by_code.region_code = cells.region_code
    LEFT JOIN lookup_region_alias AS alias
        ON coalesce(alias.printed_code, '') = cells.region_code
        AND (alias.printed_name = cells.region_name OR (cells.region_name = '' AND cells.region_code <> ''))
    LEFT JOIN region_names AS names ON names.region_name = cells.region_name
    LEFT JOIN lookup_scope AS scope_word ON scope_word.word = lower(cells.scope)
    LEFT JOIN lookup_measure AS measure_word ON measure_word.word = lower(cells.measure)
    LEFT JOIN lookup_status AS status_word ON status_word.word = lower(cells.status)
    LEFT JOIN lookup_unit AS unit ON unit.unit_text = cells.unit
),
with_reasons AS (
    SELECT
        *,
        list_filter([
            CASE WHEN indicator_text = '' THEN '没有指标名称 / no indicator name' END,
            CASE WHEN source_title = '' THEN '没有来源 / no source' END,
            CASE WHEN NOT period_is_readable
                THEN '时期无法识别 / period ''' || period || ''' is not read: write 2023, 2023H1, 2023Q2, 2023M06, 2020M01-09 or 2021-2025' END,
            CASE WHEN period_is_readable AND regexp_matches(period, '^\\d{{4}}-') AND left(period, 4) >= right(period, 4)
                THEN '时期颠倒 / period ''' || period || ''' ends before it starts' END,
            CASE WHEN known_scope IS NULL THEN '口径无法识别 / unknown scope ''' || scope || '''' END,
            CASE WHEN known_measure IS NULL THEN '度量无法识别 / unknown measure ''' || measure || '''' END,
            CASE WHEN known_status IS NULL THEN '状态无法识别 / unknown status ''' || status || '''' END,
            CASE WHEN reported_at <> '' AND known_date IS NULL
                THEN '发布日期无法识别 / reported_at ''' || reported_at || ''' is no date: write 2024-03-31' END,
            CASE WHEN value = '' AND known_status IS DISTINCT FROM 'retracted' THEN '没有数值 / no value' END,
            CASE WHEN value <> '' AND known_measure IN ('value', 'rank') AND NOT value_is_number
                THEN '不是数字 / value ''' || value || ''' is no number' END,
            CASE WHEN value <> '' AND known_measure IN ('value', 'rank') AND value_is_number
                AND (NOT value_fits OR abs(comparable_value) >= {MAX_BASE_VALUE})
                THEN '数值过大 / value ''' || value || unit || ''' is larger than any figure can be: look for a wrong unit' END
        ], lambda reason: reason IS NOT NULL) AS own_reasons,
        list_filter([
            CASE WHEN known_region IS NULL AND bearers > 1 AND region_code = ''
                THEN '地区名称不唯一 / region name ''' || region_name || ''' is borne by ' || bearers || ' regions: give the code' END,
            CASE WHEN known_region IS NULL AND NOT (bearers > 1 AND region_code = '')
                THEN '地区未知 / unknown region ''' || trim(region_code || ' ' || region_name) || ''': correct it, or add it to seeds/region.csv' END,
            CASE WHEN region_code <> '' AND name_of_code IS NOT NULL AND region_name <> '' AND region_name <> name_of_code
                THEN '代码与名称不符 / code ' || region_code || ' is ' || name_of_code || ', but the row says ''' || region_name || '''' END,
            CASE WHEN NOT unit_is_known
                THEN '单位未知 / unknown unit ''' || unit || ''': correct it, or add it to seeds/unit.csv' END
        ], lambda reason: reason IS NOT NULL) AS seed_reasons
    FROM resolved
),
contradictions AS (
    SELECT
        *,
        CASE WHEN len(own_reasons) = 0 AND len(seed_reasons) = 0
            AND CASE WHEN known_measure IN ('value', 'rank')
                THEN (max(comparable_value) OVER same_key - min(comparable_value) OVER same_key) * 2
                    > max(printed_precision) OVER same_key
                ELSE min(value) OVER same_key <> max(value) OVER same_key END
            THEN '同一键同一来源有不同数值 / the same key and source stand in this file with different values: '
                || list_aggregate(list_sort(list(row_no || ' (' || value || unit || ')') OVER same_key), 'string_agg', ', ')
        END AS contradiction
    FROM with_reasons
    WINDOW same_key AS (
        PARTITION BY known_region, indicator_text, qualifier, known_scope, period, known_measure, source_title, source_url,
            known_status, known_date, len(own_reasons) + len(seed_reasons) = 0
    )
)
SELECT
    *,
    array_to_string(own_reasons || seed_reasons || CASE WHEN contradiction IS NULL THEN [] ELSE [contradiction] END, '; ') AS reason,
    len(own_reasons) = 0 AND contradiction IS NULL AND len(seed_reasons) > 0 AS waits_for_seeds
FROM contradictions
"""
    )
    connection.execute(
        f"""
INSERT INTO raw.rejected_row
SELECT '{file_id}', row_no, reason, waits_for_seeds, {row_text} FROM judged WHERE reason <> '' ORDER BY row_no"""
    )
    connection.execute(
        f"""
INSERT INTO raw.actual
SELECT
    '{file_id}', row_no, known_region, trim(region_code || ' ' || region_name), indicator_text, qualifier, known_scope,
    period, known_measure,
    CASE WHEN known_measure IN ('value', 'rank') THEN cast(nullif(replace(value, ',', ''), '') AS DECIMAL(24,8)) END,
    length(regexp_extract(value, '\\.(\\d+)$', 1)),
    value, unit, known_status, source_title, source_url, known_date, note
FROM judged WHERE reason = '' ORDER BY row_no"""
    )
    refused = connection.execute("SELECT count(*) FROM judged WHERE reason <> ''").fetchone()[0]
    accepted = connection.execute("SELECT count(*) FROM judged WHERE reason = ''").fetchone()[0]
    return accepted, refused
