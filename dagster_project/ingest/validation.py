"""Accepting or refusing each row of one file, in SQL, all reasons at once.

A refused row keeps its text and its reasons. What an accepted row means (indicator, standard unit) is decided later,
in dbt; here a value must be readable, its region, unit and period known, and the file must not contradict itself.
"""

from pathlib import Path

import duckdb

from dagster_project.ingest.layout import LAYOUT_COLUMNS, MEASURES, SCOPES, STATUSES

PERIOD_PATTERN = (
    r"^(19|20)\d\d(H[12]|Q[1-4]|M(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])-(0[1-9]|1[0-2])|-(19|20)\d\d)?$"
)
NUMBER_PATTERN = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,40})?$"
DATE_PATTERN = r"^(19|20)\d\d([-/.])\d{1,2}[-/.]\d{1,2}$"
MAX_INTEGER_DIGITS = 15
MAX_BASE_VALUE = "1e16"
"""Larger than any figure in the smallest unit of its dimension; the decimals downstream hold what is smaller."""
STORED_DECIMALS = 8
ROWS_NAMED = 6
"""How many of the rows that contradict each other a reason names."""
BLANKS = "' \t\r\n　\u00a0\u200b\ufeff'"
BLANK_AT_AN_END = r"'^[\s　\x{a0}\x{200b}\x{feff}]|[\s　\x{a0}\x{200b}\x{feff}]$'"

WORD_COLUMNS = ("scope", "measure", "status", "unit", "period", "reported_at")
"""Columns of few different texts, each of which means something."""

RAW_ACTUAL_COLUMNS = """
    file_id VARCHAR, row_no BIGINT, region_code VARCHAR, region_text VARCHAR, indicator_text VARCHAR,
    qualifier VARCHAR, scope VARCHAR, period VARCHAR, measure VARCHAR, value DECIMAL(24,8), decimals TINYINT,
    value_text VARCHAR, unit_text VARCHAR, status VARCHAR, source_title VARCHAR, source_url VARCHAR,
    reported_at DATE, note VARCHAR, indicator_code VARCHAR, is_confirmed BOOLEAN"""
RAW_REJECTED_COLUMNS = """
    file_id VARCHAR, row_no BIGINT, reason VARCHAR, reason_en VARCHAR, column_names VARCHAR[],
    waits_for_seeds BOOLEAN, row_text VARCHAR"""

OWN_CHECKS = (
    ("indicator_text = ''", "'没有指标名称，请填写 / no indicator name: fill it in'"),
    ("source_title = ''", "'没有来源，请填写 / no source: say who published the figure'"),
    (
        "NOT period_is_readable",
        "'时期无法识别 / period ' || shown(period) || ' is not read: 请写成 / write 2023, 2023H1, 2023Q2, 2023M06, 2020M01-09 or 2021-2025'",
    ),
    (
        r"period_is_readable AND regexp_matches(period, '^\d{4}-') AND left(period, 4) >= right(period, 4)",
        "'时期颠倒，请对调起止年份 / period ' || shown(period) || ' ends before it starts: swap the years'",
    ),
    (
        "period_is_readable AND regexp_matches(period, 'M.*-') AND period[6:7] > right(period, 2)",
        "'时期颠倒，请对调起止月份 / period ' || shown(period) || ' ends before it starts: swap the months'",
    ),
    (
        "known_scope IS NULL",
        "'口径无法识别 / unknown scope ' || shown(scope) || ': 请留空或写成 / leave it empty or write 大口径 wide, 小口径 narrow, 区本级 own_level, 市区 urban'",
    ),
    (
        "scope_of_alias <> scope_meant AND scope_meant <> 'unspecified'",
        "'口径与地区不符，请改正其一 / ' || shown(trim(region_code || ' ' || region_name)) || ' means the scope ' || scope_of_alias || ', but the row says ' || shown(scope) || ': correct one of them'",
    ),
    (
        "known_measure IS NULL",
        "'度量无法识别 / unknown measure ' || shown(measure) || ': 请留空或写成 / leave it empty or write 数值 value, 位次 rank, 等级 grade, 完成情况 completion'",
    ),
    (
        "known_status IS NULL",
        "'状态无法识别 / unknown status ' || shown(status) || ': 请留空或写成 / leave it empty or write 初步 preliminary, 修订 revised, 最终 final, 撤回 retracted'",
    ),
    (
        "reported_at <> '' AND known_date IS NULL",
        "'发布日期无法识别 / reported_at ' || shown(reported_at) || ' is no date: 请写成 / write 2024-03-31'",
    ),
    (
        "value = '' AND known_status IS DISTINCT FROM 'retracted'",
        "'没有数值，请填写或删除该行 / no value: fill it in, or leave the row out'",
    ),
    (
        "value <> '' AND known_measure IN ('value', 'rank') AND NOT value_is_number",
        "'不是数字 / value ' || shown(value) || ' is no number: 请只写半角数字，单位写入单位列 / write plain digits such as 1234.5, the unit in its column'",
    ),
    (
        "value_is_number AND known_measure IN ('value', 'rank') AND NOT value_fits",
        "'数值过大，请核对单位 / value ' || shown(value || unit) || ' is larger than any figure can be: look for a wrong unit'",
    ),
)
SEED_CHECKS = (
    (
        "known_region IS NULL AND bearers > 1",
        "'地区名称不唯一，请填写区划代码 / region name ' || shown(region_name) || ' is borne by ' || bearers || ' regions: give the code'",
    ),
    (
        "known_region IS NULL AND bearers <= 1",
        "'地区未知，请改正，或补充 / unknown region ' || shown(trim(region_code || ' ' || region_name)) || ': correct it, or add it to seeds/region.csv'",
    ),
    (
        "name_of_code <> '' AND region_name <> '' AND region_name <> name_of_code",
        "'代码与名称不符，请改正其一 / code ' || region_code || ' is ' || name_of_code || ', but the row says ' || shown(region_name) || ': correct one of them'",
    ),
    (
        "NOT unit_is_known",
        "'单位未知，请改正，或补充 / unknown unit ' || shown(unit) || ': correct it, or add it to seeds/unit.csv'",
    ),
)
"""Condition and reason, in SQL over the columns of `_resolved`. A row is accepted where no condition holds."""


