"""What the durable state remembers of each published version: that it was published, its profile and its verdicts.

Taken from the version itself, after it is linked. If a run is killed in between, the next one makes up for it at its
start, so that the state knows every version that was ever served. Going back to an older version publishes that one
again: what it says is remembered once more, so that the next night is compared with what readers saw last.
"""

import duckdb

from dagster_project.paths import WarehousePaths
from dagster_project.publish.manifest import read_manifest
from dagster_project.publish.version import DATABASE_NAME
from dagster_project.state import State

PROFILE_QUERY = """
    SELECT 'fct_actual' AS table_name, cast(year AS VARCHAR) AS slice, 'row_count' AS metric, count(*)::DOUBLE AS value
    FROM marts.fct_actual INNER JOIN marts.dim_period USING (period) GROUP BY ALL
    UNION ALL
    SELECT 'fct_target', document_id, 'row_count', count(*) FROM marts.fct_target GROUP BY ALL
    UNION ALL
    SELECT 'dim_region', region_level, 'row_count', count(*) FROM marts.dim_region GROUP BY ALL
    UNION ALL
    SELECT 'fct_actual', indicator_id || ' ' || region_code, 'median_abs_value', median(abs(value))
    FROM marts.fct_actual WHERE measure = 'value' AND value <> 0 GROUP BY indicator_id, region_code"""
VERDICT_QUERY = """
    SELECT attainment.target_id, attainment.evaluation_period, attainment.verdict, attainment.light,
        attainment.actual_value, target.target_value_std, attainment.rule_version
    FROM marts.fct_attainment AS attainment INNER JOIN marts.fct_target AS target USING (target_id)
    WHERE attainment.is_current"""
PUBLISHED_QUERY = """
    SELECT logged_at, as_of_date FROM quality.run_log WHERE run_id = ? AND event = 'published' ORDER BY logged_at LIMIT 1"""

# a run killed while a version was being remembered leaves its verdicts twice
PUBLISHED_VERDICT_QUERY = """
    SELECT DISTINCT verdict.*, run.as_of_date
    FROM published_verdict_loaded AS verdict
    LEFT JOIN (SELECT run_id, max(as_of_date) AS as_of_date FROM run_log_loaded WHERE event = 'published' GROUP BY run_id) AS run
    USING (run_id)"""


def remember_published(paths: WarehousePaths, state: State) -> None:
    """Append to the state what it does not know yet of the version being served. Nothing where all is known.

    The entry in the run log comes last: it says that the rest is there.
    """
    if not paths.published.exists():
        return
    folder = paths.published.resolve()
    run_id = read_manifest(folder)["run_id"]
    served = [entry["run_id"] for entry in state.rows("run_log") if entry["event"] == "published"]
    if served and served[-1] == run_id:
        return
    with duckdb.connect(str(folder / DATABASE_NAME), read_only=True) as connection:
        published_at, as_of_date = connection.execute(PUBLISHED_QUERY, [run_id]).fetchone()
        profile = connection.execute(PROFILE_QUERY).fetchall()
        verdicts = connection.execute(VERDICT_QUERY).fetchall()
    detail = None
    if run_id in served:
        published_at, detail = state.moment(), f"退回，此前为 / gone back to, from {served[-1]}"
    head = (run_id, published_at)
    state.append("published_profile", run_id, [(*head, *row) for row in profile])
    state.append("published_verdict", run_id, [(*head, *row) for row in verdicts])
    state.append("run_log", run_id, [(run_id, "published", published_at, as_of_date, detail)])


def load_published_verdicts(connection: duckdb.DuckDBPyConnection, state: State, table: str) -> None:
    """Create or replace `table` with what every published version said of each target, and the day it spoke from."""
    state.load(connection, "published_verdict", "published_verdict_loaded")
    state.load(connection, "run_log", "run_log_loaded")
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS {PUBLISHED_VERDICT_QUERY}")
    connection.execute("DROP TABLE published_verdict_loaded")
    connection.execute("DROP TABLE run_log_loaded")
