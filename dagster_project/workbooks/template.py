"""A template: what a department has to report for a period, ready to fill in.

Row 1 names department and period, row 2 says what to do, row 3 is the English of the header, row 4 the header that
ingest finds, and from row 5 on stands one figure a row.
"""

from datetime import datetime, time
from typing import Any

from dagster_project.workbooks.columns import (
    CHOICES,
    COLUMNS,
    COMPLETION_CHOICES,
    CUMULATIVE,
    MEASURE_WORDS,
    PLACES,
    SCOPE_WORDS,
)
from dagster_project.workbooks.help_sheet import SHEET_NAME as HELP_SHEET
from dagster_project.workbooks.help_sheet import help_lines
from dagster_project.workbooks.items import Agenda, Item
from dagster_project.workbooks.names import safe_name
from dagster_project.workbooks.periods import Period
from dagster_project.workbooks.style import (
    PROTECTION,
    Formats,
    printed_on_a4,
    workbook_bytes,
    write_page,
    write_text,
)

SHEET_NAME = "填报表"
STAMP = "cpw_template"
HEAD_ROW = 3
FIRST_ROW = HEAD_ROW + 1
LAST_PRINTED = PLACES["confirmed"]
SUMMED_OVER_TIME = ("flow", "growth")
"""Types of measure whose figure for January to date is another one than that of the period, and the usual one."""
UNLIKELY_FACTOR = 100
"""How far a figure may be from the last one before the cell is marked: a slip of 万 is 10,000 times."""
LARGEST_NUMBER = 1e15
NOTHING_KNOWN = "尚无"


def file_name(agenda: Agenda) -> str:
    """The place below the folder of templates: the period, then the department."""
    return f"{agenda.period.code}/{safe_name(agenda.department.signature)}.xlsx"


def template_bytes(agenda: Agenda) -> bytes:
    """The workbook. Its date of creation is the end of the period, so that it only changes when its rows do."""
    title = f"{agenda.period.name}共富指标填报表 · {agenda.department.signature}"

    def fill(workbook: Any, formats: Formats) -> None:
        _write_sheet(workbook.add_worksheet(SHEET_NAME), formats, agenda, title)
        help_sheet = write_page(workbook, formats, HELP_SHEET, help_lines())
        help_sheet.protect("", PROTECTION)

    return workbook_bytes(
        fill,
        title=title,
        created=datetime.combine(agenda.period.end, time()),
        stamps={STAMP: f"{agenda.department.department_id}|{agenda.period.code}"},
    )


def _write_sheet(sheet: Any, formats: Formats, agenda: Agenda, title: str) -> None:
    count, last_row = len(agenda.items), FIRST_ROW + len(agenda.items) - 1
    write_text(sheet, 0, 0, title, formats["title"])
    sheet.set_row(0, 28)
    write_text(
        sheet,
        1,
        0,
        f"共 {count} 项。只填浅黄色格子，没有数据的留空；填法见工作表“{HELP_SHEET}”。"
        f"  {count} figures; fill in the yellow cells only.",
        formats["subtitle"],
    )
    sheet.set_row(HEAD_ROW - 1, 26)
    sheet.set_row(HEAD_ROW, 24)
    hidden = _hidden_columns(agenda)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, None, {"hidden": column.key in hidden})
        write_text(sheet, HEAD_ROW - 1, place, column.english, formats["english"])
        write_text(sheet, HEAD_ROW, place, column.head, formats["input_head" if column.is_input else "head"])
    for row, item in enumerate(agenda.items, start=FIRST_ROW):
        _write_keys(sheet, formats, row, agenda, item)
        _write_inputs(sheet, formats, row, agenda.period, item)
    _mark_unlikely(sheet, formats, last_row)
    sheet.freeze_panes(FIRST_ROW, PLACES["indicator_text"] + 1)
    sheet.autofilter(HEAD_ROW, 0, last_row, len(COLUMNS) - 1)
    sheet.protect("", PROTECTION)
    sheet.set_selection(FIRST_ROW, PLACES["value"], FIRST_ROW, PLACES["value"])
    printed_on_a4(sheet, (HEAD_ROW - 1, HEAD_ROW))
    sheet.print_area(0, 0, last_row, LAST_PRINTED)


def _is_accumulated(period: Period, item: Item) -> bool:
    """Whether the figure may be one of the period alone or one from January on."""
    return period.may_be_cumulative and item.measure == "value" and item.measure_type != "state"


