"""dbt models without dbt: the same SQL on tables of a test, rendered with the same macros, in milliseconds.

For tests of logic that need many rows or random ones. What dbt adds (contracts, tests, order of a night) is not here.
"""

from functools import cache

import duckdb
import jinja2
import yaml

from dagster_project.paths import DBT_DIR, SEEDS_DIR

MODEL_FILES = {path.stem: path for path in (DBT_DIR / "models").rglob("*.sql")}
MACRO_FILES = {path.name: path for path in sorted((DBT_DIR / "macros").glob("*.sql"))}
# nothing is kept from a night before
MACRO_FILES |= {path.name: path for path in (DBT_DIR.parent / ".ci" / "full_build").glob("*.sql")}
MACROS = "\n".join(path.read_text(encoding="utf-8") for path in MACRO_FILES.values())


def rendered(model: str, target: str = "duckdb") -> str:
    """The SQL of a model for a target of dbt/profiles.yml, by the name of its adapter."""
    return _rendered_with_references(model, target)[0]


def expression(text: str) -> str:
    """SQL for DuckDB that uses the macros, such as {{ fixed('number', 2) }}."""
    return _render(text, "duckdb")[0]


@cache
def _rendered_with_references(model: str, target: str) -> tuple[str, tuple[str, ...]]:
    """The SQL of a model, and the models and seeds that it and its macros refer to."""
    return _render(MODEL_FILES[model].read_text(encoding="utf-8"), target)


def _render(text: str, target: str) -> tuple[str, tuple[str, ...]]:
    named: list[str] = []

    def ref(name: str) -> str:
        named.append(name)
        return f"main.{name}"

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(
        ref=ref,
        source=lambda schema, table: f"raw.{table}",
        config=lambda **_: "",
        target={"type": target},
    )
    return environment.from_string(MACROS + text).render(), tuple(dict.fromkeys(named))


@cache
def _seed_types() -> dict[str, dict[str, str]]:
    project = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    seeds = project["seeds"][project["name"]]
    return {name: seed["+column_types"] for name, seed in seeds.items() if not name.startswith("+")}


def build(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Build models and all they need. Tables the connection already has in `main` are taken as they are."""
    for model in models:
        if _exists(connection, model):
            continue
        if model in MODEL_FILES:
            build(connection, *_rendered_with_references(model, "duckdb")[1])
            connection.execute(f"CREATE TABLE main.{model} AS {rendered(model)}")
        else:
            _load_seed(connection, model)


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = ?"
    return connection.execute(query, [table]).fetchone()[0] > 0


def _load_seed(connection: duckdb.DuckDBPyConnection, seed: str) -> None:
    connection.execute(
        f"CREATE TABLE main.{seed} AS SELECT * FROM read_csv(?, columns = {_seed_types()[seed]}, header = true)",
        [str(SEEDS_DIR / f"{seed}.csv")],
    )
