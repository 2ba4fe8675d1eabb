"""The reports of one published night: roll-ups, what units owe, what is late, the three gaps."""

import csv
from decimal import Decimal

import pytest

from dagster_project.paths import SEEDS_DIR

LIGHTS = "green_count + yellow_count + red_count + grey_count"


def rules() -> dict[str, tuple[Decimal, int]]:
    with (SEEDS_DIR / "scorecard_rule.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["card_kind"]: (Decimal(row["min_coverage"]), int(row["min_judged"]))
            for row in csv.DictReader(file)
        }


def test_roll_ups_add_up_to_the_primary_targets_and_their_lights(first_night):
    cells = first_night.query(
        "SELECT count(*) FROM marts.fct_target WHERE is_primary AND part_no = 0 AND target_kind NOT IN ('none', 'score_rule')"
    )[0][0]
    parts_alone = first_night.query(
        "SELECT count(*) FROM marts.fct_target AS part JOIN marts.fct_target AS whole"
        " USING (document_id, table_ref, line_no, column_ref, region_code, scope, period)"
        " WHERE part.is_primary AND part.part_no > 0 AND whole.part_no = 0 AND NOT whole.is_primary"
    )[0][0]
    totals = first_night.query(
        f"SELECT card_kind, sum(target_count), sum({LIGHTS}), sum(judged_count), sum(met_count), sum(overdue_count)"
        " FROM marts.rpt_scorecard GROUP BY 1"
    )
    assert {kind for kind, *_ in totals} == {"region_domain", "region", "document"}
    assert {counts[0] for _, *counts in totals} == {cells + parts_alone}
    assert len({tuple(counts[2:]) for _, *counts in totals}) == 1, (
        "the same targets, however they are rolled up"
    )
    assert all(counts[0] == counts[1] for _, *counts in totals), "every target has one light"


def test_the_current_verdicts_are_what_is_counted(first_night):
    """Xiuzhou's five-year plan, counted in another way than the model does."""
    judged, met = first_night.query(
        """SELECT count(*) FILTER (verdict IN ('met', 'stretch_met', 'missed', 'on_pace', 'behind')),
               count(*) FILTER (verdict IN ('met', 'stretch_met', 'on_pace'))
           FROM marts.fct_attainment JOIN marts.fct_target USING (target_id)
           WHERE is_current AND is_primary AND part_no = 0 AND target_kind NOT IN ('none', 'score_rule')
             AND document_id = 'xiuzhou_14th_five_year_plan'"""
    )[0]
    card = first_night.query(
        "SELECT region_code, judged_count, met_count, statement, statement_en FROM marts.rpt_scorecard"
        " WHERE document_id = 'xiuzhou_14th_five_year_plan'"
    )
    assert [row[:3] for row in card] == [("330411", judged, met)]
    assert judged >= 20, "17 level targets of 表1-1 are met, others are missed or on their way"
    assert str(judged) in card[0][3] and str(judged) in card[0][4]


@pytest.mark.parametrize("table", ["rpt_scorecard", "rpt_department_scorecard"])
def test_no_share_is_given_that_rests_on_too_little(first_night, table):
    kind = "card_kind" if table == "rpt_scorecard" else "'department'"
    cards = first_night.query(
        f"SELECT {kind}, target_count, judged_count, met_count, share_met, is_sufficient, statement FROM marts.{table}"
    )
    for kind, targets, judged, met, share, sufficient, statement in cards:
        min_coverage, min_judged = rules()[kind]
        assert sufficient == (judged >= max(min_judged, 1) and judged >= min_coverage * targets)
        assert share == (pytest.approx(met / judged) if sufficient else None)
        assert ("不给出" in statement) == (not sufficient and targets > 0), statement
    assert any(not sufficient for *_, sufficient, _ in cards)


def test_every_unit_has_its_card_with_all_its_targets_and_tasks(first_night):
    assert first_night.query("SELECT count(*) FROM marts.rpt_department_scorecard") == first_night.query(
        "SELECT count(*) FROM marts.dim_department"
    )
    assert first_night.query(
        "SELECT sum(task_count) FROM marts.rpt_department_scorecard"
    ) == first_night.query("SELECT count(*) FROM marts.bridge_task_department")
    wrong = first_night.query(
        """SELECT department_id, card.target_count, count(target_id)
           FROM marts.rpt_department_scorecard AS card
           LEFT JOIN (SELECT * FROM marts.bridge_target_department JOIN marts.fct_target USING (target_id)
               WHERE is_primary AND part_no = 0 AND target_kind NOT IN ('none', 'score_rule')) USING (department_id)
           GROUP BY ALL HAVING card.target_count <> count(target_id)"""
    )
    assert wrong == []
    assert first_night.query("SELECT count(*) FROM marts.rpt_department_scorecard WHERE target_count + task_count = 0") == [
        (0,)
    ], "a unit is in the seeds because a plan names it"  # fmt: skip


