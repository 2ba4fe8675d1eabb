"""Townships report, and the next night ranks and scores them by the printed rules of Xiuzhou 2023 附件3. All figures are made up."""

from decimal import Decimal

import pytest

HEADER = "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"
# the labels as 附件3 prints them in lines 5, 15 and 7
INCOME, DUST, RESEARCH = (
    "人均可支配收入增速（%）",
    "PM2.5平均浓度（微克/立方米）",
    "规上工业企业研发经费总额（亿元）",
)

REPORTED = {
    # 高新区不参评: the zone's 9.9 would be first
    (INCOME, "2023"): {
        "王店镇": 6.5, "洪合镇": 5.9, "新塍镇": 6.1, "王江泾镇": 6.1, "油车港镇": 5.2, "秀洲国家高新区": 9.9, "新城街道": 4.8, "高照街道": -0.5,
    },
    (DUST, "2023"): {
        "王店镇": 27, "洪合镇": 28.5, "新塍镇": 26, "王江泾镇": 31, "油车港镇": 25.5, "秀洲国家高新区": 33, "新城街道": 29, "高照街道": 30,
    },
    # the targets are 6.96, 2.32 and 10.40; 新城街道 has none (-)
    (RESEARCH, "2023"): {"王店镇": 7.5, "洪合镇": 2.03, "王江泾镇": 10.4, "新城街道": 1},
    # a year without targets, and three of seven only
    (INCOME, "2022"): {"王店镇": 4.0, "洪合镇": 5.0, "新塍镇": 4.5},
}  # fmt: skip


@pytest.fixture
def scored_night(second_night):
    codes = dict(
        second_night.query(
            "SELECT region_name, region_code FROM marts.dim_region WHERE parent_region_code = '330411'"
        )
    )
    rows = "".join(
        f"{codes[township]},{township},{label},,,{period},,{value},,,造的来源（测试）,,2024-02-01,generated for a test\n"
        for (label, period), values in REPORTED.items()
        for township, value in values.items()
    )
    second_night.drop("附件3各主体（测试）.csv", (HEADER + rows).encode())
    second_night.must_run()
    return second_night


def scores(night, row_no: str) -> dict[str, tuple]:
    rows = night.query(
        """SELECT region_name, rank_used, round(ratio_used, 4), peers_expected, peers_present, score
           FROM marts.fct_township_score AS score
           JOIN marts.fct_target AS target USING (target_id)
           JOIN marts.dim_region AS region ON score.region_code = region.region_code
           WHERE target.document_id = 'xiuzhou_2023_work_plan' AND target.table_ref = '附件3' AND target.row_no = ?""",
        [row_no],
    )
    return {row[0]: row[1:] for row in rows}


def test_townships_that_report_are_ranked_and_scored(scored_night):
    assert {name: (row[0], row[-1]) for name, row in scores(scored_night, "5").items()} == {
        "王店镇": (1, 100), "新塍镇": (2, 90), "王江泾镇": (2, 90), "洪合镇": (4, 70), "油车港镇": (5, 60), "新城街道": (6, 50),
        "高照街道": (7, 40),
    }  # fmt: skip
    assert {row[2:4] for row in scores(scored_night, "5").values()} == {(7, 7)}, "the zone is left out"

    assert {name: (row[0], row[-1]) for name, row in scores(scored_night, "15").items()} == {
        "油车港镇": (1, 100), "新塍镇": (2, 100), "王店镇": (3, 100), "洪合镇": (4, 75), "新城街道": (5, 75), "高照街道": (6, 75),
        "王江泾镇": (7, 50), "秀洲国家高新区": (8, 50),
    }  # fmt: skip

    assert scores(scored_night, "7") == {
        "王店镇": (None, 1.0776, None, None, Decimal(100)),
        "洪合镇": (None, 0.875, None, None, Decimal("87.5")),
        "王江泾镇": (None, 1.0, None, None, Decimal(100)),
    }, "新塍镇 has not reported, 新城街道 has no target"
    assert scored_night.query("SELECT count(*) FROM marts.fct_township_score") == [(7 + 8 + 3,)]

    # with the zone among its peers, for those who ask for all of 全区
    assert scored_night.query(
        "SELECT rank FROM marts.fct_ranking WHERE peer_group_id = 'xiuzhou_units' AND region_code = '330411Z01'"
        " AND indicator_id = 'disposable_income_growth' AND period = '2023'"
    ) == [(1,)]
    incomplete = scored_night.query(
        "SELECT DISTINCT rank, peers_expected, peers_present FROM marts.fct_ranking"
        " WHERE peer_group_id = 'xiuzhou_units_without_zone' AND period = '2022'"
    )
    assert incomplete == [(None, 7, 3)]
