"""What people open beside the published database: each part is made from it alone, and blocks only itself.

A part is made by a function of another package; here stands which parts there are, and what happens when one fails.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from logging import Logger


@dataclass(frozen=True)
class Part:
    """A part of a version: a file or a folder beside the database."""

    name: str
    title: str
    kinds: frozenset[str]
    description: str
    entry: str
    """File or folder of the version that holds the part, and nothing else."""
    opens: str
    """What a person opens, relative to the version's folder."""
    make: str
    """`module:function` that makes the part, given the published database (read-only) and its place (not there yet)."""
    shows_lights: bool = False
    """Whether lights per region are what an engineer wants to see of it in the UI."""


@dataclass(frozen=True)
class Made:
    """A part that is in the version."""

    opens: str
    files: int
    size_bytes: int
    seconds: float


PARTS = (
    Part(
        name="board",
        title="晾晒亮灯看板 / board",
        kinds=frozenset({"html"}),
        description="晾晒亮灯看板：离线可用的静态网站 / The board, a web site that opens from disk.",
        entry="board",
        opens="board/index.html",
        make="dagster_project.board:build_board",
        shows_lights=True,
    ),
    Part(
        name="bulletins",
        title="通报 / bulletins",
        kinds=frozenset({"excel", "html"}),
        description="各地各期通报：可直接外发的工作簿与可打印的网页 / A bulletin for each region and period, as workbook and for print.",
        entry="bulletins",
        opens="bulletins",
        make="dagster_project.bulletins:write_bulletins",
        shows_lights=True,
    ),
    Part(
        name="open_formats",
        title="开放格式 / open formats",
        kinds=frozenset({"parquet", "csv", "xml"}),
        description="开放格式：Parquet 数据包与 SDMX / Parquet with a Frictionless data package, and SDMX.",
        entry="open",
        opens="open/datapackage.json",
        make="dagster_project.open_formats:write_open_formats",
    ),
    Part(
        name="label_review",
        title="标签核对表 / label review",
        kinds=frozenset({"excel"}),
        description="标签核对表：每个印刷标签对应的指标，供专家核对 / Every printed label beside the indicator it is taken for.",
        entry="label_review.xlsx",
        opens="label_review.xlsx",
        make="dagster_project.publish.label_review:write_label_review",
    ),
)


def make_parts(
    database: Path, version_folder: Path, log: "Logger", parts: tuple[Part, ...] = PARTS
) -> tuple[dict[str, Made], dict[str, str]]:
    """Make every part in the folder of a version from its database. Returns the parts made, and why the others are missing.

    Nothing of a part that fails is left in the folder.
    """
    made: dict[str, Made] = {}
    missing: dict[str, str] = {}
    for part in parts:
        entry = version_folder / part.entry
        started = time.monotonic()
        try:
            # a connection of its own: whatever a part does to it is gone with it
            with duckdb.connect(str(database), read_only=True) as connection:
                # imported here: loading the definitions must not load what makes the parts
                resolve_name(part.make)(connection, entry)
            files = [entry] if entry.is_file() else [path for path in entry.rglob("*") if path.is_file()]
            made[part.name] = Made(
                part.opens,
                len(files),
                sum(path.stat().st_size for path in files),
                round(time.monotonic() - started, 2),
            )
            if not (version_folder / part.opens).exists():
                raise FileNotFoundError(f"{part.opens} was not made")
            log.info(f"{part.title}: {made[part.name].seconds:.1f} s")
        except Exception as error:
            made.pop(part.name, None)
            _remove(entry)
            missing[part.name] = f"{type(error).__name__}: {error}"
            log.exception(f"本版本缺少{part.title}: {missing[part.name]}")
    return made, missing


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)
