"""The working database build.duckdb: opening it, and noticing that it is damaged.

It holds nothing that archive, state and seeds do not have, so a damaged one is put aside and built anew. What is in it
is not this module's business.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project.settings import settings

DAMAGED_SUFFIX = ".damaged"
STORAGE = {"storage_compatibility_version": "latest"}
"""Nobody else reads this file: the newest format is written a third faster. A file keeps the format it was made in."""
DAMAGE_SIGNS = (
    "Corrupt database file",
    "not a valid DuckDB database file",
    "Could not read enough bytes",
    "Failed to deserialize",
)
"""How DuckDB speaks of a file that is not as it wrote it. A lock, a missing permission or a full disk sound otherwise."""


class BuildDamaged(RuntimeError):
    """build.duckdb turned out to be damaged in the middle of a run; it has been put aside."""


@contextmanager
def open_build(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database, made if need be, for the length of the block. Raises BuildDamaged where it shows damage."""
    try:
        with duckdb.connect(str(path), config={**STORAGE, "memory_limit": settings().memory}) as connection:
            yield connection
    except duckdb.Error as error:
        require_undamaged(path, str(error))
        raise


def require_undamaged(path: Path, error: str) -> None:
    """Where an error speaks of damage: put the database aside and raise BuildDamaged, which says what to do."""
    if _shows_damage(error):
        # (from None: the cause at the bottom of an error is what people are told)
        raise BuildDamaged(
            f"{_put_aside(path, error)}。请再运行一次，将从归档重建 / Run again: it will be built anew from the archive."
        ) from None


def require_readable(path: Path, say: Callable[[str], None]) -> None:
    """Read through all that outlives a run (the schema raw); put a damaged database aside, so that it is built anew.

    DuckDB checks the checksum of every block that it reads. What dbt builds is not read here: if it is damaged, dbt or
    publication stops at it and the database is put aside then.
    """
    if not path.exists():
        return
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'"
            ).fetchall()
            for (table,) in tables:
                connection.execute(
                    f'SELECT bit_xor(hash(read_row)) FROM raw."{table}" AS read_row'
                ).fetchone()
    except duckdb.Error as error:
        if not _shows_damage(str(error)):
            raise
        say(f"{_put_aside(path, str(error))}，将从归档重建 / being built anew from the archive")


def _shows_damage(error: str) -> bool:
    return any(sign in error for sign in DAMAGE_SIGNS)


def _put_aside(path: Path, error: str) -> str:
    """Rename the database; one damaged copy is kept for whoever wants to know why."""
    aside = path.with_name(path.name + DAMAGED_SUFFIX)
    said = next(line for line in error.splitlines() if _shows_damage(line)).strip()
    path.replace(aside)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    return f"工作库已损坏，移至 / the working database was damaged and is now {aside} ({said})"
