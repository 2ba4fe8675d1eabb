"""`python -m dagster_project`: one nightly run in this process, with progress and a summary. `make run` calls it.

Exit status: 0 published; 1 a step or a gate failed (the old version stays); 2 another run holds the warehouse.
"""

import argparse
import contextlib
import fcntl
import os
import sys
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import clock
from dagster_project.paths import DAGSTER_HOME, warehouse_paths
from dagster_project.publish.manifest import read_manifest


def _date(text: str) -> str:
    try:
        return clock.as_of(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project", description="夜间运行 / one nightly run"
    )
    parser.add_argument(
        "--as-of-date",
        type=_date,
        default="",
        help="评价基准日 / the day verdicts speak from (default: today in Shanghai)",
    )
    parser.add_argument(
        "--wait-seconds", type=int, default=1800, help="等待另一运行的秒数 / how long to wait for another run"
    )
    return parser.parse_args()


def main() -> int:
    """Run the nightly job and print what came of it."""
    arguments = _arguments()
    os.environ.setdefault("DAGSTER_HOME", str(DAGSTER_HOME))
    from dagster_project.definitions import defs
    from dagster_project.progress import DbtOutput
    from dagster_project.summary import failure_lines, innermost, summary_lines

    with _instance() as instance, contextlib.redirect_stdout(DbtOutput()):
        result = defs.resolve_job_def("nightly").execute_in_process(
            instance=instance,
            run_config={
                "resources": {
                    "warehouse": {
                        "config": {"as_of_date": arguments.as_of_date, "wait_seconds": arguments.wait_seconds}
                    }
                },
                "loggers": {"console": {"config": {}}},
            },
            raise_on_error=False,
        )
        errors = [] if result.success else _errors(instance, result.run_id)
    if result.success:
        print("\n".join(summary_lines(read_manifest(warehouse_paths().published), warehouse_paths())))
        return 0
    print("\n".join(failure_lines(errors, warehouse_paths())), file=sys.stderr)
    return 2 if any(innermost(error).cls_name == "WarehouseBusy" for _, error in errors) else 1


def _instance() -> dg.DagsterInstance:
    """The Dagster instance. Its SQLite files are made by whoever asks first, which two processes must not do at once."""
    with (Path(os.environ["DAGSTER_HOME"]) / ".instance.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return dg.DagsterInstance.get()


def _errors(instance: dg.DagsterInstance, run_id: str) -> list[tuple[str | None, Any]]:
    """Step and error of every failure of a run, those before the first step included."""
    types = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RESOURCE_INIT_FAILURE}
    events = [record.dagster_event for record in instance.all_logs(run_id, of_type=types)]
    errors = [(event.step_key, event.event_specific_data.error) for event in events]
    return [(step, error) for step, error in errors if error is not None]


if __name__ == "__main__":
    sys.exit(main())
