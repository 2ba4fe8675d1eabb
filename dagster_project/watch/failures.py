"""Why a run failed, as Dagster's event log has it."""

from typing import Any

import dagster as dg


def failures_of(instance: dg.DagsterInstance, run_id: str) -> list[tuple[str | None, Any]]:
    """Step and error of every failure of a run, those before the first step included (step None)."""
    types = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RESOURCE_INIT_FAILURE}
    events = [record.dagster_event for record in instance.all_logs(run_id, of_type=types)]
    errors = [(event.step_key, event.event_specific_data.error) for event in events]
    return [(step, error) for step, error in errors if error is not None]
