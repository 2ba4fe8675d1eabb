"""How large what people send may be: seeds/landing_limit.csv, read once a run. What happens beyond is up to the readers."""

import csv
from dataclasses import dataclass, fields
from pathlib import Path

UNIT_SIZES = {"MB": 1 << 20}


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, the others in numbers of what their name says."""

    file_size: int
    workbook_unpacked: int
    workbook_parts: int
    workbook_cells: int
    line_length: int
    header_depth: int


def read_limits(seeds: Path) -> Limits:
    """The limits of a seeds folder. Raises ValueError for one that is missing, unknown or no whole number."""
    path = seeds / "landing_limit.csv"
    wanted = {field.name for field in fields(Limits)}
    found: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row_no, row in enumerate(csv.DictReader(file), start=2):
            name, value = row["limit_id"], row["limit_value"]
            if name not in wanted or not value.isdigit():
                raise ValueError(
                    f"种子有误，请改正 / seeds/landing_limit.csv row {row_no}: {name!r} = {value!r}; known limits are "
                    f"{', '.join(sorted(wanted))}, each a whole number"
                )
            found[name] = int(value) * UNIT_SIZES.get(row["unit"], 1)
    if missing := wanted - found.keys():
        raise ValueError(
            f"种子缺行，请补充 / seeds/landing_limit.csv lacks {', '.join(sorted(missing))}: add the row(s)"
        )
    return Limits(**found)
