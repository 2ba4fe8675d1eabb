"""Figures that are possible but look wrong: found by seeds/plausibility_rule.csv, preliminary until their source stands by them.

The models run on made-up rows without dbt (tests/dbt_models.py).
"""

import pytest

from tests.dbt_models import build
from tests.unit.test_revisions import BULLETIN, NIGHT, said, warehouse

USUAL = {"2020": 100, "2021": 105, "2022": 112}


def series(values, **columns):
    """One figure a year, each of a communiqué of its own."""
    return [
        said(
            value,
            file=f"history_{period}",
            row_no=3,
            period=period,
            status="final",
            source=BULLETIN,
            **columns,
        )
        for period, value in values.items()
    ]


def doubts(*rows, targets=()):
    """Rule -> what it was held against, of the figures in files that are no history."""
    connection = warehouse(*rows)
    for number, target in enumerate(targets):
        connection.execute(
            "INSERT INTO int_target_mapped VALUES (?, '330411', ?, 'unspecified', ?, ?, true, ?)",
            [f"target {number}", *target],
        )
    build(connection, "suspicious_figure", "fct_actual")
    found = connection.execute(
        "SELECT period, rule_id, compared_with FROM suspicious_figure WHERE NOT is_confirmed AND NOT is_replaced ORDER BY ALL"
    ).fetchall()
    return {(period, rule): against for period, rule, against in found}


def statuses(*rows):
    connection = warehouse(*rows)
    build(connection, "fct_actual", "fct_actual_revision")
    query = (
        "SELECT value::INT, observation_status, awaits_confirmation FROM {} WHERE period = '2023' ORDER BY 1"
    )
    return [
        connection.execute(query.format(table)).fetchall() for table in ("fct_actual_revision", "fct_actual")
    ]


def test_the_usual_course_of_a_series_is_not_doubted():
    assert doubts(*series(USUAL), said(118)) == {}
    assert doubts(*series(USUAL), said(90)) == {}
    assert doubts(said(118)) == {}, "nothing to hold it against"


@pytest.mark.parametrize("value", [1180000, 118000, 0.0118, 11800000000, 0.118])
def test_a_figure_in_the_wrong_unit_is_named_with_the_figures_before_it(value):
    assert doubts(*series(USUAL), said(value)) == {
        ("2023", "unit_slip"): "2022 112；2021 105；2020 100（亿元）"
    }


def test_a_slip_of_the_unit_is_found_among_quarters_whatever_the_season():
    quarters = {"2022Q3": 20, "2022Q4": 45, "2023Q1": 12}
    assert list(doubts(*series(quarters), said(240000, period="2023Q2"))) == [("2023Q2", "unit_slip")]
    assert doubts(*series(quarters), said(24, period="2023Q2")) == {}


def test_a_share_written_as_a_fraction_is_a_slip_but_a_growth_rate_may_fall_to_nothing():
    share = {"text": "城镇化率", "code": "urbanization_rate", "unit": "%"}
    assert list(doubts(*series({"2021": 61, "2022": 62.1}, **share), said(0.6213, **share))) == [("2023", "unit_slip")]  # fmt: skip
    growth = {"text": "GDP增速", "code": "gdp_growth", "unit": "%"}
    assert doubts(*series({"2021": 8.5, "2022": 6.1}, **growth), said(0.1, **growth)) == {}


def test_one_wrong_figure_before_does_not_make_the_next_right_one_suspicious():
    wrong_before = {**USUAL, "2022": 1120000}
    assert doubts(*series(wrong_before), said(118)).keys() == {("2022", "unit_slip")}


def test_without_a_history_the_target_is_the_measure():
    assert doubts(said(1180000), targets=[("gdp", "2023", "threshold", 120)]) == {
        ("2023", "unit_slip"): "2023 目标 / target 120（亿元）"
    }
    assert doubts(said(118), targets=[("gdp", "2023", "threshold", 120)]) == {}
    assert doubts(said(1180000), targets=[("gdp", "2023", "growth", 120)]) == {}, "a growth is no level"
    # of several the nearest in time; and a history goes before any target
    targets = [("gdp", "2025", "threshold", 150), ("gdp", "2022", "threshold", 110)]
    assert doubts(said(1180000), targets=targets) == {("2023", "unit_slip"): "2022 目标 / target 110（亿元）"}
    odd_target = [("gdp", "2023", "threshold", 1200000)]
    assert doubts(*series(USUAL), said(118), targets=odd_target).keys() == {("2020", "unit_slip")}, (
        "the first alone"
    )


