"""The open formats hold what is published, and their own libraries find them valid: data against structure."""

import csv
import json
import re
import shutil
from collections import Counter

import duckdb
import frictionless
import pytest
from pysdmx.io import get_datasets
from pysdmx.model import Codelist, DataType, Role

from dagster_project.open_formats import write_open_formats
from dagster_project.publish.contract import published_relations

FORMULA = re.compile(r"[=+\-@\t\r]")
TIME_PERIODS = {
    "A": r"\d{4}",
    "S": r"\d{4}-S[12]",
    "Q": r"\d{4}-Q[1-4]",
    "M": r"\d{4}-(0[1-9]|1[0-2])",
    "_Z": r"\d{4}-\d{2}-\d{2}/P\d+[MY]",
}
FITS = {
    DataType.STRING: lambda text: True,
    DataType.BOOLEAN: lambda text: text in ("true", "false"),
    DataType.DECIMAL: lambda text: bool(re.fullmatch(r"-?\d+(\.\d+)?", text)),
    DataType.PERIOD: lambda text: any(re.fullmatch(pattern, text) for pattern in TIME_PERIODS.values()),
}


@pytest.fixture(scope="module")
def folder(first_night):
    return first_night.paths.published / "open"


@pytest.fixture(scope="module")
def flows(folder):
    """Structure as pysdmx reads it (which holds it against the SDMX schemas), and the rows as they stand in the file."""
    read = {}
    for name in ("actuals", "targets"):
        path = folder / "sdmx" / f"{name}.csv"
        dataset = get_datasets(path, folder / "sdmx" / "structure.xml")[0]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(dataset.data) == len(rows)
        read[name] = (dataset.structure.components, rows)
    return read


def faults(components, rows) -> list[str]:
    """What contradicts the structure: components, codes, types, usage, keys."""
    found = [
        f"no component {name}"
        for name in set(rows[0]) - {part.id for part in components} - {"STRUCTURE", "STRUCTURE_ID", "ACTION"}
    ]
    for part in components:
        values = {row[part.id] for row in rows}
        if part.required and "" in values:
            found.append(f"{part.id} is empty")
        values -= {""}
        if isinstance(part.enumeration, Codelist):
            unknown = values - {code.id for code in part.enumeration}
            found += [f"{part.id}: {value} is not in {part.enumeration.id}" for value in sorted(unknown)]
        else:
            found += [
                f"{part.id}: {value!r} is no {part.dtype}"
                for value in sorted(values)
                if not FITS[part.dtype](value)
            ]
    dimensions = [part.id for part in components if part.role is Role.DIMENSION]
    keys = Counter(tuple(row[name] for name in dimensions) for row in rows)
    found += [f"doubled: {key}" for key, count in keys.items() if count > 1]
    return found


@pytest.mark.parametrize("flow", ["actuals", "targets"])
def test_the_sdmx_data_fit_their_structure(flows, flow):
    assert faults(*flows[flow]) == []


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("REF_AREA", "999999", "999999 is not in CL_AREA"),
        ("OBS_VALUE", "七十万", "'七十万' is no"),
        ("OBS_STATUS", "", "OBS_STATUS is empty"),
        ("TIME_PERIOD", "2023H1", "'2023H1' is no"),
    ],
)
def test_data_that_do_not_fit_would_be_found(flows, column, value, says):
    components, rows = flows["actuals"]
    assert any(says in fault for fault in faults(components, [{**rows[0], column: value}]))
    assert any(fault.startswith("doubled") for fault in faults(components, [rows[0], rows[0]]))


