"""Running a suite with Great Expectations and building its Data Docs.

Great Expectations is imported inside the functions: it takes seconds, and whoever only lists the checks must not
wait for it. What a failed check means for the run is decided by the caller.
"""

import importlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.suite import BatchSpec, ExpectationSpec, Suite

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS_SHOWN = 20
INDEX_PAGE = "index.html"
NOTHING_TO_CHECK = "没有数据可检查 / no rows to check"


@dataclass
class CheckOutcome:
    """What one expectation found. `failing_rows` holds the key columns and the value of the first failing rows."""

    batch: BatchSpec
    expectation: ExpectationSpec
    success: bool
    rows_checked: int
    rows_failed: int
    observed: str
    failing_rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class SuiteOutcome:
    """All outcomes of a suite, and where its Data Docs begin."""

    suite: Suite
    checks: list[CheckOutcome]
    data_docs: Path

    def page_of(self, batch: BatchSpec) -> Path:
        """The page of a batch's last validation: readable offline, which the index page, built by scripts, is not."""
        pages = (self.data_docs.parent / "validations" / batch.name).rglob("*.html")
        return max(pages, key=lambda page: page.stat().st_mtime, default=self.data_docs)


def run_suite(suite: Suite, fetch: Callable[[str], "pd.DataFrame"], data_docs: Path) -> SuiteOutcome:
    """Run every expectation of a suite on the rows that `fetch` returns for each batch's query.

    Data Docs of this suite are written below `data_docs`/<suite name>. An expectation that raises counts as failed
    and says why. Where no batch has a row there is nothing to expect: every check passes, the library is not loaded
    and the Data Docs of the last batch stay. Duration: seconds for loading the library, then hundredths a check.
    """
    frames = {batch.name: fetch(batch.query) for batch in suite.batches}
    site = data_docs / suite.name
    if all(frame.empty for frame in frames.values()) and (site / INDEX_PAGE).exists():
        checks = [
            CheckOutcome(
                batch, expectation, success=True, rows_checked=0, rows_failed=0, observed=NOTHING_TO_CHECK
            )
            for batch in suite.batches
            for expectation in batch.expectations
        ]
        return SuiteOutcome(suite, checks, site / INDEX_PAGE)

    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.delete_data_docs_site("local_site")
    context.add_data_docs_site(
        site_name=suite.name,
        site_config={
            "class_name": "SiteBuilder",
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    source = context.data_sources.add_pandas(suite.name)
    checks = [
        check
        for batch in suite.batches
        for check in _run_batch(gx, context, source, batch, frames[batch.name])
    ]
    context.build_data_docs()
    return SuiteOutcome(suite, checks, site / INDEX_PAGE)


def load_library_aside() -> None:
    """Start importing Great Expectations in a thread, for a caller that is about to wait for another process."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    threading.Thread(target=importlib.import_module, args=("great_expectations",), daemon=True).start()


def _run_batch(
    gx: Any, context: Any, source: Any, batch: BatchSpec, rows: "pd.DataFrame"
) -> Iterator[CheckOutcome]:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    suite = gx.ExpectationSuite(name=batch.name)
    for expectation in batch.expectations:
        suite.add_expectation_configuration(
            ExpectationConfiguration(
                type=expectation.type,
                kwargs=expectation.kwargs,
                severity=expectation.severity,
                meta={"name": expectation.name, "notes": expectation.title},
            )
        )
    suite = context.suites.add(suite)
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name=batch.name,
            data=source.add_dataframe_asset(batch.name).add_batch_definition_whole_dataframe("all rows"),
            suite=suite,
        )
    )
    result_format = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": list(batch.key),
        "partial_unexpected_count": MAX_ROWS_SHOWN,
    }
    validation = definition.run(batch_parameters={"dataframe": rows}, result_format=result_format)
    by_name = {result.expectation_config.meta["name"]: result for result in validation.results}
    for expectation in batch.expectations:
        yield _outcome(batch, expectation, by_name[expectation.name], len(rows))


def _outcome(batch: BatchSpec, expectation: ExpectationSpec, result: Any, rows: int) -> CheckOutcome:
    details = result.result or {}
    failing = details.get("unexpected_index_list") or []
    observed = details.get("observed_value")
    if result.exception_info and result.exception_info.get("raised_exception"):
        observed = result.exception_info.get("exception_message")
    if observed is None:
        observed = f"{details.get('unexpected_count', 0)} of {details.get('element_count', rows)} rows fail"
    return CheckOutcome(
        batch=batch,
        expectation=expectation,
        success=bool(result.success),
        rows_checked=rows,
        rows_failed=int(details.get("unexpected_count") or 0),
        observed=str(observed),
        failing_rows=[_plain(row) for row in failing[:MAX_ROWS_SHOWN]],
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return json.loads(
        json.dumps(
            row, ensure_ascii=False, default=lambda value: getattr(value, "item", lambda: str(value))()
        )
    )
