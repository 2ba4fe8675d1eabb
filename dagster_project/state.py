"""Durable state: append-only Parquet datasets below warehouse/state/.

One folder a dataset, one file an append, written whole, numbered without a gap and named by its content, so that a
file that is lost or altered is noticed. What the rows mean is said here once, as the columns of each dataset; who
writes and reads them is elsewhere.
"""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from dagster_project import clock
from dagster_project.durable import sync_path, write_whole
from dagster_project.rows import fetch_rows, insert_rows

DIGEST_LENGTH = 16

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
    "run_stage": """
        run_id VARCHAR, stage VARCHAR, started_at TIMESTAMP, seconds DOUBLE, outcome VARCHAR""",
    "run_measure": """
        run_id VARCHAR, measure VARCHAR, subject VARCHAR, value BIGINT""",
}


class StateDamaged(RuntimeError):
    """A file of the durable state is lost, altered or cannot be read."""

    def __init__(self, path: Path, what: str):
        super().__init__(
            f"持久状态受损，未作任何改动 / the durable state is damaged, nothing was changed: {path}: {what}. "
            "请从备份恢复 warehouse/state 后重新运行 / Restore warehouse/state from a backup, then run again."
        )


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
        number = 1 + max((int(path.name[:8]) for path in self._files(dataset)), default=0)
        incoming = target_folder / f".{os.getpid()}.incoming"
        try:
            with duckdb.connect() as connection:
                connection.execute(f"CREATE TABLE appended ({DATASETS[dataset]})")
                insert_rows(connection, "appended", rows)
                write_whole(
                    incoming,
                    lambda path: connection.execute("COPY appended TO ? (FORMAT parquet)", [str(path)]),
                )
            incoming.replace(
                target_folder / f"{number:08d}-{_digest_of_run(run_id)}-{_digest(incoming)}.parquet"
            )
            sync_path(target_folder)
        finally:
            incoming.unlink(missing_ok=True)

    def require_sound(self) -> None:
        """Raise StateDamaged naming the first file that is lost, altered or no Parquet file."""
        for dataset in DATASETS:
            files = self._files(dataset)
            for number, path in enumerate(files, start=1):
                if int(path.name[:8]) != number:
                    raise StateDamaged(
                        path.parent, f"文件 {number:08d} 缺失 / file number {number:08d} is missing"
                    )
                # files written before names had a digest of the content have two parts
                digest = path.stem.split("-")[2:]
                if digest and digest != [_digest(path)]:
                    raise StateDamaged(path, "内容已变 / its content is not what was written")

    def load(self, connection: duckdb.DuckDBPyConnection, dataset: str, table: str) -> None:
        """Create or replace `table` with all rows of a dataset; an empty table where nothing was appended yet.

        Raises StateDamaged naming a file that cannot be read.
        """
        self._load_files(connection, dataset, table, self._files(dataset))

    def load_last(self, connection: duckdb.DuckDBPyConnection, dataset: str, table: str) -> None:
        """The same with the rows that were appended last."""
        self._load_files(connection, dataset, table, self._files(dataset)[-1:])

    def rows(self, dataset: str) -> list[dict]:
        """All rows of a dataset as dictionaries, oldest first."""
        return self._rows_of(dataset, self._files(dataset))

    def rows_of_run(self, dataset: str, run_id: str) -> list[dict]:
        """The rows that a run appended, oldest first. No other file is read."""
        files = [path for path in self._files(dataset) if path.stem.split("-")[1] == _digest_of_run(run_id)]
        return [row for row in self._rows_of(dataset, files) if row["run_id"] == run_id]

    def _rows_of(self, dataset: str, files: list[Path]) -> list[dict]:
        with duckdb.connect() as connection:
            self._load_files(connection, dataset, "loaded", files)
            return fetch_rows(connection, "SELECT * FROM loaded")

    def _load_files(
        self, connection: duckdb.DuckDBPyConnection, dataset: str, table: str, files: list[Path]
    ) -> None:
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({DATASETS[dataset]})")
        if not files:
            return
        try:
            # by name: files written before a column was added lack it
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet(?, union_by_name = true)",
                [[str(path) for path in files]],
            )
        except duckdb.Error as error:
            raise StateDamaged(self.folder / dataset, str(error)) from error

    def moment(self) -> datetime:
        """The present moment as the log tells it: later than everything in the run log, whatever the machine's clock says.

        What was published when decides which light changed; a clock that was set back must not turn that round.
        """
        after_the_log = [row["logged_at"] + timedelta(seconds=1) for row in self.rows("run_log")]
        return max([clock.now(), *after_the_log])

    def _files(self, dataset: str) -> list[Path]:
        return sorted(path for path in (self.folder / dataset).glob("*.parquet") if path.name[:8].isdigit())


def _digest_of_run(run_id: str) -> str:
    return hashlib.sha256(run_id.encode()).hexdigest()[:8]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:DIGEST_LENGTH]
