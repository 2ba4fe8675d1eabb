"""Made-up figures for nearly every target of a published version: near the targets, so that every verdict occurs.

The shipped figures leave most branches of the models without a row. Generated with a fixed seed; nothing of it is real.
"""

import csv
import io
import random

from dagster_project.ingest.layout import LAYOUT_COLUMNS
from tests.conftest import Nightly

TARGETS = """
    SELECT target.region_code, target.indicator_id, target.scope, period.period_type, period.year, target.target_kind,
        target.target_value_std, indicator.unit, indicator.indicator_name
    FROM marts.fct_target AS target
    JOIN marts.dim_indicator AS indicator USING (indicator_id)
    JOIN marts.dim_period AS period USING (period)
    WHERE target.indicator_id <> 'unmapped'
    ORDER BY target.target_id"""
# the gates hold back figures of another magnitude than those already known
KNOWN = """
    SELECT region_code, indicator_id, unit, median(abs(actual.value))
    FROM marts.fct_actual AS actual
    JOIN marts.dim_indicator AS indicator USING (indicator_id)
    WHERE actual.measure = 'value' GROUP BY GROUPING SETS ((region_code, indicator_id, unit), (unit))"""
LEVELS = ("threshold", "approximate", "interval", "hold")
SAID = ("已完成", "未完成", "达标", "二级甲等", "优秀", "III类", "4A")


def made_up_report(night: Nightly, seed: int, source: str, status: str, reported_at: str) -> bytes:
    """What one source reports: a CSV of the landing layout."""
    made = random.Random(seed)
    known = {tuple(key): value for *key, value in night.query(KNOWN)}
    rows: dict[tuple, dict[str, str]] = {}

    def report(
        region: str, indicator: str, name: str, scope: str, period: str, measure: str, value: str, unit: str
    ):
        key = (region, indicator, scope, period, measure)
        rows[key] = {
            "region_code": region,
            "indicator_id": indicator,
            "indicator_text": name,
            "scope": scope,
            "period": period,
            "measure": measure,
            "value": value,
            "unit": unit,
            # a source takes back one figure in twenty
            "status": "retracted" if status == "final" and made.random() < 0.05 else status,
            "source_title": source,
            "reported_at": reported_at,
            "note": "generated for a test",
        }

    def near(aim: float) -> str:
        # one in forty is a slip of the unit
        size = aim * made.uniform(0.7, 1.3) * (10000 if made.random() < 0.025 else 1)
        return f"{size:.{made.choice((0, 1, 2, 4))}f}"

    for region, indicator, scope, period_type, year, kind, aim, unit, name in night.query(TARGETS):
        if made.random() < 0.15:
            continue
        given = (region, indicator, name, scope)
        usual = aim if aim and kind in LEVELS else known.get((None, None, unit), 50)
        size = float(known.get((region, indicator, unit)) or usual)
        if kind == "rank":
            report(*given, str(year), "rank", str(made.randint(1, 90)), "")
        elif kind in ("grade", "delegated"):
            report(*given, str(year), "completion" if kind == "delegated" else "grade", made.choice(SAID), "")
        for earlier in range(made.randint(1, 8)):
            report(*given, str(year - earlier), "value", near(size), "" if unit == "1" else unit)
        if period_type == "year" and made.random() < 0.3:
            for quarter in range(1, made.randint(2, 5)):
                report(*given, f"{year}Q{quarter}", "value", near(size / 4), "" if unit == "1" else unit)
    text = io.StringIO()
    writer = csv.DictWriter(text, LAYOUT_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return text.getvalue().encode()
