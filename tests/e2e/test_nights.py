"""Nights in a row: nothing taken twice, bad files, new seeds, a planted fault, a lost database, two runs at once."""

import json
import shutil
import subprocess
import sys
import threading

import dagster as dg
import duckdb
import pytest

from dagster_project.lock import hold_warehouse
from dagster_project.paths import PROJECT_ROOT
from dagster_project.publish.parts import PARTS
from dagster_project.state import State
from tests.conftest import SHIPPED_FILES

HEADER = "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"


def test_a_second_night_with_nothing_new_takes_nothing_and_publishes_the_same(first_night, second_night):
    output = second_night.must_run()
    assert "published_actuals.csv" not in output, "a known file was read again"
    assert second_night.tables() == first_night.tables()
    assert second_night.paths.published.resolve() != first_night.paths.published.resolve()
    assert second_night.query("SELECT count(*) FROM quality.received_file") == [(SHIPPED_FILES,)]


def test_a_warehouse_restored_from_state_and_archive_is_the_same_even_its_times_of_receipt(
    first_night, nightly
):
    """The backup of docs/operations.md: no build database, no version."""
    shutil.copytree(first_night.paths.state, nightly.paths.state)
    shutil.copytree(first_night.paths.archive, nightly.paths.archive)
    output = nightly.must_run()
    assert "重新读取 / reading again published_actuals.csv" in output
    assert nightly.tables() == first_night.tables()
    received = "SELECT file_id, received_at FROM quality.received_file ORDER BY 1"
    assert nightly.query(received) == first_night.query(received)


def test_a_version_linked_just_before_the_run_was_killed_is_remembered_by_the_next(second_night):
    state = second_night.paths.state
    served = second_night.paths.published.resolve().name
    for dataset in ("published_profile", "published_verdict"):
        shutil.rmtree(state / dataset)
    max((state / "run_log").iterdir()).unlink()
    second_night.must_run()
    events = [(row["run_id"], row["event"]) for row in State(state).rows("run_log")]
    assert events[:2] == [(served, "started"), (served, "published")]
    assert len(events) == 4
    said = {row["run_id"] for row in State(state).rows("published_verdict")}
    assert said == {served}, "the version after it says nothing new"


def test_bad_files_are_refused_by_name_and_row_while_good_rows_go_on(second_night):
    good = HEADER + (
        "330683,嵊州市,全市人均生产总值,按常住人口,,2023,,105000,元,,造的来源（测试）,,2024-03-01,generated for a test\n"
        "999999,火星区,全市人均生产总值,,,2023,,1,元,,造的来源（测试）,,,generated for a test\n"
        "330683,嵊州市,从未听过的指标,,,2023,,5,元,,造的来源（测试）,,,generated for a test\n"
        "330683,嵊州市,常住人口,,,2023,,七十万,万人,,造的来源（测试）,,,generated for a test\n"
        "330683,嵊州市,财政总收入,,,2023,,80,亿元,,造的来源（测试）,,,generated for a test\n"
        "330683,嵊州市,财政总收入,,,2023,,90,亿元,,造的来源（测试）,,,generated for a test\n"
    )
    second_night.drop("一季度 报表.csv", good.encode("gb18030"))
    second_night.drop("空.csv", b"")
    second_night.drop("断.xlsx", b"PK\x03\x04 cut off here")
    second_night.drop("缺列.csv", "地区,指标,数值\n嵊州市,常住人口,1\n".encode())
    output = second_night.must_run()

    assert [path for path in second_night.paths.inbox.iterdir() if path.name != ".gitkeep"] == []
    statuses = dict(second_night.query("SELECT file_name, status FROM quality.received_file"))
    assert statuses["一季度 报表.csv"] == "accepted"
    assert {statuses["空.csv"], statuses["断.xlsx"], statuses["缺列.csv"]} == {"refused"}
    refused = second_night.query(
        "SELECT row_no, reason FROM quality.rejected_row WHERE file_name = '一季度 报表.csv' ORDER BY 1"
    )
    assert [row for row, _ in refused] == [3, 5, 6, 7]
    reasons = [reason for _, reason in refused]
    assert "火星区" in reasons[0]
    assert "七十万" in reasons[1]
    assert "80" in reasons[2] and "90" in reasons[2]
    assert second_night.query(
        "SELECT why FROM quality.unmapped_label WHERE label_text = '从未听过的指标'"
    ) == [("unmapped",)]
    assert second_night.query(
        "SELECT value FROM marts.fct_actual WHERE region_code = '330683' AND indicator_id = 'gdp_per_capita' AND period = '2023'"
    ) == [(105000,)]
    assert "缺列.csv" in output and "missing column" in output


def test_a_fault_that_every_row_check_accepts_stops_publication(second_night):
    """Generated: a flood of well-formed 'final' figures in the wrong magnitude, as a whole province reported in 元 for 万元."""
    with duckdb.connect(str(second_night.database), read_only=True) as connection:
        regions = [
            code for (code,) in connection.execute("SELECT region_code FROM marts.dim_region").fetchall()
        ]
    rows = "".join(
        f"{code},,地区生产总值,,,{year},,{1000 + number}.5,万亿元,最终,造的来源（测试）,,2024-05-01,generated for a test\n"
        for number, code in enumerate(regions[:400])
        for year in (2019, 2020, 2021)
    )
    before = second_night.paths.published.resolve()
    second_night.drop("洪水.csv", (HEADER + rows).encode())
    status, output = second_night.run()

    assert status == 1
    assert "gate 2 stops publication" in output
    assert "magnitude" in output or "median" in output
    assert "gdp" in output
    assert second_night.paths.published.resolve() == before
    assert second_night.query("SELECT count(*) FROM quality.received_file") == [(SHIPPED_FILES,)], (
        "the old version is served"
    )
    with duckdb.connect() as connection:
        failed = connection.execute(
            "SELECT check_name, failing_rows FROM read_parquet(?) WHERE NOT success AND severity = 'critical'",
            [str(second_night.paths.state / "check_result" / "*.parquet")],
        ).fetchall()
    assert [name for name, _ in failed] == ["magnitude__same_magnitude"]
    assert '"gdp"' in failed[0][1]


