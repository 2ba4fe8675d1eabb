"""A department reports late, in the wrong unit, takes it back and reports again: what the published tables say after each night."""

from datetime import datetime

import duckdb

HEADER = "区划代码,地区,指标编码,指标,时期,数值,单位,状态,来源,发布日期,核实,备注\n"
ENVIRONMENT = "区生态环境分局（秀洲区）"
PM25 = "xiuzhou_2023_work_plan:附件2:47:2023年目标:330411:unspecified:2023:0"
MADE_UP = "generated for a test"


def report(value, status, reported_at, confirmed=""):
    return (
        HEADER
        + f"330411,秀洲区,pm25,PM2.5,2023,{value},微克/立方米,{status},{ENVIRONMENT},{reported_at},{confirmed},{MADE_UP}\n"
    ).encode()


def coverage(nightly):
    return nightly.query(
        "SELECT is_reported, days_overdue FROM marts.rpt_coverage WHERE target_id = ?", [PM25]
    )[0]


def late(nightly):
    """What the scorecard of the department names as overdue, since when and how many days."""
    count, since, days, names = nightly.query(
        "SELECT overdue_count, overdue_since::VARCHAR, most_days_overdue, overdue FROM marts.rpt_department_scorecard"
        " WHERE department_id = '330411_ecology_environment'"
    )[0]
    return count, since, days, "PM2.5平均浓度（2023）" in (names or "")


def accepted(nightly):
    return nightly.query(
        "SELECT value::INT, observation_status, awaits_confirmation, source_id FROM marts.fct_actual"
        " WHERE region_code = '330411' AND indicator_id = 'pm25' AND period = '2023'"
    )


def to_confirm(nightly):
    return nightly.query(
        "SELECT rule_id, value_text, status_printed, compared_with LIKE '2%微克%' FROM quality.suspicious_figure"
        " WHERE indicator_id = 'pm25' AND NOT is_confirmed AND NOT is_replaced"
    )


def known_at(nightly, moment: datetime):
    with duckdb.connect(str(nightly.paths.build_db), read_only=True) as connection:
        return connection.execute(
            "SELECT value::INT FROM marts.fct_actual_history WHERE region_code = '330411' AND indicator_id = 'pm25'"
            " AND period = '2023' AND known_from <= $1 AND (known_to > $1 OR known_to IS NULL)",
            [moment],
        ).fetchall()


def received(nightly, name):
    return nightly.query("SELECT received_at FROM quality.received_file WHERE file_name = ?", [name])[0][0]


def test_from_overdue_by_a_slip_of_the_unit_and_a_retraction_to_the_final_figure(second_night):
    overdue_before = late(second_night)
    assert coverage(second_night) == (False, 2)
    assert overdue_before[1:] == ("2024-06-28", 2, True)

    second_night.drop("环境 一.csv", report(260000, "最终", "2024-02-01"))
    output = second_night.must_run()
    department = "department_330411_ecology_environment"
    assert accepted(second_night) == [(260000, "preliminary", True, department)]
    assert to_confirm(second_night) == [("unit_slip", "260000", "final", True)]
    assert "存疑待核 / to confirm      1 " in output
    assert coverage(second_night) == (True, None), "reported, if wrongly: nobody is late any more"
    assert late(second_night)[::3] == (overdue_before[0] - 1, False)
    source = "SELECT title, tier, department_id FROM marts.dim_source WHERE source_id = ?"
    assert second_night.query(source, [department]) == [
        (ENVIRONMENT, "official", "330411_ecology_environment")
    ]

    second_night.drop("环境 二.csv", report("", "撤回", "2024-03-01"))
    second_night.must_run()
    assert accepted(second_night) == [] and to_confirm(second_night) == []
    assert coverage(second_night) == (False, 2) and late(second_night) == overdue_before

    second_night.drop("环境 三.csv", report(26, "最终", "2024-04-01"))
    second_night.drop("环境 一 副本.csv", report(260000, "最终", "2024-02-01") + b"\n")
    second_night.must_run()
    assert accepted(second_night) == [(26, "final", False, department)]
    assert to_confirm(second_night) == []
    ledger = (
        "SELECT rows_accepted, rows_unmapped, rows_unchanged FROM quality.received_file WHERE file_name = ?"
    )
    assert second_night.query(ledger, ["环境 三.csv"]) == [(1, 0, 0)]

    first, second, third = (received(second_night, f"环境 {number}.csv") for number in "一二三")
    assert [known_at(second_night, moment) for moment in (first, second, third)] == [[(260000,)], [], [(26,)]]
    revisions = "SELECT count(*), count(withdrawn_at) FROM marts.fct_actual_revision WHERE indicator_id = 'pm25' AND region_code = '330411' AND period = '2023'"
    assert second_night.query(revisions) == [(3, 1)], "nothing is lost, and the copy adds nothing"
