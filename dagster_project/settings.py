"""What an operator may set for an installation, as environment variables: how much is kept and how much memory taken, when a
night is late, who is told.

The only module that reads them. Where the warehouse lies is said by paths.py; what a single run does differently is run
configuration.
"""

import os
import re
import shlex
from dataclasses import dataclass

KEEP_VERSIONS = "WAREHOUSE_KEEP_VERSIONS"
LATE_HOURS = "WAREHOUSE_LATE_HOURS"
ALERT_COMMAND = "WAREHOUSE_ALERT_COMMAND"
ALERT_URL = "WAREHOUSE_ALERT_URL"
MEMORY = "WAREHOUSE_MEMORY"
"""Read by dbt/profiles.yml too."""

FEWEST_VERSIONS = 2
"""The served one, and one to go back to."""


@dataclass(frozen=True)
class Settings:
    """The settings of this installation."""

    keep_versions: int = 14
    """How many published versions are kept, the served one included."""
    late_hours: int = 26
    """After how many hours without a publication a person is told. A night is due every 24."""
    alert_command: tuple[str, ...] = ()
    """A program that gets the message on standard input."""
    alert_url: str = ""
    """Where the message is posted as JSON."""
    memory: str = "3GB"
    """How much DuckDB may take while it builds; what does not fit is put on disk beside build.duckdb."""


def settings() -> Settings:
    """The settings in force. Raises ValueError naming a variable that cannot be used."""
    url = os.environ.get(ALERT_URL, "").strip()
    if url and not url.startswith(("http://", "https://")):
        raise ValueError(
            f"{ALERT_URL}={url!r}: 须以 http:// 或 https:// 开头 / must begin with http:// or https://"
        )
    try:
        command = tuple(shlex.split(os.environ.get(ALERT_COMMAND, "")))
    except ValueError as error:
        raise ValueError(f"{ALERT_COMMAND}: {error}") from None
    memory = os.environ.get(MEMORY, "").strip() or Settings.memory
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", memory):
        raise ValueError(
            f"{MEMORY}={memory!r}: 须为 3GB、1500MB 这样的容量 / must be an amount such as 3GB or 1500MB"
        )
    return Settings(
        keep_versions=_whole_number(KEEP_VERSIONS, Settings.keep_versions, FEWEST_VERSIONS),
        late_hours=_whole_number(LATE_HOURS, Settings.late_hours, 1),
        alert_command=command,
        alert_url=url,
        memory=memory,
    )


def _whole_number(name: str, default: int, least: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise ValueError(
            f"{name}={text!r}: 须为不小于 {least} 的整数 / must be a whole number, {least} or more"
        )
    return int(text)
