"""Putting a version in place: built beside, synced, renamed, and only then linked as `published`.

What becomes of versions afterwards is the business of kept.py.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from dagster_project.durable import point_link, sync_path
from dagster_project.paths import WarehousePaths

DATABASE_NAME = "indicators.duckdb"
BUILDING_SUFFIX = ".building"

# whoever may reach the folder may read a version, whatever the umask of the run; nobody writes to it any more
FILE_MODE, FOLDER_MODE = 0o444, 0o755


def publish_version(paths: WarehousePaths, run_id: str, fill: Callable[[Path], None]) -> Path:
    """Let `fill` build the version in a folder of its own, then make it the published one. Returns its folder.

    Killed anywhere before the last step, the old version stays published; what was left half built is removed by
    the next publication. Publishing again under the same run adds a version
    `<run_id>-2` and links that.
    """
    for left_over in paths.versions.glob(f"*{BUILDING_SUFFIX}"):
        shutil.rmtree(left_over)
    building = paths.versions / f"{run_id}{BUILDING_SUFFIX}"
    building.mkdir(parents=True)
    fill(building)
    for path in [*building.rglob("*"), building]:
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
        sync_path(path)
    paths.versions.chmod(FOLDER_MODE)
    final = paths.versions / run_id
    if final.exists():
        # the folder is being served: never touch it
        final = paths.versions / f"{run_id}-{sum(1 for _ in paths.versions.glob(f'{run_id}*'))}"
    building.rename(final)
    sync_path(paths.versions)
    serve(paths, final)
    return final


def serve(paths: WarehousePaths, folder: Path) -> None:
    """Link a version as the published one; the time of change of the folder served so far says until when it was."""
    if paths.published.exists():
        os.utime(paths.published.resolve())
    point_link(paths.published, folder)
