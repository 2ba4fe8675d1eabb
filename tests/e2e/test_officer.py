"""An officer fills in a template with slips, gets it back marked, corrects the return and sends that: what is published after each night."""

import io
import re
import zipfile

from openpyxl import load_workbook

DEPARTMENT = "区发改局（秀洲区）"
PRODUCTIVITY = "xiuzhou_2023_work_plan:附件2:2:小口径:330411:narrow:2023:0"


def sheet_of(path, name):
    book = load_workbook(path)
    sheet = book[name]
    head = next(row for row in range(1, 8) if any(cell.value == "数值" for cell in sheet[row]))
    return book, sheet, head, {cell.value: cell.column for cell in sheet[head] if cell.value}


def send(nightly, book, name, saved_on):
    """Put a workbook into the inbox as a spreadsheet program would have saved it on a day."""
    saved, sent = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(sent, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + saved_on.encode() + b"T02:00:00Z", content
                )
            new.writestr(part, content)
    nightly.drop(name, sent.getvalue())


def figures(nightly):
    return nightly.query(
        "SELECT indicator_id, scope, value_text, observation_status, awaits_confirmation FROM marts.fct_actual"
        " WHERE sender = ? ORDER BY ALL",
        [DEPARTMENT],
    )


def test_a_template_with_slips_comes_back_and_its_correction_counts(second_night):
    book, sheet, head, column = sheet_of(
        second_night.paths.templates / "2023" / f"{DEPARTMENT}.xlsx", "填报表"
    )
    labels = [sheet.cell(head + row, column["指标"]).value for row in range(1, 7)]
    assert labels[:4] == ["人均生产总值（万元）"] * 2 + ["全员劳动生产率（万元/人）"] * 2
    for row, value in enumerate(("12.8", "11.9万元", "约20", 184000, "待公布", "17.5%"), start=1):
        sheet.cell(head + row, column["数值"]).value = value
    sheet.cell(head + 6, column["状态"]).value = "最终"
    send(second_night, book, "回复.xlsx", "2024-03-01")

    output = second_night.must_run()
    assert "1 行退回 / refused" in output and "存疑待核 / to confirm      1 " in output
    assert figures(second_night) == [
        ("gdp_per_capita", "narrow", "11.9", "preliminary", False),
        ("gdp_per_capita", "wide", "12.8", "preliminary", False),
        ("hightech_manufacturing_va_share", "narrow", "17.5", "final", False),
        ("labour_productivity", "narrow", "184000", "preliminary", True),
    ], "one slip neither stops the night nor is taken for certain"
    ((reason,),) = second_night.query(
        "SELECT reason FROM marts.fct_attainment WHERE target_id = ? AND is_current", [PRODUCTIVITY]
    )
    assert "存疑待核实数" in reason
    assert second_night.query(
        "SELECT sender, rows_accepted, rows_refused, rows_unmapped FROM quality.received_file WHERE file_name = '回复.xlsx'"
    ) == [(DEPARTMENT, 4, 1, 0)]

    (returned,) = second_night.paths.returns.glob("退回_回复_*.xlsx")
    book, sheet, head, column = sheet_of(returned, "退回数据")
    slip, refused = sheet.cell(head + 4, column["数值"]), sheet.cell(head + 3, column["数值"])
    assert refused.value == "约20" and "不是数字" in refused.comment.text
    assert slip.value == 184000 and "10000 倍" in slip.comment.text
    refused.value = 20.1
    slip.value = 18.4
    send(second_night, book, "更正.xlsx", "2024-03-04")

    second_night.must_run()
    assert ("labour_productivity", "narrow", "18.4", "preliminary", False) in figures(second_night)
    assert ("labour_productivity", "wide", "20.1", "preliminary", False) in figures(second_night)
    assert second_night.query(
        "SELECT status, sender, rows_accepted, rows_refused, rows_unchanged FROM quality.received_file"
        " WHERE file_name = '更正.xlsx'"
    ) == [("accepted", DEPARTMENT, 5, 0, 3)]
    assert second_night.query(
        "SELECT count(*) FROM quality.suspicious_figure WHERE NOT is_confirmed AND NOT is_replaced"
    ) == [(0,)]
    verdict = "SELECT verdict FROM marts.fct_attainment WHERE target_id = ? AND is_current"
    assert second_night.query(verdict, [PRODUCTIVITY]) == [("met",)]