def _lookup(connection: duckdb.DuckDBPyConnection, table: str, words: dict[str, str]) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest(?) AS word, unnest(?) AS meaning",
        [list(words), list(words.values())],
    )


def load_lookups(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """Load what rows are checked against: regions, aliases and units of the seeds, and the layout's words.

    Raises ValueError where a seed has a key twice: rows would be doubled.
    """
    for name, key in (("region", "region_code"), ("region_alias", None), ("unit", "unit_text")):
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE lookup_{name} AS
                SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',', quote = '"')""",
            [str(seeds / f"{name}.csv")],
        )
        if key:
            query = f"SELECT {key} FROM lookup_{name} GROUP BY {key} HAVING count(*) > 1 ORDER BY {key}"
            doubled = [row[0] for row in connection.execute(query).fetchall()]
            if doubled:
                raise ValueError(
                    f"种子重复，请删除其一 / seeds/{name}.csv has {key} {doubled} more than once: keep one"
                )
    _lookup(connection, "lookup_scope", SCOPES)
    _lookup(connection, "lookup_measure", MEASURES)
    _lookup(connection, "lookup_status", STATUSES)
    connection.execute("CREATE OR REPLACE TEMP MACRO shown(cell) AS '''' || left(cell, 100) || ''''")


def split_rows(connection: duckdb.DuckDBPyConnection, table: str, file_id: str) -> tuple[int, int]:
    """Judge the rows of `table` (as `readers` fills it) and insert them into raw.actual or raw.rejected_row.

    Rows without any text in a column of the layout are no rows. Returns how many were accepted and how many
    refused. `load_lookups` must have run on the connection.
    """
    connection.execute(f"CREATE OR REPLACE TEMP VIEW landing_row AS {_trimmed_rows(connection, table)}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known_place AS {_KNOWN_PLACES}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known_word AS {_KNOWN_WORDS}")
    own_faults, seed_faults = (
        " OR ".join(f"({condition})" for condition, _ in checks) for checks in (OWN_CHECKS, SEED_CHECKS)
    )
    connection.execute(
        f"""
INSERT INTO raw.actual
SELECT
    '{file_id}', row_no, known_region, trim(region_code || ' ' || region_name), indicator_text, qualifier, known_scope,
    period, known_measure, CASE WHEN known_measure IN ('value', 'rank') THEN number END,
    length(regexp_extract(value, '\\.(\\d+)$', 1)),
    value, unit, known_status, source_title, source_url, known_date, note,
    indicator_id, confirmed = '是'
