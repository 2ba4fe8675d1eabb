"""Telling a person: a message to a command's standard input, to a web address, or both, as the settings say.

A message that does not get through is said, and keeps nothing from going on.
"""

import json
import os
import subprocess
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from dagster_project import clock
from dagster_project.paths import WarehousePaths
from dagster_project.settings import settings

COMMAND_SECONDS = 60
WEB_SECONDS = 15


@dataclass(frozen=True)
class Alert:
    """What a person is told. `event` is failed or late."""

    event: str
    title: str
    text: str
    run_id: str = ""


def failed_alert(run_id: str, text: str) -> Alert:
    """A run has failed."""
    return Alert("failed", "共富指标数仓：夜间运行失败 / the nightly run failed", text.strip(), run_id)


def late_alert(in_words: str) -> Alert:
    """No version was published in time."""
    return Alert("late", "共富指标数仓：未按时发布 / no version was published in time", in_words)


def send(alert: Alert, paths: WarehousePaths, say: Callable[[str], None]) -> bool:
    """Send by every way that is set; whether one of them worked. `say` hears of each, and of none being set."""
    try:
        ways = settings()
    except ValueError as error:
        say(f"未能通知 / could not tell anybody: {error}")
        return False
    message = "\n".join(
        (
            alert.title,
            alert.text,
            f"主机 / host {os.uname().nodename}  仓库 / warehouse {paths.root}  {clock.now()}",
            "处理办法 / what to do: docs/operations.md",
        )
    )
    channels: list[tuple[str, Callable[[], None]]] = []
    if ways.alert_command:
        channels.append((ways.alert_command[0], lambda: _run(ways.alert_command, message)))
    if ways.alert_url:
        channels.append(("webhook", lambda: _post(ways.alert_url, alert, message)))
    sent = False
    for name, deliver in channels:
        try:
            deliver()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            # an address may hold a key: it is not shown
            say(f"未能通知 / could not tell anybody by {name}: {_told(error)}")
        else:
            sent = True
            say(f"已通知 / told a person by {name}")
    return sent


def _run(command: tuple[str, ...], message: str) -> None:
    subprocess.run(
        command,
        input=message + "\n",
        text=True,
        encoding="utf-8",
        capture_output=True,
        check=True,
        timeout=COMMAND_SECONDS,
    )


def _post(url: str, alert: Alert, message: str) -> None:
    """Post what chat robots of 钉钉 and 企业微信 take (msgtype, text), with fields of its own for other receivers."""
    body = {
        "msgtype": "text",
        "text": {"content": message},
        "event": alert.event,
        "run_id": alert.run_id,
    }
    request = urllib.request.Request(
        url,
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=WEB_SECONDS):
        pass


def _told(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit status {error.returncode}: {(error.stderr or error.stdout or '').strip()[:500]}"
    return f"{type(error).__name__}: {error}"
