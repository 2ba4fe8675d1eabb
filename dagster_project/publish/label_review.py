"""label_review.xlsx: every printed label beside the indicator it is taken for, for an expert to check in an hour.

Filtered by 名称一致 / same name, what is left are the decisions somebody made.
The rows are quality.label_review and quality.unmapped_label; nothing is decided here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

# head of the column, width in characters
MAPPED_COLUMNS = (
    ("核对 / check", 9), ("指标 / indicator", 26), ("标准单位 / unit", 10), ("方向 / direction", 9),
    ("标签 / label", 40), ("分项 / sub-label", 22), ("限定（任务等） / qualifier", 24),
    ("印刷单位 / printed unit", 11), ("倒数 / reciprocal", 9), ("名称一致 / same name", 9), ("示例原文 / as printed", 18),
    ("示例换算 / in standard unit", 16), ("出处 / where", 36), ("行数 / rows", 7), ("备注 / note", 44),
    ("指标标识 / indicator_id", 30),
)  # fmt: skip
MAPPED_QUERY = """
    SELECT
        '', indicator_name, standard_unit, direction, label_text, sub_text, qualifier, printed_unit,
        CASE WHEN is_reciprocal THEN '是 / yes' ELSE '' END, CASE WHEN is_same_name THEN '是 / yes' ELSE '' END,
        example_text, regexp_replace(cast(example_std AS VARCHAR), '\\.?0+$', ''), origins, row_count, note, indicator_id
    FROM quality.label_review
    ORDER BY indicator_id, label_text, sub_text, qualifier, printed_unit"""
UNMAPPED_COLUMNS = (
    ("类别 / origin", 9), ("标签 / label", 44), ("限定 / qualifier", 18), ("单位 / unit", 12), ("原因 / why", 14),
    ("最接近的指标 / closest indicators", 80), ("行数 / rows", 7), ("示例位置 / example", 44),
)  # fmt: skip
UNMAPPED_QUERY = """
    SELECT origin, label_text, qualifier, unit_text, why, coalesce(candidates, ''), row_count, example
    FROM quality.unmapped_label ORDER BY origin DESC, row_count DESC, label_text, qualifier, unit_text, why"""


def write_label_review(connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
    """Write the workbook from the published database to `path`."""
    import xlsxwriter

    # texts of plans may begin with = or look like links: they are texts
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = _sheet(
            workbook,
            "标签核对 mapped",
            MAPPED_COLUMNS,
            connection.execute(MAPPED_QUERY).fetchall(),
            shade_by=15,
        )
        sheet.data_validation(1, 0, 1048575, 0, {"validate": "list", "source": ["对", "错", "存疑"]})
        _sheet(
            workbook,
            "未对应 unmapped",
            UNMAPPED_COLUMNS,
            connection.execute(UNMAPPED_QUERY).fetchall(),
            shade_by=None,
        )


def _sheet(workbook: Any, name: str, columns: tuple, rows: list[tuple], shade_by: int | None) -> Any:
    """A sheet with a frozen, filtered header; rows with the same value in column `shade_by` share a shade."""
    sheet = workbook.add_worksheet(name)
    head = workbook.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
    )
    plain = {"text_wrap": True, "valign": "top"}
    shades = (workbook.add_format(plain), workbook.add_format({**plain, "bg_color": "#EAF1F8"}))
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, head)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    shade, last = 0, None
    for line, row in enumerate(rows, start=1):
        if shade_by is not None and row[shade_by] != last:
            shade, last = 1 - shade, row[shade_by]
        for number, value in enumerate(row):
            sheet.write(line, number, "" if value is None else value, shades[shade])
    return sheet
