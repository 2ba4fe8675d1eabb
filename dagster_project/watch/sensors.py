"""Under the Dagster daemon: a person is told when a nightly run failed, and when none published in time.

A run started from the command line tells by itself: it may end where no daemon looks.
"""

import dagster as dg

from dagster_project import clock
from dagster_project.jobs import nightly
from dagster_project.paths import warehouse_paths
from dagster_project.state import StateDamaged
from dagster_project.watch.alerts import failed_alert, late_alert, send
from dagster_project.watch.failures import failures_of
from dagster_project.watch.late import lateness

TELLS_BY_ITSELF = {"tells_by_itself": "true"}
"""Tags of a run whose failure its own process makes known."""


@dg.run_failure_sensor(
    name="tell_of_failure",
    monitored_jobs=[nightly],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="夜间运行失败时通知（见 docs/operations.md） / Tells a person that a nightly run failed.",
)
def tell_of_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Send the alert, with what failed and what is still served."""
    from dagster_project.summary import failure_lines

    run, paths = context.dagster_run, warehouse_paths()
    if TELLS_BY_ITSELF.items() <= run.tags.items():
        return dg.SkipReason("该运行自行通知 / the run tells by itself")
    lines = failure_lines(failures_of(context.instance, run.run_id), paths)
    if context.failure_event.message:
        lines.append(context.failure_event.message)
    send(failed_alert(run.run_id, "\n".join(lines)), paths, context.log.info)
    return None


@dg.sensor(
    name="tell_of_late_night",
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="未按时发布时通知，每天一次 / Tells a person, once a day, that nothing was published in time.",
)
def tell_of_late_night(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look at the run log; the cursor says of which publication, and on which day, somebody was told."""
    paths = warehouse_paths()
    try:
        found = lateness(paths)
        is_late, in_words, since = found.is_late, found.in_words, found.since
    except StateDamaged as damage:
        is_late, in_words, since = True, str(damage), None
    if not is_late:
        return dg.SkipReason(in_words)
    told = f"{since} {clock.now().date()}"
    if context.cursor == told:
        return dg.SkipReason(f"今天已通知 / told today: {in_words}")
    send(late_alert(in_words), paths, context.log.info)
    context.update_cursor(told)
    return dg.SkipReason(f"已迟 / late: {in_words}")
