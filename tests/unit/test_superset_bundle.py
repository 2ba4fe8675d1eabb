"""The Superset bundle in docs/superset asks for nothing that is not published."""

import re

import pytest
import yaml

from dagster_project.paths import PROJECT_ROOT
from dagster_project.publish.contract import published_relations

BUNDLE = PROJECT_ROOT / "docs" / "superset"


def load(folder: str) -> dict:
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (BUNDLE / folder).rglob("*.yaml")
    }


DATASETS = load("datasets")
CHARTS = load("charts")


def columns_of(dataset: dict) -> set[str]:
    relation = published_relations()[dataset["schema"], dataset["table_name"]]
    return {column.name for column in relation.columns}


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_has_the_columns_of_its_view_with_labels_in_chinese(name):
    dataset = DATASETS[name]
    assert {column["column_name"] for column in dataset["columns"]} == columns_of(dataset)
    for column in dataset["columns"]:
        assert re.search("[一-鿿]", column["verbose_name"]), column["column_name"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_for_columns_of_its_dataset(name):
    chart = CHARTS[name]
    params = chart["params"]
    (dataset,) = [part for part in DATASETS.values() if part["uuid"] == chart["dataset_uuid"]]
    asked = {params["x_axis"]} if "x_axis" in params else set()
    for field in ("groupby", "all_columns", "groupbyRows", "groupbyColumns"):
        asked |= set(params.get(field, ()))
    expressions = [part["sqlExpression"] for part in params.get("adhoc_filters", ())]
    expressions += [
        part["sqlExpression"] for part in [*params.get("metrics", ()), params.get("metric")] if part
    ]
    for expression in expressions:
        asked |= set(re.findall(r"\b[a-z_]{4,}\b", re.sub(r"'[^']*'", "", expression)))
    assert asked <= columns_of(dataset)


def test_the_dashboard_shows_every_chart_and_filters_by_columns_that_exist():
    (dashboard,) = load("dashboards").values()
    shown = {
        part["meta"]["uuid"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part.get("type") == "CHART"
    }
    assert shown == {chart["uuid"] for chart in CHARTS.values()}
    by_uuid = {dataset["uuid"]: dataset for dataset in DATASETS.values()}
    for native_filter in dashboard["metadata"]["native_filter_configuration"]:
        for target in native_filter["targets"]:
            assert target["column"]["name"] in columns_of(by_uuid[target["datasetUuid"]])


def test_the_connection_is_read_only():
    (database,) = load("databases").values()
    assert database["sqlalchemy_uri"].endswith("/published/indicators.duckdb?access_mode=read_only")
    assert database["allow_dml"] is False
