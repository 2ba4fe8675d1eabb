"""A target as pages show it: every figure worded, every link made. The rows come from read.py; templates only place them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from dagster_project.board import text
from dagster_project.board.charts import Chart, chart_of
from dagster_project.board.labels import LIGHT_ORDER, both, names
from dagster_project.board.read import Row

# a cell that holds a number alone has its unit in the label or in a column of its own
BARE_NUMBER = re.compile(r"[\d.,<>=≥≤~～—–-]+(左右|以上|以下|以内)?")


@dataclass(slots=True)
class Target:
    """One target, ready to be placed. `row` keeps what is shown as it was read."""

    row: Row
    name: Markup
    printed: str
    read_as: str
    printed_unit: str
    actual: str
    level: str
    baseline: str
    gap: str
    ratio: str
    pace: str
    expected: str
    projected: str
    required: str
    chart: Chart | None
    departments: list[Row] = field(default_factory=list)

    @property
    def light(self) -> str:
        return self.row["light"] or "grey"

    @property
    def counts(self) -> bool:
        """Whether the cell holds a target at all: `-` and 不参评 are kept as rows of kind none."""
        return self.row["target_kind"] != "none"

    @property
    def anchor(self) -> str:
        """The id of the target on the page of its region."""
        row = self.row
        return text.anchor(
            row["document_id"],
            row["table_ref"],
            row["line_no"],
            row["column_ref"],
            row["scope"],
            row["period"],
            row["part_no"],
        )

    @property
    def link(self) -> str:
        """The target on the page of its region, from the root of the board."""
        return f"regions/{text.file_name(self.row['region_code'])}#{self.anchor}"

    @property
    def source_link(self) -> str:
        """The printed line it comes from, from the root of the board."""
        return f"documents/{text.file_name(self.row['document_id'])}#{text.anchor(self.row['table_ref'], self.row['line_no'])}"

    @property
    def order(self) -> tuple:
        """Lights with something to say first; among the grey ones those with a figure, then those overdue."""
        return (not self.counts, LIGHT_ORDER[self.light], not self.actual, not self.row["is_overdue"])


def targets(rows: dict[str, list[Row]]) -> list[Target]:
    """All targets, in the order of print."""
    departments = {row["department_id"]: row for row in rows["departments"]}
    responsible: dict[str, list[Row]] = {}
    for row in rows["target_departments"]:
        responsible.setdefault(row["target_id"], []).append(
            {**departments[row["department_id"]], "is_lead": row["is_lead"]}
        )
    series: dict[tuple, dict[str, list[tuple[int, Decimal]]]] = {}
    for row in rows["series"]:
        by_scope = series.setdefault((row["region_code"], row["indicator_id"]), {})
        by_scope.setdefault(row["scope"], []).append((row["year"], row["actual_value"]))
    path: dict[str, list[tuple[int, float]]] = {}
    for row in rows["path"]:
        path.setdefault(row["target_id"], []).append((row["year"], row["expected_value"]))
    shown = []
    for row in rows["targets"]:
        by_scope = series.get((row["region_code"], row["indicator_id"]), {})
        chart = chart_of(row, _series_of(row, by_scope), by_scope.values(), path.get(row["target_id"], []))
        shown.append(_target(row, chart, responsible.get(row["target_id"], [])))
    return shown


def _series_of(row: Row, by_scope: dict[str, list]) -> list[tuple[int, Decimal]]:
    """The yearly figures in the scope the target is judged by; else in its own; else those that hold its baseline."""
    for scope in (row["scope_used"], row["scope"]):
        if scope in by_scope:
            return by_scope[scope]
    for figures in by_scope.values():
        if any(value == row["baseline_value"] for _, value in figures):
            return figures
    return []


def _target(row: Row, chart: Chart | None, departments: list[Row]) -> Target:
    unit, measured_unit = row["standard_unit"], row["measured_unit"] or row["standard_unit"]
    measured = row["measured_value"]
    level = text.with_unit(row["actual_value"], unit)
    # what is judged may be a change or a sum of the figures: then it is what is shown, and the level stands below
    is_derived = measured is not None and (measured, measured_unit) != (row["actual_value"], unit)
    projected = text.with_unit(row["projected_value"], unit, 2)
    if row["projected_low"] is not None:
        projected += f"（{text.number(row['projected_low'], 2)}–{text.number(row['projected_high'], 2)}）"
    return Target(
        row=row,
        name=both(row["indicator_name"], row["indicator_name_en"])
        if row["indicator_id"] != "unmapped" and row["indicator_name"]
        else both(row["indicator_text"], None),
        printed=" / ".join(filter(None, (row["indicator_text"], row["indicator_sub_text"]))),
        read_as=_read_as(row, measured_unit),
        printed_unit=row["unit"]
        if row["unit"] not in (None, "1") and BARE_NUMBER.fullmatch(row["value_text"] or "")
        else "",
        actual=text.with_unit(measured, measured_unit, 3) if is_derived else level,
        level=level if is_derived else "",
        baseline=text.with_unit(row["baseline_value"], unit),
        gap=text.difference(row["gap"], measured_unit),
        ratio=text.percent(row["attainment_ratio"]),
        pace=text.percent(row["pace_ratio"]),
        expected=text.with_unit(row["expected_value"], unit, 2),
        projected=projected,
        required=text.difference(row["required_per_year"], unit, 2),
        chart=chart,
        departments=departments,
    )


def _read_as(row: Row, unit: str | None) -> str:
    """What the printed text was read as, where it was read as a figure."""
    value, high = row["target_value_std"], row["target_value_high_std"]
    if value is None:
        return ""
    if high is not None:
        return f"{text.number(value)}–{text.with_unit(high, unit)}"
    shown = f"{text.COMPARATORS.get(row['comparator'], '')} {text.with_unit(value, unit)}".strip()
    if row["stretch_value_std"] is not None:
        shown += f"（→ {text.with_unit(row['stretch_value_std'], unit)}）"
    return shown


def light_counts(shown: Iterable[Target]) -> dict[str, int]:
    """How many of the targets have which light."""
    counts = dict.fromkeys(LIGHT_ORDER, 0)
    for target in shown:
        counts[target.light] += 1
    return counts


def facets(shown: Iterable[Target]) -> dict[str, list[tuple[str, str, str]]]:
    """What the filters of a list of targets offer: code and both names, only those that occur."""
    found: dict[str, dict[str, tuple[str, str]]] = {
        "light": {},
        "verdict": {},
        "domain": {},
        "document": {},
        "department": {},
    }
    for target in shown:
        row = target.row
        found["light"][target.light] = names("light", target.light)
        found["verdict"][row["verdict"]] = names("verdict", row["verdict"])
        found["domain"][row["domain"]] = names("domain", row["domain"])
        for department in target.departments:
            found["department"][department["department_id"]] = (department["department_name"],) * 2
    found["light"] = {code: found["light"][code] for code in LIGHT_ORDER if code in found["light"]}
    return {
        facet: [(code, *both_names) for code, both_names in codes.items()] for facet, codes in found.items()
    }
