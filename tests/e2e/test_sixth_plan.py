"""A sixth plan without code: a made-up county is added as seed rows only (docs/adding-a-plan.md) and seen in the marts."""

from decimal import Decimal
from pathlib import Path

MADE_UP = Path(__file__).parent / "made_up_plan"
LANDING = (
    "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"
    "330999,虚构县（测试）,县人均产值（万元）,,,2023,,11.5,万元,,造的来源（测试）,,2024-02-01,generated for a test\n"
    "330999,虚构县（测试）,县人均产值（万元）,,,2024,,12.5,万元,,造的来源（测试）,,2025-02-01,generated for a test\n"
    "330999,虚构县（测试）,农村与低收入农户收入之比（测试）,,,2024,,2.5,,,造的来源（测试）,,2025-02-01,generated for a test\n"
)


def test_a_sixth_plan_needs_seed_rows_only(second_night, own_project):
    for rows in sorted(MADE_UP.glob("*.csv")):
        with (own_project / "seeds" / rows.name).open("a", encoding="utf-8") as seed:
            seed.write(rows.read_text(encoding="utf-8"))
    second_night.drop("虚构县.csv", LANDING.encode())
    second_night.must_run("--as-of-date", "2025-06-30")

    targets = second_night.query(
        "SELECT line_no, column_ref, target_kind, indicator_id, target_value_std, stretch_value_std, is_provisional, task_id"
        " FROM marts.fct_target WHERE document_id = 'made_up_plan' ORDER BY line_no, column_ref"
    )
    assert [row[2:6] for row in targets] == [
        ("threshold", "gdp_per_capita", Decimal(120000), Decimal(130000)),
        ("threshold", "low_income_rural_income_ratio", Decimal(50), None),
        ("threshold", "made_up_reading_rooms", Decimal(30), None),
        ("threshold", "made_up_reading_rooms", Decimal(10), None),
        ("growth", "unmapped", Decimal(6), None),
        ("rank", "unmapped", Decimal(3), None),
        ("unparsed", "unmapped", None, None),
    ]
    assert [row[6] for row in targets] == [False, False, True, False, False, False, False]
    assert targets[2][7] == "made_up_plan:附表1:1"

    verdicts = second_night.query(
        "SELECT line_no, verdict, light, reason FROM marts.fct_attainment JOIN marts.fct_target USING (target_id)"
        " WHERE document_id = 'made_up_plan' AND is_current ORDER BY line_no, column_ref"
    )
    assert verdicts[0][1:3] == ("met", "green")
    # 2.5 times is 40 %, short of the 50 % that "at most 2 times" means; binding, so red
    assert verdicts[1][1:3] == ("missed", "red")
    assert "40%" in verdicts[1][3]
    assert [row[1] for row in verdicts[4:]] == ["unmapped", "unmapped", "unparsed"]

    assert second_night.query(
        "SELECT department_name, is_lead FROM marts.bridge_target_department JOIN marts.dim_department USING (department_id)"
        " WHERE target_id LIKE 'made_up_plan:附表1:1:%'"
    ) == [("县统计局", True)]
    assert second_night.query("SELECT region_path FROM marts.dim_region WHERE region_code = '330999001'") == [
        ("浙江省/舟山市/虚构县（测试）/虚构镇（测试）",)
    ]
    candidates = dict(
        second_night.query(
            "SELECT label_text, candidates FROM quality.unmapped_label WHERE origin = 'target'"
        )
    )
    assert "gdp_per_capita" in candidates["全县人均地区生产总值增长率"]
    assert (
        "天马行空" in second_night.query("SELECT string_agg(value_text) FROM quality.unparsed_target")[0][0]
    )
