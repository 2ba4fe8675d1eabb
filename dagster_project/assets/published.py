"""The published version as assets: the database, what people open beside it, and the version that holds them.

One step: a version is served as a whole or not at all, so its assets are materialised together, once it is linked.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.assets.marts_gate import GATE
from dagster_project.assets.models import dbt_build
from dagster_project.publish import database, manifest, preview, version
from dagster_project.publish.kept import remove_old_versions
from dagster_project.publish.memory import remember_published
from dagster_project.publish.parts import PARTS, Made, make_parts
from dagster_project.resources import Warehouse
from dagster_project.rows import fetch_rows
from dagster_project.settings import settings
from dagster_project.tables import markdown_table
from dagster_project.watch.record import ended_stages

PUBLISHED_GROUPS = ("marts", "quality")
# the schedule starts a night at two; by four it is there
FRESHNESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 4 * * *", lower_bound_delta=timedelta(hours=4), timezone="Asia/Shanghai"
)
OWNERS = ["team:data-engineering"]
DATABASE = dg.AssetKey(["published", "database"])
VERSION = dg.AssetKey(["published", "version"])
MADE_CHECK = "is_in_the_version"


def published_models() -> list[dg.AssetKey]:
    """The dbt assets that go into a version."""
    return [spec.key for spec in dbt_build.specs if spec.group_name in PUBLISHED_GROUPS]


def published_names() -> set[tuple[str, str]]:
    """Schema and name of every table and view of a version."""
    from_state = {("quality", table) for table in database.STATE_TABLES}
    return {(key.path[0], key.path[1]) for key in published_models()} | from_state


def part_key(name: str) -> dg.AssetKey:
    """The asset of a part of the version."""
    return dg.AssetKey(["published", name])


def require_passed_gate(connection, warehouse: Warehouse) -> None:
    """Raise dg.Failure unless this very run has built the marts and gate 2 has let them through.

    In the nightly job the order of steps sees to that; this is for whoever materialises the version alone.
    """
    built_by = connection.execute("SELECT run_id FROM raw.run_parameter").fetchall()
    verdicts = [
        row["success"] or row["severity"] != "critical"
        for row in warehouse.state.rows_of_run("check_result", warehouse.run_id)
        if row["gate"] == GATE
    ]
    if built_by != [(warehouse.run_id,)] or not verdicts or not all(verdicts):
        raise dg.Failure(
            "未经本次运行的第二道关，不发布 / not published: the marts were not built and let through by gate 2 in this run. "
            "Run the job `nightly`."
        )


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            key=DATABASE,
            group_name="published",
            owners=OWNERS,
            freshness_policy=FRESHNESS,
            kinds={"duckdb"},
            deps=published_models(),
            description="发布的数据库 indicators.duckdb / The published DuckDB file.",
        ),
        *(
            dg.AssetSpec(
                key=part_key(part.name),
                group_name="published",
                owners=OWNERS,
                freshness_policy=FRESHNESS,
                kinds=set(part.kinds),
                deps=[DATABASE],
                description=part.description,
                # a part that fails blocks only itself
                skippable=True,
            )
            for part in PARTS
        ),
        dg.AssetSpec(
            key=VERSION,
            group_name="published",
            owners=OWNERS,
            freshness_policy=FRESHNESS,
            kinds={"file"},
            deps=[DATABASE, *(part_key(part.name) for part in PARTS)],
            description="发布版本：清单 manifest.json 与链接 warehouse/published / The version readers get: manifest and link.",
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            name=MADE_CHECK,
            asset=part_key(part.name),
            description="本版本含此部分 / The version holds this part; if not, the rest of it is served all the same.",
        )
        for part in PARTS
    ],
)
def publish(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Write the version beside the old one and link it, after gate 2 has passed."""
    published_at = warehouse.state.moment()
    contents: dict[str, Any] = {}
    made: dict[str, Made] = {}
    missing: dict[str, str] = {}
    previews: dict[str, list[dict[str, Any]]] = {}

    def fill(folder: Path) -> None:
        path = folder / version.DATABASE_NAME
        with warehouse.connect() as connection:
            require_passed_gate(connection, warehouse)
            database.add_state_tables(connection, warehouse.state.load)
            database.log_publication(connection, warehouse.run_id, published_at, warehouse.as_of)
            for table, count in database.row_counts(connection, published_names()).items():
                warehouse.measure("row_count", table, count)
            database.add_this_run(
                connection, ended_stages(context.instance, warehouse.run_id), warehouse.measures
            )
            row_counts = database.write_database(connection, path, published_names())
            previews["verdicts"] = fetch_rows(connection, VERDICTS_QUERY)
            previews["lights"] = preview.lights_per_region(connection)
            contents.update(
                row_counts=row_counts,
                verdicts={row["verdict"]: row["targets"] for row in previews["verdicts"]},
                rows_unmapped=fetch_rows(connection, UNMAPPED_QUERY)[0]["row_count"],
                figures_to_confirm=fetch_rows(connection, TO_CONFIRM_QUERY)[0]["figures"],
                files=fetch_rows(connection, FILES_QUERY),
                gates=fetch_rows(connection, GATES_QUERY, [warehouse.run_id]),
            )
        context.log.info("数据库已写 / database written")
        parts = make_parts(path, folder, context.log)
        made.update(parts[0])
        missing.update(parts[1])
        manifest.write_manifest(
            folder,
            manifest.build_manifest(
                run_id=warehouse.run_id,
                as_of_date=warehouse.as_of,
                published_at=published_at,
                parts={name: asdict(part) for name, part in made.items()},
                missing=missing,
                **contents,
            ),
        )

    folder = version.publish_version(warehouse.paths, warehouse.run_id, fill)
    remember_published(warehouse.paths, warehouse.state)
    context.log.info(f"已发布 / published: {folder}")
    try:
        removed = remove_old_versions(warehouse.paths, settings().keep_versions)
    except OSError as error:
        context.log.warning(f"旧版本未能删除 / old versions could not be removed: {error}")
    else:
        if removed:
            context.log.info(f"旧版本已删除 / old versions removed: {', '.join(removed)}")

    tables = [{"table": name, "rows": count} for name, count in sorted(contents["row_counts"].items())]
    yield dg.MaterializeResult(
        asset_key=DATABASE,
        metadata={
            "path": dg.MetadataValue.path(str(folder / version.DATABASE_NAME)),
            "verdicts": dg.MetadataValue.md(markdown_table(previews["verdicts"])),
            "tables": dg.MetadataValue.md(markdown_table(tables)),
        },
    )
    lights = _lights_metadata(previews["lights"])
    for part in PARTS:
        key = part_key(part.name)
        if part.name in made:
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={**_part_metadata(folder, made[part.name]), **(lights if part.shows_lights else {})},
            )
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=MADE_CHECK,
            passed=part.name in made,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={} if part.name in made else {"error": missing[part.name]},
        )
    yield dg.MaterializeResult(
        asset_key=VERSION,
        metadata={
            "path": dg.MetadataValue.path(str(folder)),
            "as_of_date": warehouse.as_of.isoformat(),
            "missing": dg.MetadataValue.json(missing),
            **lights,
        },
    )


