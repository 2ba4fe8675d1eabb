"""Drawing one table of a bulletin on a worksheet that prints on A4: formats, widths, heights, filter, repeated head.

What the table says is the business of sections.
"""

import math
import unicodedata
from datetime import date
from typing import Any

from dagster_project.bulletins.table import ASIDE, DETAIL, ROW, SCREEN, Column, Light, Percent, Section
from dagster_project.bulletins.wording import Figure

A4 = 9
FONT = "宋体"
FILLS = {"green": "#A9D18E", "yellow": "#FFD966", "red": "#F4A29B", "grey": "#D9D9D9"}
HEAD = {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "align": "center"}
LINE_HEIGHT = 13.5
MAX_HEIGHT = 409
# a cell holds no more
MAX_TEXT = 32767
HEAD_ROW = 2


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple, Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 10, "text_wrap": True, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format({**base, **properties})
        return self._made[key]


def text_width(text: str) -> float:
    """Width of a text in characters of the standard font: a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1.05 for mark in text)


def height_of(cells: list[tuple[str, float]], line_height: float = LINE_HEIGHT) -> float:
    """Height of a row of texts in columns of the given widths, for programs that do not find it themselves."""
    lines = max(
        sum(max(1, math.ceil(text_width(line) / (width - 1))) for line in text.split("\n"))
        for text, width in cells
    )
    return min(lines * line_height + 4, MAX_HEIGHT)


def number_format(figure: Figure) -> str:
    """A format that shows the number with its unit and leaves it a number."""
    digits = "#,##0" + ("." + "0" * figure.decimals if figure.decimals else "")
    unit = '"' + figure.shown_unit.replace('"', "") + '"' if figure.shown_unit else ""
    return f"+{digits}{unit};-{digits}{unit};{digits}{unit}" if figure.is_difference else digits + unit


def write_cell(sheet: Any, formats: Formats, line: int, column: int, value: Any, **look: Any) -> None:
    """Write a cell of a section by what it is; texts stay texts, whatever they begin with."""
    look = {"border": 1, "border_color": "#BFBFBF", **look}
    if value is None or value == "":
        sheet.write_blank(line, column, None, formats(**look))
    elif isinstance(value, Figure):
        number = formats(**look, num_format=number_format(value), align="right")
        sheet.write_number(line, column, float(value.value), number)
    elif isinstance(value, Percent):
        sheet.write_number(line, column, value.ratio, formats(**look, num_format="0.0%", align="right"))
    elif isinstance(value, Light):
        fill = formats(**look, bg_color=FILLS[value.code], bold=True, align="center")
        sheet.write_string(line, column, str(value), fill)
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, formats(**look, num_format="yyyy-mm-dd", align="center"))
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats(**look, num_format="#,##0", align="right"))
    else:
        sheet.write_string(line, column, str(value)[:MAX_TEXT], formats(**look))


def write_head(sheet: Any, formats: Formats, line: int, columns: list[Column]) -> None:
    """The head of a table, Chinese above English."""
    for number, column in enumerate(columns):
        sheet.write_string(line, number, f"{column.name}\n{column.name_en}", formats(**HEAD, border=1))
    sheet.set_row(line, height_of([(f"{column.name}\n{column.name_en}", column.width) for column in columns]))


def write_records(
    sheet: Any, formats: Formats, line: int, columns: list[Column], records: list[Any], **look: Any
) -> int:
    """The rows of a table from `line` on. Returns the first line below."""
    for record in records:
        cells = [column.cell(record) for column in columns]
        for number, value in enumerate(cells):
            write_cell(sheet, formats, line, number, value, **look)
        texts = [
            ("" if value is None else str(value), column.width)
            for value, column in zip(cells, columns, strict=True)
            # what is not printed must not stretch what is
            if column.stands in (ROW, DETAIL)
        ]
        sheet.set_row(line, height_of(texts))
        line += 1
    return line


def write_section(sheet: Any, formats: Formats, section: Section) -> None:
    """A whole sheet: heading, note, frozen and filtered head, rows, or the sentence that says why there are none."""
    on_paper = section.standing(ROW, DETAIL)
    columns, printed = on_paper + section.standing(ASIDE, SCREEN), len(on_paper)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    width = sum(column.width for column in columns[:printed])
    heading = formats(bold=True, font_size=14, text_wrap=False)
    sheet.merge_range(0, 0, 0, printed - 1, f"{section.title} / {section.title_en}", heading)
    sheet.set_row(0, 24)
    sheet.merge_range(1, 0, 1, printed - 1, section.note, formats(font_color="#404040", font_size=9))
    sheet.set_row(1, height_of([(section.note, width)]))
    write_head(sheet, formats, HEAD_ROW, columns)
    first = HEAD_ROW + 1
    if section.records:
        write_records(sheet, formats, first, columns, section.records)
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(section.records), len(columns) - 1)
    else:
        sheet.merge_range(first, 0, first, printed - 1, section.empty, formats(italic=True))
        sheet.set_row(first, height_of([(section.empty, width)]))
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.print_area(0, 0, HEAD_ROW + max(len(section.records), 1), printed - 1)
    sheet.set_landscape()


def set_page(sheet: Any, title: str, source: str) -> None:
    """A4, as wide as the paper, with the title above and page numbers below."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
    sheet.hide_gridlines(2)
    # & begins a code in a header, and Excel takes no more than 255 characters
    sheet.set_header("&C&9" + title.replace("&", "&&")[:200])
    sheet.set_footer("&L&8" + source.replace("&", "&&")[:200] + "&R&9第 &P 页 / 共 &N 页")
