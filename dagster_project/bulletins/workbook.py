"""The bulletin as a workbook: cover, summary with its chart, then a sheet a section."""

from pathlib import Path
from typing import Any

from dagster_project.bulletins.content import Bulletin
from dagster_project.bulletins.sections import count_columns, sections
from dagster_project.bulletins.sheet import (
    FILLS,
    Formats,
    height_of,
    set_page,
    write_head,
    write_records,
    write_section,
)
from dagster_project.bulletins.wording import light_name
from dagster_project.codelists import code_names

# sheet of every section
SHEETS = {
    "lights": "亮灯表 lights",
    "behind": "未达标与滞后 behind",
    "changes": "变化 changes",
    "ranking": "排名 ranking",
    "scores": "镇街得分 scores",
    "overdue": "逾期单位 overdue",
    "overdue_figures": "逾期明细 overdue list",
}
COVER, SUMMARY = "封面 cover", "概况 summary"
COVER_WIDTHS = (24, 66)
# beside the colours, for prints in black and white
PATTERNS = {"green": None, "yellow": "wide_upward_diagonal", "red": "dark_horizontal", "grey": "percent_20"}
CHART_ROWS = 17


def write_workbook(bulletin: Bulletin, path: Path) -> Path:
    """Write the workbook. The same bulletin makes the same bytes."""
    import xlsxwriter

    # texts of plans may begin with = or look like links: they are texts
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {
                "title": bulletin.title,
                "subject": bulletin.title_en,
                "author": "共富指标数仓 / common-prosperity indicator warehouse",
                "comments": version_note(bulletin),
                "created": bulletin.edition.made_at,
            }
        )
        formats = Formats(workbook)
        tables = sections(bulletin)
        _write_cover(workbook.add_worksheet(COVER), formats, bulletin)
        _write_summary(workbook, workbook.add_worksheet(SUMMARY), formats, bulletin)
        for section in tables:
            write_section(workbook.add_worksheet(SHEETS[section.key]), formats, section)
        for sheet in workbook.worksheets():
            set_page(sheet, bulletin.title, version_note(bulletin))
    return path


def version_note(bulletin: Bulletin) -> str:
    """From which version the bulletin is made."""
    edition = bulletin.edition
    published = f"{edition.published_at:%Y-%m-%d %H:%M}" if edition.published_at else "—"
    return f"基准日 {edition.as_of_date}，发布 {published}，运行 {edition.run_id or '—'}"


def _write_cover(sheet: Any, formats: Formats, bulletin: Bulletin) -> None:
    for number, width in enumerate(COVER_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 60)
    title = formats(font_name="黑体", font_size=22, bold=True, align="center", font_color="#C00000")
    sheet.merge_range(1, 0, 1, 1, bulletin.title, title)
    sheet.set_row(1, height_of([(bulletin.title, sum(COVER_WIDTHS) / 2.2)], 32))
    sheet.merge_range(2, 0, 2, 1, bulletin.title_en, formats(align="center", font_color="#404040"))
    sheet.set_row(2, 40)
    line = 3
    for head, text in cover_lines(bulletin):
        sheet.write_string(line, 0, head, formats(bold=True, border=1, border_color="#BFBFBF", valign="top"))
        sheet.write_string(line, 1, text, formats(border=1, border_color="#BFBFBF"))
        sheet.set_row(line, height_of([(head, COVER_WIDTHS[0]), (text, COVER_WIDTHS[1])], 14.5) + 6)
        line += 1
    sheet.merge_range(line + 1, 0, line + 1, 1, "目录 / contents", formats(bold=True))
    for name in (SUMMARY, *SHEETS.values()):
        sheet.write_url(
            line + 2, 0, f"internal:'{name}'!A1", formats(font_color="#1F4E79", underline=1), name
        )
        line += 1
    sheet.set_portrait()
    sheet.center_horizontally()


