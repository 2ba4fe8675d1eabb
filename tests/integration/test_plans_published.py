"""What the five plans come to in the published marts: tasks, units, scopes, corrections, lights, contradictions, review, rankings."""

from decimal import Decimal

import openpyxl
import pytest


def test_every_task_and_pilot_unit_is_listed_with_its_units(first_night):
    assert first_night.query("SELECT task_kind, count(*) FROM marts.fct_task GROUP BY 1 ORDER BY 1") == [
        ("key_work", 51), ("project", 18), ("reform", 43 + 19), ("result", 18), ("task", 70 + 46),
    ]  # fmt: skip
    assert first_night.query(
        "SELECT task_name, domain_text, area_text, type_text FROM marts.fct_task"
        " WHERE task_id = 'xiuzhou_2023_work_plan:附件4:18'"
    ) == [("油车港-王江泾“秀水新区”县域风貌区", "协调发展", "油车港、王江泾", "提升类")]
    sites = first_night.query(
        "SELECT count(*), count(*) FILTER (is_named), count(department_id) FROM marts.fct_pilot_site"
    )
    assert sites == [(66, 64, 66)], "two places are still 待定"
    without_unit = first_night.query(
        "SELECT task_id FROM marts.fct_task WHERE task_id NOT IN (SELECT task_id FROM marts.bridge_task_department)"
    )
    assert without_unit == []


def test_lines_of_liandu_are_tied_to_their_task_and_start_from_their_2022_actual(first_night):
    """附表2 line 8: 资产总额 309.94 in 2022, 350 in 2023, under 国资国企高质量发展."""
    rows = first_night.query(
        """SELECT task.task_name, target.value_text, actual.value, actual.observation_status, source.title
           FROM marts.fct_target AS target
           JOIN marts.fct_task AS task USING (task_id)
           JOIN marts.fct_actual AS actual ON actual.indicator_id = target.indicator_id AND actual.region_code = target.region_code
             AND actual.period = target.baseline_period
           JOIN marts.dim_source AS source USING (source_id)
           WHERE target.document_id = 'liandu_2023_work_plan' AND target.indicator_text = '资产总额(亿元)'"""
    )
    assert rows == [
        ("国资国企高质量发展", "350", Decimal("309.94"), "preliminary",
         "2023年莲都区加快跨越式高质量发展建设共同富裕示范区工作要点 附表2")
    ]  # fmt: skip
    lines = first_night.query(
        "SELECT table_ref, count(*), count(DISTINCT task_id) FROM marts.fct_target"
        " WHERE document_id = 'liandu_2023_work_plan' AND task_id IS NOT NULL AND part_no = 0 GROUP BY 1 ORDER BY 1"
    )
    assert lines == [("附表2", 49, 18), ("附表3", 127, 51), ("附表4", 94, 43)]


def test_only_where_the_plan_prints_牵头_a_unit_leads(first_night):
    assert first_night.query(
        "SELECT DISTINCT table_ref FROM marts.bridge_target_department JOIN marts.fct_target USING (target_id) WHERE is_lead"
    ) == [("附件3",)]


def test_townships_have_their_own_targets_and_rules(first_night):
    rows = first_night.query(
        "SELECT region_name, target_kind, target_value, stretch_value, rule_id FROM marts.fct_target"
        " JOIN marts.dim_region USING (region_code) WHERE table_ref = '附件3' AND line_no = 1 ORDER BY region_code"
    )
    assert ("王店镇", "threshold", 6, 8, "xiuzhou_2023_attainment") in rows
    assert ("新城街道", "none", None, None, None) in rows
    assert ("秀洲国家高新区", "threshold", 6, 8, "xiuzhou_2023_attainment") in rows
    provisional = first_night.query(
        "SELECT count(*) FROM marts.fct_target WHERE table_ref = '附件3' AND is_provisional"
    )
    assert provisional == [(7,)], "（暂定） stands beside seven values of line 14"


@pytest.mark.parametrize(
    ("document", "texts", "value"),
    [("xiuzhou_2023_work_plan", {"0.55"}, "55"), ("shengzhou_2021_2025_action_plan", {"45", "50以上"}, "45")],
)
def test_one_ratio_in_two_prints_is_one_number(first_night, document, texts, value):
    rows = first_night.query(
        "SELECT value_text, target_value_std FROM marts.fct_target"
        " WHERE document_id = ? AND indicator_id = 'low_income_rural_income_ratio' AND target_value IS NOT NULL",
        [document],
    )
    assert {text for text, _ in rows} <= texts
    assert Decimal(value) in {std for _, std in rows}