def test_what_a_unit_has_not_reported_is_named(first_night):
    cards = first_night.query(
        "SELECT not_reported_count, overdue_count, not_reported FROM marts.rpt_department_scorecard"
    )
    for awaited, overdue, names in cards:
        assert (names is None) == (awaited == 0)
        listed = names.split("；") if names else []
        assert len(listed) <= 20
        assert overdue <= awaited
        assert all(any("一" <= character <= "鿿" for character in name) for name in listed if len(name) > 8)
    assert max(awaited for awaited, *_ in cards) > 20, "one list is cut"


def test_coverage_lists_each_target_whose_period_has_ended(first_night):
    assert first_night.query("SELECT count(*), min(is_reported::INT) FROM marts.rpt_coverage") == first_night.query(
        "SELECT count(*), 0 FROM marts.fct_target JOIN marts.dim_period USING (period)"
        " WHERE period_end <= DATE '2024-06-30' AND target_kind <> 'none'"
    )  # fmt: skip
    shengzhou = first_night.query(
        "SELECT is_reported, is_overdue, days_overdue FROM marts.rpt_coverage"
        " WHERE target_id = 'shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0'"
    )
    assert shengzhou == [(True, False, None)]
    # 2023 ends on 31 December; 180 days later is 28 June 2024, two days before the as-of date
    late = first_night.query(
        "SELECT DISTINCT due_date::VARCHAR, days_overdue FROM marts.rpt_coverage WHERE period = '2023' AND is_overdue"
    )
    assert late == [("2024-06-28", 2)]
    assert first_night.query(
        "SELECT count(*) FROM marts.rpt_coverage JOIN marts.fct_attainment AS own ON own.target_id = rpt_coverage.target_id"
        " AND own.evaluation_period = rpt_coverage.period WHERE own.is_overdue <> rpt_coverage.is_overdue"
    ) == [(0,)]
    assert first_night.query("SELECT departments FROM marts.rpt_coverage WHERE target_id ="
        " 'liandu_2023_work_plan:表1:22:2023年目标:331102:unspecified:2023:0'") == [("区发改局、区建设局",)]  # fmt: skip


def gaps(nightly, region, indicator):
    return nightly.query(
        "SELECT year, round(value, 4), is_computed, previous_year, round(change, 4), is_narrowing, target_year, target_text"
        " FROM marts.rpt_gap WHERE region_code = ? AND indicator_id = ? ORDER BY year",
        [region, indicator],
    )


def test_the_urban_rural_ratio_of_shengzhou_is_computed_from_its_two_incomes(first_night):
    """Communiqué of 2021: 69692 元 in town, 37876 元 in the country; nobody prints the ratio. Planned for 2022: 1.83."""
    rows = {row[0]: row for row in gaps(first_night, "330683", "urban_rural_income_ratio")}
    assert rows[2021] == (2021, Decimal("1.8400"), True, 2019, Decimal("-0.0669"), True, 2022, "1.83")
    assert rows[2019][1] == Decimal("1.9069"), "61271 over 32131"
    assert rows[2015][3:6] == (None, None, None), "nothing earlier to compare with"


def test_a_printed_ratio_goes_before_the_computed_one(first_night):
    """Jiaxing 2021: printed 1.60; 69800 over 43600 would be 1.6009. The plan wants at most 1.58 in 2025."""
    rows = {row[0]: row for row in gaps(first_night, "330400", "urban_rural_income_ratio")}
    assert rows[2021][:3] == (2021, Decimal("1.6000"), False)
    assert rows[2022][1:] == (
        Decimal("1.5600"),
        False,
        2021,
        Decimal("-0.0400"),
        True,
        2025,
        "縮小到1.58以內",
    )


def test_the_income_gap_is_in_the_unit_of_its_indicator(first_night):
    """Liandu 2022: 17201 元 of low-income households over 36602 元 of all rural ones is 46.99 %."""
    rows = gaps(first_night, "331102", "low_income_rural_income_ratio")
    assert rows[0][:3] == (2022, Decimal("46.9947"), True)


def test_no_light_has_changed_before_there_was_a_second_version(first_night):
    assert first_night.query("SELECT count(*) FROM marts.rpt_light_change") == [(0,)]
