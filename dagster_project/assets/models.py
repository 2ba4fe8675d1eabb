"""dbt seeds and models as Dagster assets, built by one `dbt build` a run."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from dagster_project.paths import DBT_DIR
from dagster_project.resources import Warehouse
from dagster_project.tables import table_metadata

DBT_PROJECT = DbtProject(project_dir=DBT_DIR, profiles_dir=DBT_DIR)
DBT_PROJECT.prepare_if_dev()

OWNERS = {"seed": ["team:domain-experts"], "model": ["team:analytics-engineering"]}


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset keys are schema and name; the group is the layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS.get(dbt_resource_props["resource_type"], ["team:data-engineering"])


@dbt_assets(
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=WarehouseTranslator(),
    name="dbt_build",
    exclude="resource_type:unit_test",
)
def dbt_build(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse) -> Iterator[Any]:
    """Build seeds, models and their tests; then add row counts and previews to what was built."""
    invocation = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context, target_path=warehouse.paths.dbt_target)
    events = list(invocation.stream())
    with warehouse.connect() as connection:
        built = {
            tuple(row)
            for row in connection.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() UNION SELECT schema_name, view_name FROM duckdb_views()"
            ).fetchall()
        }
        for event in events:
            yield _with_table_metadata(context, connection, built, event)


def _with_table_metadata(context: dg.AssetExecutionContext, connection: Any, built: set[tuple[str, str]], event: Any) -> Any:
    key = None
    if isinstance(event, dg.Output):
        key = context.assets_def.keys_by_output_name[event.output_name]
    elif isinstance(event, dg.AssetMaterialization | dg.MaterializeResult):
        key = event.asset_key
    if key is None or tuple(key.path) not in built:
        return event
    metadata = {**event.metadata, **table_metadata(connection, *key.path)}
    return event.with_metadata(metadata) if isinstance(event, dg.Output) else event._replace(metadata=metadata)
