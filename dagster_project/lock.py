"""The operating-system lock that lets one run at a time write to a warehouse.

The lock is an `flock` on warehouse/run.lock, so it is gone the moment its holder is, however that ended.
What the run does while it holds the lock is not this module's business.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project import clock

POLL_SECONDS = 0.5


class WarehouseBusy(RuntimeError):
    """Another run holds the warehouse; the message names it."""


def holder_of(lock_file: Path) -> str:
    """Who last took the lock, in words (the file keeps the last holder's name after it is released)."""
    try:
        holder = json.loads(lock_file.read_text(encoding="utf-8"))
        return f"run {holder['run_id']} (process {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "a run that has not written its name yet"


def is_held(lock_file: Path) -> bool:
    """Whether some process holds the warehouse at this moment."""
    if not lock_file.exists():
        return False
    descriptor = os.open(lock_file, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def hold_warehouse(
    lock_file: Path, run_id: str, wait_seconds: float, say: Callable[[str], None] = print
) -> Iterator[None]:
    """Hold the warehouse for the length of the block.

    Waits up to `wait_seconds` for another holder and says once whom it waits for; raises WarehouseBusy after.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait_seconds
        waiting = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise WarehouseBusy(
                        f"仓库正被占用 / the warehouse {lock_file.parent} is held by {holder_of(lock_file)}. "
                        "Wait for it to end, or end that process, then start again."
                    ) from None
                if not waiting:
                    say(f"等待 / waiting for {holder_of(lock_file)} to leave the warehouse")
                    waiting = True
                time.sleep(POLL_SECONDS)
        os.ftruncate(descriptor, 0)
        name = {
            "run_id": run_id,
            "pid": os.getpid(),
            "since": clock.now().isoformat(),
        }
        os.pwrite(descriptor, json.dumps(name).encode(), 0)
        yield
    finally:
        os.close(descriptor)
