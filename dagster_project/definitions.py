"""The code location: assembles what the other modules define, and nothing else."""

import dagster as dg

from dagster_project.assets.landing import LANDING_FILES, ingest
from dagster_project.assets.marts_gate import gate_2
from dagster_project.assets.models import DBT_PROJECT, dbt_build
from dagster_project.assets.published import publish
from dagster_project.assets.reporting import returns, templates
from dagster_project.assets.seeds import read_plans_asset, run_parameter
from dagster_project.dbt_cli import child_dbt
from dagster_project.jobs import inbox_sensor, nightly, nightly_schedule
from dagster_project.progress import console
from dagster_project.resources import Warehouse
from dagster_project.watch.sensors import tell_of_failure, tell_of_late_night

defs = dg.Definitions(
    assets=[
        LANDING_FILES,
        run_parameter,
        read_plans_asset,
        ingest,
        dbt_build,
        publish,
        templates,
        returns,
    ],
    asset_checks=[gate_2],
    jobs=[nightly],
    schedules=[nightly_schedule],
    sensors=[inbox_sensor, tell_of_failure, tell_of_late_night],
    resources={"warehouse": Warehouse(), "dbt": child_dbt(DBT_PROJECT)},
    loggers={"console": console},
    # one process a run: the warehouse lock is held by it, and start-up is paid once
    executor=dg.in_process_executor,
)
