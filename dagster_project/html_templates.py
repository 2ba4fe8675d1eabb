"""Jinja as every page of ours uses it. What a page holds, and its filters, stand with the page."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def template_environment(folder: Path) -> "jinja2.Environment":
    """Templates of a folder, with escaping always on: labels, texts and names come from files and are trusted nowhere."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
