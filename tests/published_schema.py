"""The published tables without rows, in a database in memory: for tests and benchmarks that make rows up.

The columns are those of the dbt contracts and of the durable state, so that made-up rows cannot drift from real ones.
"""

from typing import Any

import duckdb
import yaml

from dagster_project.paths import DBT_DIR
from dagster_project.publish.database import STATE_TABLES
from dagster_project.state import DATASETS


def empty_published() -> duckdb.DuckDBPyConnection:
    """A database with the schemas marts and quality, every table empty."""
    connection = duckdb.connect()
    for schema in ("marts", "quality"):
        connection.execute(f"CREATE SCHEMA {schema}")
        models = yaml.safe_load((DBT_DIR / "models" / schema / f"{schema}.yml").read_text(encoding="utf-8"))[
            "models"
        ]
        for model in models:
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            connection.execute(f'CREATE TABLE {schema}."{model["name"]}" ({columns})')
    for table in STATE_TABLES:
        connection.execute(f"CREATE TABLE quality.{table} ({DATASETS[table]})")
    return connection


def add_row(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    """One row; columns that are not named are null."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))