def test_a_reciprocal_label_turns_the_way_round(first_night):
    """Liandu 表1: 农村居民…与低收入农户…之比 逐步缩小: the indicator, low-income to rural, is to rise."""
    rows = first_night.query(
        "SELECT value_text, comparator FROM marts.fct_target"
        " WHERE document_id = 'liandu_2023_work_plan' AND table_ref = '表1' AND indicator_id = 'low_income_rural_income_ratio'"
    )
    assert rows == [("逐步缩小", ">")]


def test_the_printed_text_stays_while_the_corrected_one_is_read(first_night):
    rows = first_night.query(
        "SELECT unit, target_value_std, correction FROM marts.fct_target"
        " WHERE target_id = 'shengzhou_2021_2025_action_plan:表1:64:2022年:330683:unspecified:2022:0'"
    )
    assert rows[0][:2] == ("%", Decimal(90))
    assert "件/万人" in rows[0][2]
    reason = first_night.query(
        "SELECT reason FROM marts.fct_attainment WHERE is_current"
        " AND target_id = 'shengzhou_2021_2025_action_plan:表1:64:2022年:330683:unspecified:2022:0'"
    )
    assert "更正" in reason[0][0]
    damaged = first_night.query(
        "SELECT indicator_text FROM marts.fct_target WHERE document_id = 'jiaxing_2021_2025_action_plan' AND correction IS NOT NULL"
    )
    assert any("?" in text for (text,) in damaged), "the damage is published as printed"


def test_traditional_text_stays_and_finds_its_indicator(first_night):
    rows = first_night.query(
        "SELECT indicator_text, value_text, indicator_id FROM marts.fct_target"
        " WHERE document_id = 'jiaxing_2021_2025_action_plan' AND indicator_id = 'gdp_per_capita'"
    )
    assert rows, "人均生產總值"
    assert "產" in rows[0][0]


CONFLICTS = [
    # indicator, kind, the two printed texts
    ("minimum_living_standard", "different_targets", {"12600", "12500"}),
    ("life_expectancy", "different_targets", {"81.6", "保持81.5"}),
    ("goods_trade", "different_targets", {"110", "达100亿元"}),
    ("doctors_per_1000", "weaker_than_actual", {"5.6", "5.99"}),
    ("eco_mortgage_loan_balance", "unit_out_of_scale", {"1000", "74094.57"}),
    ("new_internship_posts", "actual_printed_twice", {"0", "156"}),
    ("gdp", "growth_does_not_fit", {"7%", "400"}),
]


@pytest.mark.parametrize(("indicator", "kind", "texts"), CONFLICTS)
def test_contradictions_are_found_with_both_cells_and_sources(first_night, indicator, kind, texts):
    rows = first_night.query(
        "SELECT first_text, second_text, first_source, first_place, second_source, second_place, reason, reason_en"
        " FROM marts.rpt_target_conflict WHERE indicator_id = ? AND conflict_kind = ?",
        [indicator, kind],
    )
    assert any({row[0], row[1]} == texts for row in rows), rows
    assert all(all(row) for row in rows), "both cells, both sources and the reason"


def test_a_limit_that_is_kept_is_no_contradiction(first_night):
    assert first_night.query(
        "SELECT count(*) FROM marts.rpt_target_conflict JOIN marts.dim_indicator USING (indicator_id)"
        " WHERE conflict_kind = 'weaker_than_actual' AND is_limit"
    ) == [(0,)]


def test_every_verdict_has_its_light_from_the_rules(first_night):
    assert first_night.query(
        "SELECT count(*) FROM marts.fct_attainment WHERE light IS NULL OR rule_version <> '1'"
    ) == [(0,)]
    lights = dict(
        first_night.query("SELECT verdict, string_agg(DISTINCT light) FROM marts.fct_attainment GROUP BY 1")
    )
    assert lights["met"] == lights["on_pace"] == "green"
    assert lights["no_actual"] == "grey"
    observed = first_night.query(
        "SELECT DISTINCT light FROM marts.fct_attainment JOIN marts.fct_target USING (target_id) WHERE designation = '观察'"
    )
    assert ("red",) not in observed, "an indicator to observe is never red"


