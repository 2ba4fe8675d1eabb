"""What must not change a verdict: the unit a figure is reported in, the order in which files arrive, a threshold of a light."""

import csv
import io
from decimal import Decimal

from tests.conftest import Nightly

# other units for the same figures, exactly
OTHER_UNITS = {
    "亿元": ("万元", Decimal(10000)),
    "元": ("万元", Decimal("0.0001")),
    "万人": ("人", Decimal(10000)),
    "%": ("‰", Decimal(10)),
}


def rewritten(text: str) -> str:
    """The landing file with every figure in another unit."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        if row["unit"] in OTHER_UNITS and row["measure"] == "value":
            unit, factor = OTHER_UNITS[row["unit"]]
            row["value"], row["unit"] = format((Decimal(row["value"]) * factor).normalize(), "f"), unit
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def verdict_rows(night: Nightly) -> list[tuple]:
    return night.query(
        "SELECT target_id, evaluation_period, verdict, light, scope_used, round(measured_value, 4), round(pace_ratio, 6)"
        " FROM marts.fct_attainment ORDER BY ALL"
    )


def test_the_unit_a_figure_is_reported_in_changes_no_verdict(first_night, nightly):
    path = nightly.paths.shipped / "published_actuals.csv"
    path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")
    nightly.must_run()
    assert nightly.query("SELECT DISTINCT unit_printed FROM marts.fct_actual WHERE unit_printed = '‰'") == [
        ("‰",)
    ]
    assert verdict_rows(nightly) == verdict_rows(first_night)


def test_the_order_in_which_files_arrive_changes_no_result(first_night, nightly):
    """The shipped figures in two files, source by source, the later one first, give what they give in one."""
    path = nightly.paths.shipped / "published_actuals.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    path.unlink()
    sources = sorted({row["source_title"] for row in rows})
    for name, wanted in (("second.csv", set(sources[1::2])), ("first.csv", set(sources[::2]))):
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["source_title"] in wanted)
        nightly.drop(name, out.getvalue().encode())
        nightly.must_run()
    # of two sources that say the same, the hash of the file decides which is named
    picked = (
        "SELECT region_code, indicator_id, scope, period, measure, value FROM marts.fct_actual ORDER BY ALL"
    )
    assert nightly.query(picked) == first_night.query(picked)
    assert verdict_rows(nightly) == verdict_rows(first_night)


def test_a_changed_threshold_changes_lights_at_the_next_run_and_nothing_else(
    first_night, second_night, own_project
):
    """Shengzhou's 90.8 % of 2022 is yellow from 0.8 on; from 0.95 on it is red. A new version of the rules, from 2022."""
    path = own_project / "seeds" / "light_rules.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    first = [row.replace("1,2000-01-01,,", "1,2000-01-01,2021-12-31,", 1) for row in rows]
    later = [row.replace("1,2000-01-01,,", "2,2022-01-01,,", 1).replace(",0.8,", ",0.95,") for row in rows]
    path.write_text("\n".join([head, *first, *later]) + "\n", encoding="utf-8")
    second_night.must_run()

    light = "SELECT light, rule_version FROM marts.fct_attainment WHERE evaluation_period = '2022' AND target_id = ?"
    target = ["shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"]
    assert (first_night.query(light, target), second_night.query(light, target)) == (
        [("yellow", "1")],
        [("red", "2")],
    )
    rest = (
        "SELECT * EXCLUDE (light, rule_version) FROM marts.fct_attainment ORDER BY ALL",
        "SELECT * FROM marts.fct_target ORDER BY ALL",
        "SELECT * FROM marts.fct_actual ORDER BY ALL",
    )
    for query in rest:
        assert second_night.query(query) == first_night.query(query)
