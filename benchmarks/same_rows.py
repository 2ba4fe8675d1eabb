"""Whether two tables hold the same rows in all columns; how many rows either has that the other has not, and a few of them.

A table is one of a DuckDB database or a Parquet file. Columns go by name, in any order. A number that is floating-point
on either side is the same within 1e-9 of its size or a unit of the sixth place, for sums may be added up in any order before
they are rounded; all else is equal or not.

    .venv/bin/python benchmarks/same_rows.py build.duckdb:marts.fct_actual fct_actual.parquet "region_code LIKE '9%'"
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 1e-9, 1.01e-6
FLOATING = ("FLOAT", "DOUBLE")
SHOWN = 3


@dataclass(frozen=True)
class Table:
    """A Parquet file, or a table (`schema.name`) of a DuckDB database; `where` leaves rows out."""

    file: Path
    name: str = ""
    where: str = "true"

    def make_readable(self, connection: duckdb.DuckDBPyConnection, view: str) -> None:
        """Create a temporary view of it."""
        if self.name:
            database = f'"{self.file.resolve()}"'
            connection.execute(f"ATTACH IF NOT EXISTS '{self.file.resolve()}' AS {database} (READ_ONLY)")
            rows = f"{database}.{self.name}"
        else:
            rows = f"read_parquet('{self.file}')"
        connection.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM {rows} WHERE {self.where}")


@dataclass(frozen=True)
class Comparison:
    """Of the first and the second table: all rows, those the other has not, and a few of these."""

    rows: tuple[int, int]
    alone: tuple[int, int]
    examples: tuple[list[dict], list[dict]]

    @property
    def is_same(self) -> bool:
        """Neither has a row that the other has not."""
        return self.alone == (0, 0)

    def __str__(self) -> str:
        lines = [
            f"{rows:,} rows in the {which}, {alone:,} of them not in the other"
            for which, rows, alone in zip(("first", "second"), self.rows, self.alone, strict=True)
        ]
        for which, examples in zip(("first", "second"), self.examples, strict=True):
            lines += [f"only in the {which}: {example}" for example in examples]
        return "\n".join(lines)


def compare(first: Table, second: Table, threads: int = 2) -> Comparison:
    """Hold two tables against each other; ValueError where their columns are not called the same."""
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as connection:
        first.make_readable(connection, "first")
        second.make_readable(connection, "second")
        kinds = [
            {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()}
            for view in ("first", "second")
        ]
        if kinds[0].keys() != kinds[1].keys():
            raise ValueError(f"columns of one alone: {sorted(kinds[0].keys() ^ kinds[1].keys())}")
        floating = [name for name in kinds[0] if kinds[0][name] in FLOATING or kinds[1][name] in FLOATING]
        equal = ", ".join(f"{name}::{kind}" for name, kind in kinds[0].items() if name not in floating)
        near = [f"first_row.{name}, second_row.{name}" for name in floating]
        for view in ("first", "second"):
            _number_rows(connection, view, f"hash({equal})", floating)
        connection.execute(
            f"""CREATE TEMP TABLE alone AS
                SELECT first_row.row_hash AS first_hash, second_row.row_hash AS second_hash
                FROM first_numbered AS first_row
                FULL OUTER JOIN second_numbered AS second_row
                    ON first_row.row_hash = second_row.row_hash AND first_row.copy_no = second_row.copy_no
                WHERE first_row.row_hash IS NULL OR second_row.row_hash IS NULL
                    OR NOT ({" AND ".join(f"is_near({pair})" for pair in near) or "true"})"""
        )
        counts = connection.execute(
            """SELECT (SELECT count(*) FROM first_numbered), (SELECT count(*) FROM second_numbered),
                   count(first_hash), count(second_hash)
               FROM alone"""
        ).fetchone()
        examples = [
            connection.execute(
                f"""SELECT * FROM {view}
                    WHERE hash({equal}) IN (SELECT {view}_hash FROM alone WHERE {view}_hash IS NOT NULL LIMIT {SHOWN})
                    LIMIT {SHOWN}"""
            )
            .to_arrow_table()
            .to_pylist()
            for view in ("first", "second")
        ]
    return Comparison(rows=counts[:2], alone=counts[2:], examples=tuple(examples))


def _number_rows(
    connection: duckdb.DuckDBPyConnection, view: str, row_hash: str, floating: list[str]
) -> None:
    """Keep of each row one number for all that must be equal, and what need only be near; copies are numbered."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP MACRO is_near(a, b) AS
            a IS NOT DISTINCT FROM b OR
            coalesce(abs(a - b) <= greatest({ABSOLUTE_TOLERANCE}, {RELATIVE_TOLERANCE} * greatest(abs(a), abs(b))), false)"""
    )
    columns = "".join(f", {name}::DOUBLE AS {name}" for name in floating)
    order = f" ORDER BY {', '.join(floating)}" if floating else ""
    connection.execute(
        f"""CREATE TEMP TABLE {view}_numbered AS
            SELECT *, row_number() OVER (PARTITION BY row_hash{order}) AS copy_no
            FROM (SELECT {row_hash} AS row_hash{columns} FROM {view})"""
    )


def main(first: str, second: str, where: str = "true") -> None:
    """FILE or FILE:SCHEMA.TABLE twice, and which of their rows; ends with 1 where they differ."""
    tables = [
        Table(Path(file), name, where) for file, _, name in (text.partition(":") for text in (first, second))
    ]
    comparison = compare(*tables)
    print(comparison)
    sys.exit(not comparison.is_same)


if __name__ == "__main__":
    main(*sys.argv[1:])
