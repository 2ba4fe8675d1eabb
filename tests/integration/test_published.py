"""What one night on the shipped data publishes: printed values, verdicts, comments, keys and the way back to the cell."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from dagster_project.paths import DBT_DIR, PROJECT_ROOT
from dagster_project.publish.contract import published_relations
from tests.conftest import AS_OF

# counted in the documents: four tables of 308, 附件3 152, prose 108 + 40 + 85, Liandu 74 + 49 + 127 + 94
PRINTED_CELLS = 1037
SHENGZHOU_2022 = "shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"


def attainment(nightly, target_id, period):
    rows = nightly.query(
        "SELECT verdict, actual_value, gap, attainment_ratio, reason, reason_en, scope_used, actual_source, is_current"
        " FROM marts.fct_attainment WHERE target_id = ? AND evaluation_period = ?",
        [target_id, period],
    )
    assert len(rows) == 1, f"{target_id} in {period}"
    names = [
        "verdict",
        "actual_value",
        "gap",
        "attainment_ratio",
        "reason",
        "reason_en",
        "scope_used",
        "actual_source",
        "is_current",
    ]
    return dict(zip(names, rows[0], strict=True))


def test_shengzhou_missed_its_2022_per_capita_gdp(first_night):
    """Printed: 11 万元 for 2022 (表1, row 1); published: 99856 元 (communiqué of 2022)."""
    row = attainment(first_night, SHENGZHOU_2022, "2022")
    assert (row["verdict"], int(row["actual_value"]), int(row["gap"])) == ("missed", 99856, -10144)
    assert row["attainment_ratio"] == pytest.approx(0.908, abs=0.0005)
    assert "99856元" in row["reason"]
    assert "“11”" in row["reason"]
    assert "90.8%" in row["reason"]
    assert "未达标" in row["reason"]
    assert "missed" in row["reason_en"]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (1, "met"),
        (5, "missed"),
        (12, "missed"),
        (13, "met"),
        (21, "met"),
        (31, "met"),
        (33, "no_actual"),
        (25, "no_actual"),
    ],
)
def test_verdicts_of_the_13th_five_year_table(first_night, line, verdict):
    """表1-1 prints both target and actual of 2020; docs/verdicts.md explains where its own words differ."""
    target_id = f"xiuzhou_14th_five_year_plan:表1-1:{line}:十三五目标:330411:unspecified:2020:0"
    assert attainment(first_night, target_id, "2020")["verdict"] == verdict


def test_docs_explain_every_difference_to_the_printed_judgement(first_night):
    """docs/verdicts.md lists each level target of 表1-1 that is not met, with what is printed and what came out."""
    page = (PROJECT_ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    explained = {
        (int(cells[2]), cells[4].replace("(none)", ""), cells[5])
        for cells in ([cell.strip() for cell in line.split("|")] for line in page.splitlines())
        if len(cells) == 8 and cells[2].isdigit()
    }
    published = first_night.query(
        "SELECT line_no, coalesce(printed_status, ''), verdict FROM marts.fct_target JOIN marts.fct_attainment USING (target_id)"
        " WHERE table_ref = '表1-1' AND column_ref = '十三五目标' AND is_current"
    )
    assert {row for row in published if row[2] != "met"} == explained
    assert {status for _, status, verdict in published if verdict == "met"} == {
        "完成",
        "总量完成",
        "预计完成",
    }
    assert sum(verdict == "met" for _, _, verdict in published) == 22


def test_docs_walk_five_targets_from_the_cell_to_the_light(first_night):
    """docs/verdicts.md: every number of the table is what is published."""
    page = (PROJECT_ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")] for line in page.splitlines() if ":unspecified:" in line
    ]
    assert len(rows) == 5
    for _, _, target_id, period, measured, pace, verdict, light, _ in rows:
        published = first_night.query(
            "SELECT regexp_replace(cast(measured_value AS VARCHAR), '\\.?0+$', '') || measured_unit,"
            " coalesce(format('{:.3f}', pace_ratio), ''), verdict, light FROM marts.fct_attainment"
            " WHERE target_id = ? AND evaluation_period = ?",
            [target_id, period],
        )
        assert published == [(measured, pace, verdict, light)]


def test_the_narrow_figure_serves_an_unspecified_target_and_the_reason_says_so(first_night):
    row = attainment(
        first_night, "xiuzhou_14th_five_year_plan:表2-1:1:2025年目标:330411:unspecified:2025:0", "2022"
    )
    assert (row["verdict"], row["scope_used"], row["is_current"]) == ("on_pace", "narrow", True)
    assert "小口径" in row["reason"]


def test_every_target_is_listed_with_a_reason_and_one_current_row(first_night):
    rows = first_night.query(
        "SELECT target_id, count(*) FILTER (is_current), min(length(reason)), min(length(reason_en))"
        " FROM marts.fct_target LEFT JOIN marts.fct_attainment USING (target_id) GROUP BY target_id"
    )
    assert len(rows) > PRINTED_CELLS, "every cell, and the parts of composite ones"
    assert all(current == 1 and zh > 5 and en > 5 for _, current, zh, en in rows)


def test_a_light_can_be_walked_back_to_the_printed_cell_and_the_row_of_the_file(first_night):
    rows = first_night.query(
        """SELECT target.document_id, target.table_ref, target.row_no, target.value_text, file.file_name, actual.row_no, actual.value_text
           FROM marts.fct_attainment AS attainment
           JOIN marts.fct_target AS target USING (target_id)
           JOIN marts.fct_actual AS actual ON actual.region_code = target.region_code
             AND actual.indicator_id = target.indicator_id AND actual.scope = attainment.scope_used
             AND actual.period = attainment.evaluation_period AND actual.measure = 'value'
           JOIN quality.received_file AS file USING (file_id)
           WHERE target_id = ? AND attainment.is_current""",
        [SHENGZHOU_2022],
    )
    assert len(rows) == 1
    document, table, row_no, value, file_name, file_row, printed = rows[0]
    assert (document, table, row_no, value, printed) == (
        "shengzhou_2021_2025_action_plan",
        "表1",
        "1",
        "11",
        "99856",
    )
    lines = (first_night.paths.shipped / file_name).read_text(encoding="utf-8").splitlines()
    assert ",99856," in lines[file_row - 1]


def test_every_table_and_column_is_explained_in_both_languages(first_night):
    tables = first_night.query(
        "SELECT table_name, comment FROM duckdb_tables()"
        " UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
    )
    columns = first_night.query(
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    )
    assert len(tables) == len(published_relations())
    assert len(columns) > 450
    for name, comment in [*tables, *columns]:
        assert comment and " / " in comment, name
        assert any("一" <= character <= "鿿" for character in comment), name


def test_only_marts_and_quality_are_published(first_night):
    assert first_night.query("SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY 1") == [
        ("marts",),
        ("quality",),
    ]


def test_keys_are_never_null_and_money_is_decimal(first_night):
    nullable_keys = first_night.query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'marts' AND is_nullable"
        " AND table_name IN (SELECT table_name FROM duckdb_tables()) AND column_name IN ('target_id', 'region_code', 'indicator_id', 'document_id', 'period', 'scope', 'card_id')"
    )
    # the key of a roll-up is card_id: only that of a plan has a document
    assert nullable_keys == [("rpt_scorecard", "document_id")]
    types = first_night.query(
        "SELECT DISTINCT data_type FROM duckdb_columns() WHERE schema_name = 'marts'"
        " AND column_name IN ('value', 'target_value', 'target_value_std', 'actual_value', 'baseline_value', 'actual_now', 'previous_value')"
    )
    assert types == [("DECIMAL(24,8)",)]


def test_the_row_that_is_no_number_was_refused_and_kept(first_night):
    rows = first_night.query("SELECT file_name, row_no, reason, row_text FROM quality.rejected_row")
    assert len(rows) == 1
    file_name, row_no, reason, text = rows[0]
    assert file_name == "xiuzhou_14th_five_year_plan_printed_actuals.xlsx"
    assert "20以上" in reason
    assert "20以上" in text
    assert row_no > 1


def test_a_better_status_beats_a_later_report(first_night):
    """Jiaxing's GDP of 2021: 6355.28 in the communiqué of 2021, 6388.38 as finally verified a year later."""
    key = "region_code = '330400' AND indicator_id = 'gdp' AND period = '2021' AND scope = 'unspecified'"
    revisions = first_night.query(
        f"SELECT value, observation_status FROM marts.fct_actual_revision WHERE {key}"
    )
    assert (Decimal("6388.38"), "final") in revisions
    assert len({value for value, _ in revisions}) > 1, "there is something to choose from"
    assert first_night.query(f"SELECT value, observation_status FROM marts.fct_actual WHERE {key}") == [
        (Decimal("6388.38"), "final")
    ]


