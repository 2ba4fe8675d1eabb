"""What a build rests on besides its files of figures: seeds, models, and what the grammar reads in the targets.

A night whose basis is that of the last one builds only what its new figures touch (dbt/macros/partial_build.sql).
What has changed is not this module's business, only whether anything has.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DBT_FILES = ("dbt_project.yml", "macros/**/*.sql", "models/**/*.sql", "models/**/*.yml")


def write_build_basis(connection: "DuckDBPyConnection", seeds: Path, dbt_project: Path) -> None:
    """Write raw.build_basis, one row; raw.target_parsed and raw.responsible_unit must be there."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in _files(seeds, dbt_project):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for table in ("target_parsed", "responsible_unit"):
        rows = connection.execute(
            f"SELECT count(*), bit_xor(hash(read_row)) FROM raw.{table} AS read_row"
        ).fetchone()
        digest.update(repr((table, rows)).encode())
    connection.execute("CREATE OR REPLACE TABLE raw.build_basis (fingerprint VARCHAR)")
    connection.execute("INSERT INTO raw.build_basis VALUES (?)", [digest.hexdigest()])


def _files(seeds: Path, dbt_project: Path) -> Iterator[Path]:
    yield from sorted(seeds.glob("*.csv"))
    for pattern in DBT_FILES:
        yield from sorted(dbt_project.glob(pattern))
