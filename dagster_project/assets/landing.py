"""Landing files into `raw`, and gate 1 on the batch: one step, so that it is closed or it did not happen."""

from collections.abc import Iterator

import dagster as dg
from pydantic import Field

from dagster_project import gates
from dagster_project.ingest.ledger import Ledger
from dagster_project.ingest.load import ArchiveDamaged, Ingest, IngestReport, Orders, close_batch
from dagster_project.paths import SEEDS_DIR
from dagster_project.resources import Warehouse
from dagster_project.tables import markdown_table, table_metadata
from dagster_project.workbooks.refusals import reasons_counted

GATE = "gate_1_batch"
LANDING_FILES = dg.AssetSpec(
    key=["landing", "files"],
    group_name="landing",
    owners=["team:data-engineering"],
    kinds={"csv", "excel"},
    description="landing/shipped 随库文件与 landing/inbox 收件 / Files that come with the repository, and the inbox.",
)
RAW_TABLES = {
    "received_file": "收到的每个文件及其回执 / Every file received, with its receipt.",
    "actual": "逐行接收的实际值（文本与数值） / Rows of actuals as accepted, with file hash and row number.",
    "rejected_row": "退回的行及原因 / Refused rows with the reason.",
}


class IngestConfig(dg.Config):
    """What an operator asks of a run besides taking in what is new. Files are named as in quality.received_file, or by SHA-256."""

    reprocess_files: list[str] = Field(
        default=[],
        description="重新读取的文件名或 SHA-256（前 8 位以上） / Names, or SHA-256 (8 characters or more), of received files to read again from the archive.",
    )
    reprocess_years: list[int] = Field(
        default=[],
        description="重新读取含这些年份数据的文件 / Read again every received file with a figure of one of these years.",
    )
    quarantine_files: list[str] = Field(
        default=[],
        description="整份隔离这些文件，其数据不再使用 / Hold these files back whole: none of their rows is used from now on.",
    )
    release_files: list[str] = Field(
        default=[],
        description="放行被隔离的文件 / Take these files after all, whatever gate 1 said.",
    )


@dg.multi_asset(
    name="ingest",
    specs=[
        dg.AssetSpec(
            key=["raw", table],
            # the seeds decide which regions and units are known: they must have passed their checks
            deps=[LANDING_FILES, dg.AssetKey(["raw", "target_parsed"])],
            group_name="raw",
            owners=["team:data-engineering"],
            kinds={"python", "duckdb"},
            description=description,
        )
        for table, description in RAW_TABLES.items()
    ],
    check_specs=gates.check_specs(GATE, blocking=False),
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL),
)
def ingest(
    context: dg.AssetExecutionContext, config: IngestConfig, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take in new files, hold the batch against gate 1, write receipts, empty the inbox."""
    from expectations.runner import run_suite

    ledger = Ledger(warehouse.state)
    with warehouse.connect() as connection:
        try:
            report = Ingest(
                connection, warehouse.paths, SEEDS_DIR, ledger, warehouse.run_id, context.log.info
            ).run(Orders(**config.model_dump()))
        except (ValueError, ArchiveDamaged) as error:
            # somebody has to do something first: trying again would only take time
            raise dg.Failure(str(error), allow_retries=False) from error
        outcome = run_suite(
            gates.suite_of(GATE), lambda query: connection.execute(query).df(), warehouse.paths.data_docs
        )
        quarantine = {
            row["file_id"]: check.expectation.title
            for check in outcome.checks
            if not check.success
            for row in check.failing_rows
        }
        close_batch(connection, warehouse.paths, ledger, warehouse.run_id, report, quarantine)
        tables = {table: table_metadata(connection, "raw", table) for table in RAW_TABLES}
        if reasons := reasons_counted(connection):
            tables["rejected_row"]["reasons"] = dg.MetadataValue.md(markdown_table(reasons))
    gates.record(outcome, warehouse)
    summary = _summary(report)
    for measure, value in summary.items():
        warehouse.measure(measure, "batch", value)
    for check in outcome.checks:
        if not check.success:
            context.log.warning(f"第一道关隔离 / gate 1 quarantines: {gates.in_words(check)}")
    for table in RAW_TABLES:
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={**tables[table], **summary})
    yield from gates.check_results(outcome)


def _summary(report: IngestReport) -> dict[str, int]:
    return {
        "files_new": len(report.new),
        "files_duplicate": len(report.duplicates),
        "files_read_again": len(report.reloaded),
        "files_left_for_next_run": len(report.left_for_next_run),
        "rows_accepted": sum(receipt.rows_accepted for receipt in report.new),
        "rows_refused": sum(receipt.rows_refused for receipt in report.new),
    }