FROM ({_resolved("landing_row")}) WHERE NOT coalesce({own_faults} OR {seed_faults}, false)"""
    )
    _refuse_contradictions(connection, file_id)
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE refused_row AS
SELECT * FROM landing_row
WHERE row_no IN (SELECT row_no FROM landing_row EXCEPT SELECT row_no FROM raw.actual WHERE file_id = '{file_id}')"""
    )
    refused = connection.execute("SELECT count(*) FROM refused_row").fetchone()[0]
    if refused:
        _keep_refused(connection, file_id, own_faults)
    accepted = connection.execute("SELECT count(*) FROM raw.actual WHERE file_id = ?", [file_id]).fetchone()[
        0
    ]
    return accepted, refused


def _keep_refused(connection: duckdb.DuckDBPyConnection, file_id: str, own_faults: str) -> None:
    """Insert the table `refused_row` into raw.rejected_row, with all reasons and the text of each row."""
    reasons = ", ".join(
        f"CASE WHEN {condition} THEN {reason} END" for condition, reason in OWN_CHECKS + SEED_CHECKS
    )
    row_text = " || ' | ' || ".join(LAYOUT_COLUMNS)
    connection.execute(
        f"""
INSERT INTO raw.rejected_row
SELECT
    '{file_id}', row_no,
    coalesce(contradiction.reason, array_to_string([{reasons}], '; ')),
    '', []::VARCHAR[],
    contradiction.reason IS NULL AND NOT coalesce({own_faults}, false),
    {row_text}
FROM ({_resolved("refused_row")})
LEFT JOIN contradiction USING (row_no)
ORDER BY row_no"""
    )


