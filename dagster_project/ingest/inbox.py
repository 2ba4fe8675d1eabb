"""Looking into a folder of landing files without touching them. Imports nothing heavy: sensors use it."""

import os
from contextlib import suppress
from pathlib import Path

IGNORED_PREFIXES = (".", "~$")
"""Hidden files and the lock files of office programs."""


def files_in(folder: Path) -> list[Path]:
    """The files below a folder that people put there, in a stable order; links are not followed."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(IGNORED_PREFIXES)
    )


def readable_name(path: Path) -> str:
    """The path as text that can be stored: names in the GBK of Windows archives are read as such."""
    text = path.as_posix()
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text).decode("gb18030", "backslashreplace")
    return text


def waiting_files(inbox: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of change (ns) of every file in the inbox; one that is just being taken away is left out."""
    waiting = []
    for path in files_in(inbox):
        with suppress(FileNotFoundError):
            status = path.stat()
            waiting.append((readable_name(path.relative_to(inbox)), status.st_size, status.st_mtime_ns))
    return waiting
