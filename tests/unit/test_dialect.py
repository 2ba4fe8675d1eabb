"""What only DuckDB spells that way stands in dbt/macros/dialect.sql: no model brings it to Spark.

Whether Spark then builds the same rows is for tests/spark, which needs Java.
"""

import re

import pytest

from tests.dbt_models import MODEL_FILES, rendered

DUCKDB_ALONE = {
    "a text without a length": r"\bas varchar\b",
    "a pattern": r"\bregexp_(matches|full_match)\(|'g'\)",
    "an order within the brackets of an aggregate": r"\b(string_agg|listagg|array_agg)\((?:[^()]|\([^()]*\))*\border by\b",
    "columns taken out or replaced": r"\* (exclude|replace) \(",
    "a format": r"\bformat\(",
    "a struct, a list or a lambda": r":=|\bstruct_pack\(|\blist_\w+\(|\bunnest\(|\[",
    "a CTE that is kept or not": r"\bmaterialized\b",
    "the ends of time": r"'-?infinity'",
    "arg_min and arg_max, for min_by and max_by": r"\barg_(min|max)\(",
    "a window that inherits another": r"over \(\w+ order by",
    "DuckDB's names of functions": r"\b(sha256|jaccard|array_to_string|strftime|epoch|date_diff|levenshtein)\(",
}


def without_words(sql: str) -> str:
    """SQL without comments, and without the texts in it that are more than an option."""
    sql = re.sub(r"--[^\n]*", "", sql)
    return re.sub(
        r"'([^']*)'", lambda text: text[0] if len(text[1]) == 1 or "infinity" in text[1] else "''", sql
    )


@pytest.mark.parametrize("model", sorted(MODEL_FILES))
def test_spark_is_given_no_sql_of_duckdb_alone(model):
    sql = without_words(rendered(model, "spark"))
    found = {
        what: match[0]
        for what, pattern in DUCKDB_ALONE.items()
        if (match := re.search(pattern, sql, re.IGNORECASE))
    }
    assert not found, f"{model}: write what both engines read, or a macro of dbt/macros/dialect.sql"


@pytest.mark.slow
def test_these_words_are_looked_for_rightly():
    """On DuckDB the models do use them, through the macros."""
    used = "".join(without_words(rendered(model)) for model in MODEL_FILES)
    for what in ("a pattern", "columns taken out or replaced", "a format", "a CTE that is kept or not"):
        assert re.search(DUCKDB_ALONE[what], used), what
