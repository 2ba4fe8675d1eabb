"""What readers may rely on: names, keys and references of the published file are those of the contract."""

import re

import duckdb
import pytest

from dagster_project.paths import PROJECT_ROOT
from dagster_project.publish.contract import CONTRACT_FILE, fingerprint, published_relations

RELATIONS = published_relations()
CHANGELOG = PROJECT_ROOT / "docs" / "changelog-of-tables.md"


def test_what_is_published_is_what_the_contract_says(first_night):
    columns = first_night.query(
        "SELECT schema_name, table_name, column_name, lower(data_type) FROM duckdb_columns()"
        " WHERE NOT internal ORDER BY schema_name, table_name, column_index"
    )
    published: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, data_type in columns:
        published.setdefault((schema, table), []).append((column, data_type))
    assert published == {
        key: [(column.name, column.type) for column in relation.columns]
        for key, relation in RELATIONS.items()
    }, f"{CONTRACT_FILE} and the published file differ: a change for every reader, to be made on purpose"
    views = first_night.query("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal")
    assert set(views) == {key for key, relation in RELATIONS.items() if relation.is_view}


def test_the_changelog_knows_the_contract_as_it_is():
    newest = CHANGELOG.read_text(encoding="utf-8").split("\n## ")[1]
    assert f"`{fingerprint()}`" in newest.splitlines()[0], (
        f"the published names changed: tell their readers in {CHANGELOG.name}, "
        f"under a new heading with the fingerprint `{fingerprint()}`"
    )


@pytest.fixture(scope="module")
def connection(first_night):
    with duckdb.connect(str(first_night.database), read_only=True) as opened:
        yield opened


@pytest.mark.parametrize("relation", RELATIONS.values(), ids=lambda relation: relation.name)
def test_keys_references_and_codes_hold(relation, connection):
    name = f"{relation.schema}.{relation.name}"
    if relation.key:
        key = ", ".join(relation.key)
        doubled = connection.execute(f"SELECT {key} FROM {name} GROUP BY ALL HAVING count(*) > 1").fetchall()
        assert doubled == []
        empty = connection.execute(
            f"SELECT {key} FROM {name} WHERE " + " OR ".join(f"{column} IS NULL" for column in relation.key)
        ).fetchall()
        assert empty == []
    for column in relation.columns:
        if column.references:
            table, parent = column.references.rsplit(".", 1)
            known = f"SELECT {parent} FROM {table}"
        elif column.codes:
            known = f"SELECT code FROM marts.dim_code WHERE codelist = '{column.codes}'"
        else:
            continue
        orphans = connection.execute(
            f"SELECT DISTINCT {column.name} FROM {name}"
            f" WHERE {column.name} IS NOT NULL AND {column.name} NOT IN ({known})"
        ).fetchall()
        assert orphans == [], f"{name}.{column.name}"


def test_a_reference_points_at_the_key_of_a_published_table():
    for relation in RELATIONS.values():
        for column in relation.columns:
            if column.references:
                schema, table, parent = column.references.split(".")
                assert RELATIONS[schema, table].key == (parent,), column.references


def test_the_docs_list_every_reference():
    page = (PROJECT_ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    listed = {
        (column, parent.strip("`"))
        for columns, parent in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (`\w+\.\w+`) \|$", page, re.MULTILINE)
        for column in re.findall(r"`(\w+)`", columns)
    }
    assert listed == {
        (column.name, column.references.removeprefix("marts."))
        for relation in RELATIONS.values()
        for column in relation.columns
        if column.references
    }


def test_comments_say_where_a_column_leads(first_night):
    comments = dict(
        first_night.query(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'fct_attainment'"
        )
    )
    assert comments["target_id"].endswith("→ fct_target.target_id")
    assert comments["verdict"].endswith("→ dim_code (verdict)")
    assert "→" not in comments["reason"]
    assert first_night.query("SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_attainment'")[0][
        0
    ].endswith("[主键 / key: target_id, evaluation_period]")


def test_the_current_light_says_in_words_what_is_printed_and_what_came_of_it(first_night):
    """Shengzhou's GDP per capita of 2022: printed 11 万元, published 99856 元."""
    assert first_night.query(
        "SELECT region_name, indicator_name, target_text, actual_value::INT, unit, verdict_label, verdict_label_en,"
        " light_label, document_title, source_cell FROM marts.vw_current_light WHERE target_id = ?",
        ["shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"],
    ) == [
        (
            "嵊州市",
            "人均地区生产总值",
            "11",
            99856,
            "元",
            "未达标",
            "missed",
            "黄灯",
            first_night.query(
                "SELECT title FROM marts.dim_document WHERE document_id = 'shengzhou_2021_2025_action_plan'"
            )[0][0],
            first_night.query(
                "SELECT concat('《', title, '》 表1 第1项 ', indicator_text, ' 2022年') FROM marts.fct_target"
                " JOIN marts.dim_document USING (document_id) WHERE target_id = ?",
                ["shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"],
            )[0][0],
        )
    ]


def test_views_lose_and_double_no_row_of_the_facts(first_night):
    for view, fact in (
        ("vw_current_light", "SELECT count(*) FROM marts.fct_target"),
        ("vw_department_sheet", "SELECT count(*) FROM marts.bridge_target_department"),
        ("vw_indicator_year", "SELECT count(*) FROM marts.fct_indicator_year"),
        ("vw_league_table", "SELECT count(*) FROM marts.fct_ranking"),
    ):
        assert first_night.query(f"SELECT count(*) FROM marts.{view}") == first_night.query(fact), view
    assert first_night.query(
        "SELECT count(*) FROM (SELECT peer_group_id, indicator_id, scope, count(DISTINCT period) AS periods"
        " FROM marts.vw_league_table WHERE is_latest GROUP BY ALL) WHERE periods <> 1"
    ) == [(0,)]
