"""The published version: what BI tools, the board and the bulletins read."""

from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import clock
from dagster_project.assets.marts_gate import GATE
from dagster_project.assets.models import dbt_build
from dagster_project.publish import database, manifest, version
from dagster_project.publish.label_review import write_label_review
from dagster_project.publish.memory import remember_published
from dagster_project.resources import Warehouse
from dagster_project.tables import markdown_table

PUBLISHED_GROUPS = ("marts", "quality")


def published_models() -> list[dg.AssetKey]:
    """The dbt assets that go into a version."""
    return [spec.key for spec in dbt_build.specs if spec.group_name in PUBLISHED_GROUPS]


def published_tables() -> set[tuple[str, str]]:
    """Schema and name of every table of a version."""
    from_state = {("quality", table) for table in database.STATE_TABLES}
    return {(key.path[0], key.path[1]) for key in published_models()} | from_state


def require_passed_gate(connection, warehouse: Warehouse) -> None:
    """Raise dg.Failure unless this very run has built the marts and gate 2 has let them through.

    In the nightly job the order of steps sees to that; this is for whoever materialises the version alone.
    """
    built_by = connection.execute("SELECT run_id FROM raw.run_parameter").fetchall()
    verdicts = [
        row["success"] or row["severity"] != "critical"
        for row in warehouse.state.rows("check_result")
        if (row["run_id"], row["gate"]) == (warehouse.run_id, GATE)
    ]
    if built_by != [(warehouse.run_id,)] or not verdicts or not all(verdicts):
        raise dg.Failure(
            "未经本次运行的第二道关，不发布 / not published: the marts were not built and let through by gate 2 in this run. "
            "Run the job `nightly`."
        )


@dg.asset(
    key=["published", "version"],
    group_name="published",
    owners=["team:data-engineering"],
    kinds={"duckdb"},
    deps=published_models(),
    description="发布版本：indicators.duckdb 与 manifest.json；warehouse/published 指向它 / The version readers get.",
)
def published_version(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Write the version beside the old one and link it, after gate 2 has passed."""
    published_at = clock.now()
    row_counts: dict[str, int] = {}
    verdicts: list[dict[str, Any]] = []
    missing: dict[str, str] = {}

    def fill(folder: Path) -> None:
        with warehouse.connect() as connection:
            require_passed_gate(connection, warehouse)
            database.add_state_tables(connection, warehouse.state.load)
            database.log_publication(connection, warehouse.run_id, published_at, warehouse.as_of)
            row_counts.update(
                database.write_database(connection, folder / version.DATABASE_NAME, published_tables())
            )
            verdicts.extend(_rows(connection, VERDICTS_QUERY))
            try:
                write_label_review(connection, folder)
            except Exception as error:  # what people open beside the database blocks only itself
                missing["label_review"] = f"{type(error).__name__}: {error}"
                context.log.error(
                    f"标签核对表未生成 / no label_review.xlsx in this version: {missing['label_review']}"
                )
            manifest.write_manifest(
                folder,
                manifest.build_manifest(
                    run_id=warehouse.run_id,
                    as_of_date=warehouse.as_of,
                    published_at=published_at,
                    row_counts=row_counts,
                    verdicts={row["verdict"]: row["targets"] for row in verdicts},
                    rows_unmapped=_rows(connection, UNMAPPED_QUERY)[0]["row_count"],
                    figures_to_confirm=_rows(connection, TO_CONFIRM_QUERY)[0]["figures"],
                    files=_rows(connection, FILES_QUERY),
                    gates=_rows(connection, GATES_QUERY, [warehouse.run_id]),
                    missing=missing,
                ),
            )

    folder = version.publish_version(warehouse.paths, warehouse.run_id, fill)
    remember_published(warehouse.paths, warehouse.state)
    context.log.info(f"已发布 / published: {folder}")
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(folder)),
            "as_of_date": warehouse.as_of.isoformat(),
            "verdicts": dg.MetadataValue.md(markdown_table(verdicts)),
            "tables": dg.MetadataValue.md(
                markdown_table([{"table": name, "rows": count} for name, count in sorted(row_counts.items())])
            ),
        }
    )


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


def _rows(connection, query: str, parameters: list | None = None) -> list[dict[str, Any]]:
    cursor = connection.execute(query, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
