"""A return: a received file given back with what is wrong marked, to be corrected and sent again as it is."""

import re
from pathlib import Path
from typing import Any

from dagster_project.workbooks.names import safe_name, visible
from dagster_project.workbooks.received import open_table
from dagster_project.workbooks.refusals import Refusal
from dagster_project.workbooks.return_note import NOTE_SHEET, ROWS_SHEET, note_lines
from dagster_project.workbooks.return_rows import ReturnRows
from dagster_project.workbooks.style import Formats, workbook_bytes, write_page

STAMP = "cpw_return_of"
NAME_ID_LENGTHS = (8, 16, 64)
MAX_TITLE_LENGTH = 200
ENDINGS = re.compile(r"\.(csv|tsv|txt|xls|xlsx|xlsm|et)$", re.IGNORECASE)


def file_names(all_refusals: list[Refusal]) -> dict[str, str]:
    """file_id -> the name of its return: recognisable, safe on every system, each once."""
    names: dict[str, str] = {}
    for refusal in all_refusals:
        stem = safe_name(ENDINGS.sub("", refusal.file_name))
        candidates = (f"退回_{stem}_{refusal.file_id[:length]}.xlsx" for length in NAME_ID_LENGTHS)
        names[refusal.file_id] = next(name for name in candidates if name not in names.values())
    return names


def return_bytes(refusal: Refusal, archived: Path, accepted: set[int]) -> bytes:
    """The workbook for a received file, whose bytes lie at `archived`; `accepted`: the rows that were taken.

    Its date of creation is that of the receipt, so that it only changes when what it says does.
    """
    # a file that was refused as a whole is not opened once more: what is wrong with it may be what it does to readers
    table = None if refusal.status == "refused" else open_table(archived)

    def fill(workbook: Any, formats: Formats) -> None:
        rows_listed = None
        if table is not None:
            sheet = workbook.add_worksheet(ROWS_SHEET)
            rows_listed = ReturnRows(sheet, formats, refusal, accepted).write(table)
        note = write_page(workbook, formats, NOTE_SHEET, note_lines(refusal, rows_listed))
        if refusal.whole_reason:
            note.activate()

    return workbook_bytes(
        fill,
        title=f"退回：{visible(refusal.file_name)[:MAX_TITLE_LENGTH]}",
        created=refusal.received_at.replace(microsecond=0),
        stamps={STAMP: refusal.file_id},
    )