def _part_metadata(folder: Path, part: Made) -> dict[str, Any]:
    return {
        "open": dg.MetadataValue.url((folder / part.opens).as_uri()),
        "path": dg.MetadataValue.path(str(folder / part.opens)),
        "files": part.files,
        "size_bytes": part.size_bytes,
        "seconds": part.seconds,
    }


def _lights_metadata(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The lights of every region as a picture and a table; nothing where there is no target yet."""
    if not rows:
        return {}
    return {
        "lights_picture": dg.MetadataValue.md(preview.lights_picture(rows)),
        "lights": dg.MetadataValue.md(markdown_table(preview.with_heads(rows))),
    }


VERDICTS_QUERY = """
    SELECT verdict, count(*) AS targets FROM marts.fct_attainment WHERE is_current GROUP BY verdict ORDER BY targets DESC, verdict"""
UNMAPPED_QUERY = """
    SELECT coalesce(sum(row_count), 0)::BIGINT AS row_count FROM quality.unmapped_label WHERE origin = 'actual'"""
TO_CONFIRM_QUERY = """
    SELECT count(DISTINCT (file_id, row_no)) AS figures FROM quality.suspicious_figure WHERE NOT is_confirmed AND NOT is_replaced"""
FILES_QUERY = """
    SELECT file_name, file_id, status, rows_total, rows_accepted, rows_refused FROM quality.received_file ORDER BY file_name"""
GATES_QUERY = """
    SELECT gate, count(*) AS checks, count(*) FILTER (NOT success) AS failed
    FROM quality.check_result WHERE run_id = ? GROUP BY gate ORDER BY gate"""
