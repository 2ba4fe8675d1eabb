"""Looking into a folder of landing files without touching them. Imports nothing heavy: sensors use it."""

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


def waiting_files(inbox: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of change (ns) of every file in the inbox."""
    waiting = []
    for path in files_in(inbox):
        status = path.stat()
        waiting.append((path.relative_to(inbox).as_posix(), status.st_size, status.st_mtime_ns))
    return waiting
