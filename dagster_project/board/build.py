"""Building the board: read once, write every page. The only module of the package that writes files."""

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.board import labels, text
from dagster_project.board.read import MAX_LISTED
from dagster_project.codelists import LIGHT_SHAPES
from dagster_project.html_templates import template_environment

if TYPE_CHECKING:
    import duckdb
    import jinja2

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
TEMPLATES = HERE / "templates"


def build_board(connection: "duckdb.DuckDBPyConnection", folder: Path) -> dict[str, Any]:
    """Fill `folder`, which is created, with the board of the marts behind `connection`; what was built, in figures."""
    from dagster_project.board.charts import write_library
    from dagster_project.board.pages import Board
    from dagster_project.board.read import read_all

    started = time.perf_counter()
    board = Board(read_all(connection))
    environment = _environment()
    environment.globals.update(board.shared())
    sizes: dict[str, int] = {}
    for page in board.pages():
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        root = "../" * page.path.count("/")
        html = environment.get_template(page.template).render(**page.content, root=root, page_path=page.path)
        sizes[page.path] = path.write_bytes(html.encode("utf-8"))
    shutil.copytree(ASSETS, folder / "assets")
    write_library(folder / "assets")
    largest = max(sizes, key=sizes.__getitem__)
    return {
        "pages": len(sizes),
        "bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        "largest_page": largest,
        "largest_page_bytes": sizes[largest],
        "seconds": round(time.perf_counter() - started, 2),
    }


def _environment() -> "jinja2.Environment":
    """Jinja with escaping always on: labels, texts and names come from files and are trusted nowhere."""
    environment = template_environment(TEMPLATES)
    environment.globals.update(
        t=labels.both,
        label=labels.label,
        names=labels.names,
        split_label=labels.split_label,
        shapes=LIGHT_SHAPES,
        anchor=text.anchor,
        MAX_LISTED=MAX_LISTED,
    )
    environment.filters.update(
        page=text.file_name,
        number=text.number,
        percent=text.percent,
        with_unit=text.with_unit,
        difference=text.difference,
        web_address=text.web_address,
    )
    return environment
