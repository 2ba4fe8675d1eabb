"""What a run leaves in the durable state when it ends: how long each stage took, and what was counted.

Stages are timed by Dagster's own event log; counts are handed over by the steps. A run that is killed leaves neither.
"""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.clock import SHANGHAI
from dagster_project.paths import WarehousePaths
from dagster_project.state import State

if TYPE_CHECKING:
    import dagster as dg

SUCCEEDED, FAILED = "succeeded", "failed"
OUTCOMES = {"SUCCESS": SUCCEEDED, "FAILURE": FAILED}


def ended_stages(instance: "dg.DagsterInstance", run_id: str) -> list[tuple]:
    """The stages of a run that have ended, first things first, as rows of the dataset run_stage."""
    stages = [
        stage
        for stage in instance.get_run_step_stats(run_id)
        if stage.status and stage.status.value in OUTCOMES and stage.start_time and stage.end_time
    ]
    return [
        (
            run_id,
            stage.step_key,
            datetime.fromtimestamp(stage.start_time, SHANGHAI).replace(microsecond=0, tzinfo=None),
            round(stage.end_time - stage.start_time, 3),
            OUTCOMES[stage.status.value],
        )
        for stage in sorted(stages, key=lambda stage: stage.start_time)
    ]


def close_run(
    paths: WarehousePaths,
    instance: "dg.DagsterInstance",
    run_id: str,
    measures: list[tuple],
) -> None:
    """Append stages and counts of an ended run to the state, draw the page of the last runs anew, let old logs go."""
    from dagster_project.event_log import forget_old_runs
    from dagster_project.watch.page import write_page

    state = State(paths.state)
    try:
        state.append("run_stage", run_id, ended_stages(instance, run_id))
        state.append("run_measure", run_id, measures)
        write_page(paths, state)
        forget_old_runs(instance)
    except Exception as error:  # what a run has done stands, whether or not it can be recorded
        # not through the run's log, which may be what fails
        print(f"运行记录未写 / the record of this run could not be written: {error}", file=sys.stderr)
