"""Sorting the encoded rows of one file into accepted, refused and not reported, and putting them into `raw`.

Every refused row gets all its reasons at once, the columns at fault and its text. Whether accepted rows contradict
each other is looked at last, by `contradiction`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from dagster_project.ingest import contradiction
from dagster_project.ingest.encode import CELL_TABLE, WORD_COLUMNS, enumeration
from dagster_project.ingest.judge import KnownSeeds, label_of
from dagster_project.ingest.landing_table import LandingRows
from dagster_project.ingest.layout import LAYOUT_COLUMNS
from dagster_project.ingest.raw_tables import TABLES, next_number, printed_value
from dagster_project.ingest.words import MAX_INTEGER_DIGITS
from dagster_project.rows import insert_rows

MAX_BASE_VALUE = "1e16"
"""Larger than any figure in the smallest unit of its dimension; the decimals downstream hold what is smaller."""

TRUE = "true"


@dataclass(frozen=True)
class RowCounts:
    """How many rows of a file came to what. Rows without any text count nowhere."""

    accepted: int
    refused: int
    not_reported: int


@dataclass(frozen=True)
class Dimension:
    """One kind of combination: of which columns, and which of its attributes tell rows of one key apart.

    `carried`: attribute -> type, of what the rows are judged by besides.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    carried: dict[str, str]


PLACE = Dimension("place", ("region_code", "region_name"), ("region_code",), {"scope": "VARCHAR"})
LABEL = Dimension(
    "label",
    ("indicator_id", "indicator_text", "qualifier"),
    ("indicator_code", "indicator_text", "qualifier"),
    {},
)
CIRCUMSTANCE = Dimension(
    "circumstance",
    tuple(column for column in WORD_COLUMNS if column not in PLACE.columns + LABEL.columns),
    ("period", "measure", "status", "source_title", "source_url", "reported_at"),
    {"scope": "VARCHAR", "takes_number": "BOOLEAN", "may_be_empty": "BOOLEAN", "to_base": "DOUBLE"},
)


def sort_rows(
    connection: duckdb.DuckDBPyConnection, rows: LandingRows, seeds: KnownSeeds, file_no: int, file_id: str
) -> RowCounts:
    """Put the rows of CELL_TABLE into raw.actual_row or raw.rejected_row. Rows without a figure go nowhere."""
    seen = connection.execute(f"SELECT count(*) FROM {CELL_TABLE}").fetchone()[0]
    if not seen:
        return RowCounts(0, 0, 0)
    saved_on = rows.facts.saved_at.date() if rows.facts.is_ours and rows.facts.saved_at else None
    judges: tuple[tuple[Dimension, Callable[..., Any]], ...] = (
        (PLACE, seeds.place_of),
        (LABEL, label_of),
        (CIRCUMSTANCE, lambda *words: seeds.circumstance_of(*words, reported_by_default=saved_on)),
    )
    parts: dict[str, str] = {}
    for dimension, judge in judges:
        combinations = connection.execute(
            f"SELECT DISTINCT {', '.join(dimension.columns)} FROM {CELL_TABLE}"
        ).fetchall()
        judged = [(combination, judge(*combination)) for combination in combinations]
        parts |= _keep_combinations(connection, dimension, judged, file_no)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW landing_judged AS {_JUDGED.format(**parts)}")
    is_plain = _is_plain(connection, parts)
    table = "plain_row" if is_plain else "worded_row"
    printed = f"CASE WHEN takes_number THEN value_text ELSE {printed_value('landing_judged')} END, note"
    accepted = connection.execute(
        f"""INSERT INTO raw.{table}
            SELECT {file_no}, row_no, place_no, label_no, circumstance_no, CASE WHEN takes_number THEN number END, decimals
                {"" if is_plain else ", " + printed}
            FROM landing_judged WHERE is_accepted"""
    ).fetchone()[0]
    refused = not_reported = 0
    if seen > accepted:
        not_reported = connection.execute(
            "SELECT count(*) FROM landing_judged WHERE is_unreported AND label_is_good"
        ).fetchone()[0]
        refused = connection.execute(
            f"INSERT INTO raw.rejected_row {_REFUSED}", {"file_no": file_no, "file_id": file_id}
        ).fetchone()[0]
    contradicting = (
        contradiction.refuse(connection, table, file_no, file_id, _ROW_TEXT) if accepted > 1 else 0
    )
    return RowCounts(accepted - contradicting, refused + contradicting, not_reported)


