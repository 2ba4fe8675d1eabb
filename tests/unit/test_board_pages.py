"""The board from made-up rows: what files bring is harmless, figures are written right, pages stay small."""

import csv
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.board import build_board, text
from dagster_project.board.charts import chart_of
from dagster_project.board.labels import both, names
from dagster_project.codelists import LIGHT_SHAPES
from dagster_project.paths import SEEDS_DIR
from tests.made_up_plans import made_up_published
from tests.published_schema import add_row, empty_published

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)></style></span>{{ 7 * 7 }}"""
MAX_PAGE_BYTES = 1_000_000


class Tags(HTMLParser):
    """All opening tags of a page, and its text."""

    def __init__(self, page: Path):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)


def hostile_published():
    """One region, one plan, one target; every text tries to break out of the page."""
    connection = empty_published()
    region, document, indicator = "../../etc", HOSTILE, HOSTILE
    add_row(
        connection,
        "marts.dim_region",
        region_code=region,
        region_name=HOSTILE,
        region_level=HOSTILE,
        region_path=HOSTILE,
    )
    add_row(
        connection,
        "marts.dim_document",
        document_id=document,
        title=HOSTILE,
        issuer=HOSTILE,
        doc_number=HOSTILE,
        region_code=region,
    )
    add_row(
        connection,
        "marts.dim_indicator",
        indicator_id=indicator,
        indicator_name=HOSTILE,
        indicator_name_en=HOSTILE + "en",
        unit=HOSTILE,
        domain=HOSTILE,
    )
    add_row(connection, "marts.dim_period", period="2023", period_type="year", year=2023)
    add_row(connection, "marts.dim_source", source_id="s", title=HOSTILE, url="javascript:alert(3)")
    target = {
        "target_id": "t",
        "document_id": document,
        "region_code": region,
        "indicator_id": indicator,
        "scope": "wide",
        "period": "2023",
    }
    add_row(
        connection,
        "marts.fct_target",
        **target,
        table_ref=HOSTILE,
        line_no=1,
        column_ref=HOSTILE,
        part_no=0,
        row_no=HOSTILE,
        printed_category=HOSTILE,
        indicator_text=HOSTILE,
        indicator_sub_text=HOSTILE,
        value_text=HOSTILE,
        target_kind="threshold",
        target_value_std=Decimal(3),
        unit=HOSTILE,
        designation=HOSTILE,
        correction=HOSTILE,
        is_primary=True,
        task_id="k",
        rule_id=HOSTILE,
    )
    add_row(
        connection,
        "marts.fct_attainment",
        target_id="t",
        evaluation_period="2023",
        actual_value=Decimal(2),
        actual_source="s",
        scope_used="wide",
        verdict="missed",
        light="red",
        is_current=True,
        reason=HOSTILE,
        reason_en=HOSTILE,
    )
    add_row(
        connection,
        "marts.fct_indicator_year",
        region_code=region,
        indicator_id=indicator,
        scope="wide",
        year=2023,
        actual_value=2,
    )
    roll_up = dict.fromkeys(
        ("target_count", "task_count", "judged_count", "overdue_count", "not_reported_count"), 1
    )
    roll_up |= {f"{light}_count": 1 for light in LIGHT_SHAPES}
    add_row(
        connection,
        "marts.rpt_department_scorecard",
        department_id="d/..\\" + HOSTILE,
        department_name=HOSTILE,
        region_code=region,
        not_reported=HOSTILE,
        statement=HOSTILE,
        **roll_up,
    )
    add_row(connection, "marts.bridge_target_department", target_id="t", department_id="d/..\\" + HOSTILE)
    add_row(
        connection,
        "marts.fct_task",
        task_id="k",
        document_id=document,
        table_ref=HOSTILE,
        task_no=1,
        task_name=HOSTILE,
        task_kind="task",
        department_text=HOSTILE,
        region_code=region,
    )
    add_row(
        connection,
        "marts.fct_pilot_site",
        site_id="p",
        document_id=document,
        table_ref=HOSTILE,
        site_no=1,
        category_text=HOSTILE,
        site_name=HOSTILE,
        is_named=False,
        marks=HOSTILE,
        department_text=HOSTILE,
        region_code=region,
    )
    add_row(
        connection,
        "marts.rpt_target_conflict",
        conflict_kind=HOSTILE,
        region_code=region,
        indicator_id=indicator,
        scope="wide",
        period="2023",
        first_source=HOSTILE,
        first_place=HOSTILE,
        first_text=HOSTILE,
        second_target_id="t",
        second_source=HOSTILE,
        reason=HOSTILE,
    )
    add_row(
        connection,
        "marts.rpt_light_change",
        target_id="t",
        light_before="grey",
        light_now="red",
        cause=HOSTILE,
        reason=HOSTILE,
    )
    add_row(
        connection,
        "marts.fct_ranking",
        peer_group_id="../" + HOSTILE,
        peer_group_name=HOSTILE,
        region_code=region,
        indicator_id=indicator,
        scope="wide",
        period="2023",
        peers_expected=2,
        peers_present=1,
        value=2,
    )
    add_row(
        connection,
        "quality.rejected_row",
        file_name=HOSTILE,
        row_no=3,
        reason=HOSTILE,
        waits_for_seeds=True,
        row_text=HOSTILE,
    )
    add_row(
        connection, "quality.received_file", file_id="f", file_name=HOSTILE, status=HOSTILE, reason=HOSTILE
    )
    add_row(
        connection,
        "quality.unmapped_label",
        origin="actual",
        label_text=HOSTILE,
        qualifier=HOSTILE,
        unit_text=HOSTILE,
        row_count=1,
        example=HOSTILE,
        candidates=HOSTILE,
    )
    add_row(
        connection,
        "quality.run_log",
        run_id=HOSTILE,
        event=HOSTILE,
        logged_at="2024-06-30 02:00:00",
        detail=HOSTILE,
    )
    add_row(
        connection,
        "quality.check_result",
        run_id="r",
        gate=HOSTILE,
        check_name=HOSTILE,
        severity="warning",
        success=False,
        title=HOSTILE,
        checked_at="2024-06-30 02:00:00",
    )
    return connection


@pytest.fixture(scope="module")
def hostile_board(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "board"
    with hostile_published() as connection:
        build_board(connection, folder)
    return folder


def test_hostile_texts_stay_texts(hostile_board):
    shown = 0
    for page in hostile_board.rglob("*.html"):
        tags = Tags(page)
        scripts = [attributes.get("src") for tag, attributes in tags.tags if tag == "script"]
        assert len(scripts) == 1 and scripts[0].endswith("assets/board.js"), page
        assert not [tag for tag, _ in tags.tags if tag in ("img", "iframe", "object")], page
        for tag, attributes in tags.tags:
            assert not [name for name in attributes if name.startswith("on")], (page, tag)
            assert not (attributes.get("href") or "").lower().startswith("javascript"), page
        shown += "".join(tags.words).count("<script>alert(1)</script>")
    assert shown > 20


def test_hostile_names_stay_in_the_folder(hostile_board):
    files = {path.relative_to(hostile_board) for path in hostile_board.rglob("*") if path.is_file()}
    assert all(re.fullmatch(r"[A-Za-z0-9~_./-]+", str(path)) and ".." not in path.parts for path in files)
    assert not list(hostile_board.parent.glob("*.html")) and not list(
        hostile_board.parent.parent.glob("etc*")
    )


@pytest.mark.parametrize("regions", [0, 3])
def test_every_link_leads_somewhere(regions, tmp_path):
    folder = tmp_path / "board"
    with made_up_published(regions, 20) as connection:
        summary = build_board(connection, folder)
    pages = {page.resolve(): Tags(page) for page in folder.rglob("*.html")}
    assert summary["pages"] == len(pages) >= 7
    ids = {
        page: {attributes["id"] for _, attributes in tags.tags if "id" in attributes}
        for page, tags in pages.items()
    }
    links = 0
    for page, tags in pages.items():
        for tag, attributes in tags.tags:
            address = attributes.get("href") if tag in ("a", "link") else attributes.get("src")
            if not address or urlsplit(address).scheme:
                continue
            path, fragment = unquote(urlsplit(address).path), unquote(urlsplit(address).fragment)
            goal = (page.parent / path).resolve() if path else page
            assert goal.exists(), (page, address)
            assert not fragment or fragment in ids[goal], (page, address)
            links += 1
    assert links > regions * 20


def test_ids_are_used_once(tmp_path):
    with made_up_published(2, 15) as connection:
        build_board(connection, tmp_path / "board")
    for page in (tmp_path / "board").rglob("*.html"):
        found = [attributes["id"] for _, attributes in Tags(page).tags if "id" in attributes]
        assert len(found) == len(set(found)), page


@pytest.mark.slow
def test_a_region_of_300_indicators_stays_under_a_megabyte(tmp_path):
    with made_up_published(1, 300) as connection:
        summary = build_board(connection, tmp_path / "board")
    assert summary["largest_page"].startswith("regions/")
    assert summary["largest_page_bytes"] < MAX_PAGE_BYTES


def test_both_languages_are_escaped_and_equal_ones_are_written_once():
    assert both("<a>", "b&c") == "<span lang=zh>&lt;a&gt;</span><span lang=en>b&amp;c</span>"
    assert both("GDP", "GDP") == "GDP" and both("甲", None) == "甲" and both(None, None) == ""


def seed_values(seed: str, column: str) -> set[str]:
    with (SEEDS_DIR / seed).open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)} - {""}


@pytest.mark.parametrize(
    ("codelist", "seed", "column"),
    [
        ("domain", "indicator.csv", "domain"),
        ("region_level", "region.csv", "region_level"),
        ("scope", "target.csv", "scope"),
        ("light", "light_rules.csv", "light"),
        ("verdict", "light_rules.csv", "verdict"),
        ("task_kind", "task.csv", "task_kind"),
        ("gap_kind", "gap_measure.csv", "gap_kind"),
    ],
)
def test_every_code_of_the_seeds_has_an_english_name(codelist, seed, column):
    for code in seed_values(seed, column):
        _, english = names(codelist, code)
        assert english and english.isascii() or "–" in english, code


def test_every_light_has_a_shape_of_its_own():
    assert (
        len(set(LIGHT_SHAPES.values())) == len(LIGHT_SHAPES) == len(seed_values("light_rules.csv", "light"))
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("99856.00000000"), "99856"),
        (Decimal("13.24000000"), "13.24"),
        (Decimal("100"), "100"),
        (Decimal("-0.00000001"), "0"),
        (110000.00000000003, "110000"),
        (None, ""),
    ],
)
def test_figures_are_written_without_idle_zeros(value, shown):
    assert text.number(value) == shown


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_written_figure_is_the_figure(value):
    assert Decimal(text.number(value)) == value


def test_a_difference_of_percentages_is_in_points():
    assert text.difference(Decimal("-1.8"), "%") == "-1.8个百分点"
    assert text.difference(Decimal("2"), "万元") == "+2万元"
    assert text.with_unit(Decimal("1.5"), "1") == "1.5"


@given(st.text(min_size=1), st.text(min_size=1))
def test_file_names_are_safe_and_differ(first, second):
    name = text.file_name(first)
    assert re.fullmatch(r"[A-Za-z0-9~_-]+\.html", name)
    assert (name == text.file_name(second)) == (first == second)


TARGET = {
    "target_kind": "threshold",
    "measured_unit": "元",
    "standard_unit": "元",
    "target_value_std": Decimal(140000),
    "target_value_high_std": None,
    "target_year": 2025,
    "baseline_value": Decimal(61000),
}
SERIES = [(2015, Decimal(61000)), (2022, Decimal(99856))]


def test_the_path_starts_at_the_baseline_and_ends_at_the_goal():
    chart = chart_of(TARGET, SERIES, [SERIES], [(2022, 110000.0)])
    assert chart.path == [(2015, 61000.0), (2022, 110000.0), (2025, 140000.0)]
    assert chart.path_points == "2015:61000 2022:110000 2025:140000"


def test_a_baseline_of_another_scope_starts_the_path_too():
    chart = chart_of(TARGET, SERIES[1:], [SERIES[1:], SERIES[:1]], [(2022, 110000.0)])
    assert chart.path[0] == (2015, 61000.0) and chart.actual == SERIES[1:]


@pytest.mark.parametrize("change", [{"target_kind": "growth"}, {"measured_unit": "%"}])
def test_a_goal_of_another_measure_is_not_drawn_among_the_actuals(change):
    chart = chart_of({**TARGET, **change}, SERIES, [SERIES], [])
    assert chart.goal == [] and chart.path == []
    assert chart_of({**TARGET, **change}, SERIES[:1], [SERIES], []) is None


def scored_townships():
    """A plan that scores two townships on one indicator; only the second has its score."""
    connection = empty_published()
    add_row(
        connection,
        "marts.dim_region",
        region_code="1",
        region_name="编造县",
        region_level="county",
        region_path="编造县",
    )
    add_row(connection, "marts.dim_document", document_id="d", title="编造的工作要点", region_code="1")
    add_row(
        connection,
        "marts.dim_indicator",
        indicator_id="i",
        indicator_name="编造指标",
        unit="%",
        domain="未分类",
    )
    for code, rank, score in (("11", None, None), ("12", 2, 75)):
        add_row(
            connection,
            "marts.dim_region",
            region_code=code,
            region_name=f"编造镇{code}",
            region_level="township",
            region_path="编造镇",
        )
        target = {
            "target_id": code,
            "region_code": code,
            "indicator_id": "i",
            "scope": "unspecified",
            "period": "2023",
        }
        add_row(
            connection,
            "marts.fct_target",
            **target,
            document_id="d",
            table_ref="附件3",
            line_no=1,
            column_ref=f"编造镇{code}",
            part_no=0,
            value_text="按排名计分",
            target_kind="score_rule",
            rule_id="r",
        )
        add_row(
            connection,
            "marts.fct_township_score",
            **target,
            rule_id="r",
            method="rank_bands",
            rank_used=rank,
            peers_expected=2,
            peers_present=1,
            score=score,
        )
    return connection


def test_the_league_table_puts_scored_townships_first_and_says_what_is_awaited(tmp_path):
    with scored_townships() as connection:
        build_board(connection, tmp_path / "board")
    page = Tags(tmp_path / "board" / "townships.html")
    words = " ".join("".join(page.words).split())
    assert words.index("编造镇12") < words.index("编造镇11"), "the one with a score first"
    assert "75" in words and "第 2 名" in words and "已计分scored 1/1" in words
    assert "待报" in words and "已报reported 1/2" in words, "why the other has none"
