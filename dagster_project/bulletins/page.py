"""The bulletin as one page for the browser and the printer: no script, no request, its own print rules."""

from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.bulletins.content import Bulletin
from dagster_project.bulletins.sections import count_columns, sections
from dagster_project.bulletins.table import ASIDE, DETAIL, ROW, Light, Percent
from dagster_project.bulletins.wording import Figure
from dagster_project.bulletins.workbook import cover_lines, summary_lines, version_note
from dagster_project.codelists import LIGHT_SHAPES
from dagster_project.html_templates import template_environment

TEMPLATES = Path(__file__).parent / "templates"
# the one list only the workbook holds: it repeats the lights table for every unit
WORKBOOK_ONLY = ("overdue_figures",)


@cache
def _template() -> Any:
    environment = template_environment(TEMPLATES)
    environment.tests["light"] = lambda value: isinstance(value, Light)
    environment.tests["numeric"] = lambda value: isinstance(value, int | Figure | Percent)
    return environment.get_template("bulletin.html")


def write_page(bulletin: Bulletin, path: Path) -> Path:
    """Write the page."""
    page = _template().render(
        bulletin=bulletin,
        version_note=version_note(bulletin),
        cover_lines=cover_lines(bulletin),
        summary_lines=summary_lines(bulletin),
        sections=[section for section in sections(bulletin) if section.key not in WORKBOOK_ONLY],
        count_columns=count_columns,
        symbols=LIGHT_SHAPES,
        in_row=[ROW],
        in_second_line=[DETAIL, ASIDE],
    )
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