def pick(rows, **wanted) -> list[dict[str, str]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_every_actual_with_a_figure_is_there_under_its_period_unit_and_status(flows, first_night):
    _, rows = flows["actuals"]
    assert [(len(rows),)] == first_night.query(
        "SELECT count(*) FROM marts.fct_actual WHERE value IS NOT NULL"
    )
    (gdp,) = pick(rows, REF_AREA="330400", INDICATOR="gdp", TIME_PERIOD="2021", SCOPE="unspecified")
    assert (gdp["FREQ"], gdp["OBS_VALUE"], gdp["OBS_STATUS"]) == ("A", "6388.38", "A")
    assert (gdp["UNIT_MEASURE"], gdp["UNIT_MULT"]) == ("CNY", "8")
    assert all(re.fullmatch(TIME_PERIODS[row["FREQ"]], row["TIME_PERIOD"]) for row in rows)
    half = "SELECT count(*) FROM marts.fct_actual WHERE period = '2023H1' AND value IS NOT NULL"
    assert [(len(pick(rows, TIME_PERIOD="2023-S1")),)] == first_night.query(half) != [(0,)]
    assert pick(rows, TIME_PERIOD="2020-01-01/P9M")


def test_every_target_with_a_figure_is_there_with_its_comparator(flows, first_night):
    _, rows = flows["targets"]
    assert [(len(rows),)] == first_night.query(
        "SELECT count(target_value_std) + count(target_value_high_std) + count(stretch_value_std) FROM marts.fct_target"
    )
    (target,) = pick(rows, DOCUMENT="shengzhou_2021_2025_action_plan", TARGET_CELL="表1:1:2022年:0")
    assert (target["TIME_PERIOD"], target["OBS_VALUE"], target["COMPARATOR"]) == ("2022", "110000", "GE")
    assert (target["UNIT_MEASURE"], target["UNIT_MULT"], target["VALUE_TEXT"]) == ("CNY", "0", "11")
    assert pick(rows, TIME_PERIOD="2021-01-01/P5Y")
    (growth,) = pick(rows, TARGET_KIND="growth", VALUE_TEXT="增长1.3%")
    assert (growth["OBS_VALUE"], growth["UNIT_MEASURE"]) == ("1.3", "PT"), "not 1.3 亿元"


def test_no_text_of_a_csv_would_run_as_a_formula(folder):
    for path in sorted((folder / "sdmx").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                risky = {name for name, cell in row.items() if FORMULA.match(cell)}
                assert risky <= {"OBS_VALUE"}, row
    with (folder / "sdmx" / "targets.csv").open(encoding="utf-8", newline="") as file:
        printed = {row["VALUE_TEXT"] for row in csv.DictReader(file)}
    assert "'-6.50%" in printed, "a printed minus is kept, behind an apostrophe"


@pytest.fixture(scope="module")
def package(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_the_data_package_describes_every_published_table(package, first_night):
    tables = {name for (_, name), relation in published_relations().items() if not relation.is_view}
    assert {resource["name"] for resource in package["resources"]} == tables
    for resource in package["resources"]:
        assert " / " in resource["title"], resource["name"]
        for field in resource["schema"]["fields"]:
            assert " / " in field["description"], (resource["name"], field["name"])
    attainment = next(resource for resource in package["resources"] if resource["name"] == "fct_attainment")
    assert attainment["schema"]["primaryKey"] == ["target_id", "evaluation_period"]
    assert {"fields": ["target_id"], "reference": {"resource": "fct_target", "fields": ["target_id"]}} in (
        attainment["schema"]["foreignKeys"]
    )


@pytest.mark.parametrize(
    "table", [name for (_, name), relation in published_relations().items() if not relation.is_view]
)
def test_frictionless_finds_types_keys_and_references_valid(folder, table):
    report = frictionless.Package(str(folder / "datapackage.json")).get_resource(table).validate()
    assert [error.message for error in report.task.errors] == []
    assert report.valid


def test_frictionless_finds_a_row_that_refers_to_nothing(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "open")
    with duckdb.connect() as connection:
        source = folder / "parquet" / "dim_department.parquet"
        target = tmp_path / "open" / "parquet" / "dim_department.parquet"
        target.unlink()
        connection.execute(
            f"COPY (SELECT * REPLACE ('999999' AS region_code) FROM '{source}') TO '{target}' (FORMAT parquet)"
        )
    package = frictionless.Package(str(tmp_path / "open" / "datapackage.json"))
    report = package.get_resource("dim_department").validate()
    assert "foreign-key" in {error.type for error in report.task.errors}


def test_parquet_holds_the_rows_that_are_published(folder, first_night):
    for schema, name in [key for key, relation in published_relations().items() if not relation.is_view]:
        with duckdb.connect(str(first_night.database), read_only=True) as connection:
            differing = connection.execute(
                f"SELECT count(*) FROM ((FROM {schema}.{name} EXCEPT ALL FROM '{folder}/parquet/{name}.parquet')"
                f" UNION ALL (FROM '{folder}/parquet/{name}.parquet' EXCEPT ALL FROM {schema}.{name}))"
            ).fetchone()
        assert differing == (0,), name


def test_the_same_database_gives_the_same_bytes(folder, first_night, tmp_path):
    with duckdb.connect(str(first_night.database), read_only=True) as connection:
        write_open_formats(connection, tmp_path / "again")
    published = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = {
        path.relative_to(tmp_path / "again"): path.read_bytes()
        for path in (tmp_path / "again").rglob("*")
        if path.is_file()
    }
    assert published == again
