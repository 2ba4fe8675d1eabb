"""The bulletins (通报): per region and target year a workbook and a page that an office prints and sends out as they are.

A bulletin belongs to a region that has issued a plan, and to a **target year**: the year in which the targets' own period
ends (2022年 and 2021-2025 年 are judged in the bulletins of 2022 and 2025). It holds every target the region's plans set
for that year, for the region itself and for its townships, with its current verdict; so each target stands in exactly
one bulletin. A target year gets a bulletin as soon as one of its targets has a light or its figure is due; years
that lie ahead get none.

Everything is read from the schemas marts and quality; nothing is judged here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def write_bulletins(connection: "duckdb.DuckDBPyConnection", folder: Path) -> list[Path]:
    """Write every bulletin of the database into `folder` (made if missing). Returns the files, workbook before page."""
    from dagster_project.bulletins.page import write_page
    from dagster_project.bulletins.reading import read_bulletins
    from dagster_project.bulletins.workbook import write_workbook

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for bulletin in read_bulletins(connection):
        stem = folder / bulletin.file_stem
        written.append(write_workbook(bulletin, stem.with_name(stem.name + ".xlsx")))
        written.append(write_page(bulletin, stem.with_name(stem.name + ".html")))
    return written
