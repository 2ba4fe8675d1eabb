"""Spark and DuckDB build the same rows from the same raw tables and seeds.

For `make spark-test`, which sets up the environment and runs this in one process. In `make test` it is skipped, so that
the suite asks neither for Java nor for the ten minutes that Spark takes on every worker.
"""

import math
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from dagster_project.paths import PROJECT_ROOT
from tests.conftest import Nightly, copy_of
from tests.dbt_models import MODEL_FILES
from tests.spark.made_up_reports import made_up_report

SPARK_READY = PROJECT_ROOT / ".spark" / ".ready"
JAVA = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else Path("java")
BUILD_TIMEOUT_SECONDS = 1800
# a double is the result of some arithmetic, and of functions whose last digit is each engine's own
RELATIVE_TOLERANCE = 1e-9
# every model that people read, views too
BUILT = sorted(
    (schema, name)
    for schema in ("marts", "quality")
    for name, path in MODEL_FILES.items()
    if schema in path.parts
)

pytestmark = [
    pytest.mark.skipif("PYTEST_XDIST_WORKER" in os.environ, reason="Spark is built once: make spark-test"),
    pytest.mark.skipif(
        not SPARK_READY.exists(), reason="no environment for Spark: make spark-test sets it up"
    ),
    pytest.mark.skipif(shutil.which(JAVA) is None, reason="no Java: Spark needs Java 17"),
]


@pytest.fixture(scope="module")
def both(first_night: Nightly, tmp_path_factory: pytest.TempPathFactory) -> Nightly:
    """Shipped and made-up figures, published, and built once more by Spark."""
    night = copy_of(first_night, tmp_path_factory.mktemp("spark"))
    for number, (source, status, day) in enumerate(
        (
            ("造的来源甲（测试）", "preliminary", "2024-03-01"),
            ("造的来源乙（测试）", "revised", "2024-04-01"),
            ("造的来源甲（测试）", "final", "2024-05-01"),
        )
    ):
        night.drop(f"造的数据{number}（测试）.csv", made_up_report(night, number, source, status, day))
    night.must_run()
    environment = {key: value for key, value in night.environment.items() if not key.startswith("MAKE")}
    made = subprocess.run(
        ["make", "--silent", "spark"],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_TIMEOUT_SECONDS,
    )
    assert made.returncode == 0, made.stdout[-5000:] + made.stderr[-2000:]
    return night


def from_duckdb(night: Nightly, query: str) -> tuple[list[tuple[str, str]], list[tuple]]:
    """Columns with their types, and rows, as dbt on DuckDB built them."""
    with duckdb.connect(str(night.paths.build_db), read_only=True) as connection:
        return described(connection.sql(query))


def from_spark(night: Nightly, schema: str, table: str) -> tuple[list[tuple[str, str]], list[tuple]]:
    """The same as dbt on Spark built them; nothing of Spark is needed to read that."""
    files = night.paths.spark / "tables" / f"{schema}.db" / table / "*.parquet"
    with duckdb.connect() as connection:
        return described(connection.read_parquet(str(files)))


def described(relation: duckdb.DuckDBPyRelation) -> tuple[list[tuple[str, str]], list[tuple]]:
    return list(zip(relation.columns, map(str, relation.types), strict=True)), relation.fetchall()


def in_order(rows: list[tuple]) -> list[tuple]:
    """Rows in an order that does not hang on the last digits of a double."""

    def position(row: tuple) -> tuple:
        return tuple(
            (value is None, f"{value:.6g}" if isinstance(value, float) else str(value)) for value in row
        )

    return sorted(rows, key=position)


def is_same(first: object, second: object) -> bool:
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=RELATIVE_TOLERANCE)
    return first == second


@pytest.mark.parametrize(("schema", "table"), BUILT, ids=[".".join(name) for name in BUILT])
def test_spark_builds_the_rows_that_duckdb_builds(both, schema, table):
    columns, rows = from_duckdb(both, f"FROM {schema}.{table}")
    columns_of_spark, rows_of_spark = from_spark(both, schema, table)
    assert columns_of_spark == columns
    assert len(rows_of_spark) == len(rows)
    differing = [
        {
            name: (one, other)
            for (name, _), one, other in zip(columns, *pair, strict=True)
            if not is_same(one, other)
        }
        for pair in zip(in_order(rows), in_order(rows_of_spark), strict=True)
        if not all(map(is_same, *pair))
    ]
    assert not differing, f"{len(differing)} of {len(rows)} rows differ, among them {differing[:3]}"


def test_the_rows_that_are_compared_say_something(both):
    """Every table has rows here, and every light and most verdicts occur."""
    empty = [name for name in BUILT if not from_duckdb(both, f"FROM {'.'.join(name)} LIMIT 1")[1]]
    assert empty == []
    _, found = from_duckdb(both, "SELECT DISTINCT verdict, light FROM marts.fct_attainment")
    assert {light for _, light in found} == {"green", "yellow", "red", "grey"}
    assert {verdict for verdict, _ in found} >= {
        "met", "missed", "on_pace", "behind", "not_due", "no_actual", "not_assessable", "not_issued", "unparsed",
    }  # fmt: skip
