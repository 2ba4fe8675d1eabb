"""The structure of the SDMX-CSV files as SDMX-ML 3.0: code lists, concepts, data structures and dataflows.

pysdmx knows how SDMX-ML is written; here stands what our data structures are.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.clock import SHANGHAI
from dagster_project.open_formats.sdmx_data import ACTUALS, AGENCY, TARGETS, VERSION
from dagster_project.publish.database import PUBLISHED_EVENT_QUERY

if TYPE_CHECKING:
    import duckdb

STRUCTURE_FILE = "structure.xml"

# what code lists of SDMX call their codes; FREQ and OBS_STATUS use the codes of the cross-domain lists
FIXED_CODES = {
    "CL_FREQ": {
        "A": "年 / Annual",
        "S": "半年 / Half-yearly",
        "Q": "季 / Quarterly",
        "M": "月 / Monthly",
        "_Z": "不适用：时段 / Not applicable: a range of time",
    },
    "CL_OBS_STATUS": {
        "A": "正常值 / Normal value",
        "P": "初步数 / Provisional value",
    },
    "CL_BOUND": {
        "target": "目标值 / Target, or lower end of an interval",
        "upper": "区间上限 / Upper end of an interval",
        "stretch": "力争目标 / Stretch goal",
    },
    "CL_COMPARATOR": {
        "GE": "不低于 / at least",
        "GT": "高于 / more than",
        "LE": "不高于 / at most",
        "LT": "低于 / less than",
        "AB": "左右 / about",
    },
}
# code and name of the members of a list that grows with the data: those that are used
CODE_QUERIES = {
    "CL_AREA": """
        SELECT region_code, region_path FROM marts.dim_region
        WHERE region_code IN (SELECT region_code FROM marts.fct_actual UNION SELECT region_code FROM marts.fct_target)""",
    "CL_INDICATOR": """
        SELECT indicator_id, indicator_name || ' / ' || indicator_name_en FROM marts.dim_indicator
        WHERE indicator_id IN (SELECT indicator_id FROM marts.fct_actual UNION SELECT indicator_id FROM marts.fct_target)""",
    "CL_DOCUMENT": "SELECT document_id, title FROM marts.dim_document",
    "CL_UNIT_MEASURE": """
        SELECT unit_measure, coalesce(
            min(unit_symbol || ' / ' || unit_name_en) FILTER (unit_mult = 0), min(unit_symbol || coalesce(' / ' || unit_name_en, '')))
        FROM marts.dim_unit GROUP BY unit_measure""",
    "CL_UNIT_MULT": "SELECT DISTINCT cast(unit_mult AS VARCHAR), '10^' || unit_mult FROM marts.dim_unit",
    "CL_SCOPE": "SELECT code, label || ' / ' || label_en FROM marts.dim_code WHERE codelist = 'scope'",
    "CL_MEASURE": "SELECT code, label || ' / ' || label_en FROM marts.dim_code WHERE codelist = 'measure'",
    "CL_REVISION_STATUS": "SELECT code, label || ' / ' || label_en FROM marts.dim_code WHERE codelist = 'observation_status'",
    "CL_TARGET_KIND": "SELECT code, label || ' / ' || label_en FROM marts.dim_code WHERE codelist = 'target_kind'",
}

# concept -> name, and the code list or the data type that represents it
CONCEPTS: dict[str, tuple[str, str]] = {
    "FREQ": ("频率 / Frequency", "CL_FREQ"),
    "REF_AREA": ("地区 / Reference area", "CL_AREA"),
    "INDICATOR": ("指标 / Indicator", "CL_INDICATOR"),
    "SCOPE": ("口径 / Statistical scope", "CL_SCOPE"),
    "MEASURE": ("度量：数值、位次、等级、完成情况 / What is measured", "CL_MEASURE"),
    "DOCUMENT": ("规划文件 / Plan document", "CL_DOCUMENT"),
    "TARGET_CELL": ("印刷位置：表:行:栏:分项 / Printed cell: table, line, column, part", "String"),
    "BOUND": ("目标值的哪一端 / Which bound", "CL_BOUND"),
    "TIME_PERIOD": ("时期 / Time period", "ObservationalTimePeriod"),
    "OBS_VALUE": ("数值 / Observation value", "Decimal"),
    "OBS_STATUS": ("观测状态 / Observation status", "CL_OBS_STATUS"),
    "UNIT_MEASURE": ("计量单位 / Unit of measure", "CL_UNIT_MEASURE"),
    "UNIT_MULT": ("单位倍数 / Unit multiplier", "CL_UNIT_MULT"),
    "REVISION_STATUS": ("修订状态 / Status among revisions", "CL_REVISION_STATUS"),
    "VALUE_TEXT": ("原文 / As printed or reported", "String"),
    "DATA_SOURCE": ("数据来源 / Data source", "String"),
    "TARGET_KIND": ("目标类型 / Kind of target", "CL_TARGET_KIND"),
    "COMPARATOR": ("比较符 / Comparator", "CL_COMPARATOR"),
    "IS_PRIMARY": ("是否计入汇总 / Whether it counts in totals", "Boolean"),
}
# dataflow -> name, dimensions, attributes an observation must have, attributes it may have
STRUCTURES = {
    ACTUALS: (
        "实际值 / Actuals",
        ("FREQ", "REF_AREA", "INDICATOR", "SCOPE", "MEASURE", "TIME_PERIOD"),
        ("OBS_STATUS", "UNIT_MEASURE", "UNIT_MULT", "REVISION_STATUS", "DATA_SOURCE"),
        ("VALUE_TEXT",),
    ),
    TARGETS: (
        "目标值 / Targets",
        ("FREQ", "REF_AREA", "INDICATOR", "SCOPE", "DOCUMENT", "TARGET_CELL", "BOUND", "TIME_PERIOD"),
        ("OBS_STATUS", "UNIT_MEASURE", "UNIT_MULT", "TARGET_KIND", "IS_PRIMARY", "VALUE_TEXT"),
        ("COMPARATOR",),
    ),
}


def write_sdmx_structure(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Write structure.xml for the SDMX-CSV files of the database that `connection` has open."""
    from pysdmx.io.xml.sdmx30.writer.structure import write
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    run_id, published_at = connection.execute(PUBLISHED_EVENT_QUERY).fetchone()
    header = Header(
        id=f"V_{run_id}", prepared=published_at.replace(tzinfo=SHANGHAI), sender=Organisation(id=AGENCY)
    )
    write(artefacts(connection), folder / STRUCTURE_FILE, header=header)


