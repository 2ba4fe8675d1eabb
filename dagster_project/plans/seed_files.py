"""Reading one seed CSV, and the fault that stops a run. No knowledge of what a seed means stands here."""

import csv
from dataclasses import dataclass
from pathlib import Path

MAX_SHOWN = 20


class SeedFault(Exception):
    """Seeds that are not as they should be. The message names file, row, value and fix, one line a fault."""

    def __init__(self, faults: list[str]) -> None:
        shown = faults[:MAX_SHOWN]
        if len(faults) > MAX_SHOWN:
            shown.append(f"… 另有 {len(faults) - MAX_SHOWN} 处 / and {len(faults) - MAX_SHOWN} more")
        super().__init__("\n".join(shown))


@dataclass(frozen=True)
class SeedRow:
    """A row of a seed: where it stands (`number` counts the header as 1) and its cells by column."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fault(self, problem_zh: str, problem: str, remedy: str) -> str:
        """One line that says where the row stands, what is wrong and what to do."""
        return f"{self.file} 第 {self.number} 行 / row {self.number}: {problem_zh} / {problem}; {remedy}"


def read_seed(path: Path) -> list[SeedRow]:
    """The rows of a seed CSV. Raises SeedFault for a file that is missing, is not UTF-8, or has rows of the wrong width."""
    name = path.name
    try:
        # utf-8-sig: table programs put a byte order mark in front
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            rows, faults = [], []
            for cells in reader:
                # a cell with line breaks spans lines; people find a row by its number in a table program
                row = SeedRow(name, len(rows) + len(faults) + 2, dict(zip(header, cells, strict=False)))
                if len(cells) != len(header):
                    faults.append(
                        row.fault(
                            f"有 {len(cells)} 格，表头有 {len(header)} 格",
                            f"{len(cells)} cells under {len(header)} heads",
                            "mend the row (a comma inside a cell needs quotes)",
                        )
                    )
                else:
                    rows.append(row)
    except FileNotFoundError as error:
        raise SeedFault([f"{name}: 文件不存在 / the file is missing; restore it"]) from error
    except UnicodeDecodeError as error:
        raise SeedFault(
            [f"{name}: 不是 UTF-8 / not UTF-8 at byte {error.start}; save it as UTF-8 (CSV UTF-8 in Excel)"]
        ) from error
    except csv.Error as error:
        raise SeedFault([f"{name}: 格式错误 / broken CSV ({error}); mend the quotes"]) from error
    if faults:
        raise SeedFault(faults)
    return rows


def read_header(path: Path) -> list[str]:
    """The heads of a seed CSV; empty for an empty file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])
