"""What a table of a bulletin is made of: sections, columns, and cells that know what they are.

A cell is a text, a whole number, a date, None, a Figure, a Percent or a Light.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dagster_project.bulletins import wording

# where a column stands. On the page: beside the others (row), in a second line (detail, aside), nowhere (screen).
# In the workbook: within the print area (row, detail), or right of it (aside, screen).
ROW, DETAIL, ASIDE, SCREEN = "row", "detail", "aside", "screen"


@dataclass(frozen=True)
class Percent:
    """A share of 1."""

    ratio: float

    def __str__(self) -> str:
        return wording.percent(self.ratio)


@dataclass(frozen=True)
class Light:
    """A light; never shown by its colour alone."""

    code: str

    def __str__(self) -> str:
        return wording.light_name(self.code)


@dataclass(frozen=True)
class Column:
    """A column of a table: its head in both languages, its width in the workbook in characters, its cell of a record."""

    name: str
    name_en: str
    width: int
    cell: Callable[[Any], Any]
    stands: str = ROW


@dataclass(frozen=True)
class Section:
    """A table with its heading. `key` names its sheet and its anchor."""

    key: str
    title: str
    title_en: str
    note: str
    columns: list[Column]
    records: list[Any]
    empty: str

    def standing(self, *places: str) -> list[Column]:
        return [column for column in self.columns if column.stands in places]
