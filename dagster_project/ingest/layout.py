"""The landing layout: the columns a file of actuals has, and the spellings accepted for them.

docs/landing-layout.md says the same to the people who write such files.
"""

import re
import unicodedata

LAYOUT_COLUMNS = (
    "region_code",
    "region_name",
    "indicator_text",
    "qualifier",
    "scope",
    "period",
    "measure",
    "value",
    "unit",
    "status",
    "source_title",
    "source_url",
    "reported_at",
    "note",
    "indicator_id",
    "confirmed",
)
REQUIRED_COLUMNS = ("indicator_text", "period", "value", "source_title")
REGION_COLUMNS = ("region_code", "region_name")

HEADER_SPELLINGS = {
    "区划代码": "region_code",
    "地区代码": "region_code",
    "地区": "region_name",
    "地区名称": "region_name",
    "指标": "indicator_text",
    "指标名称": "indicator_text",
    "限定": "qualifier",
    "口径": "scope",
    "时期": "period",
    "度量": "measure",
    "数值": "value",
    "单位": "unit",
    "计量单位": "unit",
    "状态": "status",
    "来源": "source_title",
    "来源网址": "source_url",
    "发布日期": "reported_at",
    "备注": "note",
    "指标编码": "indicator_id",
    "核实": "confirmed",
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


class LayoutError(ValueError):
    """The header of a file does not have the landing layout."""


def column_of(header: str) -> str | None:
    """The layout column a header cell names, or None."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).strip("*").lower()
    if text in LAYOUT_COLUMNS:
        return text
    return HEADER_SPELLINGS.get(text)


def map_header(header: list[str]) -> dict[str, int]:
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
            f"缺少列，请在第 1 行表头补上 / missing column(s) {', '.join(missing)}: add them to the header in row 1, which reads "
            f"{', '.join(repr(cell[:40]) for cell in header[:20])}"
        )
    return positions
