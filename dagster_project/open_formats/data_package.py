"""Every published table as Parquet, described by a Frictionless datapackage.json."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.publish.contract import Relation, published_relations

if TYPE_CHECKING:
    import duckdb

FIELD_TYPES = {
    "varchar": "string",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
}


def write_data_package(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Write parquet/<table>.parquet for every published table, and datapackage.json beside the folder."""
    parquet = folder / "parquet"
    parquet.mkdir()
    published = {
        (schema, table): comment
        for schema, table, comment in connection.execute(
            "SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall()
    }
    tables = [relation for key, relation in sorted(published_relations().items()) if key in published]
    for relation in tables:
        connection.execute(
            f"COPY (FROM {relation.schema}.{relation.name} ORDER BY ALL)"
            f" TO '{parquet / relation.name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "data-package",
        "name": "common-prosperity-indicators",
        "title": "共富指标数仓：目标、实际与亮灯 / Common-prosperity indicators: targets, actuals and lights",
        "description": (
            "县级规划的指标目标、公布的实际值和由此得出的结论，表间关系见 foreignKeys / Targets of county plans, published"
            " actuals, and the verdicts that come of them; foreignKeys say how the tables hang together."
        ),
        "resources": [
            _resource(connection, relation, published[relation.schema, relation.name]) for relation in tables
        ],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(
    connection: "duckdb.DuckDBPyConnection", relation: Relation, comment: str | None
) -> dict[str, Any]:
    described = {
        column: (text, is_nullable)
        for column, text, is_nullable in connection.execute(
            "SELECT column_name, comment, is_nullable FROM duckdb_columns()"
            " WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
            [relation.schema, relation.name],
        ).fetchall()
    }
    fields = []
    for column in relation.columns:
        text, is_nullable = described[column.name]
        field: dict[str, Any] = {
            "name": column.name,
            "type": "number" if column.type.startswith("decimal") else FIELD_TYPES[column.type],
            "description": text or "",
        }
        if not is_nullable or column.name in relation.key:
            field["constraints"] = {"required": True}
        fields.append(field)
    # an empty text is a value; a null of an integer column comes out of Parquet readers as "nan"
    schema: dict[str, Any] = {"fields": fields, "missingValues": ["nan"]}
    if relation.key:
        schema["primaryKey"] = list(relation.key)
    references = [
        (column.name, column.references.split(".")) for column in relation.columns if column.references
    ]
    if references:
        schema["foreignKeys"] = [
            {
                "fields": [name],
                # a resource refers to itself by the empty name
                "reference": {"resource": "" if table == relation.name else table, "fields": [field]},
            }
            for name, (_, table, field) in references
        ]
    title, _, description = (comment or "").partition(" [")
    return {
        "name": relation.name,
        "path": f"parquet/{relation.name}.parquet",
        "title": title,
        "description": f"{relation.schema}.{relation.name}" + (f" [{description}" if description else ""),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }
