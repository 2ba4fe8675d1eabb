"""The comparison that benchmarks rest on: it must not call tables the same that are not."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.same_rows import Comparison, Table, compare

FIGURES = "SELECT * FROM (VALUES ('330411', 1.5, 0.1::DOUBLE), ('330683', NULL, NULL), ('331102', 2.5, 1e6::DOUBLE)) AS f(code, value, ratio)"


def compared(folder: Path, first: str, second: str, where: str = "true") -> Comparison:
    """A table of a database against a Parquet file."""
    database, file = folder / "first.duckdb", folder / "second.parquet"
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE SCHEMA marts; CREATE TABLE marts.figures AS {first}")
        connection.execute(f"COPY ({second}) TO '{file}'")
    return compare(Table(database, "marts.figures", where), Table(file, where=where), threads=1)


def test_columns_in_another_order_and_sums_added_up_in_another_are_the_same(tmp_path):
    comparison = compared(
        tmp_path, FIGURES, f"SELECT ratio * (1 + 1e-10) AS ratio, value, code FROM ({FIGURES})"
    )
    assert comparison.is_same and comparison.rows == (3, 3)


def test_a_decimal_may_be_a_double_on_the_other_side(tmp_path):
    assert compared(tmp_path, FIGURES, f"SELECT * REPLACE (value::DOUBLE AS value) FROM ({FIGURES})").is_same


@pytest.mark.parametrize(
    "second",
    [
        "SELECT * REPLACE (ratio * (1 + 1e-8) AS ratio) FROM ({})",
        "SELECT * REPLACE (CASE WHEN code = '331102' THEN 2.4 ELSE value END AS value) FROM ({})",
        "SELECT * REPLACE (coalesce(ratio, 0) AS ratio) FROM ({})",
    ],
)
def test_a_row_that_differs_in_one_column_is_missing_on_both_sides(tmp_path, second):
    comparison = compared(tmp_path, FIGURES, second.format(FIGURES), where="code <> '330411'")
    assert comparison.rows == (2, 2) and comparison.alone == (1, 1)
    assert comparison.examples[0][0]["code"] == comparison.examples[1][0]["code"]


def test_a_row_that_stands_twice_counts_twice(tmp_path):
    comparison = compared(tmp_path, FIGURES, f"{FIGURES} UNION ALL {FIGURES}")
    assert comparison.alone == (0, 3) and "3 of them not in the other" in str(comparison)


def test_columns_of_one_side_alone_are_refused(tmp_path):
    with pytest.raises(ValueError, match="value"):
        compared(tmp_path, FIGURES, f"SELECT code, ratio FROM ({FIGURES})")
