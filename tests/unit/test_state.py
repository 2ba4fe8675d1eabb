"""Durable state: appended, ordered, and loud when damaged."""

from datetime import date, datetime

import duckdb
import pytest

from dagster_project import clock
from dagster_project.state import DATASETS, State, StateDamaged, column_names


def entry(run_id: str, event: str) -> tuple:
    return (run_id, event, datetime.fromisoformat("2024-01-01"), date(2024, 1, 1), None)


def receipt(number: int) -> tuple:
    return (f"{number:064x}", "a.csv", "inbox", 1, *[None] * (len(column_names("receipt")) - 4))


def test_rows_come_back_in_the_order_of_their_appends(tmp_path):
    state = State(tmp_path)
    for number in range(12):
        state.append("run_log", f"run-{number}", [entry(f"run-{number}", "started")])
    assert [row["run_id"] for row in state.rows("run_log")] == [f"run-{number}" for number in range(12)]


def test_nothing_is_written_for_no_rows(tmp_path):
    State(tmp_path).append("run_log", "run", [])
    assert list(tmp_path.iterdir()) == []


def test_a_dataset_nobody_wrote_is_an_empty_table_with_its_columns(tmp_path):
    with duckdb.connect() as connection:
        for dataset in DATASETS:
            State(tmp_path).load(connection, dataset, "loaded")
            description = connection.execute("SELECT * FROM loaded").description
            assert [column[0] for column in description] == column_names(dataset)


def test_a_damaged_file_is_named(tmp_path):
    state = State(tmp_path)
    state.append("run_log", "run", [entry("run", "started")])
    damaged = next((tmp_path / "run_log").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:40])
    with pytest.raises(StateDamaged, match="(?s)run_log.*Restore"):
        state.rows("run_log")
    with pytest.raises(StateDamaged, match=damaged.name):
        state.require_sound()


def test_a_file_of_which_one_byte_was_altered_is_named_though_it_can_be_read(tmp_path):
    state = State(tmp_path)
    state.append("run_log", "run", [entry("run", "started")] * 1000)
    state.require_sound()
    altered = next((tmp_path / "run_log").iterdir())
    content = bytearray(altered.read_bytes())
    content[content.index(b"started")] = ord("S")
    altered.write_bytes(content)
    assert {row["event"] for row in state.rows("run_log")} == {"Started"}, "Parquet does not notice"
    with pytest.raises(StateDamaged, match=altered.name):
        state.require_sound()


def test_a_file_that_is_gone_is_noticed(tmp_path):
    state = State(tmp_path)
    for number in range(3):
        state.append("receipt", f"run-{number}", [receipt(number)])
    sorted((tmp_path / "receipt").iterdir())[1].unlink()
    with pytest.raises(StateDamaged, match="00000002"):
        state.require_sound()


def test_files_from_before_names_had_a_digest_are_read_and_continued(tmp_path):
    state = State(tmp_path)
    state.append("run_log", "run", [entry("run", "started")])
    first = next((tmp_path / "run_log").iterdir())
    first.rename(first.with_name("-".join(first.stem.split("-")[:2]) + ".parquet"))
    state.require_sound()
    state.append("run_log", "run", [entry("run", "published")])
    state.require_sound()
    assert [row["event"] for row in state.rows("run_log")] == ["started", "published"]


def test_the_log_never_goes_back_in_time_though_the_clock_does(tmp_path, monkeypatch):
    state = State(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2024-06-30 02:00:00"))
    assert state.moment() == datetime.fromisoformat("2024-06-30 02:00:00")
    state.append("run_log", "run", [("run", "started", state.moment(), date(2024, 6, 30), None)])
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2023-01-01 02:00:00"))
    assert state.moment() == datetime.fromisoformat("2024-06-30 02:00:01")


def test_what_a_crash_left_half_written_is_not_read(tmp_path):
    state = State(tmp_path)
    state.append("run_log", "run", [entry("run", "started")])
    (tmp_path / "run_log" / ".00000002-aa.parquet.99.tmp").write_bytes(b"half")
    assert len(state.rows("run_log")) == 1
