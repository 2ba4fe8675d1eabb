"""How the bulletins write things: names of codes, symbols of lights, numbers with units, places in a plan.

No layout and no query stands here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from dagster_project.codelists import LIGHT_SHAPES, code_names

# shown of a number below 1, and of one above
MAX_DECIMALS = (4, 3)
# worst first, as the lists are sorted
LIGHTS = ("red", "yellow", "green", "grey")
# only digits and the marks that go with them: such a cell needs its unit from the head of the table
BARE_NUMBER = re.compile(r"[\d.,，\[\]()（）≥≤<>＜＞~～\-—至累计暂定 ]+")


@dataclass(frozen=True)
class Figure:
    """A number with its unit; of a `difference`, the sign is shown and shares differ by percentage points."""

    value: Decimal
    unit: str | None
    is_difference: bool = False

    @property
    def shown_unit(self) -> str:
        if self.unit in (None, "1"):
            return ""
        return "个百分点" if self.is_difference and self.unit == "%" else self.unit

    @property
    def decimals(self) -> int:
        """How many decimals are shown: those the number has, up to a limit."""
        value = Decimal(self.value)
        places = -round(value, MAX_DECIMALS[abs(value) >= 1]).normalize().as_tuple().exponent
        return max(places, 0)

    def __str__(self) -> str:
        sign = "+" if self.is_difference and self.value else "-"
        return f"{self.value:{sign},.{self.decimals}f}{self.shown_unit}".replace("-", "−")


def light_name(light: str) -> str:
    """Symbol and word: `■ 红灯`."""
    return f"{LIGHT_SHAPES[light]} {code_names('light')[light][0]}"


def period_name(period: str) -> str:
    """2022 → 2022年, 2021-2025 → 2021-2025年; 2023Q2 stays."""
    return f"{period}年" if re.fullmatch(r"\d{4}(-\d{4})?", period) else period


def percent(ratio: float | None) -> str:
    return "—" if ratio is None else f"{ratio:.1%}".replace("-", "−")


def printed_target(value_text: str, unit: str | None) -> str:
    """The cell as printed; a bare number with the unit that its column or label prints."""
    if unit and BARE_NUMBER.fullmatch(value_text):
        return f"{value_text} {unit}"
    return value_text


def printed_place(row: dict) -> str:
    """Where in its plan a target is printed: table, printed number, line and column."""
    section = f"「{row['section_text']}」" if row["section_text"] and not row["row_no"] else ""
    number = f"序号{row['row_no']} " if row["row_no"] else ""
    return f"{row['table_ref']}{section} {number}第{row['line_no']}行 {row['column_ref']}"
