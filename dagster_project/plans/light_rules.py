"""Whether seeds/light_rules.csv gives every verdict exactly one light: no gap, no overlap, on every day.

Thresholds are data; what they are applied to stands in dbt (fct_attainment).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from dagster_project.plans.seed_files import SeedFault, SeedRow


def check_light_rules(seeds: Mapping[str, list[SeedRow]]) -> None:
    """Raise SeedFault where, for a designation and verdict, days or ratios have no light or two.

    Every designation that light_rules.csv names must have a light for every verdict of codelist.csv.
    """
    rules = seeds["light_rules"]
    verdicts = [row["code"] for row in seeds["codelist"] if row["codelist"] == "verdict"]
    designations = list(dict.fromkeys(row["designation"] for row in rules))
    faults: list[str] = []
    for designation in designations:
        for verdict in verdicts:
            rows = [row for row in rules if (row["designation"], row["verdict"]) == (designation, verdict)]
            if not rows:
                faults.append(
                    f"light_rules.csv: {designation} × {verdict} 没有规则 / has no rule; add a row for it"
                )
                continue
            faults += _faults_of_bands(rows)
            faults += _faults_of_days(rows)
    if faults:
        raise SeedFault(faults)


def _faults_of_bands(rows: list[SeedRow]) -> list[str]:
    """Within one version the bands of ratios must follow each other from below every ratio to above every ratio."""
    faults = []
    for version in dict.fromkeys(row["rule_version"] for row in rows):
        bands = sorted(
            (row for row in rows if row["rule_version"] == version),
            key=lambda row: Decimal(row["ratio_from"] or "-Infinity"),
        )
        expected = ""
        for band in bands:
            if band["ratio_from"] != expected and (
                not expected or not band["ratio_from"] or Decimal(band["ratio_from"]) != Decimal(expected)
            ):
                faults.append(
                    band.fault(
                        f"比值区间不衔接：应从 {expected or '无下限'} 起",
                        f"the bands leave a gap or overlap: this one must begin at {expected or 'nothing (no lower end)'}",
                        "mend ratio_from",
                    )
                )
            expected = band["ratio_to"]
            if expected == "":
                break
        if bands[-1]["ratio_to"] != "" or sum(band["ratio_to"] == "" for band in bands) != 1:
            faults.append(
                bands[-1].fault(
                    "最高一档应无上限", "only the highest band, and it alone, is open above", "mend ratio_to"
                )
            )
    return faults


def _faults_of_days(rows: list[SeedRow]) -> list[str]:
    """Versions must follow each other day by day; the last stays in force."""
    spans = sorted(
        {(row["effective_from"], row["effective_to"], row["rule_version"]): row for row in rows}.items(),
        key=lambda item: item[0],
    )
    faults = []
    for ((_, end, _), row), following in zip(spans, [*spans[1:], None], strict=True):
        next_day = (date.fromisoformat(end) + timedelta(days=1)).isoformat() if end else ""
        if following is None and end:
            faults.append(
                row.fault(
                    f"{end} 之后没有规则",
                    f"no rule from {next_day} on",
                    "leave effective_to of the last version empty",
                )
            )
        if following is not None and following[0][0] != next_day:
            faults.append(
                following[1].fault(
                    f"规则有效期不衔接：上一版至 {end or '至今'}",
                    f"the versions leave a gap or overlap: the one before ends {end or 'never'}",
                    "mend effective_from or effective_to",
                )
            )
    return faults
