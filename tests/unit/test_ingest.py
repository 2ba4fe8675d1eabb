"""Ingest over several runs: nothing doubled, nothing lost, whatever is sent again, killed, deleted or damaged."""

import hashlib
import shutil
from pathlib import Path

import pytest

from dagster_project.ingest.archive import copy_hashed
from dagster_project.ingest.inbox import waiting_files
from dagster_project.ingest.ledger import Ledger
from dagster_project.ingest.load import ArchiveDamaged, Orders
from dagster_project.paths import SEEDS_DIR
from dagster_project.state import State
from tests.landing import SEEDS_OF_INGEST, Landing, line, table

FILE = table(
    line(value="2"),
    line(value="3", unit="斗", indicator_text="粮食"),
    line(value="4", indicator_text="另一指标"),
).encode()
OLD_FILE = table(line(value="7", period="2019"), line(value="8", period="2016-2020")).encode()


@pytest.fixture
def seeds(tmp_path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name in SEEDS_OF_INGEST:
        shutil.copyfile(SEEDS_DIR / f"{name}.csv", folder / f"{name}.csv")
    return folder


@pytest.fixture
def landing(tmp_path, seeds):
    landing = Landing(tmp_path / "warehouse", seeds)
    yield landing
    landing.connection.close()


def sha256_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def add_unit(seeds: Path) -> None:
    with (seeds / "unit.csv").open("a", encoding="utf-8") as file:
        file.write("斗,斗,volume_of_grain,1,1,\n")


def everything(landing: Landing) -> list[list[tuple]]:
    """What a rebuild has to bring back: every row and every receipt."""
    return [
        landing.query(f"SELECT * EXCLUDE ({left_out}) FROM raw.{table} ORDER BY ALL")
        for table, left_out in (
            ("actual", "note"),
            ("rejected_row", "reason, reason_en, file_no"),
            ("received_file", "recorded_at"),
        )
    ]


def test_the_same_file_twice_is_dropped_from_the_inbox_the_second_time(landing):
    landing.put("a.csv", FILE)
    landing.run()
    before = everything(landing)
    landing.put("a.csv", FILE)
    report = landing.run()
    assert report.new == report.duplicates == report.reloaded == [] and landing.inbox() == []
    assert everything(landing) == before
    assert any("received before" in said and "a.csv" in said for said in landing.said)


@pytest.mark.parametrize("same_run", [True, False])
def test_a_renamed_copy_gets_a_receipt_and_no_rows(landing, same_run):
    landing.put("a.csv", FILE)
    if not same_run:
        landing.run()
    landing.put("副本.csv", FILE)
    report = landing.run()
    assert landing.files() == {"a.csv": "accepted", "副本.csv": "duplicate"} and landing.inbox() == []
    assert report.duplicates[0].reason.endswith("same content as a.csv")
    assert landing.accepted() == {2: "2", 4: "4"} and len(landing.refused()) == 1


def test_the_same_bytes_shipped_and_in_the_inbox_are_taken_once_and_the_shipped_file_stays(landing):
    shipped = landing.put("a.csv", FILE, folder="shipped")
    landing.put("a.csv", FILE)
    landing.run()
    landing.run()
    assert landing.query("SELECT origin, status FROM raw.received_file") == [("shipped", "accepted")]
    assert len(landing.accepted()) == 2 and shipped.exists() and landing.inbox() == []


def test_a_run_killed_before_its_receipts_is_done_over(landing):
    landing.put("old.csv", OLD_FILE)
    landing.run()
    landing.put("a.csv", FILE)
    landing.put("copy.csv", FILE)
    landing.run(closed=False)
    assert landing.inbox() == ["a.csv", "copy.csv"]
    landing.run()
    assert landing.query("SELECT value_text FROM raw.actual ORDER BY 1") == [("2",), ("4",), ("7",), ("8",)]
    assert landing.files() == {"old.csv": "accepted", "a.csv": "accepted", "copy.csv": "duplicate"}
    assert landing.inbox() == []


def test_rows_of_a_killed_run_whose_file_was_taken_back_are_forgotten(landing):
    path = landing.put("a.csv", FILE)
    landing.run(closed=False)
    path.unlink()
    landing.run()
    assert landing.accepted() == landing.refused() == landing.files() == {}


def test_a_run_killed_after_its_receipts_leaves_a_file_that_the_next_drops(landing):
    landing.put("a.csv", FILE)
    landing.run()
    landing.put("a.csv", FILE)
    landing.run(closed=False)
    assert landing.inbox() == ["a.csv"]
    landing.run()
    assert landing.inbox() == [] and len(landing.accepted()) == 2


def test_a_file_overwritten_during_the_run_stays_for_the_next(landing):
    path = landing.put("a.csv", FILE)

    def overwrite(said):
        if "a.csv" in said:
            path.write_bytes(OLD_FILE)

    landing.said = type("Said", (), {"append": staticmethod(overwrite)})
    landing.run()
    assert landing.inbox() == ["a.csv"] and list(landing.accepted().values()) == ["2", "4"]
    landing.run()
    assert landing.inbox() == []
    assert landing.query("SELECT value_text FROM raw.actual ORDER BY 1") == [("2",), ("4",), ("7",), ("8",)]


def test_a_lost_build_database_comes_back_from_the_archive_as_it_was(landing):
    landing.put("a.csv", FILE)
    landing.put("held.csv", OLD_FILE)
    landing.put("empty.csv", b"")
    held = sha256_bytes(OLD_FILE)
    landing.run(quarantine={held: "held back"})
    landing.put("copy.csv", FILE)
    landing.run()
    before = everything(landing)
    landing.lose_build_database()
    report = landing.run()
    assert everything(landing) == before and len(report.reloaded) == 3
    assert landing.files() == {
        "a.csv": "accepted",
        "copy.csv": "duplicate",
        "held.csv": "quarantined",
        "empty.csv": "refused",
    }


@pytest.mark.parametrize("killed_first", [False, True])
def test_a_refused_row_is_accepted_once_the_seeds_know_its_unit(landing, seeds, killed_first):
    landing.put("a.csv", FILE)
    landing.put("old.csv", OLD_FILE)
    landing.run()
    assert landing.query("SELECT row_no FROM raw.rejected_row WHERE waits_for_seeds") == [(3,)]
    add_unit(seeds)
    if killed_first:
        landing.run(closed=False)
    report = landing.run()
    assert [receipt.file_name for receipt in report.reloaded] == ["a.csv", "old.csv"]
    assert landing.query("SELECT count(*) FROM raw.actual") == [(5,)] and landing.refused() == {}
    receipt = next(receipt for receipt in Ledger(State(landing.paths.state)) if receipt.file_name == "a.csv")
    assert (receipt.rows_accepted, receipt.rows_refused, receipt.status) == (3, 0, "accepted")
    assert landing.run().reloaded == []


def test_a_quarantined_file_goes_through_the_gate_again_when_the_seeds_know_its_unit(landing, seeds):
    landing.put("a.csv", FILE)
    landing.run(quarantine={sha256_bytes(FILE): "too many rows refused"})
    assert landing.files() == {"a.csv": "quarantined"}
    add_unit(seeds)
    landing.run()
    assert landing.files() == {"a.csv": "accepted"}


def test_a_row_with_a_fault_of_its_own_does_not_wait_for_seeds(landing, seeds):
    landing.put("a.csv", table(line(unit="斗", value="x"), line(unit="石", period="2024")).encode())
    landing.run()
    waits = landing.query("SELECT waits_for_seeds FROM raw.rejected_row ORDER BY row_no")
    assert waits == [(False,), (True,)]


@pytest.mark.parametrize("by", ["name", "hash prefix", "name of a copy"])
def test_a_file_is_read_again_by_name_or_hash(landing, by):
    landing.put("a.csv", FILE)
    landing.put("copy.csv", FILE)
    landing.put("old.csv", OLD_FILE)
    landing.run()
    wanted = {"name": "a.csv", "hash prefix": sha256_bytes(FILE)[:8].upper(), "name of a copy": "copy.csv"}[
        by
    ]
    before = everything(landing)
    report = landing.run(orders=Orders(reprocess_files=[wanted]))
    assert [receipt.file_name for receipt in report.reloaded] == ["a.csv"]
    assert everything(landing) == before


def test_a_name_never_received_is_an_error_that_says_where_names_are(landing):
    landing.put("a.csv", FILE)
    landing.run()
    for wanted in ("b.csv", sha256_bytes(FILE)[:7]):
        with pytest.raises(ValueError, match=rf"从未收到.*'{wanted}'.*quality.received_file.*8 or more"):
            landing.run(orders=Orders(reprocess_files=[wanted]))


def test_files_are_read_again_by_year_spans_included(landing):
    landing.put("a.csv", FILE)
    landing.put("old.csv", OLD_FILE)
    landing.run()
    wanted = {
        (2019,): ["old.csv"],
        (2018,): ["old.csv"],
        (2023,): ["a.csv"],
        (2019, 2023): ["a.csv", "old.csv"],
        (1999,): [],
    }
    for years, names in wanted.items():
        report = landing.run(orders=Orders(reprocess_years=list(years)))
        assert sorted(receipt.file_name for receipt in report.reloaded) == names
    assert any("[1999]" in said and "没有这些年份" in said for said in landing.said)


@pytest.mark.parametrize("damage", ["missing", "changed", "cut off"])
def test_a_rebuild_without_the_archived_file_stops_by_name_and_sending_it_again_mends_it(landing, damage):
    landing.put("a.csv", FILE)
    landing.put("old.csv", OLD_FILE)
    landing.run()
    before = everything(landing)
    archived = landing.paths.archive / sha256_bytes(FILE)
    if damage == "missing":
        archived.unlink()
    else:
        archived.write_bytes(FILE.replace(b"11", b"12") if damage == "changed" else FILE[:50])
    landing.lose_build_database()
    with pytest.raises(ArchiveDamaged, match=r"缺失或损坏.*a\.csv \(.*archive.*backup.*inbox"):
        landing.run()
    landing.put("sent again.csv", FILE)
    landing.run()
    assert everything(landing)[:2] == before[:2] and archived.read_bytes() == FILE
    assert landing.files() == {"a.csv": "accepted", "old.csv": "accepted", "sent again.csv": "duplicate"}


def test_a_damaged_archive_is_no_matter_while_the_rows_are_there_and_mended_by_the_shipped_file(landing):
    landing.put("a.csv", FILE, folder="shipped")
    landing.run()
    (landing.paths.archive / sha256_bytes(FILE)).unlink()
    landing.lose_build_database()
    landing.run()
    assert len(landing.accepted()) == 2 and (landing.paths.archive / sha256_bytes(FILE)).read_bytes() == FILE


def test_a_file_still_being_written_is_left_and_its_earlier_copy_in_the_archive_kept(landing, monkeypatch):
    landing.put("a.csv", FILE)
    landing.run()
    growing = landing.put("b.csv", FILE)

    def copy_while_growing(path, archive):
        copied = copy_hashed(path, archive)
        if path == growing:
            path.write_bytes(path.read_bytes() + b"more")
        return copied

    monkeypatch.setattr("dagster_project.ingest.load.copy_hashed", copy_while_growing)
    report = landing.run()
    assert report.left_for_next_run == ["b.csv"] and landing.inbox() == ["b.csv"]
    assert (landing.paths.archive / sha256_bytes(FILE)).read_bytes() == FILE
    assert landing.files() == {"a.csv": "accepted"}


def test_a_file_once_refused_is_accepted_when_it_can_be_read(landing, monkeypatch):
    from dagster_project.ingest import load
    from dagster_project.ingest.landing_table import FileRefused

    def refuse(*_):
        raise FileRefused("an older reader")

    with monkeypatch.context() as older:
        older.setattr(load, "read_file", refuse)
        landing.put("a.csv", FILE)
        landing.run()
    assert landing.files() == {"a.csv": "refused"}
    landing.run(orders=Orders(reprocess_files=["a.csv"]))
    assert landing.files() == {"a.csv": "accepted"} and len(landing.accepted()) == 2


def test_an_operator_holds_a_file_back_and_releases_it_for_good(landing):
    landing.put("a.csv", FILE)
    landing.run()
    landing.run(orders=Orders(quarantine_files=["a.csv"]))
    assert landing.files() == {"a.csv": "quarantined"}
    landing.run(orders=Orders(reprocess_files=["a.csv"]))
    assert landing.files() == {"a.csv": "quarantined"}, "a decision holds for the nights to come"
    landing.run(orders=Orders(release_files=[sha256_bytes(FILE)[:8]]))
    landing.lose_build_database()
    landing.run()
    assert landing.files() == {"a.csv": "accepted"} and len(landing.accepted()) == 2


def test_waiting_files_names_what_people_put_there(landing):
    landing.put("中文 a.csv", FILE)
    landing.put("sub/b.csv", b"1")
    landing.put(".hidden", b"1")
    assert [(name, size) for name, size, _ in waiting_files(landing.paths.inbox)] == [
        ("sub/b.csv", 1),
        ("中文 a.csv", len(FILE)),
    ]
