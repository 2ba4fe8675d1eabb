"""From a quality suite to Dagster: check specs at load time, check results and quality.check_result at run time."""

import json
from collections.abc import Iterator
from functools import cache

import dagster as dg

from dagster_project.paths import SUITES_DIR
from dagster_project.resources import Warehouse
from dagster_project.tables import markdown_table
from expectations.runner import CheckOutcome, SuiteOutcome
from expectations.suite import Suite, load_suite

SEVERITIES = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


@cache
def suite_of(gate: str) -> Suite:
    """The suite of a gate, read once."""
    return load_suite(SUITES_DIR / f"{gate}.yaml")


def check_specs(gate: str, *, blocking: bool) -> list[dg.AssetCheckSpec]:
    """One Dagster check for each expectation. `blocking`: critical ones keep downstream assets from running."""
    return [
        dg.AssetCheckSpec(
            name=expectation.name,
            asset=dg.AssetKey(list(batch.asset)),
            description=f"{batch.title}: {expectation.title}",
            blocking=blocking and expectation.severity == "critical",
            metadata={"gate": gate, "expectation": expectation.type},
        )
        for batch in suite_of(gate).batches
        for expectation in batch.expectations
    ]


def check_results(outcome: SuiteOutcome) -> Iterator[dg.AssetCheckResult]:
    """What the Dagster UI shows: passed or not, the failing rows, and the way to the Data Docs."""
    for check in outcome.checks:
        metadata = {
            "expectation": check.expectation.type,
            "observed": check.observed,
            "rows_checked": check.rows_checked,
            "rows_failed": check.rows_failed,
            "data_docs": dg.MetadataValue.url(outcome.page_of(check.batch).as_uri()),
        }
        if check.failing_rows:
            metadata["failing_rows"] = dg.MetadataValue.md(markdown_table(check.failing_rows))
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey(list(check.batch.asset)),
            check_name=check.expectation.name,
            passed=check.success,
            severity=SEVERITIES[check.expectation.severity],
            description=check.expectation.title,
            metadata=metadata,
        )


def record(outcome: SuiteOutcome, warehouse: Warehouse) -> None:
    """Append the outcome of a gate to the durable state, from where publication takes quality.check_result, and count it."""
    gate = outcome.suite.name
    warehouse.measure("checks", gate, len(outcome.checks))
    warehouse.measure("checks_failed", gate, sum(not check.success for check in outcome.checks))
    checked_at = warehouse.state.moment()
    warehouse.state.append(
        "check_result",
        warehouse.run_id,
        [
            (
                warehouse.run_id,
                gate,
                check.batch.name,
                check.expectation.name,
                check.expectation.type,
                check.expectation.kwargs.get("column"),
                check.expectation.severity,
                check.success,
                check.rows_checked,
                check.rows_failed,
                check.observed,
                json.dumps(check.failing_rows, ensure_ascii=False),
                check.expectation.title,
                checked_at,
            )
            for check in outcome.checks
        ],
    )


def in_words(check: CheckOutcome) -> str:
    """A failed check in one line: what was expected, and the first rows that fail it."""
    rows = "; ".join(json.dumps(row, ensure_ascii=False) for row in check.failing_rows[:3])
    return f"{check.expectation.title} — {check.observed}{': ' + rows if rows else ''}"
