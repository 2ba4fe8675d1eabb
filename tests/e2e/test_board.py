"""The board of a real night in a real browser: Chromium from the system, without a window, driven by playwright."""

import shutil

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from dagster_project.board import build_board
from dagster_project.board.text import file_name

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="未安装 Chromium / Chromium is not installed: apt-get install chromium"
)

SHENGZHOU, XIUZHOU = "330683", "330411"
PAGES = {
    "overview": "index.html",
    "region": f"regions/{XIUZHOU}.html",
    "township": "regions/330411101.html",
    "departments": "departments/index.html",
    "department": "departments/330411_development_reform.html",
    "document": f"documents/{file_name('shengzhou_2021_2025_action_plan')}",
    "townships": "townships.html",
    "ranking": "rankings/jiaxing_counties.html",
    "tasks": "tasks.html",
    "conflicts": "conflicts.html",
    "changes": "changes.html",
    "quality": "quality.html",
}
WIDTHS = (1440, 820, 390)
# the rows of a list are alike: a few of each group stand for all, and the check takes seconds instead of a minute
KEEP_FEW_ROWS = "document.querySelectorAll('tbody').forEach(body => [...body.rows].slice(12).forEach(row => row.remove()))"
MAX_PAGE_BYTES = 1_000_000


@pytest.fixture(scope="module")
def published(first_night):
    with duckdb.connect(str(first_night.database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def board(published, tmp_path_factory):
    """The board of the first night: its folder."""
    folder = tmp_path_factory.mktemp("site") / "board"
    build_board(published, folder)
    return folder


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A browser window on the board that keeps what went wrong in it."""

    def __init__(self, board, browser, **options):
        self.board, self.faults = board, []
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", lambda request: self._only_files(request.url))

    def _only_files(self, address):
        if not address.startswith(("file:", "data:")):
            self.faults.append(f"request: {address}")

    def open(self, path):
        page, _, rest = path.partition("?")
        self.page.goto((self.board / page).as_uri() + (f"?{rest}" if rest else ""))
        return self.page


@pytest.fixture
def visit(board, browser):
    """Open windows with `visit(path, **options)`; at the end none of them may have had an error or left the disk."""
    visits = []

    def open_page(path, **options):
        visits.append(Visit(board, browser, **options))
        return visits[-1].open(path)

    yield open_page
    faults = [fault for one in visits for fault in one.faults]
    for one in visits:
        one.context.close()
    assert not faults


def scalar(published, query, *parameters):
    return published.execute(query, list(parameters)).fetchone()[0]


def rows(page):
    return page.locator("#list tbody tr:not(.group)")


def shown_rows(page):
    return page.locator("#list tbody tr:not(.group):not([hidden])")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(visit, name):
    page = visit(PAGES[name])
    for language in ("zh", "en"):
        page.goto(f"{page.url.partition('?')[0]}?lang={language}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, width)


def violations(page) -> list[tuple]:
    """What axe finds; nothing is fetched for the check: the page forbids it."""
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found]


def test_the_page_of_runs_is_no_wider_than_its_window_and_axe_finds_nothing(first_night, browser):
    page = browser.new_page()
    page.goto((first_night.paths.root / "runs.html").as_uri())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert violations(page) == [], width


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit, name):
    page = visit(PAGES[name])
    page.evaluate(KEEP_FEW_ROWS)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width


def test_the_overview_counts_what_the_marts_count(visit, published):
    page = visit(PAGES["overview"])
    for light in ("red", "yellow", "green", "grey"):
        counted = scalar(
            published, f"SELECT sum({light}_count) FROM marts.rpt_scorecard WHERE card_kind = 'region'"
        )
        assert page.locator(f".tiles .{light} .figure").inner_text().split()[-1] == str(counted)
    assert page.locator(".matrix tbody tr").count() == scalar(
        published, "SELECT count(DISTINCT region_code) FROM marts.fct_target"
    )
    attention = page.locator(".attention li").first.inner_text()
    assert "红灯" in attention or "黄灯" in attention


def test_a_cell_of_the_overview_leads_to_its_targets(visit, published):
    page = visit(PAGES["overview"])
    page.locator(".matrix tr", has_text="秀洲区").first.locator("td a").first.click()
    domain = "经济高质量发展"
    expect(page.locator("select[name=domain]")).to_have_value(domain)
    assert shown_rows(page).count() == scalar(
        published,
        "SELECT count(*) FROM marts.fct_target INNER JOIN marts.dim_indicator USING (indicator_id) WHERE region_code = ? AND domain = ?",
        XIUZHOU,
        domain,
    )


def test_a_target_tells_all_and_leads_to_the_printed_line(visit, published):
    """Shengzhou's GDP per capita of 2022: 11万元 were printed, 99856元 came of it."""
    page = visit(f"regions/{SHENGZHOU}.html")
    row = page.locator("[id='shengzhou_2021_2025_action_plan:表1:1:2022年:unspecified:2022:0']")
    told = row.inner_text()
    for part in (
        "黄灯",
        "未达标",
        "人均地区生产总值",
        "“11”",
        "≥ 110000元",
        "99856元",
        "-10144元",
        "90.8%",
        "表1",
        "第1行",
    ):
        assert part in told
    departments = {
        name
        for (name,) in published.execute(
            "SELECT department_name FROM marts.bridge_target_department INNER JOIN marts.dim_department USING (department_id) WHERE target_id = ?",
            ["shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0"],
        ).fetchall()
    }
    assert departments and all(name in told for name in departments)
    row.locator("a.source").click()
    line = page.locator("tr:target")
    assert line.locator("th").inner_text() == scalar(
        published,
        "SELECT indicator_text FROM marts.fct_target WHERE target_id = ?",
        "shengzhou_2021_2025_action_plan:表1:1:2022年:330683:unspecified:2022:0",
    )
    assert "11" in line.inner_text() and "14" in line.inner_text()


def test_every_target_of_a_region_is_listed_lights_first(visit, published):
    page = visit(PAGES["region"])
    assert rows(page).count() == scalar(
        published, "SELECT count(*) FROM marts.fct_target WHERE region_code = ?", XIUZHOU
    )
    lights = rows(page).evaluate_all("rows => rows.map(row => row.dataset.light)")
    lit = [light for light in lights if light != "grey"]
    assert lights[: len(lit)] == sorted(lit, key=("red", "yellow", "green").index)


def test_charts_are_drawn_in_view_from_the_figures_below_them(visit):
    page = visit(PAGES["region"])
    assert page.locator(".chart svg").count() == 0 or page.locator(".chart:not(:has(svg))").count() > 0
    figure = page.locator("figure", has_text="目标").first
    figure.scroll_into_view_if_needed()
    figure.locator("svg").wait_for()
    actuals = figure.locator("figcaption").inner_text().split("→")[0].count(":")
    points = figure.locator("svg g.mark-symbol path").count()
    assert points == actuals + 1, "a dot for every figure and a diamond for the goal"
    assert figure.locator("svg").get_attribute("aria-hidden") == "true"


def test_english_is_switched_on_and_remembered(visit):
    page = visit(PAGES["overview"])
    heading = page.locator("h1")
    assert heading.inner_text() == "指标与目标，亮灯总览" and page.title().endswith("晾晒亮灯看板")
    page.get_by_role("button", name="English").click()
    assert (
        heading.inner_text() == "Indicators against targets" and page.title() == "Overview · Indicator board"
    )
    page.locator("nav a", has_text="Contradictions").click()
    page.wait_for_url("**/conflicts.html?lang=en")
    expect(page.locator("h1")).to_contain_text("Contradictions between plans")
    expect(page.locator("select[name=kind] option").first).to_have_text("all")
    page.goto(page.url.partition("?")[0])
    assert "Contradictions between plans" in page.locator("h1").inner_text(), "kept without the address too"
    page.get_by_role("button", name="中文").click()
    assert "矛盾" in page.locator("h1").inner_text()


def test_filters_and_search_narrow_the_list_and_say_by_how_much(visit, published):
    page = visit(PAGES["region"])
    every = rows(page).count()
    page.locator("select[name=light]").select_option("red")
    red = scalar(
        published,
        "SELECT count(*) FROM marts.fct_attainment INNER JOIN marts.fct_target USING (target_id) WHERE is_current AND light = 'red' AND region_code = ?",
        XIUZHOU,
    )
    assert shown_rows(page).count() == red > 0
    assert page.locator(".shown").inner_text() == f"显示 {red} / {every}"
    assert page.locator("#list tbody:not([hidden])").count() == 1, "a group without rows is not shown"
    page.get_by_role("button", name="清除").click()
    expect(page.locator(".shown")).to_have_text(f"显示 {every} / {every}")
    page.get_by_role("searchbox").fill("gross REGIONAL 2025")
    found = shown_rows(page).all_inner_texts()
    assert 0 < len(found) < every and all("地区生产总值" in one for one in found), (
        "English words find Chinese rows"
    )
    page.get_by_role("searchbox").fill("没有这个指标")
    assert shown_rows(page).count() == 0 and page.locator(".shown").inner_text() == f"显示 0 / {every}"


@pytest.mark.parametrize(
    ("name", "select"),
    [("departments", "region"), ("tasks", "kind"), ("conflicts", "kind"), ("ranking", "region")],
)
def test_other_lists_filter_too(visit, name, select):
    page = visit(PAGES[name])
    options = page.locator(f"form[data-filter=list] select[name={select}] option")
    value = options.nth(1).get_attribute("value")
    page.locator(f"form[data-filter=list] select[name={select}]").select_option(value)
    assert 0 < shown_rows(page).count() < rows(page).count()
    assert {row.get_attribute(f"data-{select}") for row in shown_rows(page).all()} == {value}


def test_the_keyboard_reaches_everything(visit):
    page = visit(PAGES["region"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, (
        "seen once it has the focus"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#language").focus()
    page.keyboard.press("Enter")
    assert page.locator("#language").inner_text() == "中文"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline != "0px"
    page.locator("select[name=light]").focus()
    page.keyboard.press("ArrowDown")
    assert shown_rows(page).count() < rows(page).count()


def test_without_javascript_everything_is_read_in_chinese(visit, published):
    page = visit(f"regions/{SHENGZHOU}.html", java_script_enabled=False)
    told = page.locator("main").inner_text()
    assert "嵊州市" in told and "99856元" in told and "未达标" in told
    assert "2022: 99856" in told, "the figures of the charts are text"
    assert "missed" not in told and not page.locator(".filters").first.is_visible()
    assert rows(page).count() == scalar(
        published, "SELECT count(*) FROM marts.fct_target WHERE region_code = ?", SHENGZHOU
    )


def test_a_light_is_a_word_and_a_shape(visit):
    page = visit(PAGES["region"])
    shapes = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#list .light')].map(e => [e.textContent, getComputedStyle(e, '::before').content.replaceAll('\"', '').split(' ')[0]]))"
    )
    assert len(shapes) == len(set(shapes.values())) >= 4
    assert all(word and shape for word, shape in shapes.items())


def test_print_is_for_a4(visit):
    page = visit(PAGES["region"])
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("select[name=light]").select_option("yellow")
    page.get_by_role("button", name="打印").click()
    page.wait_for_function("window.printed")
    drawn = page.locator("#list tr:not([hidden]) .chart")
    assert drawn.count() == page.locator("#list tr:not([hidden]) .chart svg").count() > 0
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible() and not page.locator("nav").is_visible()
    assert page.locator("#list").evaluate("list => getComputedStyle(list).display") == "table"
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841" in pdf or b"/MediaBox [0 0 842" in pdf


def test_no_page_is_bigger_than_a_megabyte(board):
    sizes = {path.name: path.stat().st_size for path in board.rglob("*.html")}
    assert max(sizes.values()) < MAX_PAGE_BYTES
