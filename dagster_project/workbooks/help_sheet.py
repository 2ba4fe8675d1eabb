"""The sheet 填报说明 of a template: how to fill it in, in plain words."""

from collections.abc import Iterator

SHEET_NAME = "填报说明"

SECTIONS = (
    (
        "怎么填 / How to fill in",
        "1. 只填浅黄色的格子：数值、当期/累计、状态、备注、核实。其余格子已锁定，请勿增删行列。",
        "2. “数值”只写数字，按本行“单位”填，例如单位是“万元”就把 125000 元写成 12.5；不要在数字后写单位。",
        "3. 还没有数据的行留空即可，以后再报；空行不算错误，已报的行重复报送也没有关系。",
        "4. 度量为“等级”“完成情况”的行写文字，例如“二甲”“完成”；“位次”只写名次的数字。",
        "Fill in the yellow cells only. Digits in the unit of the row; leave empty what is not known yet.",
    ),
    (
        "当期与累计 / This period alone, or year to date",
        "当期：只是本季度（本月）的数。累计：从 1 月 1 日到本期末的数，例如上半年累计。",
        "流量和增速默认选“累计”，报的是单季数请改选“当期”。时点数、比率一般留空。斜线格不用填。",
        "Choose 累计 for January to date, 当期 for the quarter alone.",
    ),
    (
        "状态 / How final a figure is",
        "初步：快报、初步核算数；不填按“初步”。修订：对以前报过的数作了更正。最终：年报、最终核实数。",
        "撤回：以前报过的数作废，数值可留空。改数时填新的数值和“修订”，旧数会保留在历史中，不会丢失。",
        "Preliminary (also when left empty), revised, final, retracted.",
    ),
    (
        "标黄与核实 / Figures that look unlikely",
        "数值与“最近实际”相差 100 倍以上时会变成橙色并加粗，多半是单位错了，请先核对。",
        "确认无误的，在“核实”列选“是”，再报送。",
        "A figure a hundred times the last one turns orange: check the unit, then confirm with 是.",
    ),
    (
        "报送与退回 / Sending, and what comes back",
        "填好后保存为 .xlsx，发给数仓管理员，或放进收件箱文件夹（landing/inbox）。文件名随意，可以分几次报。",
        "不能采用的行会退回：退回件里出错的格子标红，“退回原因”列写明原因；改好后把退回件直接发回即可。",
        "没有退回的行已经采用。Refused rows come back marked with the reason; correct and send that file.",
    ),
)  # fmt: skip


def help_lines() -> Iterator[tuple[str, str]]:
    """Look and text of each line."""
    yield "title", "填报说明 / How to report"
    for heading, *paragraphs in SECTIONS:
        yield "paragraph", ""
        yield "heading", heading
        for paragraph in paragraphs:
            yield "paragraph", paragraph
