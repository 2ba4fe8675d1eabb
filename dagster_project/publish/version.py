"""Putting a version in place: built beside, synced, renamed, and only then linked as `published`."""

import shutil
from collections.abc import Callable
from pathlib import Path

from dagster_project.durable import point_link, sync_path
from dagster_project.paths import WarehousePaths

DATABASE_NAME = "indicators.duckdb"
BUILDING_SUFFIX = ".building"


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
        sync_path(path)
    final = paths.versions / run_id
    if final.exists():
        # the folder is being served: never touch it
        final = paths.versions / f"{run_id}-{sum(1 for _ in paths.versions.glob(f'{run_id}*'))}"
    building.rename(final)
    sync_path(paths.versions)
    point_link(paths.published, final)
    return final
