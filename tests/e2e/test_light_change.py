"""Why a light changed: a revised figure turns one, the report says so, and says the same the night after."""

from decimal import Decimal

from dagster_project.state import State

HEADER = "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"
SHENGZHOU_2022 = "shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"
# made up: the communiqué of 2022 prints 99856 元, and no revision is known
REVISION = HEADER + (
    "330683,嵊州市,全市人均生产总值,按常住人口,,2022,,112000,元,修订,造的来源（测试）,,2024-03-01,generated for a test\n"
)
CHANGES = (
    "SELECT target_id, light_before, light_now, verdict_before, verdict_now, cause, actual_before, actual_now,"
    " target_before, target_now, evaluation_period_before, evaluation_period_now, rule_version_before, rule_version_now"
    " FROM marts.rpt_light_change ORDER BY ALL"
)


def test_a_revised_figure_turns_the_light_and_the_report_names_it(first_night, second_night):
    second_night.drop("嵊州修订（测试）.csv", REVISION.encode())
    second_night.must_run()
    changes = {row[0]: row[1:] for row in second_night.query(CHANGES)}
    assert changes[SHENGZHOU_2022] == (
        "yellow", "green", "missed", "met", "revised_actual", Decimal(99856), Decimal(112000),
        Decimal(110000), Decimal(110000), "2022", "2022", "1", "1",
    )  # fmt: skip
    untouched = "SELECT target_id, light FROM marts.fct_attainment WHERE is_current ORDER BY 1"
    differing = set(first_night.query(untouched)) ^ set(second_night.query(untouched))
    assert set(changes) == {target_id for target_id, _ in differing}, "no other light is named"
    told = second_night.query(
        "SELECT reason, reason_en, published_at_before, published_at_now, as_of_before::VARCHAR, as_of_now::VARCHAR"
        " FROM marts.rpt_light_change WHERE target_id = ?",
        [SHENGZHOU_2022],
    )[0]
    assert told[0] == "黄灯（未达标）→绿灯（达标）：2022年实际值由 99856元 改为 112000元。"
    assert "changed from 99856元 to 112000元" in told[1]
    first_version, second_version = [
        row["logged_at"] for row in State(second_night.paths.state).rows("run_log") if row["event"] == "published"
    ]  # fmt: skip
    assert told[2:] == (first_version, None, "2024-06-30", "2024-06-30")

    before = second_night.tables()
    second_night.must_run()
    assert second_night.tables() == before, "a night with nothing new says the same of the night before it"
    assert second_night.query(
        "SELECT DISTINCT published_at_before, published_at_now FROM marts.rpt_light_change"
    ) == [(first_version, second_version)], "now the change has its date"
