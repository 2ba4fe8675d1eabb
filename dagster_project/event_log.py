"""Dagster's event log while a run writes to it. What is in the log, and who reads it, is Dagster's."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage


@contextmanager
def kept_open(instance: dg.DagsterInstance, *run_ids: str) -> Iterator[None]:
    """Hold the SQLite files of the event log open, where it is kept in such: that of all runs, and those of some.

    Dagster opens a connection for every event, thousands in a night, and SQLite clears its write-ahead log away whenever
    the last connection closes. With one that stays, it does so once.
    """
    storage = instance.event_log_storage
    files = []
    if isinstance(storage, SqliteEventLogStorage):
        files = [Path(storage.path_for_shard(shard)) for shard in (INDEX_SHARD_NAME, *run_ids)]
    with ExitStack() as stack:
        for file in files:
            connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, check_same_thread=False)
            stack.enter_context(closing(connection))
            # SQLite takes hold of the log at the first read
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield
