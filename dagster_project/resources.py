"""What assets share: the warehouse of a run (its lock, paths, database, state and as-of date) and dbt.

Resources hand out access; what is done with it stands in the assets.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field, PrivateAttr

from dagster_project import clock, paths
from dagster_project.build_database import open_build
from dagster_project.event_log import kept_open
from dagster_project.lock import hold_warehouse
from dagster_project.settings import settings
from dagster_project.state import State
from dagster_project.watch.record import close_run

if TYPE_CHECKING:
    import duckdb


class Warehouse(dg.ConfigurableResource):
    """The warehouse a run works on. Holding this resource is holding the lock, from before the first step to after the last."""

    as_of_date: str = Field(
        default="",
        description="评价基准日 / The day the verdicts speak from, as 2026-01-31. Empty: today in Asia/Shanghai.",
    )
    wait_seconds: int = Field(
        default=1800,
        description="等待另一运行结束的秒数 / How long to wait for another run that holds the warehouse, before giving up and naming it.",
    )
    _run_id: str = PrivateAttr(default="")
    _as_of: date = PrivateAttr(default=date.min)
    _measures: dict[tuple[str, str], int] = PrivateAttr(default_factory=dict)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Take the file lock for the length of the run."""
        self._run_id = context.run.run_id if context.run else "outside-a-run"
        say = context.log.info if context.log else print
        # once a run: a run that passes midnight speaks from one day
        self._as_of = clock.as_of(self.as_of_date)
        # a setting that cannot be used is said before anything is done
        settings()
        is_logged = context.run and context.instance
        event_log = kept_open(context.instance, self._run_id) if is_logged else nullcontext()
        with hold_warehouse(self.paths.lock_file, self._run_id, self.wait_seconds, say), event_log:
            self.paths.create_folders()
            try:
                yield self
            finally:
                if is_logged:
                    close_run(self.paths, context.instance, self._run_id, self.measures)

    @property
    def run_id(self) -> str:
        return self._run_id

    @property
    def paths(self) -> paths.WarehousePaths:
        return paths.warehouse_paths()

    @property
    def state(self) -> State:
        return State(self.paths.state)

    @property
    def as_of(self) -> date:
        return self._as_of

    def measure(self, measure: str, subject: str, value: int) -> None:
        """Count something for quality.run_measure; counted again, the last count holds."""
        self._measures[measure, subject] = value

    @property
    def measures(self) -> list[tuple[str, str, str, int]]:
        """What was counted so far, as rows of the dataset run_measure."""
        return [(self._run_id, *key, value) for key, value in self._measures.items()]

    @contextmanager
    def connect(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """Open build.duckdb for this step and close it after, so that dbt can open it next."""
        with open_build(self.paths.build_db) as connection:
            yield connection
