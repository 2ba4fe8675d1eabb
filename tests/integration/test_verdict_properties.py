"""Properties of verdicts on the shipped data, through the very SQL of the models: better is never worse."""

import shutil

import duckdb
import pytest

# from the figures to the verdicts, in the order they build on each other
CHAIN = ("int_evaluation_measured", "int_attainment_measured", "int_attainment_judged")
BEST_FIRST = ("stretch_met", "met", "on_pace", "behind", "missed")


@pytest.fixture(scope="module")
def verdicts(first_night, tmp_path_factory):
    """Recompute verdicts after a figure was changed: {(target_id, evaluation_period): verdict}."""
    folder = tmp_path_factory.mktemp("properties")
    shutil.copy(first_night.paths.build_db, folder / "build.duckdb")
    connection = duckdb.connect(str(folder / "build.duckdb"))
    compiled = first_night.paths.dbt_target / "compiled" / "common_prosperity" / "models" / "intermediate"
    connection.execute("CREATE TABLE figures AS SELECT * FROM intermediate.int_target_actual")
    connection.execute("DROP TABLE intermediate.int_target_actual")
    connection.execute("CREATE TABLE intermediate.int_target_actual AS SELECT * FROM figures")
    for model in CHAIN:
        connection.execute(f"DROP TABLE intermediate.{model}")
        connection.execute(
            f"CREATE VIEW intermediate.{model} AS {(compiled / f'{model}.sql').read_text(encoding='utf-8')}"
        )

    def recompute(target_id: str, period: str, factor: float) -> dict[tuple[str, str], str]:
        connection.execute("DELETE FROM intermediate.int_target_actual")
        connection.execute(
            "INSERT INTO intermediate.int_target_actual SELECT * REPLACE ("
            " CASE WHEN target_id = ? AND period = ? THEN value * cast(? AS DECIMAL(12,6)) ELSE value END AS value) FROM figures",
            [target_id, period, factor],
        )
        return {
            (row[0], row[1]): row[2]
            for row in connection.execute(
                "SELECT target_id, evaluation_period, verdict FROM intermediate.int_attainment_judged WHERE target_id = ?",
                [target_id],
            ).fetchall()
        }

    recompute.judged = connection.execute(
        "SELECT target_id, evaluation_period, actual_period, direction, verdict FROM intermediate.int_attainment_judged"
        " WHERE verdict IN ('stretch_met', 'met', 'on_pace', 'behind', 'missed') AND actual_value > 0"
        " AND direction IN ('higher', 'lower') AND judged_by IN ('level', 'sum', 'growth', 'average')"
        " AND NOT (judged_by = 'growth' AND start_year IS NULL)"
    ).fetchall()
    return recompute


def test_the_recomputation_is_the_published_one(first_night, verdicts):
    target_id, period, actual_period, _, verdict = verdicts.judged[0]
    assert verdicts(target_id, actual_period, 1.0)[target_id, period] == verdict


@pytest.mark.parametrize("step", [1.02, 1.3, 3.0])
def test_a_better_figure_never_gives_a_worse_verdict(verdicts, step):
    assert len(verdicts.judged) > 30
    changed = 0
    for target_id, period, actual_period, direction, verdict in verdicts.judged:
        factor = step if direction == "higher" else 1 / step
        better = verdicts(target_id, actual_period, factor)[target_id, period]
        assert BEST_FIRST.index(better) <= BEST_FIRST.index(verdict), (target_id, period, verdict, better)
        changed += better != verdict
    if step == 3.0:
        assert changed, "a figure three times as good turns some verdict"


@pytest.mark.parametrize("step", [1.02, 1.3, 3.0])
def test_a_worse_figure_never_gives_a_better_verdict(verdicts, step):
    for target_id, period, actual_period, direction, verdict in verdicts.judged:
        factor = 1 / step if direction == "higher" else step
        worse = verdicts(target_id, actual_period, factor)[target_id, period]
        assert BEST_FIRST.index(worse) >= BEST_FIRST.index(verdict), (target_id, period, verdict, worse)


def test_every_verdict_of_the_design_can_be_explained_in_words(first_night):
    """Every reason names the target as printed, in both languages, and says why if nothing can be said."""
    rows = first_night.query(
        "SELECT verdict, reason, reason_en, value_text FROM marts.fct_attainment JOIN marts.fct_target USING (target_id)"
        " WHERE verdict NOT IN ('unmapped')"
    )
    assert all(text in reason and text in reason_en for _, reason, reason_en, text in rows)
