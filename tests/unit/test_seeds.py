"""The seeds as data: printed values of the plans, units that convert exactly, keys that hold."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from dagster_project.grammar import simplify
from dagster_project.paths import SEEDS_DIR

# counted in the printed documents
TARGETS_PRINTED = {
    ("xiuzhou_2023_work_plan", "附件2"): 83,
    ("xiuzhou_2023_work_plan", "附件3"): 152,
    ("xiuzhou_14th_five_year_plan", "表1-1"): 54,
    ("xiuzhou_14th_five_year_plan", "表2-1"): 37,
    ("shengzhou_2021_2025_action_plan", "表1"): 134,
    ("liandu_2023_work_plan", "表1"): 74,
    ("liandu_2023_work_plan", "附表2"): 49,
    ("liandu_2023_work_plan", "附表3"): 127,
    ("liandu_2023_work_plan", "附表4"): 94,
}
TASKS_PRINTED = {
    ("xiuzhou_2023_work_plan", "附件4"): 26 + 35 + 9,
    ("shengzhou_2021_2025_action_plan", "表2"): 46,
    ("shengzhou_2021_2025_action_plan", "表3"): 18,
    ("shengzhou_2021_2025_action_plan", "表4"): 19,
    ("liandu_2023_work_plan", "附表2"): 18,
    ("liandu_2023_work_plan", "附表3"): 51,
    ("liandu_2023_work_plan", "附表4"): 43,
}


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_by_table(name: str) -> Counter:
    return Counter((row["document_id"], row["table_ref"]) for row in seed(name))


def printed(document: str, table: str, row_no: str, column: str) -> list[str]:
    return [
        row["value_text"]
        for row in seed("target")
        if (row["document_id"], row["table_ref"], row["row_no"], row["column_ref"])
        == (document, table, row_no, column)
    ]


def test_each_table_has_as_many_rows_as_its_print():
    targets = rows_by_table("target")
    prose = {key for key in targets if key[1] == "正文" or key[1].startswith("专栏")}
    assert {key: count for key, count in targets.items() if key not in prose} == TARGETS_PRINTED
    assert {document for document, _ in prose} == {
        "xiuzhou_14th_five_year_plan",
        "shengzhou_2021_2025_action_plan",
        "jiaxing_2021_2025_action_plan",
    }
    assert rows_by_table("task") == TASKS_PRINTED
    assert rows_by_table("pilot_site") == {("xiuzhou_2023_work_plan", "附件5"): 66}
    declared = seed("document_table")
    for name, column in (("target", "target_rows"), ("task", "task_rows"), ("pilot_site", "site_rows")):
        counted = {
            (row["document_id"], row["table_ref"]): int(row[column]) for row in declared if row[column] != "0"
        }
        assert counted == dict(rows_by_table(name))


@pytest.mark.parametrize(
    ("document", "table", "row_no", "column", "values"),
    [
        ("xiuzhou_2023_work_plan", "附件2", "1", "大口径", ["13"]),
        ("xiuzhou_2023_work_plan", "附件2", "1", "小口径", ["11.5"]),
        ("xiuzhou_2023_work_plan", "附件2", "5", "小口径", ["≥17.2"]),
        ("xiuzhou_2023_work_plan", "附件2", "11", "大口径", ["--"]),
        ("xiuzhou_2023_work_plan", "附件2", "15", "2023年目标", ["100", "80"]),
        ("xiuzhou_2023_work_plan", "附件2", "41", "大口径", ["2.89-2.9"]),
        ("xiuzhou_2023_work_plan", "附件2", "49", "小口径", ["<0.0096"]),
        ("xiuzhou_2023_work_plan", "附件2", "50", "大口径", ["88", "稳步提升"]),
        ("xiuzhou_14th_five_year_plan", "表1-1", "13", "十三五目标", ["[2.7]"]),
        ("xiuzhou_14th_five_year_plan", "表1-1", "23", "年均增长", ["-6.50%"]),
        ("xiuzhou_14th_five_year_plan", "表2-1", "26", "2025年目标", ["3.5"]),
        ("xiuzhou_14th_five_year_plan", "表2-1", "32", "2025年目标", ["5(累计)"]),
        ("shengzhou_2021_2025_action_plan", "表1", "1", "2022年", ["11"]),
        ("shengzhou_2021_2025_action_plan", "表1", "14", "2025年", ["稳步提升", "10"]),
        ("shengzhou_2021_2025_action_plan", "表1", "27", "2025年", ["50以上"]),
        ("shengzhou_2021_2025_action_plan", "表1", "3", "2022年", ["完成上级下达任务"]),
        ("shengzhou_2021_2025_action_plan", "表1", "3", "2025年", ["完成上级下达任务"]),
        ("shengzhou_2021_2025_action_plan", "表1", "61", "2025年", ["<0.01"]),
        ("xiuzhou_2023_work_plan", "附件3", "1", "王店镇", ["6%力争8%"]),
        ("xiuzhou_2023_work_plan", "附件3", "1", "新城街道", ["-"]),
        ("xiuzhou_2023_work_plan", "附件3", "5", "国家高新区", ["高新区不参评"]),
        ("xiuzhou_2023_work_plan", "附件3", "7", "国家高新区", ["26.55"]),
        ("xiuzhou_2023_work_plan", "附件3", "11", "高照街道", ["100", "88"]),
        ("xiuzhou_2023_work_plan", "附件3", "14", "油车港镇", ["3.33（暂定）"]),
        ("liandu_2023_work_plan", "表1", "2", "2023年目标", ["增长1.3%"]),
        ("liandu_2023_work_plan", "表1", "18", "2023年目标", ["<23"]),
        ("liandu_2023_work_plan", "表1", "41", "2023年目标", ["12600"]),
        ("liandu_2023_work_plan", "表1", "47", "2023年目标", ["81.6"]),
        ("liandu_2023_work_plan", "附表2", "4", "2023年目标值", ["保持81.5", "5.6"]),
        ("liandu_2023_work_plan", "附表3", "1", "2023年目标值", [">70", ">200", "2"]),
    ],
)
def test_cells_stand_as_printed(document, table, row_no, column, values):
    assert printed(document, table, row_no, column) == values


def test_units_convert_back_to_themselves_exactly():
    for unit in seed("unit"):
        assert int(unit["to_base"]) >= 1, "make the smallest unit of a dimension its base"
        if unit["from_base"]:
            assert Decimal(unit["to_base"]) * Decimal(unit["from_base"]) == 1, unit


def test_every_indicator_has_a_standard_unit_that_converts_back():
    units = {unit["unit_text"]: unit for unit in seed("unit")}
    for indicator in seed("indicator"):
        unit = units[indicator["unit"]]
        assert unit["unit_symbol"] == indicator["unit"], indicator
        assert unit["from_base"], indicator


def test_measures_that_sound_alike_stay_apart():
    indicator_of = {
        (row["label_text"], row["qualifier"]): row["indicator_id"] for row in seed("indicator_label")
    }
    assert indicator_of["全民阅读指数（优化）", ""] != indicator_of["居民综合阅读率(%)", ""]
    assert indicator_of["全市人均生产总值", "按户籍人口"] != indicator_of["全市人均生产总值", "按常住人口"]


def test_regions_reach_down_to_the_townships_and_hang_together():
    regions = {row["region_code"]: row for row in seed("region")}
    assert regions["330411104"]["region_name"] == "新塍镇"
    assert all(
        not row["parent_region_code"] or row["parent_region_code"] in regions for row in regions.values()
    )
    assert Counter(row["region_level"] for row in regions.values())["prefecture"] == 11


def test_the_crosswalk_is_written_in_simplified_characters():
    """Labels of a traditional text are simplified before they are looked up."""
    rows = seed("indicator_label")
    assert [row["label_text"] for row in rows if simplify(row["label_text"]) != row["label_text"]] == []
    jiaxing = [row["indicator_text"] for row in seed("target") if row["document_id"].startswith("jiaxing")]
    assert any(simplify(text) != text for text in jiaxing), "the printed text stays traditional"


def test_only_names_of_tasks_are_copied_never_their_paragraphs():
    assert max(len(row["task_text"]) for row in seed("task")) < 50


def test_the_ratio_of_low_income_to_rural_income_is_one_indicator_however_it_is_printed():
    """0.55 in Xiuzhou 附件2, 45 (%) in Shengzhou 表1, and the other way round (farmers to low-income farmers) in Liandu 表1."""
    rows = [row for row in seed("indicator_label") if row["indicator_id"] == "low_income_rural_income_ratio"]
    assert {row["is_reciprocal"] for row in rows} == {"true", "false"}
    assert any(row["default_unit"] == "1" for row in rows)


def test_amounts_add_up_over_regions_and_shares_do_not():
    additive = {row["indicator_id"]: row["is_additive"] for row in seed("indicator")}
    assert additive["gdp"] == "true"
    assert additive["gdp_per_capita"] == "false"
    assert additive["disposable_income_rural"] == "false"
    assert all(
        row["is_additive"] == "false"
        for row in seed("indicator")
        if row["measure_type"] in ("rate", "growth", "index", "state")
    )


def members(group: str) -> set[str]:
    return {row["region_code"] for row in seed("peer_group") if row["peer_group_id"] == group}


def test_peer_groups_hold_the_regions_of_the_print():
    regions = seed("region")
    level = {row["region_code"]: row["region_level"] for row in regions}
    assert members("zhejiang_counties") == {code for code in level if level[code] == "county"}
    assert members("zhejiang_prefectures") == {code for code in level if level[code] == "prefecture"}
    within = {
        frozenset(members(row["peer_group_id"]))
        for row in seed("peer_group")
        if row["printed_peers"] == "全市"
    }
    assert within == {
        frozenset(row["region_code"] for row in regions if row["parent_region_code"] == code)
        - {code for code in level if level[code] != "county"}
        for code in members("zhejiang_prefectures")
    }
    columns = {row["region_code"] for row in seed("target") if row["table_ref"] == "附件3"}
    assert members("xiuzhou_units") == columns
    assert not columns & {"330411003", "330411004"}, "嘉北街道 and 塘汇街道 have no column in 附件3"
    assert members("xiuzhou_units_without_zone") == columns - {"330411Z01"}


@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        ("xiuzhou_2023_rank_ladder", [100, 90, 80, 70, 60, 50, 40]),
        ("xiuzhou_2023_rank_bands", [100, 100, 100, 75, 75, 75, 50, 50]),
    ],
)
def test_ranks_score_as_printed_and_the_rule_quotes_its_cells(rule, scores):
    bands = [row for row in seed("score_rule") if row["rule_id"] == rule]
    assert [
        int(band["score_percent"])
        for band in bands
        for _ in range(int(band["rank_from"]), int(band["rank_to"]) + 1)
    ] == scores
    targets = [row for row in seed("target") if row["rule_id"] == rule]
    assert {row["region_code"] for row in targets} == members(bands[0]["peer_group_id"])
    for band in bands:
        assert all(row["value_text"] in band["source"] for row in targets)
