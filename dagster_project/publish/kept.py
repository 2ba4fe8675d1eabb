"""The versions that are kept: which there are, going back to one, and removing the oldest.

What two of them say differently is told by compare.py.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.paths import WarehousePaths
from dagster_project.publish.manifest import MANIFEST_NAME, read_manifest
from dagster_project.publish.memory import remember_published
from dagster_project.publish.version import BUILDING_SUFFIX, DATABASE_NAME, serve
from dagster_project.state import State

REMOVING_SUFFIX = ".removing"
SHORTEST_NAME = 4
READERS_SECONDS = 600


@dataclass(frozen=True)
class Version:
    """A version on disk."""

    folder: Path
    is_served: bool
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def database(self) -> Path:
        return self.folder / DATABASE_NAME

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def kept_versions(paths: WarehousePaths) -> list[Version]:
    """Every whole version, the newest first. What is being built or removed is none."""
    served = paths.published.resolve() if paths.published.exists() else None
    found = [
        Version(folder, folder.resolve() == served, read_manifest(folder))
        for folder in paths.versions.glob("*")
        if (folder / MANIFEST_NAME).exists() and folder.suffix not in (BUILDING_SUFFIX, REMOVING_SUFFIX)
    ]
    return sorted(found, key=lambda version: (version.manifest["published_at"], version.name), reverse=True)


def find_version(versions: list[Version], wanted: str) -> Version:
    """The version whose name begins with `wanted`. Raises ValueError where none does, or several do."""
    found = [version for version in versions if version.name == wanted] or [
        version for version in versions if len(wanted) >= SHORTEST_NAME and version.name.startswith(wanted)
    ]
    if len(found) != 1:
        raise ValueError(
            f"没有唯一的版本 / {'several versions are' if found else 'no version is'} named {wanted!r}; "
            f"请用列表中的名称，前 {SHORTEST_NAME} 位以上 / give a name of the list, {SHORTEST_NAME} or more of its first characters: "
            + ", ".join(version.name for version in versions)
        )
    return found[0]


def go_back_to(paths: WarehousePaths, state: State, version: Version) -> None:
    """Serve this version from now on. The caller holds the warehouse.

    What the state remembers comes second: if this is killed in between, the next run makes up for it.
    """
    remember_published(paths, state)
    serve(paths, version.folder)
    remember_published(paths, state)


def remove_old_versions(paths: WarehousePaths, keep: int) -> list[str]:
    """Remove all but the `keep` newest versions. Returns the names of those removed.

    The one that is served always stays, and so does one that was served a moment ago: a client that has followed the
    link may not have opened the file yet. A version is renamed first, so that one that is half removed is never taken
    for a version.
    """
    for old in kept_versions(paths)[keep:]:
        # a clock that was set back must not keep it for ever
        idle_seconds = abs(time.time() - old.folder.stat().st_mtime)
        if not old.is_served and idle_seconds > READERS_SECONDS:
            old.folder.rename(old.folder.with_name(old.name + REMOVING_SUFFIX))
    removed = []
    for folder in paths.versions.glob(f"*{REMOVING_SUFFIX}"):
        shutil.rmtree(folder)
        removed.append(folder.name.removesuffix(REMOVING_SUFFIX))
    return removed
