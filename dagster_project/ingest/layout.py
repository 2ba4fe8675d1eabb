"""The landing layout: the columns a file of actuals has, and the spellings accepted for them.

docs/landing-layout.md says the same to the people who write such files.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

LAYOUT_COLUMNS = (
    "region_code",
    "region_name",
    "indicator_id",
    "indicator_text",
    "qualifier",
    "scope",
    "period",
    "accumulation",
    "measure",
    "value",
    "unit",
    "status",
    "source_title",
    "source_url",
    "reported_at",
    "confirmed",
    "note",
)
REQUIRED_COLUMNS = ("indicator_text", "period", "value", "source_title")
REGION_COLUMNS = ("region_code", "region_name")

HEADER_SPELLINGS = {
    "区划代码": "region_code",
    "地区代码": "region_code",
    "地区": "region_name",
    "地区名称": "region_name",
    "指标编码": "indicator_id",
    "指标": "indicator_text",
    "指标名称": "indicator_text",
    "限定": "qualifier",
    "口径": "scope",
    "时期": "period",
    "期间": "period",
    "当期/累计": "accumulation",
    "度量": "measure",
    "数值": "value",
    "实际值": "value",
    "单位": "unit",
    "计量单位": "unit",
    "状态": "status",
    "来源": "source_title",
    "来源网址": "source_url",
    "发布日期": "reported_at",
    "核实": "confirmed",
    "备注": "note",
}

SCOPES = {
    "": "unspecified",
    "unspecified": "unspecified",
    "未注明": "unspecified",
    "wide": "wide",
    "大口径": "wide",
    "narrow": "narrow",
    "小口径": "narrow",
    "管理口径": "narrow",
    "own_level": "own_level",
    "区本级": "own_level",
    "urban": "urban",
    "市区": "urban",
}
MEASURES = {
    "": "value",
    "value": "value",
    "数值": "value",
    "rank": "rank",
    "位次": "rank",
    "grade": "grade",
    "等级": "grade",
    "completion": "completion",
    "完成情况": "completion",
}
STATUSES = {
    "": "preliminary",
    "preliminary": "preliminary",
    "初步": "preliminary",
    "revised": "revised",
    "修订": "revised",
    "final": "final",
    "最终": "final",
    "retracted": "retracted",
    "撤回": "retracted",
}

ACCUMULATIONS = {
    "": "discrete",
    "discrete": "discrete",
    "当期": "discrete",
    "cumulative": "cumulative",
    "累计": "cumulative",
}
CONFIRMATIONS = {
    "": "",
    "否": "",
    "no": "",
    "false": "",
    "是": "yes",
    "已核实": "yes",
    "确认": "yes",
    "yes": "yes",
    "true": "yes",
}
PLACEHOLDERS = {
    "", "-", "--", "---", "—", "——", "–", "―", "−", "/", "//", "\\", "…", "……", "...", "······",
    "n/a", "na", "n.a.", "无数据", "暂无", "暂无数据", "暂缺", "缺", "待公布", "暂未公布", "未公布", "尚未公布",
    "待发布", "未发布", "待定", "待报", "待填", "未统计", "暂未统计", "不参评",
}  # fmt: skip
"""What stands in a value cell where there is no figure (in half-width characters and lower case)."""


LATIN_TAIL = re.compile(r"(?<=[\u4e00-\u9fff])[/(]?[a-z0-9_ .]+\)?$")
"""The English that stands behind a Chinese heading: 数值 / value."""


class LayoutError(ValueError):
    """The header of a file does not have the landing layout."""


def column_of(header: str) -> str | None:
    """The layout column a header cell names, or None."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).strip("*").lower()
    if text in LAYOUT_COLUMNS:
        return text
    return HEADER_SPELLINGS.get(text) or HEADER_SPELLINGS.get(LATIN_TAIL.sub("", text))


@dataclass(frozen=True)
class Header:
    """Where a table's header stands (row numbers count from 1) and which column of it is which."""

    first_row: int
    last_row: int
    width: int
    positions: dict[str, int]


def find_header(rows: list[list[str]]) -> Header:
    """The header among the first rows of a table: one row, or two where cells were merged over columns.

    Raises LayoutError naming doubled or missing columns of the row that comes closest.
    """
    likeliest = max(range(len(rows)), key=lambda row: (_columns_known(rows[row]), -row), default=None)
    for place in range(len(rows)):
        with suppress(LayoutError):
            return Header(place + 1, place + 1, len(rows[place]), map_header(rows[place]))
    for place in range(len(rows) - 1):
        merged = _merged(rows[place], rows[place + 1])
        with suppress(LayoutError):
            return Header(place + 1, place + 2, len(merged), map_header(merged, place + 1))
    map_header(rows[likeliest] if rows else [], (likeliest or 0) + 1)
    raise AssertionError("a row that has the layout was found above")


def _columns_known(row: list[str]) -> int:
    return sum(column_of(cell) is not None for cell in row)


def _merged(upper: list[str], lower: list[str]) -> list[str]:
    """One header of two rows: the lower cell where it names a column, else the upper one."""
    return [
        below if column_of(below) else above if column_of(above) else above + below
        for above, below in zip_longest(upper, lower, fillvalue="")
    ]


def map_header(header: list[str], row_no: int = 1) -> dict[str, int]:
    """Layout column -> position in the file. Columns the layout does not know are left out.

    Raises LayoutError naming doubled or missing columns.
    """
    positions: dict[str, int] = {}
    for position, cell in enumerate(header):
        column = column_of(cell)
        if column is None:
            continue
        if column in positions:
            raise LayoutError(
                f"列重复，请只保留其一 / column {column!r} stands twice, as {header[positions[column]]!r} and {cell!r}: "
                "keep one of them"
            )
        positions[column] = position
    missing = [column for column in REQUIRED_COLUMNS if column not in positions]
    if not any(column in positions for column in REGION_COLUMNS):
        missing.append("region_code")
    if missing:
        raise LayoutError(
            f"缺少列，请在第 {row_no} 行表头补上 / missing column(s) {', '.join(missing)}: add them to the header in row "
            f"{row_no}, which reads {', '.join(repr(cell[:40]) for cell in header[:20])}"
        )
    return positions
