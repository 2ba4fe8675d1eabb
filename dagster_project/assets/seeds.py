"""What the run is about: its parameters and the parsed targets, written before anything else."""

import csv
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from dagster_project import clock
from dagster_project.grammar import parse_target
from dagster_project.paths import SEEDS_DIR
from dagster_project.publish.memory import remember_published
from dagster_project.resources import Warehouse
from dagster_project.rows import insert_rows
from dagster_project.tables import table_metadata

GROWTH_COLUMN_WORD = "年均增长"
TARGET_KEY = (
    "document_id",
    "table_ref",
    "line_no",
    "column_ref",
    "region_code",
    "scope",
    "period",
    "part_no",
)

TARGET_PARSED_COLUMNS = """
    target_id VARCHAR PRIMARY KEY, target_kind VARCHAR, comparator VARCHAR, target_value DECIMAL(24,8),
    target_value_high DECIMAL(24,8), stretch_value DECIMAL(24,8), unit_in_text VARCHAR, reference_text VARCHAR,
    is_provisional BOOLEAN"""


class SeedFault(dg.Failure):
    """A seed is not as it should be; the run stops and the published version stays."""


def read_seed(path: Path) -> list[dict[str, str]]:
    """The rows of a seed CSV. Raises SeedFault naming the file and the row for a broken one."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = []
            for number, row in enumerate(reader, start=2):
                if None in row or None in row.values():
                    raise SeedFault(
                        f"{path.name} 第 {number} 行 / row {number}: cells do not match the header; mend the row"
                    )
                rows.append(row)
            return rows
    except UnicodeDecodeError as error:
        raise SeedFault(
            f"{path.name}: 不是 UTF-8 / not UTF-8 at byte {error.start}; save it as UTF-8"
        ) from error
    except csv.Error as error:
        raise SeedFault(f"{path.name}: 格式错误 / broken CSV ({error}); mend the quotes") from error


def parse_targets(seeds: Path) -> Iterator[tuple]:
    """The rows of raw.target_parsed, in the order of seeds/target.csv. Raises SeedFault for a doubled target."""
    units = {row["unit_text"] for row in read_seed(seeds / "unit.csv")}
    seen: dict[str, int] = {}
    for number, row in enumerate(read_seed(seeds / "target.csv"), start=2):
        target_id = ":".join(row[column] for column in TARGET_KEY)
        if target_id in seen:
            raise SeedFault(
                f"target.csv 第 {number} 行 / row {number}: {target_id} stands already in row {seen[target_id]}; "
                "give the line its own line_no"
            )
        seen[target_id] = number
        is_growth_column = GROWTH_COLUMN_WORD in row["column_ref"]
        parsed = parse_target(row["value_text"], units, is_growth_column=is_growth_column)
        yield (
            target_id, parsed.target_kind, parsed.comparator, parsed.target_value, parsed.target_value_high,
            parsed.stretch_value, parsed.unit_text, parsed.reference_text, parsed.is_provisional,
        )  # fmt: skip


@dg.asset(
    key=["raw", "run_parameter"],
    group_name="raw",
    owners=["team:data-engineering"],
    kinds={"duckdb"},
    description="本次运行参数：运行号与评价基准日 / The run's id and as-of date, one row.",
)
def run_parameter(warehouse: Warehouse) -> dg.MaterializeResult:
    """Write raw.run_parameter and note the start of the run in the durable run log."""
    remember_published(warehouse.paths, warehouse.state)
    warehouse.state.append(
        "run_log", warehouse.run_id, [(warehouse.run_id, "started", clock.now(), warehouse.as_of, None)]
    )
    with warehouse.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
        connection.execute("CREATE OR REPLACE TABLE raw.run_parameter (run_id VARCHAR, as_of_date DATE)")
        connection.execute("INSERT INTO raw.run_parameter VALUES (?, ?)", [warehouse.run_id, warehouse.as_of])
    return dg.MaterializeResult(
        metadata={"as_of_date": warehouse.as_of.isoformat(), "run_id": warehouse.run_id}
    )


@dg.asset(
    key=["raw", "target_parsed"],
    group_name="raw",
    owners=["team:data-engineering"],
    kinds={"python", "duckdb"},
    description="目标文本经语法解析后的结构化结果 / What the target grammar reads in each row of seeds/target.csv.",
)
def target_parsed(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Parse every target text and write raw.target_parsed."""
    rows = list(parse_targets(SEEDS_DIR))
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[row[1]] = kinds.get(row[1], 0) + 1
    with warehouse.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
        connection.execute(f"CREATE OR REPLACE TABLE raw.target_parsed ({TARGET_PARSED_COLUMNS})")
        insert_rows(connection, "raw.target_parsed", rows)
        metadata = table_metadata(connection, "raw", "target_parsed")
    context.log.info(f"目标 / targets parsed: {len(rows)}, unparsed: {kinds.get('unparsed', 0)}")
    return dg.MaterializeResult(metadata={**metadata, "kinds": kinds})
