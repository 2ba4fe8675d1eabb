"""The Dagster code location: what it offers, that it is light to load, and how the sensor decides."""

import subprocess
import sys

import dagster as dg
import pytest

from dagster_project.definitions import defs
from dagster_project.jobs import inbox_sensor, nightly_schedule
from dagster_project.paths import PROJECT_ROOT, WAREHOUSE_DIR_VARIABLE

HEAVY = ("great_expectations", "pandas", "pyarrow", "dbt.cli", "python_calamine", "openpyxl")


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def keys_of_group(graph, group: str) -> set[str]:
    return {key.path[-1] for key in graph.get_all_asset_keys() if graph.get(key).group_name == group}


def test_the_marts_of_the_contract_are_assets(graph):
    assert keys_of_group(graph, "marts") == {
        "dim_region", "dim_indicator", "dim_department", "dim_document", "dim_source", "dim_period", "fct_target",
        "bridge_target_department", "bridge_task_department", "fct_actual", "fct_actual_history", "fct_actual_revision",
        "fct_attainment",        "fct_indicator_year", "fct_ranking", "fct_township_score", "fct_task", "fct_pilot_site", "rpt_target_conflict",
        "rpt_scorecard", "rpt_department_scorecard", "rpt_coverage", "rpt_gap", "rpt_light_change",
    }  # fmt: skip
    assert keys_of_group(graph, "raw") == {
        "run_parameter",
        "published_verdict",
        "target_parsed",
        "responsible_unit",
        "received_file",
        "actual",
        "rejected_row",
    }
    assert keys_of_group(graph, "published") == {"version"}


def test_the_lineage_runs_from_landing_files_to_the_published_version(graph):
    upstream, found = {dg.AssetKey(["published", "version"])}, set()
    while upstream:
        found |= upstream
        upstream = {parent for key in upstream for parent in graph.get(key).parent_keys} - found
    assert {"landing/files", "seeds/target", "raw/target_parsed"} <= {key.to_user_string() for key in found}


def test_every_asset_has_owner_kind_and_a_description_in_chinese(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners, key
        assert node.kinds, key
        assert any("一" <= character <= "鿿" for character in node.description or ""), key


def test_gates_are_checks_and_only_critical_ones_of_gate_2_block(graph):
    checks = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys}
    assert checks["targets_of_tables__as_many_as_printed"].blocking
    assert not checks["mapping__labels_are_mapped"].blocking
    assert not checks["files__share_refused"].blocking


def test_the_schedule_runs_the_nightly_job_at_two_in_shanghai():
    assert (nightly_schedule.cron_schedule, nightly_schedule.execution_timezone) == (
        "0 2 * * *",
        "Asia/Shanghai",
    )
    assert nightly_schedule.job_name == "nightly"


def test_the_sensor_starts_one_run_for_a_file_that_has_stopped_growing(tmp_path, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_DIR_VARIABLE, str(tmp_path))
    inbox = tmp_path / "landing" / "inbox"
    inbox.mkdir(parents=True)

    def tick(cursor):
        context = dg.build_sensor_context(cursor=cursor)
        return inbox_sensor(context), context.cursor

    answer, cursor = tick(None)
    assert isinstance(answer, dg.SkipReason)
    (inbox / "部门.csv").write_text("a")
    answer, cursor = tick(cursor)
    assert isinstance(answer, dg.SkipReason), "just arrived"
    (inbox / "部门.csv").write_text("ab")
    answer, cursor = tick(cursor)
    assert isinstance(answer, dg.SkipReason), "still growing"
    first, cursor = tick(cursor)
    assert isinstance(first, dg.RunRequest)
    again, cursor = tick(cursor)
    assert again.run_key == first.run_key, "the same files must not start a second run"


def test_loading_the_definitions_imports_nothing_heavy():
    script = "import sys, dagster_project.definitions; print(*[name for name in sys.argv[1:] if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", script, *HEAVY], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []
