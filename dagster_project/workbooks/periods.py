"""Which periods a department has to report, and what their codes mean. Dates only: no database, no files."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

CODE = re.compile(r"(20\d\d)(?:H([12])|Q([1-4])|M(0[1-9]|1[0-2]))?")
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Period:
    """A year, half, quarter or month that a workbook asks for."""

    code: str
    year: int
    first_month: int
    last_month: int

    @property
    def end(self) -> date:
        following = date(self.year + self.last_month // 12, self.last_month % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def is_year(self) -> bool:
        return (self.first_month, self.last_month) == (1, 12)

    @property
    def may_be_cumulative(self) -> bool:
        """Whether the year to date is another figure than the period alone: not where the period starts the year."""
        return self.first_month > 1

    @property
    def name(self) -> str:
        """As a heading says it: 2023年, 2023年第2季度."""
        if self.is_year:
            return f"{self.year}年"
        months = self.last_month - self.first_month + 1
        if months == 6:
            return f"{self.year}年{'上' if self.first_month == 1 else '下'}半年"
        if months == 3:
            return f"{self.year}年第{self.last_month // 3}季度"
        return f"{self.year}年{self.last_month}月"


def period_of(code: str) -> Period:
    """The period of a code such as 2023, 2023H1, 2023Q2 or 2023M06. Raises ValueError."""
    match = CODE.fullmatch(code)
    if match is None:
        raise ValueError(
            f"时期无法识别，请写成 2023、2023H1、2023Q2 或 2023M06 / period {code!r} is not read: write 2023, 2023H1, "
            "2023Q2 or 2023M06"
        )
    year, half, quarter, month = (int(group) if group else 0 for group in match.groups())
    if half:
        return Period(code, year, half * 6 - 5, half * 6)
    if quarter:
        return Period(code, year, quarter * 3 - 2, quarter * 3)
    return Period(code, year, month or 1, month or 12)


def due_periods(as_of: date, plan_start: date, plan_end: date) -> list[str]:
    """What is to be reported on the as-of date for a plan.

    The last ended year the plan covers: its final figures come in for months, and where a plan is over and its last
    figures never came, they are still awaited. And, while the plan runs, the last ended quarter after that year, so
    that nobody waits for December to see who is behind. A period has ended on its last day.
    """
    ended_year = as_of.year if as_of == date(as_of.year, 12, 31) else as_of.year - 1
    year = min(ended_year, plan_end.year)
    periods = [str(year)] if year >= plan_start.year else []
    if plan_start <= as_of <= plan_end and as_of.year > ended_year:
        quarters = [period_of(f"{as_of.year}Q{number}") for number in QUARTERS]
        periods += [quarter.code for quarter in quarters if quarter.end <= as_of][-1:]
    return periods
