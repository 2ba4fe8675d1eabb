"""What each department has to report for a period: read from the models of this run. Nothing is written here.

One item is one figure to fill in: region × indicator × scope × measure. Plans ask for the same figure in several
places; a department gives it once, beside all its targets.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dagster_project.workbooks.periods import Period, due_periods, period_of

if TYPE_CHECKING:
    import duckdb

SHOWN_DIGITS = 10
"""Of a last actual that is converted for display: more than any plan prints."""
BARE_NUMBER = re.compile(r"[^\d%]*[\d.,]*\d(?:[-~～—][\d.,]*\d)?")
"""A target of one number (or from one to another) without its unit: 13, ≥17.2, 保持81.5, 2.89-2.9."""
POINTS = ("百分点", "个百分点")
"""Units of differences: no figure is reported in them."""


@dataclass(frozen=True)
class Department:
    """A responsible unit, as it signs its reports."""

    department_id: str
    name: str
    region_name: str

    @property
    def signature(self) -> str:
        """What stands in the column 来源 of its figures."""
        return f"{self.name}（{self.region_name}）"


@dataclass
class Item:
    """One figure to fill in."""

    region_code: str
    region_name: str
    indicator_id: str
    indicator_text: str
    qualifier: str
    scope: str
    measure: str
    measure_type: str
    unit: str
    last_value: Decimal | None
    last_text: str
    last_period: str
    targets: list[str] = field(default_factory=list)


@dataclass
class Agenda:
    """A department, a period, and what it has to report for it."""

    department: Department
    period: Period
    items: list[Item] = field(default_factory=list)


def default_periods(connection: "duckdb.DuckDBPyConnection", as_of: date) -> list[Period]:
    """The periods due on the as-of date for any plan, in order."""
    plans = connection.execute("SELECT period_start, period_end FROM marts.dim_document").fetchall()
    return [
        period_of(code) for code in sorted({code for plan in plans for code in due_periods(as_of, *plan)})
    ]


def agendas(
    connection: "duckdb.DuckDBPyConnection",
    as_of: date,
    department_ids: list[str],
    periods: list[str],
) -> list[Agenda]:
    """What is to be reported, a department and period each. Empty lists: all departments, the periods due.

    By default a plan is asked only for its own due periods; periods that are named are asked of every plan that
    covers them. Raises ValueError for an unknown department or period.
    """
    asked = [period_of(code) for code in dict.fromkeys(periods)] or default_periods(connection, as_of)
    _require_departments(connection, department_ids)
    cursor = connection.execute(
        ITEMS_QUERY,
        {
            "period": [period.code for period in asked],
            "period_end": [period.end for period in asked],
            "department_ids": department_ids,
        },
    )
    names = [column[0] for column in cursor.description]
    found: dict[tuple[str, str], Agenda] = {}
    items: dict[tuple, Item] = {}
    for row in (dict(zip(names, values, strict=True)) for values in cursor.fetchall()):
        period = period_of(row["asked_period"])
        plan_asks = due_periods(as_of, row["plan_start"], row["plan_end"])
        if not periods and period.code not in plan_asks:
            continue
        department = Department(row["department_id"], row["department_name"], row["department_region"])
        agenda = found.setdefault((department.department_id, period.code), Agenda(department, period))
        item = _item(row)
        key = (department.department_id, period.code, item.region_code, item.scope, item.measure)
        key += (item.indicator_id,) if item.indicator_id else (item.indicator_text, item.qualifier)
        if key not in items:
            items[key] = item
            agenda.items.append(item)
        text = _target_text(row, items[key].unit)
        if text not in items[key].targets:
            items[key].targets.append(text)
    return list(found.values())


def _require_departments(connection: "duckdb.DuckDBPyConnection", department_ids: list[str]) -> None:
    known = {
        row[0] for row in connection.execute("SELECT department_id FROM marts.dim_department").fetchall()
    }
    unknown = [department_id for department_id in department_ids if department_id not in known]
    if unknown:
        raise ValueError(
            f"没有这些责任单位，请填 marts.dim_department 中的 department_id / no department {', '.join(map(repr, unknown))}: "
            "give a department_id of marts.dim_department, such as 330411_development_reform"
        )


def _item(row: dict[str, Any]) -> Item:
    unit, last_value = _unit(row), row["last_value"]
    # a reciprocal is not to be printed beside the indicator's own unit: the indicator's own name is
    label = row["indicator_name"] if row["is_reciprocal"] else row["label"]
    last_period = row["last_period"] or ""
    if last_value is not None and row["measure"] == "value":
        last_value = _converted(
            last_value, row["standard_to_base"], row["unit_to_base"] if unit == row["value_unit"] else None
        )
    if row["last_scope"] not in (None, row["scope"], "unspecified"):
        last_period += f" {row['last_scope_label']}"
    if row["last_period"] == row["asked_period"]:
        last_period += "（已报）"
    return Item(
        row["region_code"], row["region_name"], row["indicator_id"] or "", label, row["qualifier"], row["scope"],
        row["measure"], row["measure_type"] or "", unit, last_value, row["last_text"] or "", last_period,
    )  # fmt: skip


def _unit(row: dict[str, Any]) -> str:
    """The unit to report in: the plan's where the indicator's own can be had from it, else the indicator's own.

    Officers keep their figures as the plan prints its targets, in 万元 where we keep 元. A bare number has no unit.
    """
    if row["measure"] != "value":
        return ""
    standard, printed = row["standard_unit"], row["value_unit"]
    if standard is None:
        return printed if row["unit_dimension"] else ""
    is_printed_fit = (
        row["unit_dimension"] == row["standard_dimension"]
        and row["target_kind"] != "growth"
        and printed not in ("1", *POINTS)
        and not row["is_reciprocal"]
    )
    unit = printed if is_printed_fit else standard
    return "" if unit == "1" else unit


def _converted(value: Decimal, from_base: Decimal, to_base: Decimal | None) -> Decimal:
    number = value if to_base is None else value * from_base / to_base
    return Decimal(f"{number:.{SHOWN_DIGITS}g}").normalize()


def _target_text(row: dict[str, Any], unit: str) -> str:
    """The target as printed, its unit behind a bare number, and its period."""
    text = row["value_text"]
    if BARE_NUMBER.fullmatch(text) and row["measure"] == "value" and row["value_unit"] not in ("1", None):
        text += f" {row['value_unit']}"
    period = row["target_period"] + ("年" if row["target_period"].isdigit() else "")
    differs = (
        unit == (row["standard_unit"] or "") and unit != row["value_unit"] and row["target_kind"] != "growth"
    )
    if row["measure"] == "value" and differs and row["target_value_std"] is not None:
        return f"{text}（{period}，合 {_converted(row['target_value_std'], Decimal(1), None):f} {unit}）"
    return f"{text}（{period}）"


ITEMS_QUERY = """
    WITH asked AS (
        SELECT unnest($period) AS period, unnest($period_end)::DATE AS period_end
    ),
    measures AS (
        -- a target handed down is judged by its completion as long as its number is not known; its figure is wanted too
        SELECT target_id, measure FROM intermediate.int_target_measure
        UNION ALL
        SELECT bound.target_id, 'value'
        FROM intermediate.int_target_bound AS bound
        LEFT JOIN intermediate.int_target_measure AS asked_otherwise USING (target_id)
        WHERE asked_otherwise.target_id IS NULL OR bound.target_kind = 'delegated'
    ),
    wanted AS (
        SELECT
            bridge.department_id, asked.period AS asked_period, asked.period_end, target.target_id, measures.measure,
            target.document_id, target.table_ref, target.line_no, target.column_ref, target.part_no, target.region_code,
            target.scope, target.value_text, target.target_kind, target.target_value_std, target.period AS target_period,
            mapped.indicator_id, mapped.label_qualifier, mapped.is_reciprocal, mapped.measure_type, mapped.standard_unit,
            mapped.value_unit, document.period_start AS plan_start, document.period_end AS plan_end,
            mapped.label_read || CASE WHEN coalesce(mapped.sub_label_read, '') = '' THEN '' ELSE '/' || mapped.sub_label_read END AS label
        FROM marts.bridge_target_department AS bridge
        INNER JOIN marts.fct_target AS target USING (target_id)
        INNER JOIN intermediate.int_target_mapped AS mapped USING (target_id)
        INNER JOIN measures USING (target_id)
        INNER JOIN marts.dim_document AS document ON target.document_id = document.document_id
        INNER JOIN marts.dim_period AS own_period ON target.period = own_period.period
        LEFT JOIN marts.dim_period AS baseline ON target.baseline_period = baseline.period
        INNER JOIN asked
            ON asked.period_end BETWEEN document.period_start AND own_period.period_end
            AND asked.period_end > coalesce(baseline.period_end, DATE '1900-01-01')
        -- the parts of a composite cell are reported, not the cell; the others set no goal of their own
        WHERE target.target_kind NOT IN ('none', 'score_rule', 'composite')
            AND (len($department_ids) = 0 OR list_contains($department_ids::VARCHAR[], bridge.department_id))
    ),
    last_known AS (
        SELECT wanted.target_id, wanted.measure, wanted.asked_period, actual.value, actual.value_text, actual.period, actual.scope
        FROM (SELECT DISTINCT target_id, measure, asked_period, period_end, region_code, indicator_id FROM wanted) AS wanted
        INNER JOIN intermediate.int_target_scope AS candidate USING (target_id)
        INNER JOIN marts.fct_actual AS actual
            ON wanted.region_code = actual.region_code AND wanted.indicator_id = actual.indicator_id
            AND candidate.scope = actual.scope AND wanted.measure = actual.measure
        INNER JOIN marts.dim_period AS period ON actual.period = period.period
        INNER JOIN raw.run_parameter AS run ON coalesce(actual.reported_at, period.period_end) <= run.as_of_date
        WHERE period.period_end <= least(wanted.period_end, run.as_of_date) AND actual.observation_status <> 'retracted'
        QUALIFY row_number() OVER (
            PARTITION BY wanted.target_id, wanted.measure, wanted.asked_period
            ORDER BY period.period_end DESC, period.period_start, candidate.scope_rank
        ) = 1
    )
    SELECT
        wanted.*, coalesce(wanted.label_qualifier, '') AS qualifier, department.department_name, region.region_name,
        department_region.region_name AS department_region, indicator.indicator_name,
        printed.dimension AS unit_dimension, printed.to_base AS unit_to_base, standard.dimension AS standard_dimension,
        standard.to_base AS standard_to_base, last_known.value AS last_value, last_known.value_text AS last_text,
        last_known.period AS last_period, last_known.scope AS last_scope, scope_label.label_zh AS last_scope_label
    FROM wanted
    INNER JOIN marts.dim_department AS department ON wanted.department_id = department.department_id
    INNER JOIN marts.dim_region AS region ON wanted.region_code = region.region_code
    INNER JOIN marts.dim_region AS department_region ON department.region_code = department_region.region_code
    LEFT JOIN marts.dim_indicator AS indicator ON wanted.indicator_id = indicator.indicator_id
    LEFT JOIN seeds.unit AS printed ON wanted.value_unit = printed.unit_text
    LEFT JOIN seeds.unit AS standard ON wanted.standard_unit = standard.unit_text
    LEFT JOIN last_known
        ON wanted.target_id = last_known.target_id AND wanted.measure = last_known.measure
        AND wanted.asked_period = last_known.asked_period
    LEFT JOIN seeds.codelist AS scope_label ON scope_label.codelist = 'scope' AND last_known.scope = scope_label.code
    ORDER BY
        wanted.department_id, wanted.asked_period, wanted.document_id, wanted.table_ref, wanted.line_no,
        wanted.part_no, wanted.region_code, wanted.scope DESC, wanted.column_ref, wanted.measure DESC, wanted.target_id"""