def _trimmed_rows(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The query for the rows of `table` without blanks around cells. Trimming is slow: only where there are any."""
    tests = ", ".join(
        f"(SELECT bool_or(regexp_matches({column}, {BLANK_AT_AN_END})) FROM (SELECT DISTINCT {column} FROM {table}))"
        for column in LAYOUT_COLUMNS
    )
    needs_trimming = connection.execute(f"SELECT {tests}").fetchone()
    cells = {
        column: f"coalesce(trim({column}, {BLANKS}), '')" if is_needed else f"coalesce({column}, '')"
        for column, is_needed in zip(LAYOUT_COLUMNS, needs_trimming, strict=True)
    }
    selected = ", ".join(f"{cell} AS {column}" for column, cell in cells.items())
    is_row = " OR ".join(f"{cell} <> ''" for cell in cells.values())
    return f"SELECT row_no, {selected} FROM {table} WHERE {is_row}"


_KNOWN_PLACES = """
WITH places AS (
    SELECT DISTINCT region_code, region_name FROM landing_row
),
names AS (
    SELECT region_name, any_value(region_code) AS region_code, count(*) AS bearers FROM lookup_region GROUP BY region_name
),
aliases AS (
    SELECT
        places.region_code, places.region_name,
        min(alias.region_code) AS known_region, min(alias.scope) AS alias_scope
    FROM places
    INNER JOIN lookup_region_alias AS alias
        ON coalesce(alias.printed_code, '') = places.region_code
        AND (alias.printed_name = places.region_name OR (places.region_name = '' AND places.region_code <> ''))
    GROUP BY ALL
    HAVING count(DISTINCT alias.region_code) = 1
)
SELECT
    places.region_code,
    places.region_name,
    coalesce(aliases.known_region, by_code.region_code, CASE WHEN names.bearers = 1 THEN names.region_code END) AS known_region,
    nullif(aliases.alias_scope, '') AS scope_of_alias,
    coalesce(by_code.region_name, '') AS name_of_code,
    CASE WHEN places.region_code = '' THEN coalesce(names.bearers, 0) ELSE 0 END AS bearers
FROM places
LEFT JOIN aliases ON aliases.region_code = places.region_code AND aliases.region_name = places.region_name
LEFT JOIN lookup_region AS by_code ON by_code.region_code = places.region_code
LEFT JOIN names ON names.region_name = places.region_name AND places.region_code = ''
"""
"""Each pair of code and name in the file, resolved once."""


_KNOWN_WORDS = f"""
SELECT
    words.*,
    scope_word.meaning AS scope_meant,
    measure_word.meaning AS known_measure,
    status_word.meaning AS known_status,
    unit.unit_text IS NOT NULL OR words.unit = '' AS unit_is_known,
    coalesce(unit.to_base, '1')::DOUBLE AS to_base,
    regexp_matches(words.period, '{PERIOD_PATTERN}') AS period_is_readable,
    CASE WHEN regexp_matches(words.reported_at, '{DATE_PATTERN}')
        THEN try_cast(translate(words.reported_at, '/.', '--') AS DATE) END AS known_date
FROM (SELECT DISTINCT {", ".join(WORD_COLUMNS)} FROM landing_row) AS words
LEFT JOIN lookup_scope AS scope_word ON scope_word.word = lower(words.scope)
LEFT JOIN lookup_measure AS measure_word ON measure_word.word = lower(words.measure)
LEFT JOIN lookup_status AS status_word ON status_word.word = lower(words.status)
LEFT JOIN lookup_unit AS unit ON unit.unit_text = words.unit
"""
"""Each combination of words in the file, understood once."""


def _resolved(rows: str) -> str:
    """The query for the rows of a table with what they mean, in the columns that the checks speak of.

    A value such as 62.13% with the unit % or none is read as 62.13 with the unit %. Numbers are cast to a small decimal
    where that is enough: casting to a wide one is a hundred times slower.
    """
    return f"""
WITH cells AS (
    SELECT
        * REPLACE (
            CASE WHEN is_per_cent THEN rtrim(value, ' %') ELSE value END AS value,
            CASE WHEN is_per_cent THEN '%' ELSE unit END AS unit
        )
    FROM (
        SELECT rows.*, place.* EXCLUDE (region_code, region_name), word.* EXCLUDE ({", ".join(WORD_COLUMNS)}),
            regexp_matches(rows.value, '[^%]%$') AND rows.unit IN ('', '%') AS is_per_cent
        FROM {rows} AS rows
        LEFT JOIN known_place AS place ON place.region_code = rows.region_code AND place.region_name = rows.region_name
        LEFT JOIN known_word AS word ON {" AND ".join(f"word.{column} = rows.{column}" for column in WORD_COLUMNS)}
    )
)
SELECT
    *,
    CASE WHEN scope_meant = 'unspecified' THEN coalesce(scope_of_alias, scope_meant) ELSE scope_meant END AS known_scope,
    regexp_matches(value, '{NUMBER_PATTERN}') AS value_is_number,
    CASE WHEN value_is_number AND length(regexp_extract(replace(value, ',', ''), '\\d+')) <= {MAX_INTEGER_DIGITS}
        THEN coalesce(
            try_cast(replace(value, ',', '') AS DECIMAL(18,{STORED_DECIMALS}))::DECIMAL(24,{STORED_DECIMALS}),
            cast(replace(value, ',', '') AS DECIMAL(24,{STORED_DECIMALS}))
        ) END AS number,
    coalesce(abs(number::DOUBLE) * to_base < {MAX_BASE_VALUE}, false) AS value_fits
FROM cells"""


_KEY = "region_code, indicator_text, qualifier, scope, period, measure, source_title, source_url, status, reported_at"


def _refuse_contradictions(connection: duckdb.DuckDBPyConnection, file_id: str) -> None:
    """Take accepted rows that contradict each other out of raw.actual; the table `contradiction` says why.

    Two figures contradict each other if they differ by more than half of the last printed digit of the coarser one.
    So a figure is held against the extremes of those as fine or finer, and against the nearest ends of the coarser.
    """
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE contradiction AS
WITH repeated AS (
    SELECT * FROM raw.actual
    WHERE file_id = '{file_id}' AND hash({_KEY}) IN (
        SELECT hash({_KEY}) FROM raw.actual WHERE file_id = '{file_id}' GROUP BY ALL HAVING count(*) > 1
    )
),
figures AS (
    SELECT
        repeated.*,
        dense_rank() OVER (ORDER BY {_KEY}) AS key_no,
        unit.dimension,
        repeated.value * coalesce(unit.to_base, '1')::DECIMAL(14,0) AS figure,
        ('0.' || repeat('0', least(decimals, {STORED_DECIMALS})) || '5')::DECIMAL(10,9)
            * coalesce(unit.to_base, '1')::DECIMAL(14,0) AS half_digit
    FROM repeated
    LEFT JOIN lookup_unit AS unit ON unit.unit_text = repeated.unit_text
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
)
SELECT
    row_no,
    '同一键同一来源有不同数值，请只保留正确的一行 / the same key and source stand in this file with different values, rows '
        || array_to_string(stand_there[:{ROWS_NAMED}], ', ')
        || CASE WHEN len(stand_there) > {ROWS_NAMED} THEN ' … (' || len(stand_there) || ')' ELSE '' END
        || ': keep the one that is right' AS reason
FROM held_against INNER JOIN named USING (key_no)
WHERE is_contradicted"""
    )
    connection.execute(
        f"DELETE FROM raw.actual WHERE file_id = '{file_id}' AND row_no IN (SELECT row_no FROM contradiction)"
    )
