"""Bulletins from a made-up database: which there are, what they count, and that no text breaks a file."""

from decimal import Decimal
from html.parser import HTMLParser

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.bulletins import write_bulletins
from dagster_project.bulletins.reading import read_bulletins
from dagster_project.bulletins.sheet import MAX_HEIGHT, height_of, number_format
from dagster_project.bulletins.wording import Figure, printed_target
from dagster_project.bulletins.workbook import COVER, SHEETS, SUMMARY
from tests.unit.bulletin_database import MadeUp

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "https://example.org/x",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "A&B &amp; </td>",
]


class Page(HTMLParser):
    """The cells, tags and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells, self.tags, self.attributes, self._open = [], [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.extend((tag, name, value) for name, value in attributes)
        if tag == "td":
            self.cells.append("")
            self._open = True

    def handle_endtag(self, tag):
        if tag == "td":
            self._open = False

    def handle_data(self, data):
        if self._open:
            self.cells[-1] += data


def written(made_up, folder):
    """Workbook and parsed page of the one bulletin."""
    workbook, page = write_bulletins(made_up.connection, folder)
    return openpyxl.load_workbook(workbook), Page(page.read_text(encoding="utf-8"))


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_a_year_has_a_bulletin_once_a_target_is_judged_or_due():
    made_up = MadeUp()
    made_up.target("due", period="2022", days_overdue=367)
    made_up.target(
        "judged_early", period="2025", light="green", verdict="on_pace", actual=1, evaluated="2023"
    )
    made_up.target("ahead", period="2035", verdict="not_due")
    made_up.target("ended_but_not_due", period="2023", verdict="not_due")
    assert [bulletin.target_year for bulletin in read_bulletins(made_up.connection)] == [2022, 2025]


def test_no_verdict_no_bulletin(tmp_path):
    assert write_bulletins(MadeUp().connection, tmp_path) == []


def test_counts_are_of_primary_targets_of_the_region_itself_and_a_composite_counts_once():
    made_up = MadeUp()
    made_up.target("whole", target_kind="composite", light="red", verdict="missed", line_no=7)
    made_up.target("part_1", part_no=1, line_no=7)
    made_up.target("part_2", part_no=2, line_no=7)
    made_up.target("lone_part", part_no=1, line_no=8)
    made_up.target("second_plan", is_primary=False)
    made_up.target("scored", target_kind="score_rule", verdict="not_assessable")
    made_up.target("no_target", target_kind="none")
    made_up.target("town", region_code="T1A", light="green", verdict="met", days_overdue=None)
    (bulletin,) = read_bulletins(made_up.connection)
    assert {target.target_id for target in bulletin.own_counted} == {"whole", "lone_part"}
    assert bulletin.total.targets == 2 and bulletin.total.lights == {"red": 1, "grey": 1}
    assert [(count.name, count.lights["green"]) for count in bulletin.townships] == [("乙镇", 1)]
    assert {target.target_id for target in bulletin.targets} >= {"part_1", "second_plan", "scored"}
    assert "no_target" not in {target.target_id for target in bulletin.targets}


def test_the_worst_comes_first():
    made_up = MadeUp()
    made_up.target("grey", days_overdue=None)
    made_up.target("grey_overdue", days_overdue=3)
    made_up.target("green", light="green", verdict="met", ratio=1.1)
    made_up.target("red", light="red", verdict="missed", ratio=0.7)
    made_up.target("redder", light="red", verdict="missed", ratio=0.2)
    made_up.target("yellow", light="yellow", verdict="behind", ratio=0.1)
    (bulletin,) = read_bulletins(made_up.connection)
    order = [target.target_id for target in bulletin.targets]
    assert order == ["redder", "red", "yellow", "green", "grey_overdue", "grey"]
    assert [target.target_id for target in bulletin.failed] == ["redder", "red", "yellow"]


def test_an_overdue_figure_is_listed_for_every_unit_that_answers_for_it():
    made_up = MadeUp()
    made_up.target("a", days_overdue=5, department="甲局")
    made_up.insert("marts.dim_department", department_id="b", department_name="乙局")
    made_up.insert("marts.bridge_target_department", target_id="a", department_id="b", is_lead=True)
    made_up.target("c", days_overdue=9, department="甲局")
    made_up.target("nobody", days_overdue=1)
    made_up.target("town", days_overdue=1, region_code="T1A")
    (bulletin,) = read_bulletins(made_up.connection)
    units = {unit.department: [target.target_id for target in unit.targets] for unit in bulletin.overdue}
    assert units == {
        "甲局": ["c", "a"],
        "乙局": ["a"],
        "计划未列责任单位": ["nobody"],
        "乙镇（计划未列责任单位）": ["town"],
    }
    assert bulletin.overdue_targets == 4
    (shared,) = [target for target in bulletin.targets if target.target_id == "a"]
    assert shared.department_names == "乙局（牵头）、甲局"


def test_a_region_with_nothing_judged_gets_an_honest_bulletin(tmp_path):
    made_up = MadeUp()
    made_up.target("due", days_overdue=367)
    workbook, page = written(made_up, tmp_path)
    assert workbook.sheetnames == [COVER, SUMMARY, *SHEETS.values()]
    assert any(
        "本期尚无可评价的目标，本通报只反映数据报送情况，不作评价" in str(text)
        for text in texts(workbook[COVER])
    )
    assert "本期尚无可评价的目标，谈不上达标与否。 / Nothing can be judged yet." in texts(
        workbook[SHEETS["behind"]]
    )
    assert "没有可计分的镇街数据。 / No township has a figure that a rule scores." in texts(
        workbook[SHEETS["scores"]]
    )
    assert "这是首个发布版本，没有上期可比。 / The first version: there is none to compare with." in texts(
        workbook[SUMMARY]
    )
    assert "○ 灰灯（不评）" in page.cells


def test_changes_are_those_of_this_version_alone():
    made_up = MadeUp()
    made_up.target("now", light="red", verdict="missed")
    made_up.insert("quality.run_log", run_id="run-0", event="published", logged_at="2024-06-29 02:05:00")
    change = {
        "target_id": "now",
        "light_before": "green",
        "light_now": "red",
        "reason": "变",
        "reason_en": "flip",
    }
    made_up.insert("marts.rpt_light_change", **change)
    made_up.insert("marts.rpt_light_change", **(change | {"published_at_now": "2024-06-29", "reason": "旧"}))
    (bulletin,) = read_bulletins(made_up.connection)
    assert [row["reason"] for _, row in bulletin.changes] == ["变"]
    assert bulletin.change_statement.startswith("与上一版本（2024-06-29 02:05）相比，1 项亮灯有变化")


def test_the_place_is_the_latest_up_to_the_target_year_and_none_while_peers_are_missing(tmp_path):
    made_up = MadeUp()
    made_up.target("met", light="green", verdict="met", actual=120, period="2023")
    place = {
        "region_code": "T1", "indicator_id": "gdp", "peer_group_id": "p", "peer_group_name": "同级", "scope": "wide",
        "peers_expected": 3, "value": 120,
    }  # fmt: skip
    made_up.insert("marts.fct_ranking", **place, period="2022", rank=2, peers_present=3)
    made_up.insert("marts.fct_ranking", **place, period="2023", rank=1, peers_present=3)
    made_up.insert("marts.fct_ranking", **place, period="2025", rank=3, peers_present=3)
    made_up.insert("marts.fct_ranking", **(place | {"scope": "narrow"}), period="2022", peers_present=1)
    workbook, _ = written(made_up, tmp_path)
    rows = [
        [cell.value for cell in row][:6]
        for row in workbook[SHEETS["ranking"]].iter_rows(min_row=4)
        if row[0].value
    ]
    assert rows == [
        ["总量", "2022年", "小口径", 120, "同级", "未排名：3 个单位仅 1 个有数 / not ranked"],
        ["总量", "2023年", "大口径", 120, "同级", "第 1 位 / 3"],
    ]


def test_township_scores_are_shown_with_what_they_rest_on(tmp_path):
    made_up = MadeUp()
    made_up.target(
        "scored", region_code="T1A", target_kind="score_rule", verdict="not_assessable", days_overdue=1
    )
    made_up.insert(
        "marts.fct_township_score", target_id="scored", region_code="T1A", indicator_id="gdp", period="2022",
        rule_name="按排名", rank_used=2, peers_expected=8, peers_present=8, score=Decimal("90"),
    )  # fmt: skip
    workbook, page = written(made_up, tmp_path)
    row = [cell.value for cell in workbook[SHEETS["scores"]][4]]
    assert row == ["总量", "2022年", "乙镇", "第 2 位 / 8", 90, "按排名"]
    assert "90%" in page.cells


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_plans_stay_texts(tmp_path, text):
    made_up = MadeUp(region_name=f"甲/{text}", title=text)
    made_up.target(
        "hostile", light="red", verdict="missed", indicator_text=text, value_text=text, unit=None, reason=text,
        department=text, days_overdue=1,
    )  # fmt: skip
    workbook, page = written(made_up, tmp_path)
    for key in ("lights", "behind"):
        cells = [cell for cell in workbook[SHEETS[key]][4] if cell.value == text]
        assert len(cells) >= 3 and all(cell.data_type == "s" and not cell.hyperlink for cell in cells)
    assert page.cells.count(text) >= 2
    assert not {"script", "img"} & set(page.tags)
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*"))


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
def test_any_printed_text_comes_back_as_it_is(tmp_path_factory, text):
    made_up = MadeUp()
    made_up.target("any", light="red", verdict="missed", value_text=text, unit=None)
    workbook, page = written(made_up, tmp_path_factory.mktemp("any"))
    assert text in [cell.value for cell in workbook[SHEETS["lights"]][4]]
    assert text in page.cells


def test_control_characters_and_endless_texts_do_not_break_the_workbook(tmp_path):
    made_up = MadeUp()
    made_up.target("long", days_overdue=1, indicator_text="铃\x07声\x00", reason="长" * 40_000)
    workbook, page = written(made_up, tmp_path)
    assert max(len(str(text)) for text in texts(workbook[SHEETS["lights"]])) == 32_767
    assert any(cell.strip() == "长" * 40_000 for cell in page.cells)


def test_the_page_needs_nothing_from_outside(tmp_path):
    made_up = MadeUp()
    made_up.target("due", days_overdue=1)
    _, page = written(made_up, tmp_path)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    loads = [value for _, name, value in page.attributes if name in ("src", "href")]
    assert loads and all(value.startswith("#") for value in loads)


def test_the_same_data_makes_the_same_bytes(tmp_path):
    made_up = MadeUp()
    made_up.target(
        "red", light="red", verdict="missed", actual=Decimal("61.5"), ratio=0.615, gap=Decimal("-38.5")
    )
    first = write_bulletins(made_up.connection, tmp_path / "one")
    second = write_bulletins(made_up.connection, tmp_path / "two")
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    properties = openpyxl.load_workbook(first[0]).properties
    assert properties.created.isoformat() == "2024-06-30T02:05:00"
    assert properties.title == "甲市2022年共同富裕重点指标晾晒通报"
    assert "run-1" in properties.description


@pytest.mark.parametrize(
    ("value", "unit", "is_difference", "shown", "format_"),
    [
        ("99856", "元", False, "99,856元", '#,##0"元"'),
        ("1.8", "%", True, "+1.8个百分点", '+#,##0.0"个百分点";-#,##0.0"个百分点";#,##0.0"个百分点"'),
        ("-10144", "元", True, "−10,144元", '+#,##0"元";-#,##0"元";#,##0"元"'),
        ("0.01234567", "1", False, "0.0123", "#,##0.0000"),
        ("21.10159117", "%", False, "21.102%", '#,##0.000"%"'),
        ("0", "个", True, "0个", '+#,##0"个";-#,##0"个";#,##0"个"'),
        ("100.00000000", None, False, "100", "#,##0"),
    ],
)
def test_numbers_are_written_with_their_unit(value, unit, is_difference, shown, format_):
    figure = Figure(Decimal(value), unit, is_difference)
    assert (str(figure), number_format(figure)) == (shown, format_)


@pytest.mark.parametrize(
    ("text", "unit", "printed"),
    [
        ("11", "万元", "11 万元"),
        ("[2.7]", "万人", "[2.7] 万人"),
        ("5(累计)", "万人", "5(累计) 万人"),
        (">20", "%", ">20 %"),
        ("7%", "亿元", "7%"),
        ("完成上级下达指标", "%", "完成上级下达指标"),
        ("突破14万元", None, "突破14万元"),
    ],
)
def test_a_bare_number_takes_the_unit_its_table_prints(text, unit, printed):
    assert printed_target(text, unit) == printed


@given(st.text(max_size=400), st.integers(5, 90))
def test_more_text_is_never_lower(text, width):
    assert height_of([(text, width)]) <= height_of([(text + "字", width)]) <= MAX_HEIGHT
