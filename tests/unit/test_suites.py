"""The gates' suites: readable, complete, and with expectations that really fail on faults."""

import pandas as pd
import pytest
import yaml

from dagster_project.paths import SUITES_DIR
from expectations.runner import run_suite
from expectations.suite import SuiteError, load_suite

SUITES = sorted(SUITES_DIR.glob("*.yaml"))


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_a_suite_says_in_both_languages_what_it_expects(path):
    for batch in load_suite(path).batches:
        for expectation in batch.expectations:
            assert " / " in expectation.title, expectation.name


def test_a_severity_that_does_not_exist_is_refused(tmp_path):
    data = yaml.safe_load(SUITES[0].read_text(encoding="utf-8"))
    data["batches"][0]["expectations"][0]["severity"] = "fatal"
    (tmp_path / "suite.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SuiteError, match="severity"):
        load_suite(tmp_path / "suite.yaml")


GOOD_ROWS = {
    "targets_of_tables": {"document_id": "d", "table_ref": "t", "rows_printed": 83, "rows_loaded": 83},
    "current_rows": {"target_id": "a", "current_rows": 1},
    "coverage": {"table_name": "fct_actual", "slice": "2022", "ratio": 1.0},
    "magnitude": {"indicator_id": "gdp", "ratio": 1.0},
    "verdicts": {
        "target_id": "a", "evaluation_period": "2022", "verdict": "met", "attainment_ratio": 1.0, "reason": "理由充分的一句话",
        "judged_without_actual": None, "gap_against_verdict": None,
    },
    "lineage": {"file_id": "f", "row_no": 1, "file_name": "x.csv"},
    "mapping": {"target_id": "a", "indicator_text": "x", "indicator_id": "gdp", "target_kind": "threshold"},
    "files": {"file_id": "f", "file_name": "x.csv", "share_refused": 0.1, "coverage_ratio": 1.0, "twin_file_id": None},
    "units": {"file_id": "f", "file_name": "x.csv", "unit_text": "万元", "median_ratio": 1.0},
}  # fmt: skip
FAULTS = {
    "targets_of_tables__as_many_as_printed": {"rows_loaded": 82},
    "current_rows__exactly_one": {"current_rows": 2},
    "coverage__did_not_shrink": {"ratio": 0.4},
    "magnitude__same_magnitude": {"ratio": 10000.0},
    "verdicts__none_without_actual": {"judged_without_actual": "no actual"},
    "verdicts__gap_agrees": {"gap_against_verdict": "gap -1"},
    "verdicts__reason_is_given": {"reason": ""},
    "verdicts__ratio_is_plausible": {"attainment_ratio": 10000.0},
    "lineage__file_is_known": {"file_name": None},
    "mapping__labels_are_mapped": {"indicator_id": "unmapped"},
    "mapping__texts_are_read": {"target_kind": "unparsed"},
    "files__share_refused": {"share_refused": 0.9},
    "files__coverage_did_not_shrink": {"coverage_ratio": 0.1},
    "files__not_a_copy": {"twin_file_id": "other"},
    "units__same_magnitude": {"median_ratio": 10000.0},
}


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_good_rows_pass_and_each_fault_fails_its_own_expectation_only(path, tmp_path):
    suite = load_suite(path)
    names = {expectation.name for batch in suite.batches for expectation in batch.expectations}
    assert names <= set(FAULTS), "a new expectation needs its fault here"

    def failed(fault: str | None) -> list[str]:
        def fetch(query: str) -> pd.DataFrame:
            batch = next(batch for batch in suite.batches if batch.query == query)
            rows = [dict(GOOD_ROWS[batch.name]), dict(GOOD_ROWS[batch.name])]
            if fault and fault.startswith(f"{batch.name}__"):
                rows[1].update(FAULTS[fault])
            return pd.DataFrame(rows)

        outcome = run_suite(suite, fetch, tmp_path)
        for batch in suite.batches:
            page = outcome.page_of(batch)
            assert page != outcome.data_docs
            assert f"Validations / {batch.name}" in " ".join(page.read_text("utf-8").split())
        return [check.expectation.name for check in outcome.checks if not check.success]

    assert failed(None) == []
    for name in sorted(names):
        assert failed(name) == [name]


def test_a_batch_without_rows_passes_and_leaves_the_data_docs_of_the_last_one(tmp_path):
    suite = load_suite(SUITES[0])
    first = run_suite(suite, lambda query: pd.DataFrame([GOOD_ROWS["files"] | GOOD_ROWS["units"]]), tmp_path)
    page = first.data_docs.read_bytes()
    empty = run_suite(suite, lambda query: pd.DataFrame(columns=["file_id"]), tmp_path)
    assert all(check.success and check.rows_checked == 0 for check in empty.checks)
    assert empty.data_docs.read_bytes() == page
