"""`python -m dagster_project`: one nightly run in this process, with progress and a summary. `make run` calls it.

Exit status: 0 published; 1 a step or a gate failed (the old version stays); 2 another run holds the warehouse.
"""

import argparse
import contextlib
import fcntl
import os
import sys
from pathlib import Path

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
    from dagster_project.event_log import kept_open
    from dagster_project.progress import DbtOutput
    from dagster_project.summary import failure_lines, innermost, summary_lines
    from dagster_project.watch.alerts import failed_alert, send
    from dagster_project.watch.failures import failures_of
    from dagster_project.watch.sensors import TELLS_BY_ITSELF

    paths, run_id, failures, unforeseen = warehouse_paths(), "", [], []
    run_config = {"as_of_date": arguments.as_of_date, "wait_seconds": arguments.wait_seconds}
    try:
        with (
            _instance() as instance,
            # what a run plans is logged before its resources are there
            kept_open(instance),
            contextlib.redirect_stdout(DbtOutput()),
        ):
            result = defs.resolve_job_def("nightly").execute_in_process(
                instance=instance,
                run_config={
                    "resources": {"warehouse": {"config": run_config}},
                    "loggers": {"console": {"config": {}}},
                },
                tags=TELLS_BY_ITSELF,
                raise_on_error=False,
            )
            run_id, succeeded = result.run_id, result.success
            failures = failures_of(instance, run_id)
    except Exception as error:  # Dagster itself could not go on: no space for its event log, for instance
        succeeded, unforeseen = False, [f"  {type(error).__name__}: {error}"]
    if succeeded:
        print("\n".join(summary_lines(read_manifest(paths.published), paths)))
        return 0
    text = "\n".join(failure_lines(failures, paths) + unforeseen)
    print(text, file=sys.stderr)
    send(failed_alert(run_id, text), paths, lambda said: print(said, file=sys.stderr))
    return 2 if any(innermost(error).cls_name == "WarehouseBusy" for _, error in failures) else 1


def _instance() -> dg.DagsterInstance:
    """The Dagster instance. Its SQLite files are made by whoever asks first, which two processes must not do at once."""
    home = Path(os.environ["DAGSTER_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".instance.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return dg.DagsterInstance.get()


if __name__ == "__main__":
    sys.exit(main())
