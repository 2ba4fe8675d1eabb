"""What the seeds must agree on beyond references and types: factors of units, labels, lines, regions and days of plans.

Each check lists its faults with file and row; nothing is changed here.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from dagster_project.grammar import simplify
from dagster_project.plans.seed_files import SeedFault, SeedRow

Seeds = Mapping[str, list[SeedRow]]

# a unit stands in the last brackets of a label; 套(间)数 counts 套
_LAST_BRACKETS = re.compile(r"[（(]\s*([^（）()]+?)\s*[）)]$")
# as dbt/macros/labels.sql normalises a label
_FOLD = str.maketrans("（）％：，；＊～＆", "()%:,;*~&")


def check_meaning(seeds: Seeds) -> None:
    """Raise SeedFault listing whatever does not agree."""
    faults = [*_units(seeds), *_labels(seeds), *_documents(seeds), *_targets(seeds)]
    if faults:
        raise SeedFault(faults)


def _units(seeds: Seeds) -> Iterator[str]:
    for row in seeds["unit"]:
        factor = Decimal(row["to_base"])
        if factor <= 0:
            yield row.fault(
                "to_base 须大于 0",
                "to_base must be above 0",
                "make the smallest unit of the dimension its base",
            )
        elif row["from_base"] and factor * Decimal(row["from_base"]) != 1:
            yield row.fault(
                f"from_base {row['from_base']} 不是 to_base {row['to_base']} 的倒数",
                f"from_base {row['from_base']} is not 1 / {row['to_base']}",
                "mend it, or leave it empty where it is no exact decimal",
            )
    known = {row["unit_text"]: row for row in seeds["unit"]}
    for row in seeds["indicator"]:
        if not known[row["unit"]]["from_base"]:
            yield row.fault(
                f"标准单位 {row['unit']} 没有 from_base",
                f"the standard unit {row['unit']} has no from_base",
                "choose a unit that converts back",
            )


def _labels(seeds: Seeds) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for row in seeds["indicator_label"]:
        key = tuple(_folded(row[column]) for column in ("label_text", "sub_text", "qualifier"))
        if key in seen:
            yield row.fault(
                f"标签“{row['label_text']}”与第 {seen[key]} 行只差空格、大小写、全半角或繁简",
                f"label '{row['label_text']}' is that of row {seen[key]} but for spaces, case, width or characters",
                "keep one of them",
            )
        seen.setdefault(key, row.number)


def _folded(text: str) -> str:
    return "".join(simplify(text).translate(_FOLD).split()).lower()


def _documents(seeds: Seeds) -> Iterator[str]:
    for row in seeds["document"]:
        if row["period_end"] < row["period_start"]:
            yield row.fault(
                "规划期末早于期初", "the plan ends before it begins", "mend period_start or period_end"
            )


def _targets(seeds: Seeds) -> Iterator[str]:
    parents = {row["region_code"]: row["parent_region_code"] for row in seeds["region"]}
    regions = {row["document_id"]: row["region_code"] for row in seeds["document"]}
    units = {row["unit_text"] for row in seeds["unit"]}
    lines: dict[tuple[str, str, str], SeedRow] = {}
    for row in seeds["target"]:
        region = row["region_code"]
        while region and region != regions[row["document_id"]]:
            region = parents[region]
        if not region:
            yield row.fault(
                f"地区 {row['region_code']} 不属于规划所在地 {regions[row['document_id']]}",
                f"region {row['region_code']} does not lie in {regions[row['document_id']]}, the region of the plan",
                "correct region_code or document_id",
            )
        first, last = row["period"][:4], row["period"][-4:]
        if "-20" in row["period"] and last < first:
            yield row.fault(
                f"时期“{row['period']}”末年早于首年",
                f"period '{row['period']}' ends before it begins",
                "mend period",
            )
        labels = (row["indicator_text"], row["indicator_sub_text"])
        printed = [
            found[1] for label in labels if (found := _LAST_BRACKETS.search(label)) and found[1] in units
        ]
        if printed and not row["unit_text"]:
            # without it 11 (万元) would be read as 11 of the indicator's own unit
            yield row.fault(
                f"标签印有单位“{printed[0]}”而 unit_text 为空",
                f"the label prints the unit '{printed[0]}', unit_text is empty",
                "fill it in",
            )
        key = (row["document_id"], row["table_ref"], row["line_no"])
        label = (row["indicator_text"], row["indicator_sub_text"])
        other = lines.setdefault(key, row)
        if label != (other["indicator_text"], other["indicator_sub_text"]):
            yield row.fault(
                f"行号 {row['line_no']} 在第 {other.number} 行已是“{other['indicator_text']}”",
                f"line_no {row['line_no']} is '{other['indicator_text']}' in row {other.number} already",
                "give every printed line its own line_no",
            )
