"""Writing files so that a crash or a power cut leaves the old one or the new one, never half of one."""

import os
from collections.abc import Callable
from pathlib import Path


def sync_path(path: Path) -> None:
    """Flush a file or a folder entry to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `target`, then put it in place in one step."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        sync_path(temporary)
        temporary.replace(target)
        sync_path(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def point_link(link: Path, destination: Path) -> None:
    """Point the symbolic link `link` at `destination` (relative) in one step, whether or not it existed."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.path.relpath(destination, link.parent))
    temporary.replace(link)
    sync_path(link.parent)
