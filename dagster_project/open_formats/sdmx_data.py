"""Actuals and targets as SDMX-CSV 2.0, one file a dataflow; docs/open-formats.md says what each column holds.

Only what has a place in SDMX: figures with their dimensions. A grade or a target in words stands in the Parquet files.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

AGENCY = "COMMON_PROSPERITY"
VERSION = "1.0.0"
ACTUALS, TARGETS = "ACTUALS", "TARGETS"

# our period codes as SDMX time periods: a range of ISO 8601 where SDMX has no standard period
TIME_PERIOD = """
    CASE period_type
        WHEN 'year' THEN period
        WHEN 'half' THEN concat(year, '-S', right(period, 1))
        WHEN 'quarter' THEN concat(year, '-Q', right(period, 1))
        WHEN 'month' THEN strftime(period_start, '%Y-%m')
        WHEN 'year_to_date' THEN concat(period_start, '/P', datediff('month', period_start, period_end) + 1, 'M')
        WHEN 'span' THEN concat(period_start, '/P', datediff('year', period_start, period_end) + 1, 'Y')
    END"""
FREQ = """
    CASE period_type WHEN 'year' THEN 'A' WHEN 'half' THEN 'S' WHEN 'quarter' THEN 'Q' WHEN 'month' THEN 'M' ELSE '_Z' END"""


def _number(value: str) -> str:
    """A DECIMAL without the zeros that say nothing."""
    return rf"regexp_replace(cast({value} AS VARCHAR), '\.?0+$', '')"


def _text(value: str) -> str:
    """A text that a spreadsheet must not take for a formula gets an apostrophe before it."""
    return rf"CASE WHEN regexp_matches({value}, '^[=+\-@\t\r]') THEN '''' || {value} ELSE {value} END"


def _head(dataflow: str) -> str:
    return f"'dataflow' AS STRUCTURE, '{AGENCY}:{dataflow}({VERSION})' AS STRUCTURE_ID, 'I' AS ACTION"


ACTUALS_QUERY = f"""
    SELECT {_head(ACTUALS)},
        {FREQ} AS FREQ, actual.region_code AS REF_AREA, actual.indicator_id AS INDICATOR, actual.scope AS SCOPE,
        actual.measure AS MEASURE, {TIME_PERIOD} AS TIME_PERIOD, {_number("actual.value")} AS OBS_VALUE,
        CASE WHEN actual.observation_status = 'preliminary' THEN 'P' ELSE 'A' END AS OBS_STATUS,
        CASE actual.measure WHEN 'rank' THEN 'RANK' ELSE unit.unit_measure END AS UNIT_MEASURE,
        CASE actual.measure WHEN 'rank' THEN 0 ELSE unit.unit_mult END AS UNIT_MULT,
        actual.observation_status AS REVISION_STATUS, {_text("actual.value_text")} AS VALUE_TEXT,
        {_text("actual.source_id")} AS DATA_SOURCE
    FROM marts.fct_actual AS actual
    INNER JOIN marts.dim_period AS period USING (period)
    INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
    INNER JOIN marts.dim_unit AS unit ON indicator.unit = unit.unit
    WHERE actual.value IS NOT NULL
    ORDER BY ALL"""
TARGETS_QUERY = f"""
    WITH bounds AS (
        SELECT target_id, 'target' AS bound, target_value_std AS value FROM marts.fct_target
        UNION ALL SELECT target_id, 'upper', target_value_high_std FROM marts.fct_target
        UNION ALL SELECT target_id, 'stretch', stretch_value_std FROM marts.fct_target
    )
    SELECT {_head(TARGETS)},
        {FREQ} AS FREQ, target.region_code AS REF_AREA, target.indicator_id AS INDICATOR, target.scope AS SCOPE,
        target.document_id AS DOCUMENT,
        {_text("concat_ws(':', target.table_ref, target.line_no, target.column_ref, target.part_no)")} AS TARGET_CELL,
        bounds.bound AS BOUND, {TIME_PERIOD} AS TIME_PERIOD, {_number("bounds.value")} AS OBS_VALUE,
        CASE WHEN target.is_provisional THEN 'P' ELSE 'A' END AS OBS_STATUS,
        unit.unit_measure AS UNIT_MEASURE, unit.unit_mult AS UNIT_MULT,
        target.target_kind AS TARGET_KIND,
        CASE target.comparator WHEN '>=' THEN 'GE' WHEN '>' THEN 'GT' WHEN '<=' THEN 'LE' WHEN '<' THEN 'LT' WHEN '~' THEN 'AB' END
            AS COMPARATOR,
        target.is_primary AS IS_PRIMARY, {_text("target.value_text")} AS VALUE_TEXT
    FROM marts.fct_target AS target
    INNER JOIN bounds USING (target_id)
    INNER JOIN marts.dim_period AS period USING (period)
    INNER JOIN marts.fct_attainment AS attainment ON target.target_id = attainment.target_id AND attainment.is_current
    -- what a growth or a rank counts in is not the indicator's own unit
    INNER JOIN marts.dim_unit AS unit ON attainment.measured_unit = unit.unit
    WHERE bounds.value IS NOT NULL
    ORDER BY ALL"""
DATAFLOWS = {ACTUALS: ACTUALS_QUERY, TARGETS: TARGETS_QUERY}


def file_name(dataflow: str) -> str:
    """The CSV of a dataflow."""
    return f"{dataflow.lower()}.csv"


def write_sdmx_data(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Write one SDMX-CSV file for each dataflow."""
    for dataflow, query in DATAFLOWS.items():
        connection.execute(f"COPY ({query}) TO '{folder / file_name(dataflow)}' (FORMAT csv, HEADER)")
