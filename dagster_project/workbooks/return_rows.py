"""The sheet 退回数据 of a return: the rows as received, what is wrong marked where it stands, the reason in front.

Short files come back whole, every row at its own row number. Of longer ones come the header and the marked rows, with
原行号. Only text and numbers are written.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from dagster_project.workbooks.columns import CHOICES, COLUMNS, PLACES, WIDTHS
from dagster_project.workbooks.received import ReceivedTable
from dagster_project.workbooks.refusals import MAX_MARKS, Mark, Refusal
from dagster_project.workbooks.return_note import CONFIRM
from dagster_project.workbooks.style import FONT, Formats, printed_on_a4, shown, write_text

MAX_WHOLE_ROWS = MAX_MARKS
MAX_COLUMNS = 100
"""Of columns the layout does not know; those it knows always come back."""
SPARE_ROWS = 200
"""Rows below the last one that still have the drop-down lists."""
REASON_HEAD, ROW_NO_HEAD = "退回原因", "原行号"
REASON_WIDTH, OTHER_WIDTH = 48, 14
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,14})?")
REFUSED_SIGN, SUSPICIOUS_SIGN, ACCEPTED_WORD, HELD_WORD = "✗ ", "？ ", "已接收", "未采用（整份暂缓）"

Row = tuple[int, list[str]]


class ReturnRows:
    """Writes the rows of one file into a sheet."""

    def __init__(self, sheet: Any, formats: Formats, refusal: Refusal, accepted: set[int]):
        self.sheet = sheet
        self.formats = formats
        self.is_held = refusal.status == "quarantined"
        self.marks = {mark.row_no: mark for mark in refusal.marks}
        self.accepted = accepted
        self.place_of: dict[int, int] = {}
        """Position of a column in the file -> its place in the sheet."""
        self.layout_places: dict[str, int] = {}
        """Column of the landing layout -> its place in the sheet."""

    def write(self, table: ReceivedTable) -> int | None:
        """Write the sheet. None, or the number of rows where only the marked ones were written."""
        head = list(islice(table.rows, table.header_row))
        body = list(islice(table.rows, MAX_WHOLE_ROWS + 1))
        is_whole = len(body) <= MAX_WHOLE_ROWS
        titles = [REASON_HEAD] if is_whole else [REASON_HEAD, ROW_NO_HEAD]
        self._place_columns(table, [*head, *body], len(titles))
        if is_whole:
            numbered = [(row_no - 1, row_no, cells) for row_no, cells in body]
            header_at = table.header_row - 1
            for at, (_, cells) in enumerate(head[:-1]):
                self._write_above_header(at, cells)
        else:
            marked = self._marked(body, table.rows)
            numbered = [(at, row_no, cells) for at, (row_no, cells) in enumerate(marked, start=1)]
            header_at = 0
        self._write_header(header_at, head[-1][1], titles)
        for at, row_no, cells in numbered:
            self._write_row(at, row_no, cells, has_row_no=not is_whole)
        self._finish(header_at, max((at for at, _, _ in numbered), default=header_at + 1), len(titles))
        return None if is_whole else len(numbered)

    def _place_columns(self, table: ReceivedTable, rows: list[Row], first_place: int) -> None:
        width = max(len(cells) for _, cells in rows)
        known = set(table.positions.values())
        kept = (position for position in range(width) if position < MAX_COLUMNS or position in known)
        self.place_of = {position: place for place, position in enumerate(kept, start=first_place)}
        self.layout_places = {key: self.place_of[position] for key, position in table.positions.items()}

    def _marked(self, body: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
        """The rows with a mark, reading no further than the last of them."""
        last = max(self.marks, default=0)
        yield from (row for row in body if row[0] in self.marks)
        for row in rest:
            if row[0] > last:
                return
            if row[0] in self.marks:
                yield row

    def _write_above_header(self, at: int, cells: list[str]) -> None:
        for position, text in enumerate(cells):
            if text and position in self.place_of:
                write_text(self.sheet, at, self.place_of[position], text, self.formats["plain"])

    def _write_header(self, at: int, cells: list[str], titles: list[str]) -> None:
        for place, title in enumerate(titles):
            write_text(self.sheet, at, place, title, self.formats["input_head"])
        for position, place in self.place_of.items():
            text = cells[position] if position < len(cells) else ""
            write_text(self.sheet, at, place, text, self.formats["head"])
        is_asked = any(not mark.is_refused for mark in self.marks.values())
        if is_asked and "confirmed" not in self.layout_places:
            place = max(self.place_of.values()) + 1
            self.layout_places["confirmed"] = place
            write_text(self.sheet, at, place, COLUMNS[PLACES["confirmed"]].head, self.formats["input_head"])

    def _write_row(self, at: int, row_no: int, cells: list[str], *, has_row_no: bool) -> None:
        mark = self.marks.get(row_no)
        if not mark and not any(cell.strip() for cell in cells):
            return
        self._write_reason(at, row_no, mark)
        if has_row_no:
            self.sheet.write_number(at, 1, row_no, self.formats["number"])
        at_fault = {self.layout_places.get(key) for key in mark.columns} - {None} if mark else set()
        for position, place in self.place_of.items():
            look = _look(mark) if place in at_fault else "text"
            self._write_cell(at, place, cells[position] if position < len(cells) else "", look)
        if mark and not mark.is_refused:
            self._ask_to_confirm(at, cells)
        if mark:
            # where nobody knows which cell it is, the reason itself is pointed at
            for place in sorted(at_fault) or [0]:
                self.sheet.write_comment(at, place, shown(_told(mark)), _comment_look(mark))

    def _write_reason(self, at: int, row_no: int, mark: Mark | None) -> None:
        if mark:
            sign = REFUSED_SIGN if mark.is_refused else SUSPICIOUS_SIGN
            write_text(self.sheet, at, 0, sign + _told(mark), self.formats[_look(mark)])
        else:
            word = (HELD_WORD if self.is_held else ACCEPTED_WORD) if row_no in self.accepted else ""
            write_text(self.sheet, at, 0, word, self.formats["accepted"])

    def _write_cell(self, at: int, place: int, text: str, look: str) -> None:
        if place == self.layout_places["value"] and is_number(text):
            number_look = "number" if look == "text" else f"{look}_number"
            self.sheet.write_number(at, place, float(text), self.formats[number_look])
        else:
            write_text(self.sheet, at, place, text, self.formats[look])

    def _ask_to_confirm(self, at: int, cells: list[str]) -> None:
        place = self.layout_places["confirmed"]
        position = next((position for position, known in self.place_of.items() if known == place), len(cells))
        if not (position < len(cells) and cells[position].strip()):
            self.sheet.write_blank(at, place, None, self.formats["input"])

    def _finish(self, header_at: int, last_at: int, first_place: int) -> None:
        sheet = self.sheet
        sheet.set_column(0, 0, REASON_WIDTH)
        keys = {place: key for key, place in self.layout_places.items()}
        last_place = max(*self.place_of.values(), *self.layout_places.values())
        for place in range(1, last_place + 1):
            sheet.set_column(place, place, WIDTHS.get(keys.get(place, ""), OTHER_WIDTH))
        for key, words in CHOICES.items():
            if key in self.layout_places:
                place = self.layout_places[key]
                rule = {
                    "validate": "list",
                    "source": words,
                    "error_type": "warning",
                    "error_title": "请从列表中选",
                }
                sheet.data_validation(header_at + 1, place, last_at + SPARE_ROWS, place, rule)
        sheet.freeze_panes(header_at + 1, first_place)
        sheet.autofilter(header_at, 0, last_at, last_place)
        printed_on_a4(sheet, (header_at, header_at))


def is_number(text: str) -> bool:
    """Whether a text comes back unchanged when it is kept as a number."""
    return bool(NUMBER.fullmatch(text)) and format(Decimal(repr(float(text))).normalize(), "f") == text


def _look(mark: Mark) -> str:
    return "refused" if mark.is_refused else "suspicious"


def _told(mark: Mark) -> str:
    return mark.reason if mark.is_refused else f"{mark.reason}。{CONFIRM}"


def _comment_look(mark: Mark) -> dict[str, Any]:
    lines = 2 + len(_told(mark)) // 22
    return {
        "author": "共富指标数仓",
        "font_name": FONT,
        "font_size": 9,
        "width": 300,
        "height": min(20 * lines, 400),
        "color": "#FFF2F2" if mark.is_refused else "#FFF9E5",
    }
