"""How workbooks for officers look, and how they are opened: one face for templates and returns.

Colour is never the only sign. Texts stay texts, whatever they begin with. The same rows give the same bytes.
"""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

FONT = "微软雅黑"
NAVY, INPUT_HEAD, INPUT, LOCKED, LINE = "#1F4E79", "#C55A11", "#FFF9E5", "#F5F7FA", "#BFC7D1"
RED, AMBER, GREEN, GREY = "#F8CBCB", "#FFE699", "#E2F0D9", "#7F7F7F"
PAPER_A4 = 9
MAX_CELL_LENGTH = 32_000
"""Excel keeps 32,767 characters in a cell."""
PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
"""What may be done on a protected sheet besides filling in its input cells."""


class Formats:
    """Cell formats by name, made when they are first asked for."""

    BASE = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    BOXED = {**BASE, "border": 1, "border_color": LINE, "text_wrap": True}
    TEXT = {**BOXED, "quote_prefix": True}
    LOOKS = {
        "title": {**BASE, "font_size": 16, "bold": True, "font_color": NAVY},
        "subtitle": {**BASE, "font_color": GREY},
        "heading": {**BASE, "font_size": 12, "bold": True, "font_color": NAVY},
        "paragraph": {**BASE, "text_wrap": True, "valign": "top", "quote_prefix": True},
        "english": {**BASE, "font_size": 8, "italic": True, "font_color": GREY, "text_wrap": True, "valign": "bottom"},
        "head": {**BOXED, "bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "align": "center"},
        "input_head": {**BOXED, "bold": True, "font_color": "#FFFFFF", "bg_color": INPUT_HEAD, "align": "center"},
        "locked": {**TEXT, "bg_color": LOCKED},
        "locked_number": {**BOXED, "bg_color": LOCKED, "num_format": "General"},
        "not_asked": {**BOXED, "pattern": 14, "fg_color": LINE, "bg_color": LOCKED},
        "input": {**BOXED, "bg_color": INPUT, "locked": False},
        "plain": {**BASE, "quote_prefix": True},
        "text": TEXT,
        "number": BOXED,
        "refused": {**TEXT, "bg_color": RED, "font_color": "#9C0006", "bold": True},
        "suspicious": {**TEXT, "bg_color": AMBER, "font_color": "#7F4F00", "bold": True},
        "accepted": {**TEXT, "font_color": GREY},
        "refused_number": {**BOXED, "bg_color": RED, "font_color": "#9C0006", "bold": True},
        "suspicious_number": {**BOXED, "bg_color": AMBER, "font_color": "#7F4F00", "bold": True},
    }  # fmt: skip

    def __init__(self, workbook: Any):
        self.workbook, self.made = workbook, {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.workbook.add_format(self.LOOKS[name])
        return self.made[name]


def workbook_bytes(
    fill: Callable[[Any, Formats], None],
    *,
    title: str,
    created: datetime,
    stamps: dict[str, str],
) -> bytes:
    """The bytes of a workbook that `fill` fills. `stamps`: custom document properties that say what it is.

    `created` is fixed by the caller, so that equal rows give equal bytes; programs that save the workbook put the real
    time of saving beside it.
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"title": title, "author": "共富指标数仓", "created": created})
        for name, value in stamps.items():
            workbook.set_custom_property(name, value, "text")
        workbook.set_calc_mode("auto")
        fill(workbook, Formats(workbook))
    return content.getvalue()


def write_text(sheet: Any, row: int, place: int, text: str, look: Any) -> None:
    """Write a text as a text, whatever it begins with; an empty one as an empty cell."""
    if text:
        sheet.write_string(row, place, shown(text), look)
    else:
        sheet.write_blank(row, place, None, look)


def shown(text: str) -> str:
    """A text as Excel can keep it: halves of characters replaced, cut where a cell ends."""
    sound = text.encode("utf-8", "replace").decode()
    return sound if len(sound) <= MAX_CELL_LENGTH else sound[:MAX_CELL_LENGTH] + "…"


def printed_on_a4(sheet: Any, head_rows: tuple[int, int]) -> None:
    """A4 landscape, as wide as the page, the header on every page, page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(*head_rows)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")


def write_page(workbook: Any, formats: Formats, name: str, lines: Iterator[tuple[str, str]]) -> Any:
    """A sheet of running text: pairs of a look (title, heading, paragraph) and a text."""
    sheet = workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 110)
    for row, (look, text) in enumerate(lines):
        write_text(sheet, row, 1, text, formats[look])
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    return sheet
