"""Telling a person: settings, a real command, a real web server, the sensors; and the page of the last runs."""

import json
import threading
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dagster as dg
import pytest

from dagster_project import clock, settings
from dagster_project.jobs import nightly
from dagster_project.lock import hold_warehouse
from dagster_project.paths import WAREHOUSE_DIR_VARIABLE, WarehousePaths
from dagster_project.settings import ALERT_COMMAND, ALERT_URL, KEEP_VERSIONS, LATE_HOURS, MEMORY
from dagster_project.state import State
from dagster_project.watch import __main__ as watch
from dagster_project.watch.alerts import failed_alert, late_alert, send
from dagster_project.watch.late import lateness
from dagster_project.watch.page import RUNS_SHOWN, last_runs, write_page
from dagster_project.watch.sensors import TELLS_BY_ITSELF, tell_of_failure, tell_of_late_night

NOW = datetime.fromisoformat("2024-07-01 12:00:00")
AS_OF = date(2024, 6, 30)


@pytest.fixture
def paths(tmp_path, monkeypatch):
    for name in (ALERT_COMMAND, ALERT_URL, KEEP_VERSIONS, LATE_HOURS, MEMORY):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(WAREHOUSE_DIR_VARIABLE, str(tmp_path / "warehouse"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = WarehousePaths(tmp_path / "warehouse")
    made.create_folders()
    return made


@pytest.fixture
def web(monkeypatch, paths):
    """A web server on this machine that keeps what is posted to it; the address is set."""
    posted = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(404 if self.path == "/gone" else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(ALERT_URL, f"http://127.0.0.1:{server.server_port}/robot?key=secret-key")
    yield posted
    server.shutdown()
    server.server_close()


def log(paths, *events: tuple[str, str, datetime], detail: str | None = None) -> None:
    for run_id, event, at in events:
        State(paths.state).append("run_log", run_id, [(run_id, event, at, AS_OF, detail)])


def test_a_web_address_gets_the_message_as_json(paths, web):
    said = []
    assert send(failed_alert("run-1", "gate_2: 数据不对 / wrong"), paths, said.append)
    ((path, content_type, body),) = web
    assert path == "/robot?key=secret-key"
    assert content_type.startswith("application/json")
    assert (body["event"], body["run_id"], body["msgtype"]) == ("failed", "run-1", "text")
    assert "夜间运行失败" in body["text"]["content"] and "数据不对" in body["text"]["content"]
    assert str(paths.root) in body["text"]["content"]
    assert said == ["已通知 / told a person by webhook"]


def test_a_command_gets_the_message_on_its_standard_input(paths, tmp_path, monkeypatch):
    kept = tmp_path / "a mail"
    monkeypatch.setenv(ALERT_COMMAND, f"tee '{kept}'")
    assert send(late_alert("两天 / two days"), paths, print)
    assert "两天 / two days" in kept.read_text(encoding="utf-8")


def test_what_does_not_get_through_is_said_without_the_key_and_the_other_way_still_works(
    paths, web, tmp_path, monkeypatch
):
    monkeypatch.setenv(ALERT_COMMAND, "sh -c 'echo no such mailbox >&2; exit 3'")
    said = []
    assert send(late_alert("late"), paths, said.append)
    assert "exit status 3: no such mailbox" in said[0]
    monkeypatch.delenv(ALERT_COMMAND)
    monkeypatch.setenv(ALERT_URL, "http://127.0.0.1:9/robot?key=secret-key")
    assert not send(late_alert("late"), paths, said.append)
    assert "secret-key" not in "".join(said)
    monkeypatch.setenv(ALERT_COMMAND, str(tmp_path / "no such program"))
    assert not send(late_alert("late"), paths, said.append)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (KEEP_VERSIONS, "1"),
        (KEEP_VERSIONS, "many"),
        (LATE_HOURS, "0"),
        (ALERT_URL, "ftp://somewhere"),
        (ALERT_COMMAND, "mail 'ops"),
        (MEMORY, "much"),
        (MEMORY, "3"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(paths, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=variable):
        settings.settings()
    said = []
    assert not send(late_alert("late"), paths, said.append)
    assert variable in said[0]


def test_late_is_what_was_not_published_for_longer_than_allowed(paths, monkeypatch):
    assert not lateness(paths).is_late, "a warehouse that never ran"
    log(paths, ("run-1", "started", NOW - timedelta(hours=27)))
    assert lateness(paths).is_late, "started, and never published"
    log(
        paths,
        ("run-1", "published", NOW - timedelta(hours=25)),
        ("run-2", "failed", NOW - timedelta(hours=1)),
    )
    assert not lateness(paths).is_late
    monkeypatch.setenv(LATE_HOURS, "24")
    assert lateness(paths).is_late, "a run that failed since is no publication"


def test_a_run_that_was_cut_off_is_told_of_before_it_is_late_but_not_one_at_work(paths):
    log(
        paths,
        ("run-1", "published", NOW - timedelta(hours=3)),
        ("run-2", "started", NOW - timedelta(hours=1)),
    )
    with hold_warehouse(paths.lock_file, "run-2", 0):
        assert not lateness(paths).is_late
    found = lateness(paths)
    assert found.is_late
    assert "run-2" in found.in_words and "cut off" in found.in_words


def test_a_clock_behind_the_last_publication_is_told_of_too(paths):
    log(paths, ("run-1", "published", NOW + timedelta(days=300)))
    found = lateness(paths)
    assert found.is_late
    assert "set the clock" in found.in_words


def test_the_command_for_cron_tells_and_fails_where_it_is_late(paths, web, capsys):
    log(paths, ("run-1", "published", NOW - timedelta(hours=2)))
    assert watch.main() == 0
    assert web == []
    next((paths.state / "run_log").iterdir()).write_bytes(b"damaged")
    assert watch.main() == 1, "a state that cannot be read is told of like a night that is late"
    assert "damaged" in web[0][2]["text"]["content"]
    assert "迟 / late" in capsys.readouterr().out


def test_the_daemon_tells_of_a_late_night_once_a_day(paths, web, monkeypatch):
    log(paths, ("run-1", "published", NOW - timedelta(hours=30)))
    cursor = None
    for day, messages in ((0, 1), (0, 1), (1, 2)):
        monkeypatch.setattr(clock, "now", lambda day=day: NOW + timedelta(days=day))
        context = dg.build_sensor_context(cursor=cursor)
        tell_of_late_night(context)
        cursor = context.cursor
        assert len(web) == messages
    log(paths, ("run-2", "published", NOW + timedelta(hours=23)))
    tell_of_late_night(dg.build_sensor_context(cursor=cursor))
    assert len(web) == 2


@pytest.mark.parametrize(("tags", "messages"), [({}, 1), (TELLS_BY_ITSELF, 0)])
def test_the_daemon_tells_of_a_failed_run_unless_the_run_does_so_itself(paths, web, tags, messages):
    @dg.op
    def gate_2():
        raise RuntimeError("数据不对 / the figures are wrong")

    @dg.job(name=nightly.name)
    def failing():
        gate_2()

    with dg.DagsterInstance.ephemeral() as instance:
        result = failing.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        context = dg.build_run_status_sensor_context(
            sensor_name="tell_of_failure",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=result.get_run_failure_event(),
        ).for_run_failure()
        tell_of_failure(context)
    assert len(web) == messages
    if messages:
        assert "gate_2: RuntimeError: 数据不对" in web[0][2]["text"]["content"]
        assert "nothing has been published yet" in web[0][2]["text"]["content"]


def test_the_page_says_how_every_run_ended(paths):
    """Made up: a good run, a failed one, one that was cut off, one published with a step failed after."""
    hours = [NOW - timedelta(hours=number) for number in range(9, 0, -1)]
    log(paths, ("good", "started", hours[0]), ("good", "published", hours[1]))
    log(paths, ("bad", "started", hours[2]))
    log(paths, ("bad", "failed", hours[3]), detail="gate_2: <b>数据不对</b>")
    log(paths, ("cut", "started", hours[4]))
    log(paths, ("half", "started", hours[5]), ("half", "published", hours[6]), ("half", "failed", hours[7]))
    state = State(paths.state)
    state.append(
        "run_stage",
        "good",
        [("good", "ingest", hours[0], 30.0, "succeeded"), ("good", "publish", hours[0], 10.0, "succeeded")],
    )
    state.append("run_measure", "good", [("good", "rows_accepted", "batch", 1234), ("good", "files_left_for_next_run", "batch", 3), ("good", "rows_refused", "batch", 56), ("good", "checks", "gate_2_marts", 11), ("good", "checks_failed", "gate_2_marts", 7)])  # fmt: skip
    runs = {run.run_id: run for run in last_runs(state)}
    assert list(runs) == ["half", "cut", "bad", "good"]
    assert {run_id: run.outcome for run_id, run in runs.items()} == {
        "good": "published",
        "bad": "failed",
        "cut": "cut_off",
        "half": "incomplete",
    }
    assert runs["good"].seconds == 40
    write_page(paths, state)
    page = paths.runs_page.read_text(encoding="utf-8")
    assert "left 3" in page and "1234" in page and "7 / 11" in page and "40 s" in page
    assert "&lt;b&gt;数据不对" in page and "<b>数据不对" not in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_the_page_shows_the_last_thirty(paths):
    for number in range(RUNS_SHOWN + 5):
        log(paths, (f"run-{number:02}", "started", NOW + timedelta(minutes=number)))
    shown = [run.run_id for run in last_runs(State(paths.state))]
    assert shown[0] == f"run-{RUNS_SHOWN + 4}"
    assert len(shown) == RUNS_SHOWN
