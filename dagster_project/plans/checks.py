"""Whether the seeds hang together, as seeds/seeds.yml and dbt/dbt_project.yml declare it.

Checked here and not by dbt tests, because whoever mends a seed needs its row. The declarations are
`config.meta` of seeds.yml: `key` of a seed; `refers_to`, `required`, `one_of` and `matches` of a column; types
are those dbt_project.yml gives the columns.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from dagster_project.plans.seed_files import SeedFault, SeedRow, read_header, read_seed


def read_all_seeds(seeds: Path, dbt_project: Path) -> dict[str, list[SeedRow]]:
    """Every seed by name, after all checks. Raises SeedFault listing what is wrong, first the files, then the rows."""
    declared = {
        seed["name"]: seed
        for seed in yaml.safe_load((seeds / "seeds.yml").read_text(encoding="utf-8"))["seeds"]
    }
    types = _column_types(dbt_project)
    rows: dict[str, list[SeedRow]] = {}
    faults: list[str] = []
    for name, seed in declared.items():
        path = seeds / f"{name}.csv"
        try:
            rows[name] = read_seed(path)
            faults += _header_faults(path, [column["name"] for column in seed["columns"]])
        except SeedFault as fault:
            faults.append(str(fault))
    if faults:
        raise SeedFault(faults)
    for name, seed in declared.items():
        faults += _key_faults(rows[name], _meta(seed).get("key"))
        for column in seed["columns"]:
            faults += _column_faults(rows, name, column, types.get(name, {}).get(column["name"], "varchar"))
    if faults:
        raise SeedFault(faults)
    return rows


def _meta(declaration: dict[str, Any]) -> dict[str, Any]:
    return declaration.get("config", {}).get("meta", {})


def _column_types(dbt_project: Path) -> dict[str, dict[str, str]]:
    project = yaml.safe_load(dbt_project.read_text(encoding="utf-8"))
    seeds = project["seeds"][project["name"]]
    return {
        name: seed["+column_types"]
        for name, seed in seeds.items()
        if isinstance(seed, dict) and "+column_types" in seed
    }


def _header_faults(path: Path, columns: list[str]) -> Iterator[str]:
    header = read_header(path)
    if header != columns:
        missing = [column for column in columns if column not in header]
        unknown = [column for column in header if column not in columns]
        yield (
            f"{path.name}: 表头不符 / the heads differ from seeds.yml: missing {missing}, unknown {unknown}; "
            f"the heads must be {','.join(columns)}"
        )


def _key_faults(rows: list[SeedRow], key: list[str] | None) -> Iterator[str]:
    if not key:
        return
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        value = tuple(row[column] for column in key)
        if value in seen:
            shown = ":".join(value)
            yield row.fault(
                f"{shown} 与第 {seen[value]} 行重复",
                f"{shown} stands already in row {seen[value]}",
                f"change one of {', '.join(key)}",
            )
        seen.setdefault(value, row.number)


def _column_faults(
    rows: dict[str, list[SeedRow]], seed: str, column: dict[str, Any], data_type: str
) -> Iterator[str]:
    name, meta = column["name"], _meta(column)
    allowed, where = None, ""
    if "refers_to" in meta:
        where, other = meta["refers_to"].split(".")
        allowed = {row[other] for row in rows[where]} | set(meta.get("or", []))
    elif "one_of" in meta:
        allowed = set(map(str, meta["one_of"]))
    for row in rows[seed]:
        value = row[name]
        if value == "":
            if meta.get("required"):
                yield row.fault(f"{name} 为空", f"{name} is empty", "fill it in")
            continue
        if allowed is not None and value not in allowed:
            close = get_close_matches(value, allowed, n=3, cutoff=0.6)
            nearest = f"最接近的是 / closest: {', '.join(close)}; " if close else ""
            if where:
                remedy = f"{nearest}correct it, or add {value} to {where}.csv"
                yield row.fault(
                    f"{name} “{value}”不在 {where}.csv 中", f"{name} '{value}' is not in {where}.csv", remedy
                )
            else:
                yield row.fault(
                    f"{name} “{value}”不是规定的取值",
                    f"{name} '{value}' is not one of the codes",
                    f"use one of {', '.join(sorted(allowed))}",
                )
        if "matches" in meta and not re.fullmatch(meta["matches"], value):
            yield row.fault(
                f"{name} “{value}”格式不符",
                f"{name} '{value}' is not written as it should be",
                f"write it as {meta['such_as']}",
            )
        if not _is_of_type(value, data_type):
            yield row.fault(
                f"{name} “{value}”类型不符",
                f"{name} '{value}' is no {data_type}",
                f"write it as {_such_as(data_type)}",
            )


def _is_of_type(value: str, data_type: str) -> bool:
    try:
        if data_type == "date":
            date.fromisoformat(value)
        elif data_type == "integer":
            int(value)
        elif data_type.startswith("decimal"):
            # more places than the column holds would be rounded, a small factor to nothing
            places = int(data_type.rstrip(")").split(",")[1])
            return Decimal(value).is_finite() and -Decimal(value).normalize().as_tuple().exponent <= places
        elif data_type == "boolean":
            return value in ("true", "false")
    except (ValueError, InvalidOperation):
        return False
    return True


def _such_as(data_type: str) -> str:
    if data_type == "date":
        return "2023-04-19"
    if data_type == "boolean":
        return "true or false, in small letters"
    if data_type.startswith("decimal"):
        return f"a plain number with at most {data_type.rstrip(')').split(',')[1]} decimals"
    return "a plain whole number"
