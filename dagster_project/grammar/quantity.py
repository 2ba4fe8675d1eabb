"""Numbers with multiplier and unit, and the comparators around them. What a number means stands in numbers.py."""

import re
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from dagster_project.grammar.text import CHINESE_DIGITS, CHINESE_UNITS, MULTIPLIERS, chinese_number, normalise
from dagster_project.grammar.words import ABOUT, PREFIX_COMPARATORS, SUFFIX_COMPARATORS

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
RATIO_PLACES = Decimal("0.00000001")
CHINESE = f"[{''.join(CHINESE_DIGITS)}{''.join(CHINESE_UNITS)}]{{1,9}}"


class Units:
    """The spellings of units that may stand behind a number, and the unit of the label."""

    def __init__(self, spellings: Collection[str], label_unit: str = "") -> None:
        self.label_unit = normalise(label_unit) or ""
        # a multiplier alone (1000亿) is no unit here: 1.2万公里 has a unit behind it. 5场/年 is 5场 every year, unless the
        # label counts so.
        known = {normalise(spelling) or "" for spelling in spellings} - {"", "1"} - set(MULTIPLIERS)
        known -= {unit for unit in known if unit.endswith("/年")} - {self.label_unit}
        self._spelling = {normalise(spelling): spelling for spelling in spellings}
        self.pattern = alternatives(frozenset(known))

    def printed(self, unit: str | None) -> str | None:
        """The unit as seeds/unit.csv spells it."""
        return None if unit is None else self._spelling.get(unit, unit)


@lru_cache(maxsize=16)
def alternatives(words: frozenset[str] | tuple[str, ...]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")" if ordered else "(?:(?!))"


def _comparator_of(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: sign for sign, words in table.items() for word in words}


PREFIXES, SUFFIXES = _comparator_of(PREFIX_COMPARATORS), _comparator_of(SUFFIX_COMPARATORS)
PREFIX, SUFFIX, VAGUE = (alternatives(tuple(words)) for words in (PREFIXES, SUFFIXES, ABOUT))


def quantity_pattern(group: str, units: Units) -> str:
    """A pattern for a number with its multiplier and unit; `group` makes the names of its parts unique."""
    multiplier = alternatives(tuple(MULTIPLIERS))
    # no digit may follow, or a number would be cut in two
    return (
        rf"(?P<{group}n>-?{ARABIC}(?!\d)|{CHINESE})(?P<{group}more>多|余)?"
        rf"(?:(?P<{group}u>{units.pattern})|(?P<{group}m>{multiplier})(?P<{group}more2>多|余)?(?P<{group}v>{units.pattern})?)?(?!\d)"
    )


class Quantity:
    """A number as read: its value in `unit`, which is None where none is printed."""

    def __init__(self, match: re.Match, group: str, is_range_end: bool = False) -> None:
        printed, multiplier = match[f"{group}n"], match[f"{group}m"]
        number = chinese_number(printed)
        self.unit = match[f"{group}u"] or match[f"{group}v"]
        # a lone Chinese digit needs a unit to be a number (二乙 and 一批 are words), 千 a unit behind it (5千人)
        is_word = number is not None and not (self.unit or multiplier or is_range_end)
        self.is_number = (
            (number is not None or printed[-1].isdigit())
            and not is_word
            and not (multiplier == "千" and not self.unit)
        )
        if not self.is_number:
            return
        self.value = Decimal(printed.replace(",", "")) if number is None else number
        self.is_more = bool(match[f"{group}more"] or match[f"{group}more2"])
        if multiplier and self.unit:
            self.value *= MULTIPLIERS[multiplier]
        elif multiplier:
            # 突破1000亿: what is counted stands elsewhere; 亿 multiplies its smallest unit (seeds/unit.csv)
            self.unit = multiplier
