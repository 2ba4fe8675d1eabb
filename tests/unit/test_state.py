"""Durable state: appended, ordered, and loud when damaged."""

from datetime import date, datetime

import duckdb
import pytest

from dagster_project.state import DATASETS, State, StateDamaged, column_names


def entry(run_id: str, event: str) -> tuple:
    return (run_id, event, datetime.fromisoformat("2024-01-01"), date(2024, 1, 1), None)


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


def test_what_a_crash_left_half_written_is_not_read(tmp_path):
    state = State(tmp_path)
    state.append("run_log", "run", [entry("run", "started")])
    (tmp_path / "run_log" / ".00000002-aa.parquet.99.tmp").write_bytes(b"half")
    assert len(state.rows("run_log")) == 1
