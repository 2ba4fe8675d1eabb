"""The sheet 退回说明 of a return: what came back, why, and what to do."""

from collections.abc import Iterator

from dagster_project.workbooks.names import visible
from dagster_project.workbooks.refusals import Refusal

NOTE_SHEET = "退回说明"
ROWS_SHEET = "退回数据"
CONFIRM = "若无误，请在“核实”列填“是”后重新报送"


def note_lines(refusal: Refusal, rows_listed: int | None) -> Iterator[tuple[str, str]]:
    """Look and text of each line. `rows_listed`: how many rows the other sheet lists where it does not hold all."""
    yield "title", "退回说明 / What came back, and what to do"
    sender = f"　报送 / from：{visible(refusal.sender)}" if refusal.sender else ""
    yield "paragraph", f"文件 / file：{visible(refusal.file_name)}"
    yield "paragraph", f"收到 / received：{refusal.received_at:%Y-%m-%d %H:%M}{sender}"
    yield "paragraph", ""
    if refusal.whole_reason:
        yield from _whole(refusal)
    if refusal.status != "refused":
        yield from _result(refusal, rows_listed)
        yield from _steps(refusal)
    if refusal.reasons:
        yield "paragraph", ""
        yield "heading", "退回原因 / Reasons"
        for reason, count in refusal.reasons:
            yield "paragraph", f"{count} 行：{reason}"


def _whole(refusal: Refusal) -> Iterator[tuple[str, str]]:
    if refusal.status == "quarantined":
        heading = "整份暂缓采用 / Held back as a whole"
        advice = "请核对整份数据；确有错误的，改正后重新报送；确认无误的，请告知数仓管理员放行。"
    else:
        heading = "整份未能读取 / The file could not be read"
        advice = "请按原因改正后重新报送原文件。"
    yield "heading", heading
    yield "paragraph", f"原因：{refusal.whole_reason}"
    yield "paragraph", advice
    yield "paragraph", ""


def _result(refusal: Refusal, rows_listed: int | None) -> Iterator[tuple[str, str]]:
    yield "heading", "结果 / Result"
    held = "（整份暂缓，均未采用）" if refusal.status == "quarantined" else ""
    yield (
        "paragraph",
        f"已接收 {refusal.rows_accepted} 行{held}，退回 {refusal.rows_refused} 行，待核实 {refusal.rows_suspicious} 行。",
    )
    if refusal.rows_waiting:
        yield (
            "paragraph",
            f"退回的行中有 {refusal.rows_waiting} 行的地区或单位尚未登记；管理员登记后会自动重新读取，不必重报。",
        )
    if rows_listed is not None:
        yield (
            "paragraph",
            f"文件较大，“{ROWS_SHEET}”只列出 {rows_listed} 行有问题的行，“原行号”是它们在原文件中的行号。",
        )
    yield "paragraph", ""


def _steps(refusal: Refusal) -> Iterator[tuple[str, str]]:
    steps = []
    if refusal.rows_refused:
        steps.append(
            f"在“{ROWS_SHEET}”中找到以 ✗ 开头、标红的行，按“退回原因”改正标红的格子（鼠标移到格子上可看原因）。"
        )
    if refusal.rows_suspicious:
        steps.append(f"以 ？开头、标黄的数已暂按初步数采用：有误请改正；{CONFIRM}。")
    steps.append("保存后把本文件直接发回即可，不必删除其他行：已接收的行重复报送没有影响。")
    yield "heading", "怎么办 / What to do"
    for number, step in enumerate(steps, start=1):
        yield "paragraph", f"{number}. {step}"
    yield (
        "paragraph",
        "Correct the marked cells and send this very file again; rows already taken do no harm.",
    )
