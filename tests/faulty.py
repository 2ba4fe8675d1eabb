"""Real faults for runs to meet: a kill at a moment, a disk that is full, a folder that nobody may write to."""

import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import RUN_TIMEOUT_SECONDS, Nightly

SEED = 20240630
# made up: the communiqué of 2022 prints 99856 元; this turns a light
REVISION = (
    "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"
    "330683,嵊州市,全市人均生产总值,按常住人口,,2022,,112000,元,修订,造的来源（测试）,,2024-03-01,generated for a test\n"
).encode()
REVISION_NAME = "嵊州修订（测试）.csv"


def random_moments(count: int, within_seconds: float) -> list[float]:
    """Moments of a run, the same at every call."""
    chosen = random.Random(SEED)
    return [chosen.uniform(0, within_seconds) for _ in range(count)]


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


def run_until(nightly: Nightly, said: str, do) -> tuple[int, str]:
    """Run, and call `do` once the run has said something; exit status and output."""
    process = nightly.start()
    output = []
    for line in process.stdout:
        output.append(line)
        if said in line and do is not None:
            do()
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
        with self.path.open("wb") as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                        file.flush()
                except OSError:
                    continue

    def throw_off(self) -> None:
        self.path.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made, renamed or removed, not even by root; skips where the file system cannot."""
    if subprocess.run(["chattr", "+i", str(folder)], capture_output=True).returncode != 0:
        pytest.skip("此文件系统不支持 chattr +i / this file system or user cannot make a folder immutable")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(folder)], check=True)
