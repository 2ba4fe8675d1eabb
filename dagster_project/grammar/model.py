"""What the grammar produces: the kinds of targets and the parsed form of one."""

from dataclasses import dataclass
from decimal import Decimal

TARGET_KINDS = (
    "threshold",
    "interval",
    "approximate",
    "direction",
    "hold",
    "delegated",
    "relative",
    "growth",
    "cumulative",
    "increment",
    "rank",
    "grade",
    "composite",
    "score_rule",
    "none",
    "unparsed",
)


@dataclass(frozen=True)
class ParsedTarget:
    """One target text in typed columns.

    `target_kind` is one of TARGET_KINDS. `comparator` is one of ≥ ≤ > < written as >=, <=, >, < (for the kinds
    direction and growth: which way it should go); None where the text prints none and the indicator's direction
    decides. Values are exact decimals in the unit `unit_text` that stands inside the text, or, where that is None,
    in the unit of the label. `reference_text` is what a relative target refers to, verbatim.
    """

    target_kind: str
    comparator: str | None = None
    target_value: Decimal | None = None
    target_value_high: Decimal | None = None
    stretch_value: Decimal | None = None
    unit_text: str | None = None
    reference_text: str | None = None
    is_provisional: bool = False
