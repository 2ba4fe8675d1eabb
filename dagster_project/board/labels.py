"""What a code is called in both languages, and how a text in two languages is marked up.

The labels themselves are seeds (codelist.csv, conflict_rule.csv, pace_status.csv); the words of pages stand in the templates.
"""

from functools import cache
from typing import Any

from markupsafe import Markup, escape

from dagster_project.codelists import LIGHT_SHAPES, code_names
from dagster_project.paths import SEEDS_DIR
from dagster_project.plans.seed_files import read_seed

# lists that stand, as a whole or but for a code, beside the rules that use them: seed, column of the code
OTHER_LISTS = {
    "conflict_kind": ("conflict_rule.csv", "conflict_kind"),
    "pace_status": ("pace_status.csv", "status"),
}
LIGHT_ORDER = {light: position for position, light in enumerate(LIGHT_SHAPES)}


def both(zh: Any, en: Any) -> Markup:
    """A text in both languages; the style sheet shows the one that is chosen. Both are escaped."""
    if zh == en or not en:
        return escape("" if zh is None else zh)
    return Markup("<span lang=zh>{}</span><span lang=en>{}</span>").format(zh, en)


def split_label(text: str | None) -> Markup:
    """A label kept in one cell as `中文 / English`."""
    zh, _, en = (text or "").partition(" / ")
    return both(zh, en)


@cache
def _names_of(codelist: str) -> dict[str, tuple[str, str]]:
    """Code -> its name in Chinese and in English, from the seed that holds the list."""
    if codelist not in OTHER_LISTS:
        return code_names(codelist)
    seed, code = OTHER_LISTS[codelist]
    rows = read_seed(SEEDS_DIR / seed)
    return code_names(codelist) | {row[code]: (row["label_zh"], row["label_en"]) for row in rows}


def names(codelist: str, code: str | None) -> tuple[str, str]:
    """Both names of a code; a code that no list knows is its own name."""
    return _names_of(codelist).get(code or "", (code or "", code or ""))


@cache
def label(codelist: str, code: str | None) -> Markup:
    """A code as people read it."""
    return both(*names(codelist, code))
