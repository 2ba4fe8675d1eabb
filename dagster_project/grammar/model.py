"""What the grammar produces: the kinds of targets, what growth is measured from, and the parsed form of one text."""

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

# What an increment or a growth is measured from: the year before, every year of the span on average, a named year,
# or the start of the plan.
BASES = ("previous_year", "annual_average", "base_year", "plan_start")


# marks that say the plan does not hold a value for settled yet
PROVISIONAL_MARKS = frozenset(("暂定", "暂", "预计", "初步", "初定"))


@dataclass(frozen=True)
class ParsedTarget:
    """One target text in typed columns.

    `target_kind` is one of TARGET_KINDS. `comparator` is one of ≥ ≤ > < written as >=, <=, >, <, or ~ where the
    text says 左右 of a growth (for the kind direction: which way it should go); None where the text prints none and
    the indicator's direction decides. Values are exact decimals in the unit `unit_text` that stands inside the text,
    or, where that is None, in the unit of the label. `basis` is one of BASES, None where the text does not say.
    `reference_text` is, verbatim but simplified, what a relative target refers to, the peers of a rank, the words
    of a grade, or the base year of a growth. `marks` are the printed marks (暂定, 自选, 市定 …). `label_text` is what
    a part of a composite says it is about; `parts` are the parts of a composite, empty for every other kind.
    """

    target_kind: str
    comparator: str | None = None
    target_value: Decimal | None = None
    target_value_high: Decimal | None = None
    stretch_value: Decimal | None = None
    unit_text: str | None = None
    basis: str | None = None
    reference_text: str | None = None
    marks: tuple[str, ...] = ()
    label_text: str | None = None
    parts: tuple["ParsedTarget", ...] = ()
