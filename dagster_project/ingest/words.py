"""What people write into cells, understood: blanks, numbers, periods, dates. Pure functions of text.

Nothing here knows regions, units or indicators; spellings of fixed words stand in `layout`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from dagster_project.ingest.layout import PLACEHOLDERS

BLANKS = " \t\r\n\u3000\u00a0\u200b\ufeff"
STORED_DECIMALS = 8
MAX_INTEGER_DIGITS = 15
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−～~至到", "-"))

NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d{1,40}))? ?(.*)", re.DOTALL)
PERIOD_CODE = re.compile(r"(19|20)\d\d(H[12]|Q[1-4]|M(0[1-9]|1[0-2])(-(0[1-9]|1[0-2]))?|-(19|20)\d\d)?")
DATE = re.compile(r"((?:19|20)\d\d)(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?(?:[ T]00:00(?::00)?)?")
YEAR = r"(?P<year>(?:19|20)\d\d)年?"
ORDINALS = {"一": "1", "二": "2", "三": "3", "四": "4"}
CUMULATIVE = re.compile(r"\(?累计\)?$")


@dataclass(frozen=True)
class Figure:
    """A number as it stands in a cell: exact to STORED_DECIMALS, with the decimals and the unit that were written."""

    number: Decimal
    decimals: int
    digits: str
    unit: str

    @property
    def is_too_large(self) -> bool:
        """Whether it has more digits before the point than any figure can have."""
        return abs(self.number) >= 10**MAX_INTEGER_DIGITS


def clean(text: str) -> str:
    """The text without blanks around it."""
    return text.strip(BLANKS)


def plain(text: str) -> str:
    """The text in half-width characters and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip(BLANKS)


def is_placeholder(text: str) -> bool:
    """Whether the cell says that there is no figure: empty, a dash, 待公布 …"""
    return plain(text).lower() in PLACEHOLDERS


def figure_of(text: str) -> Figure | None:
    """The number in a cell such as 1,234.5, １２３, 62.13% or 12万元; None if it is none."""
    found = NUMBER.fullmatch(plain(text).replace("−", "-"))
    if found is None:
        return None
    sign, whole, decimals, unit = found.groups(default="")
    digits = re.sub("[, ]", "", whole)
    if len(digits.lstrip("0")) > MAX_INTEGER_DIGITS:
        number = Decimal(10**MAX_INTEGER_DIGITS)
    else:
        number = Decimal(f"{sign}{digits}.{decimals or 0}").quantize(
            Decimal(1).scaleb(-STORED_DECIMALS), ROUND_HALF_UP
        )
    printed = plain(text).removesuffix(unit).rstrip() if unit else clean(text)
    return Figure(number, len(decimals), printed, unit)


def date_of(text: str) -> date | None:
    """The day a cell names: 2024-03-31, 2024/3/31, 2024年3月31日, 20240331; None if it names none."""
    found = DATE.fullmatch(plain(text))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def period_of(text: str) -> str | None:
    """The code of the period a cell names: 2023年二季度 is 2023Q2, 2023年1-9月 is 2023M01-09; None if it names none.

    A first of a month is the month: that is what a spreadsheet program makes of a typed 2023-06.
    """
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    is_cumulative = CUMULATIVE.search(written) is not None
    written = CUMULATIVE.sub("", written)
    code = (
        written.upper()
        if PERIOD_CODE.fullmatch(written.upper())
        else _spelled_period(written.translate(DASHES))
    )
    if code is None:
        return None
    return accumulated(code) if is_cumulative else canonical(code)


def _spelled_period(written: str) -> str | None:
    for pattern, code in SPELLED_PERIODS:
        if found := pattern.fullmatch(written):
            return code(**found.groupdict())
    return None


def _months(year: str, first: str, last: str) -> str | None:
    first_month, last_month = int(first), int(last)
    is_month = 1 <= first_month <= 12 and 1 <= last_month <= 12
    return f"{year}M{first_month:02}-{last_month:02}" if is_month else None


def _quarters(year: str, last: str) -> str | None:
    return _months(year, "1", str(3 * int(ORDINALS.get(last, last))))


SPELLED_PERIODS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (rf"{YEAR}(?:度|全年|年度)?", lambda year: year),
        (rf"{YEAR}(?P<half>[上下])半年", lambda year, half: f"{year}H{'上下'.index(half) + 1}"),
        (rf"{YEAR}-?[HhSs](?P<half>[12])", lambda year, half: f"{year}H{half}"),
        (rf"{YEAR}-?[Qq](?P<quarter>[1-4])", lambda year, quarter: f"{year}Q{quarter}"),
        (
            rf"{YEAR}第?(?P<quarter>[一二三四1-4])季度?",
            lambda year, quarter: f"{year}Q{ORDINALS.get(quarter, quarter)}",
        ),
        (rf"{YEAR}(?:前|1-|一-)(?P<last>[二三四2-4])个?季度?", _quarters),
        (rf"{YEAR}(?P<first>\d{{1,2}})月?-(?P<last>\d{{1,2}})月份?", _months),
        (rf"{YEAR}前(?P<last>\d{{1,2}})个?月", lambda year, last: _months(year, "1", last)),
        (rf"{YEAR}(?P<month>\d{{1,2}})月份?", lambda year, month: _months(year, month, month)),
        (
            r"(?P<year>(?:19|20)\d\d)[-/.]?(?P<month>0[1-9]|1[0-2])",
            lambda year, month: _months(year, month, month),
        ),
        # not 2023.1: that is what a spreadsheet program makes of 2023.10
        (r"(?P<year>(?:19|20)\d\d)[-/](?P<month>[1-9])", lambda year, month: _months(year, month, month)),
        (
            r"(?P<year>(?:19|20)\d\d)[-/](?P<month>\d{1,2})[-/]0?1(?:T?00:00(?::00)?)?",
            lambda year, month: _months(year, month, month),
        ),
        (rf"{YEAR}-(?P<end>(?:19|20)\d\d)年?", lambda year, end: f"{year}-{end}"),
    )
)


def canonical(code: str) -> str:
    """One code for one period: the first three months are the first quarter, all twelve the year."""
    if not re.fullmatch(r"\d{4}M\d\d(-\d\d)?", code):
        return code
    year, first, last = code[:4], int(code[5:7]), int(code[-2:])
    if first == last:
        return f"{year}M{first:02}"
    return year + LONGER_PERIODS.get((first, last), code[4:])


LONGER_PERIODS = {
    (1, 12): "",
    (1, 6): "H1",
    (7, 12): "H2",
    **{(3 * quarter - 2, 3 * quarter): f"Q{quarter}" for quarter in range(1, 5)},
}
"""First and last month of what has a name of its own within a year."""


def accumulated(code: str) -> str:
    """From the beginning of the year to the end of a period: 2023Q3 becomes 2023M01-09. Years and spans stay."""
    year, part = code[:4], code[4:]
    if not part or part.startswith("-"):
        return code
    last = {"H": 6, "Q": 3}.get(part[0], 1) * int(part[-2:] if part[0] == "M" else part[1:])
    return canonical(f"{year}M01-{last:02}")


def is_reversed(code: str) -> bool:
    """Whether a period ends before it starts."""
    if "-" not in code:
        return False
    start, end = (code[5:7], code[-2:]) if code[4] == "M" else (code[:4], code[-4:])
    return start > end or (code[4] == "-" and start == end)
