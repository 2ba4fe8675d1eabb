"""The rows of raw.target_parsed and raw.responsible_unit: every printed target, corrected, simplified and parsed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from dagster_project.grammar import PROVISIONAL_MARKS, ParsedTarget, parse_target, simplify
from dagster_project.plans.corrections import Corrections
from dagster_project.plans.departments import Departments
from dagster_project.plans.seed_files import SeedFault, SeedRow
from dagster_project.rows import insert_rows

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
TASK_KEY = ("document_id", "table_ref", "task_no")
SITE_KEY = ("document_id", "table_ref", "site_no")
RESPONSIBLE_UNIT_COLUMNS = "owner_kind VARCHAR, owner_id VARCHAR, department_id VARCHAR"

TARGET_PARSED_COLUMNS = """
    cell_id VARCHAR, target_id VARCHAR PRIMARY KEY, part_no INTEGER, label_read VARCHAR, sub_label_read VARCHAR,
    unit_read VARCHAR, correction VARCHAR, target_kind VARCHAR, comparator VARCHAR, target_value DECIMAL(24,8),
    target_value_high DECIMAL(24,8), stretch_value DECIMAL(24,8), unit_in_text VARCHAR, basis VARCHAR,
    reference_text VARCHAR, marks VARCHAR, is_provisional BOOLEAN"""


@dataclass
class ReadTargets:
    """What the plans' seeds come to, as tuples for raw tables."""

    parsed: list[tuple] = field(default_factory=list)
    responsible: list[tuple[str, str, str]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)


def read_targets(seeds: Mapping[str, list[SeedRow]]) -> ReadTargets:
    """Parse every target of checked seeds. Raises SeedFault for unknown units of plans and corrections without text."""
    units = {row["unit_text"] for row in seeds["unit"]}
    corrections, departments = Corrections(seeds["correction"]), Departments(seeds)
    tasks = {_join(row, TASK_KEY): row for row in seeds["task"]}
    result, faults = ReadTargets(), []
    owners = [("task", task_id, row) for task_id, row in tasks.items()]
    owners += [("site", _join(row, SITE_KEY), row) for row in seeds["pilot_site"]]
    for kind, owner, row in owners:
        result.responsible += [(kind, owner, unit) for unit in departments.of(row, faults)]
    for row in seeds["target"]:
        cells, correction = corrections.apply(row)
        task = _join(row, TASK_KEY)
        if row["task_no"] and task not in tasks:
            faults.append(
                row.fault(
                    f"任务 {task} 不在 task.csv 中",
                    f"task {task} is not in task.csv",
                    "correct task_no or add the task",
                )
            )
        meant = SeedRow(row.file, row.number, cells)
        units_of_cell = departments.of(meant, faults)
        for parsed in _rows_of(meant, correction, units):
            result.parsed.append(parsed)
            result.kinds[parsed[7]] = result.kinds.get(parsed[7], 0) + 1
            result.responsible += [("target", parsed[1], unit) for unit in units_of_cell]
    corrections.require_all_used()
    if faults:
        raise SeedFault(faults)
    return result


def write_targets(connection: duckdb.DuckDBPyConnection, read: ReadTargets) -> None:
    """Write raw.target_parsed and raw.responsible_unit anew."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, columns, rows in (
        ("target_parsed", TARGET_PARSED_COLUMNS, read.parsed),
        ("responsible_unit", RESPONSIBLE_UNIT_COLUMNS, read.responsible),
    ):
        connection.execute(f"CREATE OR REPLACE TABLE raw.{table} ({columns})")
        insert_rows(connection, f"raw.{table}", rows)


def _join(row: SeedRow, key: tuple[str, ...]) -> str:
    return ":".join(row[column] for column in key)


def _rows_of(row: SeedRow, correction: str, units: set[str]) -> Iterator[tuple]:
    cell_id = _join(row, TARGET_KEY)
    whole = parse_target(
        row["value_text"],
        units,
        label_unit=row["unit_text"],
        year=row["period"][-4:],
        is_growth_column=GROWTH_COLUMN_WORD in row["column_ref"],
    )
    # a mark stands beside the label or beside the value
    marks = list(dict.fromkeys([*filter(None, row["marks"].split(";")), *whole.marks]))
    is_provisional = bool(PROVISIONAL_MARKS.intersection(marks))
    for number, parsed in enumerate([whole, *whole.parts]):
        yield (
            cell_id,
            cell_id if number == 0 else f"{cell_id.removesuffix(':0')}:{number}",
            number,
            simplify(row["indicator_text"]),
            # what a part says it is about; a name repeated before a single value adds nothing to the printed label
            (parsed.label_text if number else None) or simplify(row["indicator_sub_text"]),
            row["unit_text"],
            correction,
            *_columns(parsed),
            ";".join(marks) or None,
            is_provisional,
        )


def _columns(parsed: ParsedTarget) -> tuple:
    return (
        parsed.target_kind, parsed.comparator, parsed.target_value, parsed.target_value_high, parsed.stretch_value,
        parsed.unit_text, parsed.basis, parsed.reference_text,
    )  # fmt: skip