def cover_lines(bulletin: Bulletin) -> list[tuple[str, str]]:
    """What the cover states, line by line: head and text."""
    edition = bulletin.edition
    documents = []
    for number, document in enumerate(bulletin.documents, start=1):
        facts = [
            document["doc_number"],
            document["issuer"],
            document["issued_on"] and str(document["issued_on"]),
        ]
        origin = "，".join(fact for fact in facts if fact)
        documents.append(f"[{number}] 《{document['title']}》" + (f"（{origin}）" if origin else ""))
    lights = "；".join(
        f"{light_name(light)} {code_names('light')[light][1]}" for light in ("green", "yellow", "red", "grey")
    )
    return [
        ("通报对象 / region", bulletin.region_name),
        (
            "目标年 / target year",
            f"{bulletin.target_year}年：目标时期止于该年的全部目标 / targets whose own period ends in {bulletin.target_year}",
        ),
        ("评价基准日 / as of", str(edition.as_of_date)),
        ("依据 / plans", "\n".join(documents)),
        (
            "编制说明 / how it is made",
            "由共富指标数仓的发布版本自动生成，未经人工改动；每个结论都可在“出处”一栏追到计划原文的单元格，"
            "印发前请核对。 / Made from the published version of the warehouse; every verdict leads back to a printed cell.",
        ),
        ("数据版本 / version", version_note(bulletin)),
        (
            "亮灯 / lights",
            f"{lights}。目标年有实际值的判达标与否；没有而此前有实际值的判进度；灰灯不评，原因见亮灯表。"
            " / Judged by the figure of the target year, else by the pace of the latest figure before it; grey is not judged.",
        ),
        ("内容摘要 / summary", f"{bulletin.summary}\n{bulletin.summary_en}"),
    ]


def _write_summary(workbook: Any, sheet: Any, formats: Formats, bulletin: Bulletin) -> None:
    columns = count_columns("领域", "domain")
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    width, last = sum(column.width for column in columns), len(columns) - 1
    sheet.merge_range(0, 0, 0, last, "概况 / summary", formats(bold=True, font_size=14))
    sheet.set_row(0, 24)
    line = 1
    for text in summary_lines(bulletin):
        sheet.merge_range(line, 0, line, last, text, formats())
        sheet.set_row(line, height_of([(text, width)], 15))
        line += 1
    line = _write_counts(sheet, formats, line + 1, columns, bulletin.domains)
    line = write_records(sheet, formats, line, columns, [bulletin.total], bold=True)
    if bulletin.domains:
        first, end = line - len(bulletin.domains) - 1, line - 2
        sheet.insert_chart(line + 1, 0, _chart(workbook, columns, first, end), {"x_offset": 4, "y_offset": 4})
        line += CHART_ROWS + 1
    if bulletin.townships:
        heading = "下辖地区（不计入上表合计） / townships, not in the total above"
        sheet.merge_range(line + 1, 0, line + 1, last, heading, formats(bold=True))
        townships = count_columns("地区", "region")
        line = _write_counts(sheet, formats, line + 2, townships, bulletin.townships)
    sheet.set_landscape()


def summary_lines(bulletin: Bulletin) -> list[str]:
    """The sentences above the counts."""
    lines = [bulletin.summary, bulletin.summary_en, bulletin.change_statement]
    if bulletin.statement:
        lines.append(f"全部目标年合计 / all target years: {bulletin.statement[0]} / {bulletin.statement[1]}")
    return lines


def _write_counts(sheet: Any, formats: Formats, line: int, columns: list, records: list) -> int:
    """A table of counts; the first free line below it."""
    write_head(sheet, formats, line, columns)
    for number, light in enumerate(("green", "yellow", "red", "grey"), start=4):
        head = f"{columns[number].name}\n{columns[number].name_en}"
        sheet.write_string(
            line, number, head, formats(bold=True, align="center", border=1, bg_color=FILLS[light])
        )
    return write_records(sheet, formats, line + 1, columns, records)


def _chart(workbook: Any, columns: list, first: int, last: int) -> Any:
    """Lights by domain, as a chart of the workbook itself."""
    chart = workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for number, light in enumerate(("green", "yellow", "red", "grey"), start=4):
        series = {
            "name": columns[number].name,
            "categories": [SUMMARY, first, 0, last, 0],
            "values": [SUMMARY, first, number, last, number],
            "border": {"color": "#595959"},
            "fill": {"color": FILLS[light]},
            # no label where there is none of a light
            "data_labels": {"value": True, "num_format": "0;;;"},
        }
        if PATTERNS[light]:
            series["pattern"] = {"pattern": PATTERNS[light], "fg_color": "#FFFFFF", "bg_color": FILLS[light]}
            del series["fill"]
        chart.add_series(series)
    chart.set_title({"name": "各领域亮灯 / lights by domain", "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 820, "height": CHART_ROWS * 20})
    return chart
