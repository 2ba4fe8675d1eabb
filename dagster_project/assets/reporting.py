"""Workbooks for departments: templates to fill in, and what was refused, given back. Nothing here blocks publication."""

from typing import Any

import dagster as dg
from pydantic import Field

from dagster_project.resources import Warehouse
from dagster_project.tables import markdown_table
from dagster_project.workbooks.folder import Sync, Wanted, sync_folder

PREVIEW_ROWS = 20


class TemplatesConfig(dg.Config):
    """Which templates to write. Empty: all that is due on the as-of date."""

    department_ids: list[str] = Field(
        default=[],
        description="只为这些责任单位生成（marts.dim_department 的 department_id） / Only for these departments.",
    )
    periods: list[str] = Field(
        default=[],
        description="只生成这些时期，如 2023、2024H1、2024Q2、2024M06 / Only these periods. Empty: the last ended year and, while a plan runs, the last ended quarter.",
    )


@dg.asset(
    key=["reporting", "templates"],
    group_name="reporting",
    owners=["team:data-engineering"],
    kinds={"excel"},
    deps=[
        ["marts", table]
        for table in (
            "bridge_target_department",
            "fct_target",
            "fct_actual",
            "dim_department",
            "dim_indicator",
            "dim_document",
            "dim_period",
            "dim_region",
        )
    ]
    + [
        ["intermediate", table]
        for table in ("int_target_mapped", "int_target_bound", "int_target_measure", "int_target_scope")
    ],
    description="各部门各时期的填报表：warehouse/templates/<时期>/<部门>.xlsx / Workbooks for departments to fill in.",
)
def templates(
    context: dg.AssetExecutionContext, config: TemplatesConfig, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Write the templates that are due, or those asked for; leave alone what has not changed."""
    from dagster_project.workbooks.items import agendas
    from dagster_project.workbooks.template import file_name, template_bytes

    with warehouse.connect() as connection:
        try:
            found = agendas(connection, warehouse.as_of, config.department_ids, config.periods)
        except ValueError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    wanted = [
        Wanted(file_name(agenda), agenda, lambda agenda=agenda: template_bytes(agenda)) for agenda in found
    ]
    is_complete = not config.department_ids and not config.periods
    done = sync_folder(warehouse.paths.templates, wanted, is_complete=is_complete)
    context.log.info(f"{_in_words(done)}: {warehouse.paths.templates}")
    rows = [
        {
            "file": file_name(agenda),
            "figures": len(agenda.items),
            "known": sum(item.last_period.endswith("（已报）") for item in agenda.items),
        }
        for agenda in found
    ]
    _fail_on_missing(done)
    return dg.MaterializeResult(
        metadata={
            **_metadata(done, warehouse.paths.templates, rows),
            "figures": sum(row["figures"] for row in rows),
        }
    )


@dg.asset(
    key=["reporting", "returns"],
    group_name="reporting",
    owners=["team:data-engineering"],
    kinds={"excel"},
    deps=[["quality", "received_file"], ["quality", "rejected_row"]],
    description="退回件：有退回行或待核实数的文件，标出问题，可改正后直接重报：warehouse/returns/ / Files with refused rows, given back marked.",
)
def returns(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Write a return for every received file that needs one; remove those that need none any more."""
    from dagster_project.workbooks.refusals import accepted_rows, refusals
    from dagster_project.workbooks.returned import file_names, return_bytes

    with warehouse.connect() as connection:
        found = refusals(connection)
        names = file_names(found)

        def make(refusal: Any) -> bytes:
            context.log.info(f"退回 / giving back {names[refusal.file_id]}")
            accepted = accepted_rows(connection, refusal.file_id)
            return return_bytes(refusal, warehouse.paths.archive / refusal.file_id, accepted)

        wanted = [
            Wanted(names[refusal.file_id], refusal, lambda refusal=refusal: make(refusal))
            for refusal in found
        ]
        done = sync_folder(warehouse.paths.returns, wanted, is_complete=True)
    context.log.info(f"{_in_words(done)}: {warehouse.paths.returns}")
    rows = [
        {
            "file": names[refusal.file_id],
            "sender": refusal.sender,
            "status": refusal.status,
            "rows_refused": refusal.rows_refused,
            "rows_to_confirm": refusal.rows_suspicious,
            "reason": refusal.whole_reason or (refusal.marks[0].reason if refusal.marks else ""),
        }
        for refusal in found
    ]
    _fail_on_missing(done)
    return dg.MaterializeResult(metadata=_metadata(done, warehouse.paths.returns, rows))


def _in_words(done: Sync) -> str:
    return (
        f"写 {len(done.written)}、未变 {len(done.unchanged)}、删 {len(done.removed)} / "
        f"{len(done.written)} written, {len(done.unchanged)} unchanged, {len(done.removed)} removed"
    )


def _metadata(done: Sync, folder: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    metadata = {
        "path": dg.MetadataValue.path(str(folder)),
        "workbooks": len(done.written) + len(done.unchanged),
        "written": len(done.written),
        "unchanged": len(done.unchanged),
        "removed": len(done.removed),
    }
    if rows:
        metadata["preview"] = dg.MetadataValue.md(markdown_table(rows[:PREVIEW_ROWS]))
    return metadata


def _fail_on_missing(done: Sync) -> None:
    """Say which workbooks could not be made, after all others were."""
    if done.failed:
        reasons = "\n".join(f"{name}: {reason}" for name, reason in done.failed.items())
        raise dg.Failure(
            f"有工作簿未生成，其余已生成 / {len(done.failed)} workbook(s) could not be made:\n{reasons}",
            allow_retries=False,
        )
