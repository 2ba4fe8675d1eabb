"""dbt seeds and models as Dagster assets, built by one `dbt build` a run."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtCliRuntimeError,
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from dagster_project.build_database import require_undamaged
from dagster_project.paths import DBT_DIR
from dagster_project.resources import Warehouse
from dagster_project.tables import table_metadata
from expectations.runner import load_library_aside

DBT_PROJECT = DbtProject(project_dir=DBT_DIR, profiles_dir=DBT_DIR)
DBT_PROJECT.prepare_if_dev()

TABLES_OF_ACTUAL = ("actual_row", "loaded", "label", "circumstance")
"""Ingest keeps the figures as a star; people see one asset."""

OWNERS = {"seed": ["team:domain-experts"], "model": ["team:analytics-engineering"]}


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset keys are schema and name; the group is the layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            if dbt_resource_props["name"] in TABLES_OF_ACTUAL:
                return dg.AssetKey(["raw", "actual"])
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS.get(dbt_resource_props["resource_type"], ["team:data-engineering"])


@dbt_assets(
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=WarehouseTranslator(
        DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)
    ),
    name="dbt_build",
)
def dbt_build(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse) -> Iterator[Any]:
    """Build seeds, models and their tests; then add row counts and previews to what was built."""
    # unit tests prove the models' logic in `make test`; a night only needs the tests of its data
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    invocation = dbt.cli(arguments, context=context, target_path=warehouse.paths.dbt_target)
    # gate 2 comes next and needs seconds to load its library: do that while dbt works in its own process
    load_library_aside()
    built = []
    try:
        for event in invocation.stream():
            if isinstance(event, dg.Output | dg.MaterializeResult):
                built.append(event)
            else:
                yield event
    except DagsterDbtCliRuntimeError as error:
        require_undamaged(warehouse.paths.build_db, str(error))
        raise
    # build.duckdb can be looked into only after dbt has let go of it
    with warehouse.connect() as connection:
        for event in built:
            yield _with_table_metadata(context, connection, event)


def _with_table_metadata(context: dg.AssetExecutionContext, connection: Any, event: Any) -> Any:
    if isinstance(event, dg.Output):
        key = context.assets_def.keys_by_output_name[event.output_name]
        return event.with_metadata({**event.metadata, **table_metadata(connection, *key.path)})
    return event._replace(metadata={**event.metadata, **table_metadata(connection, *event.asset_key.path)})
