"""What two published versions say differently: rows of every table, and lights. Reads the versions, changes nothing."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

# when something was received, published or made by which run differs every night
VOLATILE_COLUMNS = frozenset({"run_id", "received_at", "published_at_before", "published_at_now"})
LIGHTS_QUERY = """
    WITH said AS (
        SELECT 'before' AS side, target_id, verdict, light FROM before.marts.fct_attainment WHERE is_current
        UNION ALL
        SELECT 'after', target_id, verdict, light FROM after.marts.fct_attainment WHERE is_current
    ),
    beside AS (
        SELECT
            target_id,
            any_value(light) FILTER (side = 'before') AS light_before,
            any_value(light) FILTER (side = 'after') AS light_after,
            any_value(verdict) FILTER (side = 'before') AS verdict_before,
            any_value(verdict) FILTER (side = 'after') AS verdict_after
        FROM said GROUP BY target_id
    ),
    target AS (
        SELECT target_id, region_code, indicator_text FROM after.marts.fct_target
        UNION BY NAME
        SELECT target_id, region_code, indicator_text FROM before.marts.fct_target
        WHERE target_id NOT IN (SELECT target_id FROM after.marts.fct_target)
    )
    SELECT beside.target_id, region.region_name, target.indicator_text, light_before, verdict_before, light_after, verdict_after
    FROM beside
    INNER JOIN target USING (target_id)
    LEFT JOIN after.marts.dim_region AS region USING (region_code)
    WHERE light_before IS DISTINCT FROM light_after
    ORDER BY ALL"""


@dataclass(frozen=True)
class TableDifference:
    """Rows of a table: how many in each version, and how many that the other one lacks. None: the table is not there."""

    table: str
    rows_before: int | None
    rows_after: int | None
    only_before: int
    only_after: int


@dataclass(frozen=True)
class LightDifference:
    """A target whose light is another one. None: the version has no such target."""

    target_id: str
    region_name: str | None
    indicator_text: str
    light_before: str | None
    verdict_before: str | None
    light_after: str | None
    verdict_after: str | None


@dataclass(frozen=True)
class Difference:
    """All that differs."""

    tables: list[TableDifference]
    lights: list[LightDifference]


def compare(before: Path, after: Path) -> Difference:
    """Compare two published databases. A row that was changed counts as one that is gone and one that is new."""
    with duckdb.connect() as connection:
        for name, path in (("before", before), ("after", after)):
            connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
        columns = {name: _columns(connection, name) for name in ("before", "after")}
        tables = [
            _difference(connection, table, columns["before"].get(table), columns["after"].get(table))
            for table in sorted(columns["before"] | columns["after"])
        ]
        lights = [LightDifference(*row) for row in connection.execute(LIGHTS_QUERY).fetchall()]
    return Difference(
        [one for one in tables if one.rows_before != one.rows_after or one.only_before or one.only_after],
        lights,
    )


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """Tables of a database that say something of the data (the run log differs by nature) and their columns."""
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " INNER JOIN duckdb_tables() USING (database_name, schema_name, table_name)"
        " WHERE database_name = ? GROUP BY ALL",
        [database],
    ).fetchall()
    return {
        table: names for table, names in rows if "run_id" not in names or table == "quality.received_file"
    }


def _difference(
    connection: duckdb.DuckDBPyConnection, table: str, before: list[str] | None, after: list[str] | None
) -> TableDifference:
    def count(query: str) -> int:
        return connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]

    rows = [
        count(f"FROM {name}.{table}") if there else None
        for name, there in (("before", before), ("after", after))
    ]
    if not (before and after):
        return TableDifference(table, *rows, rows[0] or 0, rows[1] or 0)
    # columns that only one version has say nothing about its rows
    kept = ", ".join(f'"{name}"' for name in after if name in before and name not in VOLATILE_COLUMNS)
    sides = [f"SELECT {kept} FROM {name}.{table}" for name in ("before", "after")]
    return TableDifference(
        table, *rows, count(f"{sides[0]} EXCEPT ALL {sides[1]}"), count(f"{sides[1]} EXCEPT ALL {sides[0]}")
    )