def test_the_version_cannot_be_published_past_gate_2_by_materialising_it_alone(second_night):
    before = second_night.paths.published.resolve()
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "dagster",
            "asset",
            "materialize",
            "--select",
            "group:published",
            "-m",
            "dagster_project.definitions",
        ],
        cwd=PROJECT_ROOT,
        env=second_night.environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "let through by gate 2 in this run" in result.stdout + result.stderr
    assert second_night.paths.published.resolve() == before


def test_a_part_that_fails_is_missing_by_name_and_the_rest_is_served(second_night, own_project):
    """The label review fails half-way, after it has written something."""
    module = own_project / "dagster_project" / "publish" / "label_review.py"
    text = module.read_text(encoding="utf-8")
    assert "    import xlsxwriter\n" in text
    module.write_text(
        text.replace(
            "    import xlsxwriter\n",
            "    path.write_text('half'); raise RuntimeError('没有纸了 / out of paper')\n",
        ),
        encoding="utf-8",
    )
    before = second_night.paths.published.resolve()
    output = second_night.must_run()

    served = second_night.paths.published.resolve()
    assert served != before
    assert not (served / "label_review.xlsx").exists()
    manifest = json.loads((served / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["missing"] == {"label_review": "RuntimeError: 没有纸了 / out of paper"}
    assert set(manifest["parts"]) == {part.name for part in PARTS} - {"label_review"}
    assert "缺少 / missing: 标签核对表 / label review: RuntimeError: 没有纸了" in output

    with dg.DagsterInstance.from_config(str(second_night.home)) as instance:
        run_id = manifest["run_id"]
        made = {
            record.dagster_event.asset_key.path[-1]
            for record in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
            if record.dagster_event.asset_key.path[0] == "published"
        }
        checks = {
            record.dagster_event.event_specific_data.asset_key.path[
                -1
            ]: record.dagster_event.event_specific_data.passed
            for record in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
            if record.dagster_event.event_specific_data.check_name == "is_in_the_version"
        }
    assert made == {"database", "version"} | set(manifest["parts"])
    assert checks == {part.name: part.name != "label_review" for part in PARTS}


def test_a_batch_whose_coverage_shrank_is_quarantined_and_the_run_goes_on(first_night, second_night):
    lines = (
        (first_night.paths.shipped / "published_actuals.csv")
        .read_text(encoding="utf-8")
        .splitlines(keepends=True)
    )
    yearbook = [line for line in lines if "浙江统计年鉴2016" in line]
    second_night.drop(
        "少了.csv", "".join([lines[0], *[line.replace(",Y,", ",") for line in yearbook[:10]]]).encode()
    )
    output = second_night.must_run()
    assert "gate 1 quarantines" in output
    assert second_night.query("SELECT status FROM quality.received_file WHERE file_name = '少了.csv'") == [
        ("quarantined",)
    ]
    assert second_night.query("SELECT count(*) FROM marts.fct_actual") == first_night.query(
        "SELECT count(*) FROM marts.fct_actual"
    )


def test_two_runs_started_together_take_turns(second_night):
    runs = [second_night.start(), second_night.start()]
    outputs: dict[int, str] = {}

    def drain(number: int) -> None:
        outputs[number] = runs[number].communicate()[0]

    threads = [threading.Thread(target=drain, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert sum("waiting for run" in output for output in outputs.values()) == 1
    log = second_night.query("SELECT run_id, event FROM quality.run_log")
    assert [event for _, event in log] == ["started", "published"] * 3
    assert [run for run, _ in log[0::2]] == [run for run, _ in log[1::2]], "the runs interleaved"


def test_a_run_that_may_not_wait_says_who_holds_the_warehouse(second_night):
    with hold_warehouse(second_night.paths.lock_file, "someone-else", 0):
        status, output = second_night.run("--wait-seconds", "0")
    assert status == 2
    assert "held by run someone-else" in output
    assert "still served" in output


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("too,few,cells", ["3 cells under 22 heads"]),
        (
            "xiuzhou_2023_work_plan,附件2,900,2023年目标,330411,unspecified,2023,0,,,,常住人口,,5,万人,,,,,区火星局,,",
            ["区火星局", "add it to department.csv"],
        ),
    ],
)
def test_a_fault_in_the_seeds_stops_the_run_before_anything_is_built(second_night, own_project, row, says):
    path = own_project / "seeds" / "target.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    before = second_night.paths.published.resolve()
    status, output = second_night.run()
    assert status == 1
    assert f"target.csv 第 {len(path.read_text(encoding='utf-8').splitlines())} 行" in output
    for word in says:
        assert word in output
    assert "dbt build" not in output, "nothing was built"
    assert second_night.paths.published.resolve() == before
    failed = [
        row["detail"] for row in State(second_night.paths.state).rows("run_log") if row["event"] == "failed"
    ]
    assert any(says[0] in detail for detail in failed), "the run log keeps why"
