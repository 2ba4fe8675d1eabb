"""How figures, periods, file names and anchors are written. Nothing here knows the warehouse."""

import hashlib
import re
from decimal import Decimal
from urllib.parse import quote, urlsplit

MAX_NAME_LENGTH = 120
COMPARATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def number(value: Decimal | float | None, places: int = 4) -> str:
    """A figure without idle zeros; empty where there is none."""
    if value is None:
        return ""
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def with_unit(value: Decimal | float | None, unit: str | None, places: int = 4) -> str:
    """A figure with its unit; the unit 1 of pure numbers is not written."""
    return "" if value is None else number(value, places) + ("" if unit in (None, "1") else unit)


def difference(value: Decimal | float | None, unit: str | None, places: int = 4) -> str:
    """A signed difference: of two percentages it is in percentage points."""
    if value is None:
        return ""
    sign = "+" if value > 0 else ""
    return sign + with_unit(value, "个百分点" if unit == "%" else unit, places)


def percent(ratio: float | None) -> str:
    """A ratio as per cent."""
    return "" if ratio is None else f"{ratio * 100:.1f}%"


def file_name(key: str) -> str:
    """The name of the page about `key`: safe and short enough for every file system, and in every address."""
    name = quote(key, safe="").replace("~", "~7E").replace("%", "~").replace(".", "~2E")
    if len(name) > MAX_NAME_LENGTH:
        name = f"{name[:MAX_NAME_LENGTH]}~~{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return f"{name}.html"


def anchor(*parts: object) -> str:
    """An id inside a page; white space would end it."""
    return re.sub(r"\s", "_", ":".join(str(part) for part in parts))


def web_address(url: str | None) -> str | None:
    """The address if a browser may follow it: what files bring may start with javascript:."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None