def _is_plain(connection: duckdb.DuckDBPyConnection, parts: dict[str, str]) -> bool:
    """Whether the rows of the file are no more than plain numbers: no other texts in the value, no notes, no grades."""
    if parts["circumstance_takes_number"] != TRUE:
        return False
    worded = f"SELECT 1 FROM {CELL_TABLE} WHERE value_text <> '' OR note <> '' LIMIT 1"
    return connection.execute(worded).fetchone() is None


def _keep_combinations(
    connection: duckdb.DuckDBPyConnection,
    dimension: Dimension,
    judged: list[tuple[tuple[str, ...], Any]],
    file_no: int,
) -> dict[str, str]:
    """Fill raw.<dimension>, and landing_<dimension>, which finds the combination of a row again.

    Returns the parts of _JUDGED that speak of the dimension.
    """
    name = dimension.name
    stored = [column.split()[0] for column in TABLES[name].split(",")][2:]
    first = next_number(connection, name, f"{name}_no")
    key_numbers: dict[tuple, int] = {}
    kept, found = [], []
    for number, (combination, meaning) in enumerate(judged, start=first):
        key = tuple(getattr(meaning, attribute) for attribute in dimension.key)
        faults = meaning.faults
        kept.append((file_no, number, *(getattr(meaning, attribute) for attribute in stored)))
        found.append(
            (
                *combination,
                number,
                key_numbers.setdefault(key, len(key_numbers)),
                *(getattr(meaning, attribute) for attribute in dimension.carried),
                not faults,
                "；".join(fault.zh for fault in faults) or None,
                "; ".join(fault.en for fault in faults) or None,
                ",".join(column for fault in faults for column in fault.columns) or None,
                all(fault.waits_for_seeds for fault in faults),
            )
        )
    columns = ", ".join(
        [
            *(f"{column} {enumeration(column)}" for column in dimension.columns),
            f"{name}_no INTEGER, {name}_key INTEGER",
            *(f"{name}_{attribute} {kind}" for attribute, kind in dimension.carried.items()),
            f"{name}_is_good BOOLEAN, reason VARCHAR, reason_en VARCHAR, at_fault VARCHAR, waits BOOLEAN",
        ]
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE landing_{name} ({columns})")
    insert_rows(connection, f"landing_{name}", found)
    insert_rows(connection, f"raw.{name}", kept)
    return _parts(dimension, [combination for combination, _ in judged], found)


def _parts(dimension: Dimension, combinations: list[tuple[str, ...]], found: list[tuple]) -> dict[str, str]:
    """The join on the columns in which the combinations differ, and each attribute: a constant if it is the same in all.

    On a file of millions of rows this saves half of the time.
    """
    name = dimension.name
    differing = [
        column
        for column, texts in zip(dimension.columns, zip(*combinations, strict=True), strict=True)
        if len(set(texts)) > 1
    ]
    condition = " AND ".join(f"{name}.{column} = cell.{column}" for column in differing) or TRUE
    parts = {name: f"INNER JOIN landing_{name} AS {name} ON {condition}"}
    kinds = {**dimension.carried, "is_good": "BOOLEAN"}
    for place, (attribute, kind) in enumerate(kinds.items(), start=len(dimension.columns) + 2):
        values = {row[place] for row in found}
        column = f"{name}_{attribute}"
        if len(values) > 1:
            parts[column] = column
        else:
            (value,) = values
            parts[column] = TRUE if value is True else "NULL" if value is None else f"'{value}'::{kind}"
    return parts


def _quoted(text: str) -> str:
    return f"'''' || left({text}, 100) || ''''"


_ROW_FAULTS = (
    (
        "is_other_scope",
        "scope,region_name",
        f"'口径与地区不符：' || {_quoted('place_text')} || ' 即口径 ' || place_scope || '，而口径写的是 ' || {_quoted('scope::VARCHAR')} || '，请改正其一'",
        f"{_quoted('place_text')} || ' means the scope ' || place_scope || ', but the row says ' || {_quoted('scope::VARCHAR')} || ': correct one of them'",
    ),
    (
        "is_no_number AND starts_with(value_text, '=')",
        "value",
        f"'公式没有计算结果：' || {_quoted('value_text')} || '，请在表格软件中打开并保存后重新报送'",
        f"'the formula ' || {_quoted('value_text')} || ' holds no result: open the workbook in a spreadsheet program, save it and send it again'",
    ),
    (
        "is_no_number AND NOT starts_with(value_text, '=')",
        "value",
        f"'不是数字：' || {_quoted('value_text')} || '，请只写数字（如 1234.5），单位写入单位列'",
        f"'value ' || {_quoted('value_text')} || ' is no number: write plain digits such as 1234.5, the unit in its column'",
    ),
    (
        "is_too_large",
        "value,unit",
        f"'数值过大：' || {_quoted('printed || unit::VARCHAR')} || '，请核对单位'",
        f"'value ' || {_quoted('printed || unit::VARCHAR')} || ' is larger than any figure can be: look for a wrong unit'",
    ),
)
"""Condition, columns at fault and reasons of what only the row as a whole shows, in SQL over landing_judged."""

_JUDGED = f"""
SELECT
    *,
    place_is_good AND label_is_good AND circumstance_is_good
        AND NOT (is_unreported OR is_other_scope OR is_no_number OR is_too_large) AS is_accepted
FROM (
    SELECT
        cell.*,
        place_no, place_key, {{place_scope}} AS place_scope, {{place_is_good}} AS place_is_good,
        label_no, label_key, {{label_is_good}} AS label_is_good,
        circumstance_no, circumstance_key, {{circumstance_scope}} AS circumstance_scope,
        {{circumstance_is_good}} AS circumstance_is_good, {{circumstance_takes_number}} AS takes_number,
        coalesce(cell.value_text = '' AND NOT {{circumstance_may_be_empty}}, false) AS is_unreported,
        coalesce({{place_scope}} <> {{circumstance_scope}} AND {{circumstance_scope}} <> 'unspecified', false) AS is_other_scope,
        coalesce({{circumstance_takes_number}} AND cell.number IS NULL AND cell.value_text <> '', false) AS is_no_number,
        coalesce({{circumstance_takes_number}}
            AND (abs(cell.number::DOUBLE) >= 1e{MAX_INTEGER_DIGITS}
                OR abs(cell.number::DOUBLE) * {{circumstance_to_base}} >= {MAX_BASE_VALUE}), false) AS is_too_large
    FROM {CELL_TABLE} AS cell
    {{place}}
    {{label}}
    {{circumstance}}
)"""

_ROW_TEXT = " || ' | ' || ".join(
    "printed"
    if column == "value"
    else "coalesce(note, '')"
    if column == "note"
    else f"trim({column}::VARCHAR)"
    for column in LAYOUT_COLUMNS
)


def _row_reasons(part: int) -> str:
    """The faults of a row as a whole, joined: 1 columns, 2 Chinese, 3 English."""
    separator = {1: ",", 2: "；", 3: "; "}[part]
    texts = (f"'{fault[part]}'" if part == 1 else fault[part] for fault in _ROW_FAULTS)
    cases = (f"CASE WHEN {fault[0]} THEN {text} END" for fault, text in zip(_ROW_FAULTS, texts, strict=True))
    return f"concat_ws('{separator}', {', '.join(cases)})"


def _joined(separator: str, column: str, of_row: str) -> str:
    parts = (f"place.{column}", f"label.{column}", f"circumstance.{column}", f"nullif({of_row}, '')")
    return f"concat_ws('{separator}', {', '.join(parts)})"


_REFUSED = f"""
WITH refused AS (
    SELECT
        *,
        {printed_value("landing_judged")} AS printed,
        concat_ws(' ', nullif(region_code::VARCHAR, ''), nullif(region_name::VARCHAR, '')) AS place_text
    FROM landing_judged
    WHERE NOT is_accepted AND NOT is_unreported
),
worded AS (
    SELECT
        row_no, place_no, label_no, circumstance_no,
        {_row_reasons(1)} AS row_columns,
        {_row_reasons(2)} AS row_reason,
        {_row_reasons(3)} AS row_reason_en,
        {_ROW_TEXT} AS row_text
    FROM refused
)
SELECT
    $file_no,
    $file_id,
    row_no,
    {_joined("；", "reason", "row_reason")},
    {_joined("; ", "reason_en", "row_reason_en")},
    string_split({_joined(",", "at_fault", "row_columns")}, ','),
    place.waits AND label.waits AND circumstance.waits AND row_columns = '',
    row_text
FROM worded
INNER JOIN landing_place AS place USING (place_no)
INNER JOIN landing_label AS label USING (label_no)
INNER JOIN landing_circumstance AS circumstance USING (circumstance_no)
ORDER BY row_no"""
