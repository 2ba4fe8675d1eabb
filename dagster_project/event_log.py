"""Dagster's event log while runs write to it, and for how long it is kept. What is in it, and who reads it, is Dagster's."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage

KEPT_DAYS = 90
"""A night's log takes 4 MB. What is to be known of a night for good stands in quality.run_log and its neighbours."""


@contextmanager
def kept_open(instance: dg.DagsterInstance, *run_ids: str) -> Iterator[None]:
    """Hold the SQLite files of the event log open, where it is kept in such: that of all runs, and those of some.

    Dagster opens a connection for every event, thousands in a night, and SQLite clears its write-ahead log away whenever
    the last connection closes. With one that stays, it does so once.
    """
    with ExitStack() as stack:
        for file in _files(instance, INDEX_SHARD_NAME, *run_ids):
            connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, check_same_thread=False)
            stack.enter_context(closing(connection))
            # SQLite takes hold of the log at the first read
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield


def forget_old_runs(instance: dg.DagsterInstance) -> None:
    """Delete what Dagster keeps of runs that began more than KEPT_DAYS ago and have ended: events, output, files."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    ended = dg.RunsFilter(created_before=before, statuses=FINISHED_STATUSES)
    for record in instance.get_run_records(ended):
        run_id = record.dagster_run.run_id
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.delete_run(run_id)
        for file in _files(instance, run_id):
            for part in ("", "-wal", "-shm"):
                file.with_name(file.name + part).unlink(missing_ok=True)


def _files(instance: dg.DagsterInstance, *shards: str) -> list[Path]:
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return []
    return [Path(storage.path_for_shard(shard)) for shard in shards]
