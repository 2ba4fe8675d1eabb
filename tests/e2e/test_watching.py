"""Watching real runs: a person hears of a failed one, damage is noticed, and what was gone back to is what counts."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import duckdb

from dagster_project.paths import PROJECT_ROOT
from dagster_project.settings import ALERT_COMMAND, ALERT_URL
from dagster_project.state import State
from tests.conftest import copy_of

SHENGZHOU_2022 = "shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"


def test_a_run_that_fails_tells_a_person_by_command_and_by_web_and_draws_its_page(
    second_night, own_project, tmp_path, monkeypatch
):
    posted = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mail = tmp_path / "mail.txt"
    monkeypatch.setenv(ALERT_URL, f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv(ALERT_COMMAND, f"tee {mail}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with (own_project / "seeds" / "target.csv").open("a", encoding="utf-8") as seed:
        seed.write("too,few,cells\n")
    status, output = second_night.run()
    server.shutdown()
    assert status == 1
    assert posted[0]["event"] == "failed"
    message = mail.read_text(encoding="utf-8")
    for text in (posted[0]["text"]["content"], message):
        assert "read_plans" in text and "3 cells under 22 heads" in text and "still served" in text
    assert output.count("told a person") == 2
    page = second_night.paths.runs_page.read_text(encoding="utf-8")
    assert "3 cells under 22 heads" in page
    stages = State(second_night.paths.state).rows("run_stage")
    assert [(row["stage"], row["outcome"]) for row in stages[-2:]] == [
        ("run_parameter", "succeeded"),
        ("read_plans", "failed"),
    ]


def test_a_damaged_state_is_refused_by_name_and_nothing_is_changed(second_night):
    receipts = next((second_night.paths.state / "receipt").iterdir())
    receipts.write_bytes(receipts.read_bytes()[:-100])
    before = {path: path.stat().st_mtime_ns for path in second_night.paths.state.rglob("*.parquet")}
    served = second_night.paths.published.resolve()
    status, output = second_night.run()
    assert status == 1
    assert str(receipts) in output
    assert "Restore" in output
    assert second_night.paths.published.resolve() == served
    kept = {path: path.stat().st_mtime_ns for path in second_night.paths.state.rglob("*.parquet")}
    assert before.items() <= kept.items()


def test_a_damaged_build_database_and_a_clock_set_back_are_said_and_change_no_result(
    first_night, second_night, own_project
):
    os.truncate(second_night.paths.build_db, second_night.paths.build_db.stat().st_size // 2)
    clock = own_project / "dagster_project" / "clock.py"
    text = clock.read_text(encoding="utf-8")
    now = "return datetime.now(SHANGHAI)"
    assert now in text
    clock.write_text(
        text.replace(
            now,
            "from datetime import timedelta\n    return (datetime.now(SHANGHAI) - timedelta(days=400))",
            1,
        ),
        encoding="utf-8",
    )
    output = second_night.must_run()
    assert "build.duckdb.damaged" in output
    assert "重新读取 / reading again published_actuals.csv" in output
    assert "is behind the run log" in output
    assert second_night.tables() == first_night.tables()
    log = second_night.query("SELECT event, logged_at FROM quality.run_log")
    assert [event for event, _ in log] == ["started", "published"] * 2
    assert [at for _, at in log] == sorted({at for _, at in log}), (
        "the log goes on, though the clock went back"
    )


BLOCKS_FROM, BLOCK_SIZE = 3 * 4096, 256 * 1024
"""DuckDB's file: three headers, then blocks."""


def damage(build_db, table: str) -> None:
    """Alter a byte of the rows of a table of the working database."""
    with duckdb.connect(str(build_db), read_only=True) as connection:
        (block,) = connection.execute(
            f"SELECT max(block_id) FROM pragma_storage_info('{table}') WHERE persistent"
        ).fetchone()
    with build_db.open("r+b") as file:
        file.seek(BLOCKS_FROM + block * BLOCK_SIZE + BLOCK_SIZE // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 255]))


def test_damage_in_what_is_kept_from_night_to_night_is_said_and_the_next_run_builds_everything(
    first_night, second_night
):
    damage(second_night.paths.build_db, "intermediate.int_target_mapped")
    status, output = second_night.run()
    assert status == 1
    assert "the working database was damaged" in output
    assert "Run again" in output
    second_night.must_run()
    assert second_night.tables() == first_night.tables()


def test_after_going_back_the_next_night_publishes_and_tells_of_lights_against_what_readers_saw(
    first_night, revised_night, tmp_path
):
    night = copy_of(revised_night, tmp_path)
    newest = night.paths.published.resolve()
    (older,) = [folder.name for folder in night.paths.versions.iterdir() if folder.name != newest.name]
    result = subprocess.run(
        [sys.executable, "-m", "dagster_project.versions", "use", older[:8]],
        cwd=PROJECT_ROOT,
        env=night.environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert night.tables() == first_night.tables()

    night.must_run()
    assert night.paths.published.resolve().name not in (older, newest.name)
    changes = night.query(
        "SELECT light_before, light_now, published_at_now IS NULL FROM marts.rpt_light_change WHERE target_id = ?"
        " ORDER BY published_at_now",
        [SHENGZHOU_2022],
    )
    assert changes == [
        ("yellow", "green", False),
        ("green", "yellow", False),
        ("yellow", "green", True),
    ]
    current = "SELECT * EXCLUDE (as_of_date) FROM marts.fct_attainment WHERE is_current ORDER BY ALL"
    assert night.query(current) == revised_night.query(current)
