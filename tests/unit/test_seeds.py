"""The seeds as data: printed values of the plans, units that convert exactly, keys that hold."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from dagster_project.assets.seeds import SeedFault, parse_targets
from dagster_project.paths import SEEDS_DIR


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(document: str, table: str, row_no: str, column: str) -> list[str]:
    return [
        row["value_text"]
        for row in seed("target")
        if (row["document_id"], row["table_ref"], row["row_no"], row["column_ref"])
        == (document, table, row_no, column)
    ]


def test_each_table_has_as_many_rows_as_its_print():
    rows = Counter((row["document_id"], row["table_ref"]) for row in seed("target"))
    assert rows == {
        ("xiuzhou_2023_work_plan", "附件2"): 83,
        ("xiuzhou_14th_five_year_plan", "表1-1"): 54,
        ("xiuzhou_14th_five_year_plan", "表2-1"): 37,
        ("shengzhou_2021_2025_action_plan", "表1"): 134,
    }
    declared = {
        (row["document_id"], row["table_ref"]): int(row["target_rows"]) for row in seed("document_table")
    }
    assert declared == dict(rows)


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


@pytest.fixture
def copied_seeds(tmp_path):
    for name in ("target.csv", "unit.csv"):
        (tmp_path / name).write_bytes((SEEDS_DIR / name).read_bytes())
    return tmp_path


def test_a_doubled_target_is_refused_with_both_rows(copied_seeds):
    lines = (copied_seeds / "target.csv").read_text(encoding="utf-8").splitlines()
    (copied_seeds / "target.csv").write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(SeedFault, match=r"row 310.*附件2:1:大口径.*row 2"):
        list(parse_targets(copied_seeds))


def test_a_row_with_a_cell_too_few_is_refused_with_its_number(copied_seeds):
    with (copied_seeds / "target.csv").open("a", encoding="utf-8") as file:
        file.write("xiuzhou_2023_work_plan,附件2\n")
    with pytest.raises(SeedFault, match=r"target\.csv.*row 310"):
        list(parse_targets(copied_seeds))


def test_a_seed_that_is_not_utf8_is_refused(copied_seeds):
    (copied_seeds / "target.csv").write_bytes("序号,指标\n1,人均".encode("gb18030"))
    with pytest.raises(SeedFault, match="not UTF-8"):
        list(parse_targets(copied_seeds))
