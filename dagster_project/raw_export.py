"""`python -m dagster_project.raw_export`: the tables dbt reads from the schema raw, as Parquet for another engine.

A folder a table, as Spark reads them (docs/spark.md). The rows are those of the last run: nothing is ingested here.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from dagster_project.lock import WarehouseBusy, hold_warehouse
from dagster_project.paths import DBT_DIR, WarehousePaths, warehouse_paths

WAIT_SECONDS = 1800
SOURCES = DBT_DIR / "models" / "staging" / "sources.yml"


class NothingToExport(RuntimeError):
    """There is no build.duckdb, or one that no run has finished; the message says what to do."""


def raw_tables() -> list[str]:
    """The tables of the schema raw that the models read."""
    sources: dict[str, Any] = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
    return [
        table["name"]
        for source in sources["sources"]
        if source["name"] == "raw"
        for table in source["tables"]
    ]


def export_raw(paths: WarehousePaths, folder: Path) -> dict[str, int]:
    """Write every raw table below `folder`, each file put in place when it is whole; rows by table."""
    import duckdb

    if not paths.build_db.exists():
        raise NothingToExport(f"没有 {paths.build_db} / is not there: run the night first (make run)")
    rows = {}
    with duckdb.connect(str(paths.build_db), read_only=True) as connection:
        there = {
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'"
            ).fetchall()
        }
        if missing := set(raw_tables()) - there:
            raise NothingToExport(
                f"{paths.build_db} 中没有 / has no raw.{', raw.'.join(sorted(missing))}: run the night first (make run)"
            )
        for table in raw_tables():
            (folder / table).mkdir(parents=True, exist_ok=True)
            file = folder / table / "rows.parquet"
            # a name that begins with an underscore is none Spark reads
            unfinished = folder / table / "_unfinished"
            connection.sql(f"FROM raw.{table}").write_parquet(str(unfinished))
            unfinished.replace(file)
            (rows[table],) = connection.execute(
                "SELECT count(*) FROM read_parquet(?)", [str(file)]
            ).fetchone()
    return rows


def main() -> int:
    """Export while no run is under way."""
    paths = warehouse_paths()
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.raw_export",
        description="导出 raw 各表为 Parquet / export the raw tables as Parquet",
    )
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=paths.spark / "raw",
        help="目标文件夹 / where to (default: spark/raw in the warehouse)",
    )
    folder = parser.parse_args().folder.resolve()
    try:
        with hold_warehouse(paths.lock_file, "raw_export", WAIT_SECONDS):
            rows = export_raw(paths, folder)
    except (NothingToExport, WarehouseBusy) as error:
        print(error, file=sys.stderr)
        return 1
    for table, count in rows.items():
        print(f"  raw.{table:<20} {count:>12,} 行 / rows")
    print(f"已写入 / written to {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
