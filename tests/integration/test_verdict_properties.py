"""Properties of verdicts on the shipped data, through the very SQL of the models: better is never worse."""

import shutil

import duckdb
import pytest

# from the figures to the verdicts, in the order they build on each other
CHAIN = ("int_evaluation_measured", "int_attainment_measured", "int_attainment_judged")
BEST_FIRST = ("stretch_met", "met", "on_pace", "behind", "missed")


@pytest.fixture(scope="module")
def verdicts(first_night, tmp_path_factory):
    """Recompute verdicts after figures (series, period) were multiplied: {(target_id, evaluation_period): verdict}."""
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

    connection.execute("CREATE TABLE factors (series_no BIGINT, period VARCHAR, factor DECIMAL(12,6))")

    def recompute(factors: list[tuple[int, str, float]]) -> dict[tuple[str, str], str]:
        connection.execute("DELETE FROM factors")
        connection.executemany("INSERT INTO factors VALUES (?, ?, ?)", factors)
        connection.execute("DELETE FROM intermediate.int_target_actual")
        connection.execute(
            "INSERT INTO intermediate.int_target_actual SELECT figures.* REPLACE (value * coalesce(factor, 1) AS value)"
            " FROM figures LEFT JOIN factors USING (series_no, period)"
        )
        return {
            (row[0], row[1]): row[2]
            for row in connection.execute(
                "SELECT target_id, evaluation_period, verdict FROM intermediate.int_attainment_judged"
            ).fetchall()
        }

    recompute.judged = connection.execute(
        "SELECT judged.target_id, evaluation_period, actual_period, judged.direction, verdict, series_no"
        " FROM intermediate.int_attainment_judged AS judged JOIN intermediate.int_target_bound AS target USING (target_id)"
        " WHERE verdict IN ('stretch_met', 'met', 'on_pace', 'behind', 'missed') AND actual_value > 0"
        " AND judged.direction IN ('higher', 'lower') AND judged.judged_by IN ('level', 'sum', 'growth', 'average')"
        " AND NOT (judged.judged_by = 'growth' AND start_year IS NULL)"
    ).fetchall()
    return recompute


def rounds_of(judged: list[tuple]) -> list[list[tuple]]:
    """Evaluations that can be tried at once: one of a series, for its figures decide over its targets alone."""
    rounds = []
    for evaluation in judged:
        free = next((chosen for chosen in rounds if evaluation[5] not in {row[5] for row in chosen}), None)
        if free is None:
            rounds.append([evaluation])
        else:
            free.append(evaluation)
    return rounds


def turned(verdicts, step: float) -> list[tuple]:
    """(target, period, verdict as it is, verdict with a figure `step` times as good) of every judged evaluation."""
    found = []
    for chosen in rounds_of(verdicts.judged):
        then = verdicts([(row[5], row[2], step if row[3] == "higher" else 1 / step) for row in chosen])
        found += [(row[0], row[1], row[4], then[row[0], row[1]]) for row in chosen]
    return found


def test_the_recomputation_is_the_published_one(verdicts):
    then = verdicts([(row[5], row[2], 1.0) for row in rounds_of(verdicts.judged)[0]])
    assert [then[row[0], row[1]] for row in verdicts.judged] == [row[4] for row in verdicts.judged]


@pytest.mark.parametrize("step", [1.02, 1.3, 3.0])
def test_a_better_figure_never_gives_a_worse_verdict(verdicts, step):
    assert len(verdicts.judged) > 30
    found = turned(verdicts, step)
    worse = [row for row in found if BEST_FIRST.index(row[3]) > BEST_FIRST.index(row[2])]
    assert not worse
    if step == 3.0:
        assert any(row[3] != row[2] for row in found), "a figure three times as good turns some verdict"


@pytest.mark.parametrize("step", [1.02, 1.3, 3.0])
def test_a_worse_figure_never_gives_a_better_verdict(verdicts, step):
    found = turned(verdicts, 1 / step)
    better = [row for row in found if BEST_FIRST.index(row[3]) < BEST_FIRST.index(row[2])]
    assert not better


def test_every_verdict_of_the_design_can_be_explained_in_words(first_night):
    """Every reason names the target as printed, in both languages, and says why if nothing can be said."""
    rows = first_night.query(
        "SELECT verdict, reason, reason_en, value_text FROM marts.fct_attainment JOIN marts.fct_target USING (target_id)"
        " WHERE verdict NOT IN ('unmapped')"
    )
    assert all(text in reason and text in reason_en for _, reason, reason_en, text in rows)