def artefacts(connection: "duckdb.DuckDBPyConnection") -> list[Any]:
    """Code lists, concept scheme, data structures and dataflows."""
    from pysdmx.model import (
        Code,
        Codelist,
        Component,
        Components,
        Concept,
        ConceptScheme,
        Dataflow,
        DataStructureDefinition,
        DataType,
        Role,
    )

    codes = {name: sorted(members.items()) for name, members in FIXED_CODES.items()} | {
        name: sorted(connection.execute(query).fetchall()) for name, query in CODE_QUERIES.items()
    }
    lists = {
        name: Codelist(
            id=name,
            name=name,
            agency=AGENCY,
            version=VERSION,
            items=[Code(id=code, name=label) for code, label in members],
        )
        for name, members in codes.items()
    }
    concepts = {
        name: Concept(
            id=name,
            name=label,
            urn=f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{name}",
        )
        for name, (label, _) in CONCEPTS.items()
    }
    scheme = ConceptScheme(
        id="CONCEPTS", name="概念 / Concepts", agency=AGENCY, version=VERSION, items=list(concepts.values())
    )

    def component(name: str, role: Role, required: bool) -> Component:
        represented_by = CONCEPTS[name][1]
        coded = represented_by in lists
        return Component(
            id=name,
            required=required,
            role=role,
            concept=concepts[name],
            local_codes=lists[represented_by] if coded else None,
            local_dtype=None if coded else DataType(represented_by),
            attachment_level="O" if role is Role.ATTRIBUTE else None,
        )

    flows: list[Any] = []
    for dataflow, (label, dimensions, mandatory, optional) in STRUCTURES.items():
        components = [component(name, Role.DIMENSION, True) for name in dimensions]
        components.append(component("OBS_VALUE", Role.MEASURE, True))
        components += [component(name, Role.ATTRIBUTE, True) for name in mandatory]
        components += [component(name, Role.ATTRIBUTE, False) for name in optional]
        structure = DataStructureDefinition(
            id=dataflow, name=label, agency=AGENCY, version=VERSION, components=Components(components)
        )
        flows += [
            structure,
            Dataflow(id=dataflow, name=label, agency=AGENCY, version=VERSION, structure=structure),
        ]
    return [*lists.values(), scheme, *flows]