def _hidden_columns(agenda: Agenda) -> set[str]:
    """Columns that say nothing in this workbook."""
    hidden = set()
    if not any(_is_accumulated(agenda.period, item) for item in agenda.items):
        hidden.add("accumulation")
    if not any(item.qualifier for item in agenda.items):
        hidden.add("qualifier")
    return hidden


def _write_keys(sheet: Any, formats: Formats, row: int, agenda: Agenda, item: Item) -> None:
    texts = {
        "region_name": item.region_name,
        "indicator_text": item.indicator_text,
        "scope": SCOPE_WORDS[item.scope],
        "measure": MEASURE_WORDS[item.measure],
        "period": agenda.period.code,
        "target": "\n".join(item.targets),
        "last_value": item.last_text or NOTHING_KNOWN,
        "last_period": item.last_period,
        "unit": item.unit,
        "source_title": agenda.department.signature,
        "qualifier": item.qualifier,
        "region_code": item.region_code,
        "indicator_id": item.indicator_id,
    }
    for key, text in texts.items():
        if key == "last_value" and item.last_value is not None:
            sheet.write_number(row, PLACES[key], float(item.last_value), formats["locked_number"])
        else:
            write_text(sheet, row, PLACES[key], text, formats["locked"])


def _write_inputs(sheet: Any, formats: Formats, row: int, period: Period, item: Item) -> None:
    for key in ("value", "status", "note", "confirmed"):
        sheet.write_blank(row, PLACES[key], None, formats["input"])
    sheet.data_validation(row, PLACES["value"], row, PLACES["value"], _value_rule(item))
    for key in ("status", "confirmed"):
        sheet.data_validation(row, PLACES[key], row, PLACES[key], _choice(CHOICES[key]))
    place = PLACES["accumulation"]
    if not _is_accumulated(period, item):
        sheet.write_blank(row, place, None, formats["not_asked"])
        return
    # what counties report within the year runs from January; whoever has the quarter alone says so
    preset = CUMULATIVE if item.measure_type in SUMMED_OVER_TIME else ""
    write_text(sheet, row, place, preset, formats["input"])
    sheet.data_validation(row, place, row, place, _choice(CHOICES["accumulation"]))


def _value_rule(item: Item) -> dict[str, Any]:
    """What may be put in: digits where a number is asked for; with the unit shown as soon as the cell is chosen."""
    unit = item.unit or (
        "名次" if item.measure == "rank" else "不带单位" if item.measure == "value" else "文字"
    )
    prompt = {"input_title": f"单位：{unit}"[:32], "input_message": f"目标 {'；'.join(item.targets)}"[:255]}
    if item.measure in ("value", "rank"):
        return {
            **prompt,
            "validate": "decimal",
            "criteria": "between",
            "minimum": -LARGEST_NUMBER,
            "maximum": LARGEST_NUMBER,
            "error_title": "请只填数字",
            "error_message": f"请只填数字，不写单位和文字；本行单位：{unit}。没有数据请留空。\nDigits only.",
        }
    if item.measure == "completion":
        return {**prompt, **_choice(COMPLETION_CHOICES)}
    return {**prompt, "validate": "any"}


def _choice(words: list[str]) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": words,
        "error_title": "请从列表中选",
        "error_message": f"请选：{'、'.join(words)}，或留空。\nChoose from the list, or leave it empty.",
    }


def _mark_unlikely(sheet: Any, formats: Formats, last_row: int) -> None:
    """Mark figures far from the last one, and text where it came in past the rule (by pasting)."""
    row = FIRST_ROW + 1
    value, last, measure = (
        f"${chr(ord('A') + PLACES[key])}{row}" for key in ("value", "last_value", "measure")
    )
    numbers = f"ISNUMBER({value}),ISNUMBER({last}),{value}<>0,{last}<>0"
    factor = f"ABS({value}/{last})>={UNLIKELY_FACTOR},ABS({last}/{value})>={UNLIKELY_FACTOR}"
    place = PLACES["value"]
    for formula, look in (
        (
            f'=AND(NOT(ISBLANK({value})),ISTEXT({value}),OR({measure}="数值",{measure}="位次"))',
            "refused_number",
        ),
        (f"=AND({numbers},OR({factor}))", "suspicious_number"),
    ):
        sheet.conditional_format(
            FIRST_ROW,
            place,
            last_row,
            place,
            {"type": "formula", "criteria": formula, "format": formats[look]},
        )