def test_every_label_of_the_plans_is_mapped_and_every_mapping_can_be_reviewed(first_night):
    assert first_night.query("SELECT count(*) FROM marts.fct_target WHERE indicator_id = 'unmapped'") == [
        (0,)
    ]
    missing = first_night.query(
        "SELECT target_id FROM marts.fct_target JOIN marts.dim_document USING (document_id)"
        " WHERE (indicator_id, title) NOT IN (SELECT (indicator_id, title) FROM quality.label_review"
        " JOIN marts.dim_document ON contains(origins, title))"
    )
    assert missing == []
    decisions = first_night.query("SELECT count(*) FROM quality.label_review WHERE NOT is_same_name")
    assert decisions[0][0] < 720, "an hour at five seconds each"


def test_the_review_workbook_opens_and_shows_the_conversion(first_night):
    workbook = openpyxl.load_workbook(first_night.paths.published / "label_review.xlsx", read_only=True)
    assert workbook.sheetnames == ["标签核对 mapped", "未对应 unmapped"]
    rows = list(workbook["标签核对 mapped"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == first_night.query("SELECT count(*) FROM quality.label_review")[0][0]
    # Xiuzhou 附件2 row 1: 人均生产总值（万元） 13 is 130000 元
    assert any(
        row[4] == "人均生产总值（万元）" and row[7] == "万元" and row[2] == "元" and row[11].endswith("000")
        for row in rows
    )
    assert any(row[8] for row in rows), "a reciprocal is marked"


def test_labels_of_actuals_without_an_indicator_name_the_closest(first_night):
    rows = first_night.query(
        "SELECT label_text, candidates FROM quality.unmapped_label WHERE why = 'unmapped' AND candidates IS NOT NULL"
    )
    assert len(rows) > 50
    assert all("[" in candidates for _, candidates in rows)


def test_targets_for_a_place_name_their_peers(first_night):
    """Liandu 附表4 line 20 prints 排名全省前40、全市前3; 全国 and 国家级高新区 are no groups of ours."""
    rows = first_night.query(
        "SELECT part_no, peer_group_id FROM marts.fct_target"
        " WHERE document_id = 'liandu_2023_work_plan' AND table_ref = '附表4' AND line_no = 20 AND part_no > 0 ORDER BY 1"
    )
    assert rows == [(1, "zhejiang_counties"), (2, "lishui_counties")]
    groups = first_night.query(
        "SELECT peer_group_id, count(*) FROM marts.fct_target WHERE target_kind = 'score_rule' GROUP BY 1 ORDER BY 1"
    )
    assert groups == [("xiuzhou_units", 8), ("xiuzhou_units_without_zone", 7)]
    assert first_night.query(
        "SELECT count(*) FROM marts.fct_target WHERE peer_group_id IS NOT NULL AND target_kind NOT IN ('rank', 'score_rule')"
    ) == [(0,)]


def test_prefectures_are_ranked_where_all_eleven_have_a_figure(first_night):
    """Rural income of the first nine months of 2020, printed for all prefectures: Jiaxing leads, Lishui closes."""
    rows = first_night.query(
        """SELECT region_name, rank, peers_expected, peers_present, value
           FROM marts.fct_ranking JOIN marts.dim_region USING (region_code)
           WHERE peer_group_id = 'zhejiang_prefectures' AND indicator_id = 'disposable_income_rural'
             AND period = '2020M01-09' ORDER BY rank"""
    )
    assert [row[1] for row in rows] == list(range(1, 12))
    assert rows[0] == ("嘉兴市", 1, 11, 11, Decimal(32532))
    assert rows[-1] == ("丽水市", 11, 11, 11, Decimal(17860))


def test_an_incomplete_group_has_no_places(first_night):
    assert first_night.query(
        "SELECT count(*) FROM marts.fct_ranking WHERE (rank IS NULL) <> (peers_present < peers_expected) OR peers_present < 2"
    ) == [(0,)]
    assert first_night.query(
        "SELECT count(*) > 0 FROM marts.fct_ranking WHERE peer_group_id = 'jiaxing_counties' AND rank IS NULL"
    ) == [(True,)]


def test_no_township_is_scored_while_no_township_actuals_are_published(first_night):
    assert first_night.query("SELECT count(*) FROM marts.fct_township_score") == [(0,)]
    comment = first_night.query(
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_township_score'"
    )[0][0]
    assert "No township actuals are published" in comment