def test_a_jump_is_one_beyond_the_floor_and_beyond_what_the_series_did_before():
    assert list(doubts(*series(USUAL), said(400))) == [("2023", "jump")]
    assert list(doubts(*series(USUAL), said(30))) == [("2023", "jump")]
    assert doubts(*series(USUAL), said(300)) == {}, "less than three times: within the floor"
    assert doubts(*series({"2020": 100, "2021": 230, "2022": 100}), said(900)) == {}, "it has jumped before"
    # a gap of years allows more
    assert doubts(*series({"2018": 100}), said(600)) == {}


def test_shares_jump_by_points_in_whatever_unit_they_stand():
    share = {"text": "城镇化率", "code": "urbanization_rate", "unit": "%"}
    assert list(doubts(*series({"2022": 60}, **share), said(90, **share))) == [("2023", "jump")]
    assert doubts(*series({"2022": 60}, **share), said(80, **share)) == {}
    ratio = {"text": "城乡收入比", "code": "urban_rural_income_ratio", "unit": "1"}
    assert doubts(*series({"2022": 1.65}, **ratio), said(1.6, **ratio)) == {}
    assert list(doubts(*series({"2022": 1.65}, **ratio), said(16.0, **ratio))) == [("2023", "jump")]


def test_months_are_compared_with_the_same_month():
    """Spring Festival: February is a fifth of January every year."""
    months = {"2021M01": 50, "2021M02": 10, "2022M01": 52, "2022M02": 11, "2023M01": 53}
    assert doubts(*series(months), said(11, period="2023M02")) == {}


def test_an_unconfirmed_suspicious_figure_is_preliminary_whatever_it_is_called():
    revisions, accepted = statuses(*series(USUAL), said(1180000, status="final"))
    assert revisions == accepted == [(1180000, "preliminary", True)]
    # so the sound figure of the communiqué counts, although the other one calls itself final
    sound = said(118, file="b", source=BULLETIN, status="revised")
    revisions, accepted = statuses(*series(USUAL), said(1180000, status="final"), sound)
    assert revisions == [(118, "revised", False), (1180000, "preliminary", True)]
    assert accepted == [(118, "revised", False)]


def test_its_source_lifts_the_doubt_in_the_row_or_by_sending_it_again_confirmed():
    wrong = said(1180000, status="final")
    confirmed = said(1180000, status="final", confirmed=True)
    later = said(1180000, file="b", night=3, status="final", confirmed=True)
    for rows in ([confirmed], [wrong, later]):
        revisions, accepted = statuses(*series(USUAL), *rows)
        assert revisions == accepted == [(1180000, "final", False)]
        assert doubts(*series(USUAL), *rows) == {}
    # another source's word lifts nothing, nor does another value
    for other in (
        said(1180000, file="b", source=BULLETIN, confirmed=True),
        said(1180001, file="b", confirmed=True),
    ):
        assert statuses(*series(USUAL), wrong, other)[0][0][1:] == ("preliminary", True)


def test_a_corrected_figure_replaces_the_suspicious_one_and_nobody_need_confirm_it():
    wrong = said(1180000, status="final", reported_at=NIGHT.date())
    right = said(118, file="b", night=1, reported_at=NIGHT.date().replace(day=9))
    assert doubts(*series(USUAL), wrong) != {}
    assert doubts(*series(USUAL), wrong, right) == {}
    assert statuses(*series(USUAL), wrong, right)[1] == [(118, "preliminary", False)]
    taken_back = said(None, file="b", night=1, status="retracted")
    assert doubts(*series(USUAL), wrong, taken_back) == {}


def test_two_things_said_by_one_source_without_a_date_wait_for_its_word():
    first, second = said(10, file="a", status="final"), said(12, file="b", night=1, status="final")
    found = doubts(first, second)
    assert found.keys() == {("2023", "undated_rivals")}
    assert statuses(first, second)[0] == [(10, "preliminary", True), (12, "preliminary", True)]
    # whichever the hash would choose, the confirmed one counts
    for chosen, value in ((first, 10), (second, 12)):
        rest = [row for row in (first, second) if row is not chosen]
        again = {**chosen, "file": "c", "night": 2, "confirmed": True}
        assert statuses(chosen, again, *rest)[1] == [(value, "final", False)]
        assert doubts(chosen, again, *rest) == {}


@pytest.mark.parametrize(
    "told_apart",
    [
        {"reported_at": NIGHT.date()},
        {"saved_at": NIGHT},
        {"status": "revised"},
        {"source": BULLETIN},
        {"value": 10.04},
    ],
)
def test_what_a_date_a_status_or_the_source_tells_apart_is_no_riddle(told_apart):
    assert doubts(said("10.0"), said(told_apart.pop("value", 12), file="b", night=1, **told_apart)) == {}


def test_a_place_or_grade_said_twice_is_a_riddle_too():
    place = {"measure": "rank", "unit": ""}
    assert doubts(said(3, **place), said(4, file="b", **place)).keys() == {("2023", "undated_rivals")}
