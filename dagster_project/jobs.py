"""The nightly job, its schedule, the inbox sensor and what happens when a run fails."""

import hashlib

import dagster as dg

from dagster_project.ingest.inbox import waiting_files
from dagster_project.paths import warehouse_paths
from dagster_project.state import State


@dg.failure_hook(name="record_failure", required_resource_keys={"warehouse"})
def record_failure(context: dg.HookContext) -> None:
    """Write the failed step into the durable run log and say what stays served."""
    warehouse = context.resources.warehouse
    detail = f"{context.step_key}: {type(context.op_exception).__name__}: {context.op_exception}"[:2000]
    state = State(warehouse.paths.state)
    state.append(
        "run_log", context.run_id, [(context.run_id, "failed", state.moment(), warehouse.as_of, detail)]
    )
    served = warehouse.paths.published
    context.log.error(
        f"运行失败 / the run failed in {context.step_key}. "
        + (
            f"仍在服务 / still served: {served.resolve()}. "
            if served.exists()
            else "尚无发布版本 / nothing was published yet. "
        )
        + "处理办法见 / what to do: docs/operations.md"
    )


nightly = dg.define_asset_job(
    name="nightly",
    selection=dg.AssetSelection.all(),
    hooks={record_failure},
    description="夜间运行：收数、校验、建模、发布 / Ingest, gates, models and publication, in one process.",
    tags={"pipeline": "nightly"},
)

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_0200",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="每天 02:00（上海） / Every day at 02:00 Asia/Shanghai.",
)


@dg.sensor(
    name="inbox_sensor",
    job=nightly,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="收件箱有新文件时启动夜间运行 / Starts a run when a file lands in the inbox and has stopped growing.",
)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run for the set of files in the inbox, once they are the same in two ticks."""
    files = waiting_files(warehouse_paths().inbox)
    if not files:
        context.update_cursor("")
        return dg.SkipReason("收件箱为空 / the inbox is empty")
    seen = hashlib.sha256(repr(files).encode()).hexdigest()
    if context.cursor != seen:
        context.update_cursor(seen)
        return dg.SkipReason(
            f"{len(files)} 个文件刚到或仍在写入 / file(s) just arrived or still growing: looking again next tick"
        )
    return dg.RunRequest(run_key=seen, tags={"inbox_files": str(len(files))})
