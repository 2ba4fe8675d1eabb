"""The warehouse lock: one holder, named, and gone with its process."""

import subprocess
import sys

import pytest

from dagster_project.lock import WarehouseBusy, hold_warehouse
from dagster_project.paths import PROJECT_ROOT

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from dagster_project.lock import hold_warehouse
with hold_warehouse(Path(sys.argv[1]), "run-in-another-process", 0):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_run_is_turned_away_with_the_name_of_the_first(tmp_path):
    with (
        hold_warehouse(tmp_path / "run.lock", "first", 0),
        pytest.raises(WarehouseBusy, match="run first"),
        hold_warehouse(tmp_path / "run.lock", "second", 0),
    ):
        pytest.fail("two runs held the warehouse")


def test_the_lock_is_free_after_the_block_and_says_whom_it_waits_for(tmp_path):
    said = []
    with hold_warehouse(tmp_path / "run.lock", "first", 0):
        pass
    with hold_warehouse(tmp_path / "run.lock", "second", 0, said.append):
        assert said == []


def test_a_killed_holder_leaves_the_lock_free(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(tmp_path / "run.lock")],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    with (
        pytest.raises(WarehouseBusy, match="run-in-another-process"),
        hold_warehouse(tmp_path / "run.lock", "second", 0),
    ):
        pytest.fail("two runs held the warehouse")
    holder.kill()
    holder.wait()
    with hold_warehouse(tmp_path / "run.lock", "second", 0):
        assert '"second"' in (tmp_path / "run.lock").read_text()