def test_the_manifest_says_what_was_published_from_what(first_night):
    manifest = json.loads((first_night.paths.published / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["as_of_date"] == AS_OF
    assert first_night.paths.published.resolve().name == manifest["run_id"]
    assert sum(manifest["verdicts"].values()) == manifest["row_counts"]["marts.fct_target"] > PRINTED_CELLS
    assert manifest["missing"] == {}
    assert {file["status"] for file in manifest["files"]} == {"accepted"}
    assert manifest["versions"]["duckdb"]
    # ten texts are honestly unparsed, of which gate 2 warns
    assert [gate["failed"] for gate in manifest["gates"]] == [0, 1]


def test_gate_results_and_the_run_are_in_quality(first_night):
    gates = dict(first_night.query("SELECT gate, count(*) FROM quality.check_result GROUP BY gate"))
    assert gates == {"gate_1_batch": 4, "gate_2_marts": 11}
    assert [
        event
        for (event,) in first_night.query("SELECT event FROM quality.run_log ORDER BY logged_at, event DESC")
    ] == [
        "started",
        "published",
    ]


def test_the_oldest_supported_client_opens_the_published_file(first_night):
    client = PROJECT_ROOT / ".oldest-client"
    if not (client / ".ready").exists():
        pytest.skip("`make test` installs the oldest supported client")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import duckdb; assert duckdb.__version__.startswith('1.1.');"
        "c = duckdb.connect(sys.argv[2], read_only=True);"
        "views = c.execute('SELECT view_name FROM duckdb_views() WHERE NOT internal').fetchall();"
        "assert views and all(c.execute('SELECT count(*) FROM marts.' + view).fetchone()[0] for (view,) in views);"
        "print(c.execute('SELECT count(*) FROM marts.vw_current_light WHERE part_no = 0').fetchone()[0])"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", script, str(client), str(first_night.database)],
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == str(PRINTED_CELLS), result.stderr


def test_dbt_unit_tests_pass(second_night):
    """The logic of the models on rows made for it (dbt/models/**/unit_tests.yml)."""
    result = subprocess.run(
        [
            sys.executable,
            "-P",
            str(PROJECT_ROOT / "dagster_project" / "dbt_child.py"),
            "test",
            "--select",
            "resource_type:unit_test",
        ],
        cwd=DBT_DIR,
        env={**second_night.environment, "DBT_TARGET_PATH": str(second_night.paths.dbt_target)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    assert "ERROR=0" in result.stdout
    assert "PASS=0" not in result.stdout


def test_dbt_docs_are_one_page_that_knows_the_columns(second_night, tmp_path):
    result = subprocess.run(
        [
            sys.executable,
            "-P",
            str(PROJECT_ROOT / "dagster_project" / "dbt_child.py"),
            "docs",
            "generate",
            "--static",
        ],
        cwd=DBT_DIR,
        env={**second_night.environment, "DBT_TARGET_PATH": str(tmp_path / "target")},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
    page = (tmp_path / "target" / "static_index.html").read_text(encoding="utf-8")
    assert "One row for each printed target cell" in page
