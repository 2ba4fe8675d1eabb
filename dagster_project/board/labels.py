"""What a code is called in both languages, and how a text in two languages is marked up.

The labels themselves are seeds (codelist.csv, conflict_rule.csv, pace_status.csv); the words of pages stand in the templates.
"""

import csv
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from dagster_project.paths import SEEDS_DIR

# a light is never only a colour: each has a shape of its own as well as its word
LIGHT_SHAPES = {"red": "■", "yellow": "▲", "green": "●", "grey": "○"}
LIGHT_ORDER = {light: position for position, light in enumerate(LIGHT_SHAPES)}

# the class of pace that is no class of pace_status.csv: nothing is left to go (dbt/macros/pace.sql)
TARGET_ACHIEVED = {"zh": "目标已实现", "en": "target achieved"}


def both(zh: Any, en: Any) -> Markup:
    """A text in both languages; the style sheet shows the one that is chosen. Both are escaped."""
    if zh == en or not en:
        return escape("" if zh is None else zh)
    return Markup("<span lang=zh>{}</span><span lang=en>{}</span>").format(zh, en)


def split_label(text: str | None) -> Markup:
    """A label kept in one cell as `中文 / English`."""
    zh, _, en = (text or "").partition(" / ")
    return both(zh, en)


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def codelists() -> dict[tuple[str, str], tuple[str, str]]:
    """(codelist, code) to its name in Chinese and in English."""
    names = {
        (row["codelist"], row["code"]): (row["label_zh"], row["label_en"]) for row in _rows("codelist.csv")
    }
    for row in _rows("conflict_rule.csv"):
        names["conflict_kind", row["conflict_kind"]] = (row["label_zh"], row["label_en"])
    for row in _rows("pace_status.csv"):
        names["pace_status", row["status"]] = (row["label_zh"], row["label_en"])
    names["pace_status", "target_achieved"] = (TARGET_ACHIEVED["zh"], TARGET_ACHIEVED["en"])
    return names


def names(codelist: str, code: str | None) -> tuple[str, str]:
    """Both names of a code; a code that no list knows is its own name."""
    return codelists().get((codelist, code or ""), (code or "", code or ""))


@cache
def label(codelist: str, code: str | None) -> Markup:
    """A code as people read it."""
    return both(*names(codelist, code))
