"""Printed texts that are certainly wrong, and what they mean (seeds/correction.csv).

The seed of a target keeps what is printed; what is read (by the grammar, the crosswalk, the units) is the corrected text.
"""

from collections.abc import Iterable

from dagster_project.plans.seed_files import SeedFault, SeedRow


class Corrections:
    """The corrections of all plans, and which of them have been used."""

    def __init__(self, rows: Iterable[SeedRow]) -> None:
        self._rows: dict[tuple[str, str, str], list[SeedRow]] = {}
        for row in rows:
            self._rows.setdefault((row["document_id"], row["table_ref"], row["line_no"]), []).append(row)
        self._used: set[int] = set()
        self._faults: list[str] = []

    def apply(self, target: SeedRow) -> tuple[dict[str, str], str]:
        """The cells of a target as they are meant, and what was corrected in them (empty where nothing was)."""
        cells, said = dict(target.cells), []
        for row in self._rows.get((target["document_id"], target["table_ref"], target["line_no"]), []):
            if row["column_ref"] not in ("", target["column_ref"]):
                continue
            self._used.add(row.number)
            field, printed = row["field"], row["printed_text"]
            if cells[field].count(printed) != 1 if printed else cells[field] != "":
                self._faults.append(
                    row.fault(
                        f"原文“{printed}”已不在 {target.file} 第 {target.number} 行的 {field} 中",
                        f"'{printed}' no longer stands (once) in {field} of {target.file} row {target.number}, "
                        f"which is '{target[field]}'",
                        "remove the correction or mend its printed_text",
                    )
                )
                continue
            cells[field] = cells[field].replace(printed, row["meant_text"]) if printed else row["meant_text"]
            said.append(f"“{printed}”→“{row['meant_text']}”（{row['reason']}）")
        return cells, "；".join(said)

    def require_all_used(self) -> None:
        """Raise SeedFault if a correction no longer finds its text, or its line."""
        unused = [
            row.fault(
                f"没有这样的目标行 {row['table_ref']}:{row['line_no']}:{row['column_ref']}",
                "no target stands on this line",
                "remove the correction or mend its table_ref, line_no and column_ref",
            )
            for rows in self._rows.values()
            for row in rows
            if row.number not in self._used
        ]
        if self._faults or unused:
            raise SeedFault(self._faults + unused)
