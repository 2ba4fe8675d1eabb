"""`make dev` and the service listen on this machine alone: started for real, all their sockets are looked at."""

import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project.paths import PROJECT_ROOT

START_SECONDS = 120
LISTENING = "0A"
THIS_MACHINE = {"0100007F", "00000000000000000000000001000000"}
COMMANDS = {
    "make dev": (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8"),
    "the service": (PROJECT_ROOT / "docs" / "systemd" / "warehouse-dagster.service").read_text(
        encoding="utf-8"
    ),
}


def arguments_of(text: str) -> list[str]:
    """What follows `dagster` in the command that starts the UI."""
    (command,) = re.findall(r"-m dagster (dev .*)$", text, re.MULTILINE)
    return shlex.split(command)


def family_of(process: int) -> set[int]:
    """A process and all that came from it."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    family, waiting = set(), [process]
    while waiting:
        family.add(waiting[-1])
        waiting += children.get(waiting.pop(), [])
    return family


def listening(processes: set[int]) -> dict[int, set[str]]:
    """Ports that these processes listen on, with the addresses as the kernel writes them."""
    sockets = set()
    for process in processes:
        for descriptor in Path(f"/proc/{process}/fd").glob("*"):
            try:
                sockets.add(str(descriptor.readlink()))
            except OSError:
                continue
    ports: dict[int, set[str]] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in sockets:
                address, port = fields[1].split(":")
                ports.setdefault(int(port, 16), set()).add(address)
    return ports


def test_both_ways_to_start_it_say_so():
    for name, text in COMMANDS.items():
        arguments = arguments_of(text)
        assert arguments[arguments.index("-h") + 1] == "127.0.0.1", name


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are read from /proc")
def test_the_ui_listens_on_this_machine_alone(nightly):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = arguments_of(COMMANDS["make dev"])
    arguments[arguments.index("-p") + 1] = str(port)
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster", *arguments],
        cwd=PROJECT_ROOT,
        env=nightly.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while port not in (ports := listening(family_of(process.pid))):
            assert process.poll() is None and time.monotonic() < deadline, "the UI did not start"
            time.sleep(0.5)
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert set().union(*ports.values()) <= THIS_MACHINE, ports
