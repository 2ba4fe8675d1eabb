"""What the durable state remembers of each published version: that it was published, its profile and its verdicts.

Of the verdicts, those that are not what was said last: a year of nights is no more than what changed in it.
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
CHANGED_VERDICT_QUERY = """
    WITH said_last AS (
        SELECT * FROM memory.main.remembered QUALIFY row_number() OVER (PARTITION BY target_id ORDER BY published_at DESC) = 1
    ),
    said_now AS (
        SELECT attainment.target_id, attainment.evaluation_period, attainment.verdict, attainment.light,
            attainment.actual_value, target.target_value_std AS target_value, attainment.rule_version
        FROM marts.fct_attainment AS attainment INNER JOIN marts.fct_target AS target USING (target_id)
        WHERE attainment.is_current
    )
    SELECT target_id, said_now.evaluation_period, said_now.verdict, said_now.light, said_now.actual_value,
        said_now.target_value, said_now.rule_version
    FROM said_now FULL JOIN said_last USING (target_id)
    WHERE (said_now.evaluation_period, said_now.verdict, said_now.light, said_now.actual_value, said_now.target_value,
            said_now.rule_version)
        IS DISTINCT FROM (said_last.evaluation_period, said_last.verdict, said_last.light, said_last.actual_value,
            said_last.target_value, said_last.rule_version)"""
"""Of a published database, what it says of targets that was not said of them last; no verdict for a target that is gone."""

PUBLISHED_QUERY = """
    SELECT logged_at, as_of_date FROM quality.run_log WHERE run_id = ? AND event = 'published' ORDER BY logged_at LIMIT 1"""

# a run killed while a version was being remembered may leave its verdicts twice
PUBLISHED_VERDICT_QUERY = """
    WITH version AS (
        SELECT run_id, logged_at AS published_at, as_of_date FROM run_log_loaded WHERE event = 'published'
    ),
    said AS (
        SELECT *, coalesce(lead(published_at) OVER (PARTITION BY target_id ORDER BY published_at), TIMESTAMP 'infinity') AS said_until
        FROM (SELECT DISTINCT * FROM published_verdict_loaded)
    )
    SELECT said.* EXCLUDE (said_until), spoken.as_of_date, last.published_at AS last_published_at, last.as_of_date AS last_as_of_date
    FROM said
    LEFT JOIN (SELECT run_id, max(as_of_date) AS as_of_date FROM version GROUP BY run_id) AS spoken USING (run_id)
    ASOF LEFT JOIN version AS last ON said.said_until > last.published_at
    WHERE said.verdict IS NOT NULL"""


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
    with duckdb.connect() as connection:
        state.load(connection, "published_verdict", "remembered")
        connection.execute(f"ATTACH '{folder / DATABASE_NAME}' AS version (READ_ONLY)")
        connection.execute("USE version")
        published_at, as_of_date = connection.execute(PUBLISHED_QUERY, [run_id]).fetchone()
        profile = connection.execute(PROFILE_QUERY).fetchall()
        verdicts = connection.execute(CHANGED_VERDICT_QUERY).fetchall()
    detail = None
    if run_id in served:
        published_at, detail = state.moment(), f"退回，此前为 / gone back to, from {served[-1]}"
    head = (run_id, published_at)
    state.append("published_profile", run_id, [(*head, *row) for row in profile])
    state.append("published_verdict", run_id, [(*head, *row) for row in verdicts])
    state.append("run_log", run_id, [(run_id, "published", published_at, as_of_date, detail)])


def load_published_verdicts(connection: duckdb.DuckDBPyConnection, state: State, table: str) -> None:
    """Create or replace `table` with what published versions said of each target, a row for as long as it stayed the same.

    When it was published first and last, and the days these versions spoke from.
    """
    state.load(connection, "published_verdict", "published_verdict_loaded")
    state.load(connection, "run_log", "run_log_loaded")
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS {PUBLISHED_VERDICT_QUERY}")
    connection.execute("DROP TABLE published_verdict_loaded")
    connection.execute("DROP TABLE run_log_loaded")
