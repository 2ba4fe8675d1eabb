"""The pace macros that the marts use, on published worked cases and on properties that must always hold."""

import json
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.paths import DBT_DIR, SEEDS_DIR

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "pace_cases.json").read_text(encoding="utf-8"))
}


@pytest.fixture(scope="module")
def macros():
    environment = jinja2.Environment()
    environment.globals["ref"] = lambda name: name
    sources = [
        (DBT_DIR / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in ("numbers", "pace")
    ]
    return environment.from_string("\n".join(sources)).module


@pytest.fixture(scope="module")
def connection():
    connection = duckdb.connect()
    connection.execute(
        f"CREATE TABLE pace_status AS SELECT * FROM read_csv('{SEEDS_DIR / 'pace_status.csv'}', header = true)"
    )
    return connection


def value(connection, sql, **columns):
    """One expression over one row with these columns."""
    names = ", ".join(
        f"CAST(? AS {'VARCHAR' if isinstance(v, str) else 'DOUBLE'}) AS {k}" for k, v in columns.items()
    )
    return connection.execute(
        f"SELECT {sql} FROM (SELECT {names}) AS given_row", list(columns.values())
    ).fetchone()[0]


def status_sql(macros, ratio, has_target):
    return f"""(SELECT status FROM ({macros.pace_statuses()}) AS band
        WHERE has_target = {has_target} AND {ratio} >= ratio_from AND {ratio} < ratio_to)"""


def columns_of(case):
    given_values = case["inputs"]
    return {
        "method": "compound",
        "base": given_values["base_value"],
        "value": given_values["current_value"],
        # the method as published replaces a zero it cannot reach by a rate; ours takes the straight path (below)
        "goal": given_values["target"] or given_values.get("zero_replacement", given_values["target"]),
        "passed": given_values["current_year"] - given_values["base_year"],
        "in_all": given_values["target_year"] - given_values["base_year"],
        "direction": given_values["direction"],
        "upper": given_values.get("limit"),
    }


def ids_of(method):
    return [name for name, case in CASES.items() if case["method"] == method]


@pytest.mark.parametrize("name", ids_of("statcan_quantitative"))
def test_pace_against_a_target_as_statistics_canada_publishes_it(name, macros, connection):
    case = CASES[name]
    columns = columns_of(case)
    ratio_sql = macros.pace_ratio("method", "base", "value", "goal", "passed", "in_all", "direction")
    ratio = value(connection, ratio_sql, **columns)
    if "progress_value" in case["expected"]:
        expected = case["expected"]["progress_value"]
        assert ratio == (None if expected is None else pytest.approx(expected, abs=case["tolerance"]))
    if "ratio" in case["expected"]:
        assert ratio == pytest.approx(case["expected"]["ratio"], abs=case["tolerance"])
    achieved = "direction * (value - goal) >= 0"
    status = value(
        connection,
        f"CASE WHEN {achieved} THEN 'target_achieved' ELSE {status_sql(macros, f'({ratio_sql})', 'true')} END",
        **columns,
    )
    assert status == case["expected"]["status"]


def test_a_target_of_zero_takes_the_straight_path(macros, connection):
    """Half the way down in a third of the time: 1.5, where the rate to a stand-in for zero would say 0.28."""
    columns = {**columns_of(CASES["ZT01"]), "goal": 0.0}
    method = macros.pace_method("'compound'", "base", "value", "goal")
    sql = macros.pace_ratio(method, "base", "value", "goal", "passed", "in_all", "direction")
    assert value(connection, sql, **columns) == pytest.approx(CASES["ZT01"]["expected"]["linear_ratio"])


@pytest.mark.parametrize("name", ids_of("statcan_qualitative"))
def test_pace_without_a_target_is_scaled_by_the_room_left(name, macros, connection):
    case = CASES[name]
    columns = columns_of(case)
    change_sql = f"direction * ({macros.change_per_year('method', 'base', 'value', 'passed')})"
    assert value(connection, change_sql, **columns) == pytest.approx(
        case["expected"]["progress_value"], abs=case["tolerance"]
    )
    scaled = f"({change_sql} / {macros.limit_factor('base', 'upper')})"
    assert value(connection, status_sql(macros, scaled, "false"), **columns) == case["expected"]["status"]


def test_linear_pace_as_published_for_the_development_index(macros, connection):
    """57.05 in 2000, 69.05 in 2006, 100 aimed at for 2020."""
    columns = {
        "method": "linear",
        "base": 57.05,
        "value": 69.05,
        "goal": 100.0,
        "passed": 6.0,
        "in_all": 20.0,
        "direction": 1.0,
    }
    expected = CASES["CN07"]["expected"]
    required = CASES["CN05"]["expected"]
    tolerance = CASES["CN07"]["tolerance"]
    ratio = macros.pace_ratio("method", "base", "value", "goal", "passed", "in_all", "direction")
    assert value(connection, ratio, **columns) == pytest.approx(expected["linear_pace_ratio"], abs=tolerance)
    per_year = macros.change_per_year("method", "base", "goal", "in_all")
    assert value(connection, per_year, **columns) == pytest.approx(required["required_per_year"], abs=0.005)
    assert value(
        connection, macros.change_per_year("method", "base", "value", "passed"), **columns
    ) == pytest.approx(CASES["CN06"]["expected"]["actual_per_year"], abs=0.005)
    projection = macros.projected_value("method", "base", "value", "passed", "(in_all - passed)")
    assert value(connection, projection, **columns) == pytest.approx(expected["projection_2020"], abs=0.01)
    remaining = macros.change_per_year("method", "value", "goal", "(in_all - passed)")
    assert value(connection, remaining, **columns) == pytest.approx(
        expected["required_remaining_per_year"], abs=tolerance
    )
    path = macros.expected_value("method", "base", "goal", "passed", "in_all")
    lag = value(connection, f"100 * (({path}) - value) / (goal - base)", **columns)
    assert lag == pytest.approx(expected["lag_pp"], abs=0.01)


def test_quarterly_completion_of_a_cumulative_flow_and_of_a_share(macros, connection):
    cumulative = CASES["IM01"]["inputs"]
    share = macros.share_of_due("reached", "goal", "due")
    goal = cumulative["quarter_targets"][-1]
    due = cumulative["quarter_targets"][cumulative["quarter"] - 1] / goal
    reached = cumulative["cumulative_entries"][-1]
    assert 100 * value(connection, share, reached=float(reached), goal=float(goal), due=due) == pytest.approx(
        CASES["IM01"]["expected"]["completion_pct"], abs=CASES["IM01"]["tolerance"]
    )
    level = CASES["IM02"]["inputs"]
    average = sum(level["monthly"]) / len(level["monthly"])
    # a share does not add up over the months: the whole of it is due all year
    assert 100 * value(
        connection, share, reached=average, goal=float(level["quarter_target"]), due=1.0
    ) == pytest.approx(CASES["IM02"]["expected"]["completion_pct"], abs=CASES["IM02"]["tolerance"])


AMOUNTS = st.floats(min_value=0.01, max_value=1e6)
# figures as they are printed, not numbers next to nothing
ANY = st.integers(min_value=-(10**8), max_value=10**8).map(lambda hundredths: hundredths / 100)


@given(
    base=ANY,
    goal=ANY,
    value_now=ANY,
    better=st.floats(min_value=0.01, max_value=1e5),
    direction=st.sampled_from([1.0, -1.0]),
)
def test_a_better_figure_never_has_a_worse_pace(macros, connection, base, goal, value_now, better, direction):
    ratio = macros.pace_ratio(
        macros.pace_method("'compound'", "base", "value", "goal"),
        "base",
        "value",
        "goal",
        "3",
        "10",
        "direction",
    )
    columns = {"base": base, "goal": goal, "direction": direction}
    now = value(connection, ratio, value=value_now, **columns)
    improved = value(connection, ratio, value=value_now + direction * better, **columns)
    crosses_zero = min(value_now, value_now + direction * better) <= 0
    if now is not None and improved is not None and not crosses_zero:
        assert improved >= now - 1e-9 * max(1, abs(now))


@given(base=AMOUNTS, goal=AMOUNTS, passed=st.integers(min_value=1, max_value=9))
def test_who_is_on_the_path_has_pace_one(macros, connection, base, goal, passed):
    if abs(goal - base) / base < 1e-6:
        return
    for method in ("compound", "linear"):
        path = macros.expected_value("method", "base", "goal", "passed", "10")
        columns = {
            "method": method,
            "base": base,
            "goal": goal,
            "passed": float(passed),
            "direction": 1.0 if goal > base else -1.0,
        }
        on_path = value(connection, path, **columns)
        ratio = macros.pace_ratio("method", "base", "value", "goal", "passed", "10", "direction")
        assert value(connection, ratio, value=on_path, **columns) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize(
    ("base", "now", "goal", "ratio"),
    [
        (0.0, 5.0, 10.0, 1.0),
        (-10.0, -5.0, 0.0, 1.0),
        (-4.0, 1.0, 6.0, 1.0),
        (10.0, 10.0, 10.0, None),
        (5.0, 0.0, -5.0, -1.0),
    ],
)
def test_zero_negative_and_sign_changing_series_take_the_straight_path(
    macros, connection, base, now, goal, ratio
):
    method = macros.pace_method("'compound'", "base", "value", "goal")
    sql = macros.pace_ratio(method, "base", "value", "goal", "5", "10", "direction")
    assert value(connection, method, base=base, value=now, goal=goal) in ("linear", "compound")
    result = value(connection, sql, base=base, value=now, goal=goal, direction=1.0)
    assert result == (None if ratio is None else pytest.approx(ratio))


@given(base=AMOUNTS, value_now=AMOUNTS, goal=AMOUNTS, factor=st.sampled_from([10000.0, 0.0001, 100.0]))
def test_the_unit_does_not_change_the_pace(macros, connection, base, value_now, goal, factor):
    sql = macros.pace_ratio("'compound'", "base", "value", "goal", "3", "5", "1")
    here = value(connection, sql, base=base, value=value_now, goal=goal)
    there = value(connection, sql, base=base * factor, value=value_now * factor, goal=goal * factor)
    if here is not None and there is not None and abs(goal / base - 1) > 1e-6:
        assert there == pytest.approx(here, rel=1e-6, abs=1e-9)
