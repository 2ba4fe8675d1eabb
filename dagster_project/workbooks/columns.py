"""The columns of a reporting workbook: their Chinese heads (which the landing layout knows), English ones, and widths.

The English stands in a row of its own above the header. It must never be a name of the landing layout, or that row
would be taken for the header.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`key` is the column of the landing layout, or a name of our own where ingest has no use for it."""

    key: str
    head: str
    english: str
    width: float
    is_input: bool = False


COLUMNS = (
    Column("region_name", "地区", "Region reported", 12),
    Column("indicator_text", "指标", "Indicator, as the plan prints it", 36),
    Column("scope", "口径", "Statistical scope", 10),
    Column("measure", "度量", "What to report", 10),
    Column("period", "时期", "For the period", 10),
    Column("target", "目标", "Target, and its period", 28),
    Column("last_value", "最近实际", "Last actual", 11),
    Column("last_period", "最近时期", "… of the period", 11),
    Column("unit", "单位", "In the unit", 14),
    Column("value", "数值", "Your figure", 14, is_input=True),
    Column("accumulation", "当期/累计", "Alone, or from January", 11, is_input=True),
    Column("status", "状态", "How final", 8, is_input=True),
    Column("note", "备注", "Remarks", 22, is_input=True),
    Column("confirmed", "核实", "Checked", 8, is_input=True),
    Column("source_title", "来源", "Reported by", 28),
    Column("qualifier", "限定", "Within the task", 24),
    Column("region_code", "区划代码", "Region code of GB/T 2260", 13),
    Column("indicator_id", "指标编码", "Code of the indicator", 36),
)
PLACES = {column.key: number for number, column in enumerate(COLUMNS)}
WIDTHS = {column.key: column.width for column in COLUMNS}

SCOPE_WORDS = {
    "wide": "大口径",
    "narrow": "小口径",
    "own_level": "区本级",
    "urban": "市区",
    "unspecified": "",
}
MEASURE_WORDS = {"value": "数值", "rank": "位次", "grade": "等级", "completion": "完成情况"}
CUMULATIVE = "累计"
CHOICES = {
    "accumulation": ["当期", CUMULATIVE],
    "status": ["初步", "修订", "最终", "撤回"],
    "confirmed": ["是"],
    "scope": [word for word in SCOPE_WORDS.values() if word],
    "measure": list(MEASURE_WORDS.values()),
}
"""What drop-down lists offer."""
COMPLETION_CHOICES = ["完成", "未完成"]
