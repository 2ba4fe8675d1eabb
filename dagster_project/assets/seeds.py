"""What the run is about: its parameters and the plans' targets as read, written before anything else."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from dagster_project import clock
from dagster_project.build_basis import write_build_basis
from dagster_project.build_database import require_readable
from dagster_project.paths import DBT_DIR, SEEDS_DIR
from dagster_project.plans import read_plans
from dagster_project.plans.seed_files import SeedFault
from dagster_project.plans.targets import write_targets
from dagster_project.publish.memory import load_published_verdicts, remember_published
from dagster_project.resources import Warehouse
from dagster_project.tables import table_metadata

CLOCK_TOLERANCE = timedelta(minutes=1)


@dg.multi_asset(
    name="run_parameter",
    specs=[
        dg.AssetSpec(
            key=["raw", table],
            group_name="raw",
            owners=["team:data-engineering"],
            kinds={"duckdb"},
            description=description,
        )
        for table, description in (
            ("run_parameter", "本次运行参数：运行号与评价基准日 / The run's id and as-of date, one row."),
            (
                "published_verdict",
                "以往各发布版本的结论与亮灯，取自持久状态 / What every version published so far said of each target.",
            ),
        )
    ],
)
def run_parameter(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
    """Look whether state and build database are sound, note the start of the run, write the run's parameters."""
    state = warehouse.state
    state.require_sound()
    remember_published(warehouse.paths, state)
    moment, now = state.moment(), clock.now()
    if moment > now + CLOCK_TOLERANCE:
        context.log.warning(
            f"时钟倒退 / the clock of this machine ({now}) is behind the run log ({moment}): "
            "请校正；期间各次运行按日志的时间顺接 / set it right; until then runs are dated after the last entry of the log"
        )
    state.append("run_log", warehouse.run_id, [(warehouse.run_id, "started", moment, warehouse.as_of, None)])
    require_readable(warehouse.paths.build_db, context.log.warning)
    with warehouse.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
        connection.execute("CREATE OR REPLACE TABLE raw.run_parameter (run_id VARCHAR, as_of_date DATE)")
        connection.execute("INSERT INTO raw.run_parameter VALUES (?, ?)", [warehouse.run_id, warehouse.as_of])
        yield dg.MaterializeResult(
            asset_key=["raw", "run_parameter"],
            metadata={"as_of_date": warehouse.as_of.isoformat(), "run_id": warehouse.run_id},
        )
        load_published_verdicts(connection, state, "raw.published_verdict")
        yield dg.MaterializeResult(
            asset_key=["raw", "published_verdict"],
            metadata=table_metadata(connection, "raw", "published_verdict"),
        )


@dg.multi_asset(
    name="read_plans",
    specs=[
        dg.AssetSpec(
            key=["raw", table],
            deps=[dg.AssetKey(["raw", "run_parameter"])],
            group_name="raw",
            owners=["team:data-engineering"],
            kinds={"python", "duckdb"},
            description=description,
        )
        for table, description in (
            (
                "target_parsed",
                "目标文本经更正与语法解析后的结果 / What the grammar reads in each row of seeds/target.csv.",
            ),
            (
                "responsible_unit",
                "目标、任务与示范点的责任单位 / Responsible units of targets, tasks and pilot sites.",
            ),
        )
    ],
)
def read_plans_asset(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult]:
    """Check all seeds, then parse every target. A fault in the seeds stops the run here, before anything is built."""
    try:
        read = read_plans()
    except SeedFault as fault:
        raise dg.Failure(
            f"种子有误，未运行，发布版本不变 / seeds at fault, nothing was built, the published version stays:\n{fault}"
        ) from fault
    context.log.info(
        f"目标 / targets: {len(read.parsed)}, 未识别 / unparsed: {read.kinds.get('unparsed', 0)}"
    )
    with warehouse.connect() as connection:
        write_targets(connection, read)
        for table in ("target_parsed", "responsible_unit"):
            metadata = table_metadata(connection, "raw", table)
            if table == "target_parsed":
                metadata["kinds"] = read.kinds
            yield dg.MaterializeResult(asset_key=["raw", table], metadata=metadata)
        write_build_basis(connection, SEEDS_DIR, DBT_DIR)
