"""Responsible-unit cells split into units: 区发改局、区经商局 becomes two rows of seeds/department.csv.

A name belongs to the plan that prints it: 市卫健局 in Shengzhou's plan is Shengzhou's. Spellings that are no name of
department.csv stand in department_alias.csv, which may give several units for one (区委统战部（区工商联）).
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from dagster_project.plans.seed_files import SeedRow

_DASH = re.compile(r"[-—–/]*")


def split_names(cell: str) -> list[str]:
    """The names in a cell, in order; separators inside brackets belong to the name."""
    names, name, depth = [], "", 0
    for sign in cell:
        depth += (sign in "（(") - (sign in "）)")
        if depth <= 0 and (sign in "、，,；;" or sign.isspace()):
            names.append(name)
            name = ""
        else:
            name += sign
    return list(dict.fromkeys(name for name in [*names, name] if not _DASH.fullmatch(name)))


class Departments:
    """Finds units by the names plans print."""

    def __init__(self, seeds: Mapping[str, list[SeedRow]]) -> None:
        self._document_region = {row["document_id"]: row["region_code"] for row in seeds["document"]}
        parent = {row["region_code"]: row["parent_region_code"] for row in seeds["region"]}
        self._found: dict[tuple[str, str], list[str]] = {}
        # a unit of a township or zone answers in the plan of its county; the county's own unit goes first
        below: dict[tuple[str, str], list[str]] = {}
        for row in seeds["department"]:
            self._found[row["region_code"], row["department_name"]] = [row["department_id"]]
            below.setdefault((parent.get(row["region_code"], ""), row["department_name"]), []).append(
                row["department_id"]
            )
        for key, units in below.items():
            if len(units) == 1:
                self._found.setdefault(key, units)
        aliases: dict[tuple[str, str], list[str]] = {}
        for row in seeds["department_alias"]:
            aliases.setdefault((row["region_code"], row["printed_name"]), []).append(row["department_id"])
        self._found.update(aliases)

    def of(self, row: SeedRow, faults: list[str]) -> list[str]:
        """The department_ids of a row's department_text; a name nobody knows is added to `faults`."""
        region = self._document_region[row["document_id"]]
        units: list[str] = []
        for name in split_names(row["department_text"]):
            found = self._found.get((region, name))
            if found is None:
                known = [known for known_region, known in self._found if known_region == region]
                close = get_close_matches(name, known, n=3, cutoff=0.5)
                elsewhere = sorted(
                    other
                    for (other, known_name), units_there in self._found.items()
                    if known_name == name and units_there[0].startswith(other)
                )
                if elsewhere:
                    close = [
                        f"{name} of region {', '.join(elsewhere)}, which needs a row in department_alias.csv",
                        *close,
                    ]
                nearest = f"最接近的是 / closest: {', '.join(close)}; " if close else ""
                faults.append(
                    row.fault(
                        f"责任单位“{name}”未登记（地区 {region}）",
                        f"department '{name}' of region {region} is unknown",
                        f"{nearest}correct it, add it to department.csv, or its spelling to department_alias.csv",
                    )
                )
            else:
                units += found
        return list(dict.fromkeys(units))
