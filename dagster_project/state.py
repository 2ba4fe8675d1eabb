"""Durable state: append-only Parquet datasets below warehouse/state/.

One folder a dataset, one file an append, written whole. What the rows mean is said here once, as the columns of
each dataset; who writes and reads them is elsewhere.
"""

import hashlib
from pathlib import Path

import duckdb

from dagster_project.durable import write_whole
from dagster_project.rows import insert_rows

DATASETS: dict[str, str] = {
    "receipt": """
        file_id VARCHAR, file_name VARCHAR, origin VARCHAR, size_bytes BIGINT, received_at TIMESTAMP,
        run_id VARCHAR, status VARCHAR, reason VARCHAR, rows_total BIGINT, rows_accepted BIGINT,
        rows_refused BIGINT, rows_not_reported BIGINT, sender VARCHAR, saved_at TIMESTAMP, seeds_fingerprint VARCHAR,
        recorded_at TIMESTAMP""",
    "run_log": """
        run_id VARCHAR, event VARCHAR, logged_at TIMESTAMP, as_of_date DATE, detail VARCHAR""",
    "check_result": """
        run_id VARCHAR, gate VARCHAR, batch VARCHAR, check_name VARCHAR, expectation_type VARCHAR,
        column_name VARCHAR, severity VARCHAR, success BOOLEAN, rows_checked BIGINT, rows_failed BIGINT,
        observed VARCHAR, failing_rows VARCHAR, title VARCHAR, checked_at TIMESTAMP""",
    "published_profile": """
        run_id VARCHAR, published_at TIMESTAMP, table_name VARCHAR, slice VARCHAR, metric VARCHAR, value DOUBLE""",
    "published_verdict": """
        run_id VARCHAR, published_at TIMESTAMP, target_id VARCHAR, evaluation_period VARCHAR, verdict VARCHAR,
        light VARCHAR, actual_value DECIMAL(24,8), target_value DECIMAL(24,8), rule_version VARCHAR""",
}


class StateDamaged(RuntimeError):
    """A file of the durable state cannot be read."""


def column_names(dataset: str) -> list[str]:
    """The columns of a dataset, in order."""
    return [column.split()[0] for column in DATASETS[dataset].replace("24,8", "24;8").split(",")]


class State:
    """The durable state below one folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def append(self, dataset: str, run_id: str, rows: list[tuple]) -> None:
        """Append rows (tuples in column order) as one new file. Nothing is written for no rows."""
        if not rows:
            return
        target_folder = self.folder / dataset
        target_folder.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(path.name[:8]) for path in target_folder.glob("*.parquet")), default=0)
        digest = hashlib.sha256(run_id.encode()).hexdigest()[:8]
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE appended ({DATASETS[dataset]})")
            insert_rows(connection, "appended", rows)
            write_whole(
                target_folder / f"{number:08d}-{digest}.parquet",
                lambda path: connection.execute("COPY appended TO ? (FORMAT parquet)", [str(path)]),
            )

    def load(self, connection: duckdb.DuckDBPyConnection, dataset: str, table: str) -> None:
        """Create or replace `table` with all rows of a dataset; an empty table where nothing was appended yet.

        Raises StateDamaged naming the file that cannot be read.
        """
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({DATASETS[dataset]})")
        files = sorted(str(path) for path in (self.folder / dataset).glob("*.parquet"))
        if not files:
            return
        try:
            # by name: files written before a column was added lack it
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet(?, union_by_name = true)", [files]
            )
        except duckdb.Error as error:
            raise StateDamaged(
                f"{self.folder / dataset}: a state file cannot be read ({error}). "
                "Restore the folder from a backup before the next run; nothing was changed."
            ) from error

    def rows(self, dataset: str) -> list[dict]:
        """All rows of a dataset as dictionaries, oldest first."""
        with duckdb.connect() as connection:
            self.load(connection, dataset, "loaded")
            cursor = connection.execute("SELECT * FROM loaded")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
