"""Time as the warehouse sees it: Asia/Shanghai, and the as-of date of a run."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in Shanghai, to the second, without a zone (every stored time is Shanghai time)."""
    return datetime.now(SHANGHAI).replace(microsecond=0, tzinfo=None)


def as_of(text: str | None) -> date:
    """The as-of date of a run: the ISO date given, or today in Shanghai. Raises ValueError naming a bad date."""
    if not text:
        return datetime.now(SHANGHAI).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"日期无法识别 / {text!r} is no date; write it as 2026-01-31") from None
