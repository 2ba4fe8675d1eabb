"""The Dagster code location: what it offers, that it is light to load, and how the sensor decides."""

import json
import subprocess
import sys

import dagster as dg
import pytest
import yaml

from dagster_project.assets.models import DBT_PROJECT
from dagster_project.definitions import defs
from dagster_project.jobs import inbox_sensor, nightly_schedule
from dagster_project.paths import DAGSTER_HOME, PROJECT_ROOT, WAREHOUSE_DIR_VARIABLE
from dagster_project.publish.contract import published_relations
from dagster_project.publish.database import STATE_TABLES
from dagster_project.publish.parts import PARTS
from dagster_project.watch.sensors import tell_of_failure, tell_of_late_night

HEAVY = ("great_expectations", "pandas", "pyarrow", "dbt.cli", "python_calamine", "openpyxl")


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def keys_of_group(graph, group: str) -> set[str]:
    return {key.path[-1] for key in graph.get_all_asset_keys() if graph.get(key).group_name == group}


def test_the_marts_of_the_contract_are_assets(graph):
    assert keys_of_group(graph, "marts") == {
        "dim_region", "dim_indicator", "dim_department", "dim_document", "dim_source", "dim_period", "dim_code",
        "dim_unit", "fct_target",
        "bridge_target_department", "bridge_task_department", "fct_actual", "fct_actual_history", "fct_actual_revision", "fct_attainment",
        "fct_indicator_year", "fct_ranking", "fct_township_score", "fct_task", "fct_pilot_site", "rpt_target_conflict",
        "rpt_scorecard", "rpt_department_scorecard", "rpt_coverage", "rpt_gap", "rpt_light_change",
        "vw_current_light", "vw_department_sheet", "vw_indicator_year", "vw_league_table",
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
    assert keys_of_group(graph, "published") == {"database", "version"} | {part.name for part in PARTS}
    assert keys_of_group(graph, "reporting") == {"templates", "returns"}


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


def test_the_consumers_of_the_marts_are_exposures():
    manifest = json.loads(DBT_PROJECT.manifest_path.read_text(encoding="utf-8"))
    reads = {
        exposure["name"]: {node.split(".")[-1] for node in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
    }
    assert set(reads) == {"board", "bulletins", "label_review", "open_formats", "superset_dashboard"}
    relations = published_relations().values()
    assert reads["superset_dashboard"] == {
        relation.name for relation in relations if relation.name.startswith("vw_")
    }
    assert reads["open_formats"] == {relation.name for relation in relations if not relation.is_view} - {
        *STATE_TABLES
    }


def test_every_part_of_a_version_has_a_check_that_blocks_nothing(graph):
    checks = {key: graph.get_check_spec(key) for key in graph.asset_check_keys}
    for part in PARTS:
        assert not checks[
            dg.AssetCheckKey(dg.AssetKey(["published", part.name]), "is_in_the_version")
        ].blocking


def test_everything_published_is_held_against_a_deadline_and_the_instance_looks(graph):
    for name in ("database", "version", *(part.name for part in PARTS)):
        policy = graph.get(dg.AssetKey(["published", name])).freshness_policy
        assert (policy.deadline_cron, policy.timezone) == ("0 4 * * *", "Asia/Shanghai"), name
    configuration = yaml.safe_load((DAGSTER_HOME / "dagster.yaml").read_text(encoding="utf-8"))
    assert configuration["freshness"] == {"enabled": True}


def test_failed_and_late_nights_are_watched_from_the_first_moment():
    assert {sensor.name for sensor in (tell_of_failure, tell_of_late_night)} <= {
        sensor.name for sensor in defs.sensors
    }
    assert {sensor.default_status for sensor in defs.sensors} == {dg.DefaultSensorStatus.RUNNING}


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
