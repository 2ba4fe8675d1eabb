"""Real faults for runs to meet: a kill at a moment, a disk that is full, a folder that nobody may write to."""

import hashlib
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dagster_project.state import State
from tests.conftest import REVISION, REVISION_NAME, RUN_TIMEOUT_SECONDS, Nightly

SEED = 20240630
START_UP_SECONDS = 4


def random_shares(count: int) -> list[float]:
    """Moments of a run as shares of its length, the same at every call."""
    chosen = random.Random(SEED)
    return [chosen.uniform(0, 1) for _ in range(count)]


def length_of(nightly: Nightly) -> float:
    """How many seconds the last run took from its first step to its last, as it recorded itself."""
    stages = State(nightly.paths.state).rows("run_stage")
    return sum(row["seconds"] for row in stages if row["run_id"] == stages[-1]["run_id"]) + START_UP_SECONDS


def kill_after(nightly: Nightly, seconds: float) -> bool:
    """Start a run and kill it after so many seconds; whether it was still running."""
    process = nightly.start()
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


def check_kill(share: float, nightly: Nightly, expected: Nightly) -> None:
    """Kill a run of `nightly` at a moment; what is served stays whole, and the next run publishes what `expected` did.

    Nothing that was dropped is lost: it is in the inbox still, or in the archive.
    """
    served_before = nightly.paths.published.resolve() if nightly.paths.published.exists() else None
    dropped = {path: path.read_bytes() for path in nightly.paths.inbox.glob("*") if path.name != ".gitkeep"}
    was_running = kill_after(nightly, share * length_of(expected))
    for path, content in dropped.items():
        archived = nightly.paths.archive / hashlib.sha256(content).hexdigest()
        assert any(kept.exists() and kept.read_bytes() == content for kept in (path, archived))
    if nightly.paths.published.exists():
        # the old version, or the new one where the run had come so far
        assert nightly.query("SELECT count(*) > 0 FROM marts.fct_attainment") == [(True,)]
    else:
        assert served_before is None
    State(nightly.paths.state).require_sound()
    nightly.must_run()
    assert nightly.tables() == expected.tables(), f"killed at {share:.3f} of the run, running: {was_running}"
    names = "SELECT file_name, status FROM quality.received_file ORDER BY ALL"
    assert nightly.query(names) == expected.query(names)


def run_until(nightly: Nightly, said: str, do: Callable[[subprocess.Popen], None]) -> tuple[int, str]:
    """Run, and call `do` with the process once it has said something; exit status and output."""
    process = nightly.start()
    output = []
    for line in process.stdout:
        output.append(line)
        if said in line and do is not None:
            do(process)
            do = None
    assert do is None, f"the run never said {said!r}:\n{''.join(output)}"
    return process.wait(timeout=RUN_TIMEOUT_SECONDS), "".join(output)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own in memory, mounted at a new folder; skips where the system does not let us."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("只有 root 可挂载小盘 / only root can mount a small disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Ballast:
    """What fills a disk to the last byte, and can be thrown off again."""

    def __init__(self, disk: Path):
        self.path = disk / "ballast"

    def load(self) -> None:
        with self.path.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def throw_off(self) -> None:
        self.path.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nobody can change anything, not even root; skips where the system does not let us."""
    for options in (["--bind", str(folder)], ["-o", "remount,ro,bind"]):
        if subprocess.run(["mount", *options, str(folder)], capture_output=True).returncode != 0:
            pytest.skip(
                "只有 root 可将文件夹设为只读 / only root can make a folder read-only for everybody here"
            )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


# what a run says when a stage begins
STAGES = {
    "run_parameter": "▶ 参数",
    "read_plans": "▶ 检查种子",
    "ingest": "▶ 收数",
    "dbt_build": "▶ 建模",
    "gate_2": "▶ 第二道关",
    "publish": "▶ 发布",
    "board": "数据库已写",
}


FOLDERS = ("state/run_log", "landing/archive", "data_docs", "dbt_target", "versions")


def check_full_disk(said: str, nightly: Nightly, disk: Path, expected: Nightly) -> None:
    """The disk with warehouse and Dagster home fills up in the middle of a run; with room again, all is as expected."""
    served, ballast = nightly.paths.published.resolve(), Ballast(disk)
    status, output = run_until(nightly, said, lambda _: ballast.load())
    assert status == 1, output
    assert "the disk is full" in output
    assert "still served" in output
    _check_nothing_lost(nightly, served)
    ballast.throw_off()
    nightly.must_run()
    assert nightly.tables() == expected.tables()


def check_read_only(folder: str, nightly: Nightly, expected: Nightly) -> None:
    """A folder of the warehouse cannot be written to for one run."""
    served, path = nightly.paths.published.resolve(), nightly.paths.root / folder
    with read_only(path):
        status, output = nightly.run()
    assert str(path) in output
    # without its archive a file waits in the inbox, and the rest of the night goes on
    assert status == (0 if folder == "landing/archive" else 1), output
    if status:
        _check_nothing_lost(nightly, served)
    assert nightly.query("SELECT count(*) > 0 FROM marts.fct_attainment") == [(True,)]
    nightly.must_run()
    assert nightly.tables() == expected.tables()


def _check_nothing_lost(nightly: Nightly, served: Path) -> None:
    assert nightly.paths.published.resolve() == served
    archived = nightly.paths.archive / hashlib.sha256(REVISION).hexdigest()
    places = (nightly.paths.inbox / REVISION_NAME, archived)
    assert any(place.exists() and place.read_bytes() == REVISION for place in places)
