"""The target grammar: texts of the five plans as printed, phrasings beyond them, and properties."""

import csv
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.grammar import TARGET_KINDS, parse_target
from dagster_project.grammar.text import chinese_number
from dagster_project.paths import SEEDS_DIR


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = {row["unit_text"] for row in seed("unit")}


@pytest.mark.parametrize(
    ("text", "kind", "comparator", "value", "unit"),
    [
        # printed in the five plans
        ("13", "threshold", None, "13", None),
        ("≥17.2", "threshold", ">=", "17.2", None),
        ("< 1.8", "threshold", "<", "1.8", None),
        (">85", "threshold", ">", "85", None),
        ("7300以上", "threshold", ">=", "7300", None),
        ("27以下", "threshold", "<=", "27", None),
        ("-6.50%", "threshold", None, "-6.50", "%"),
        ("0.54个百分点", "threshold", None, "0.54", "个百分点"),
        ("三分之二以上", "threshold", ">=", "0.66666667", "1"),
        ("達到100%", "threshold", None, "100", "%"),
        ("大幅提高到35.7%", "threshold", ">=", "35.7", "%"),
        ("全覆盖", "threshold", ">=", "100", "%"),
        ("縣(市、區)全覆蓋", "threshold", ">=", "100", "%"),
        ("4.5萬套(含發放租賃補貼)", "threshold", None, "4.5", "万套"),
        ("全市50%以上的村(社區)", "threshold", ">=", "50", "%"),
        ("75左右", "approximate", None, "75", None),
        ("基本实现全覆盖", "approximate", None, "100", "%"),
        ("5(累计)", "cumulative", None, "5", None),
        ("[2.7]", "cumulative", None, "2.7", None),
        ("增长1.3%", "growth", ">=", "1.3", "%"),
        ("翻一番", "growth", ">=", "100", "%"),
        ("缩短一半", "growth", "<=", "-50", "%"),
        ("平均减少40%", "growth", "<=", "-40", "%"),
        ("保持81.5", "hold", None, "81.5", None),
        ("维持在合理区间", "hold", None, None, None),
        ("完成上级下达任务", "delegated", None, None, None),
        ("完成省市下达目标", "delegated", None, None, None),
        ("排名全省前60", "rank", "<=", "60", None),
        ("保持全省前三", "rank", "<=", "3", None),
        ("位居全省前列", "rank", "<=", None, None),
        ("達到中等發達經濟體水平", "grade", None, None, None),
        ("达到二乙标准", "grade", None, None, None),
        ("争取创成", "grade", None, None, None),
        ("稳步提升", "direction", ">", None, None),
        ("逐步縮小", "direction", "<", None, None),
        ("高于地区生产总值年均增长", "relative", ">", None, None),
        ("地区生产总值年均增长基本同步", "relative", ">=", None, None),
        ("按全区排名计分。第1-3名满分，第4-6名按75%赋分，最后两名按50%赋分", "score_rule", None, None, None),
        ("高新区不参评", "none", None, None, None),
        ("--", "none", None, None, None),
        # language of such plans beyond these five
        ("不低于94%", "threshold", ">=", "94", "%"),
        ("控制在26以内", "threshold", "<=", "26", None),
        ("＞９０", "threshold", ">", "90", None),
        ("1,100", "threshold", None, "1100", None),
        ("超1.5万亿元", "threshold", ">", "1.5", "万亿元"),
        ("突破1000亿", "threshold", ">", "1000", "亿"),
        ("由65%提高到80%以上", "threshold", ">=", "80", "%"),
        ("降至5‰以下", "threshold", "<=", "5", "‰"),
        ("到2025年，达到15万元", "threshold", None, "15", "万元"),
        ("百分之八十以上", "threshold", ">=", "80", "%"),
        ("九成以上", "threshold", ">=", "0.9", "1"),
        ("过半", "threshold", ">", "0.5", "1"),
        ("两千家以上", "threshold", ">=", "2000", "家"),
        ("动态清零", "threshold", "<=", "0", None),
        ("约300家", "approximate", None, "300", "家"),
        ("五年累计新增城镇就业10万人", "cumulative", None, "10", "万人"),
        ("年均增长7%以上", "growth", ">=", "7", "%"),
        ("比2020年下降18%", "growth", "<=", "-18", "%"),
        ("达到2020年的2倍以上", "growth", ">=", "100", "%"),
        ("增长1.5倍", "growth", ">=", "150.0", "%"),
        ("年均增长8.5%左右", "growth", "~", "8.5", "%"),
        ("新建10", "increment", ">=", "10", None),
        ("新增5家企业", "increment", ">=", "5", "家"),
        ("每年新增100个以上", "increment", ">=", "100", "个"),
        ("提高1岁", "increment", ">=", "1", "岁"),
        ("保持在95%以上", "hold", ">=", "95", "%"),
        ("不低于上年", "hold", ">=", None, None),
        ("进入全国百强县", "rank", "<=", "100", None),
        ("前30%", "rank", "<=", "30", "%"),
        ("高于全省平均1个百分点以上", "relative", ">", "1", "个百分点"),
        ("Ⅲ类以上", "grade", ">=", None, None),
    ],
)
def test_a_text_is_read_as_people_read_it(text, kind, comparator, value, unit):
    parsed = parse_target(text, UNITS)
    assert (parsed.target_kind, parsed.comparator, parsed.unit_text) == (kind, comparator, unit)
    assert parsed.target_value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [("2.89-2.9", "2.89", "2.9", None), ("6%~8%", "6", "8", "%"), ("6—8%", "6", "8", "%"), ("6%至8%", "6", "8", "%"),
     ("2.89～2.9", "2.89", "2.9", None), ("≥90%且≤95%", "90", "95", "%")],
)  # fmt: skip
def test_intervals_have_two_ends(text, low, high, unit):
    parsed = parse_target(text, UNITS)
    assert parsed.target_kind == "interval"
    assert (parsed.target_value, parsed.target_value_high, parsed.unit_text) == (
        Decimal(low),
        Decimal(high),
        unit,
    )


@pytest.mark.parametrize(
    ("text", "kind", "floor", "stretch", "unit"),
    [
        ("6%力争8%", "threshold", "6", "8", "%"),
        ("达到700亿元，力争突破800亿元", "threshold", "700", "800", "亿元"),
        ("11，力争12", "threshold", "11", "12", None),
        ("9500亿元，力争突破1万亿元", "threshold", "9500", "10000", "亿元"),
        ("增长6%以上，力争8%", "growth", "6", "8", "%"),
        ("下降3%，力争5%", "growth", "-3", "-5", "%"),
    ],
)
def test_a_stretch_goal_stands_beside_the_floor_in_its_unit(text, kind, floor, stretch, unit):
    parsed = parse_target(text, UNITS)
    assert (parsed.target_kind, parsed.target_value, parsed.stretch_value, parsed.unit_text) == (
        kind,
        Decimal(floor),
        Decimal(stretch),
        unit,
    )


def test_parts_of_a_composite_are_read_one_by_one():
    """Liandu 附表4 prints a share with two ranks, and three groups of people, in one cell each."""
    ranks = parse_target("达到50%,排名全省前30,全市前3", UNITS)
    assert ranks.target_kind == "composite"
    assert [(part.target_kind, part.target_value, part.reference_text) for part in ranks.parts] == [
        ("threshold", Decimal(50), None),
        ("rank", Decimal(30), "全省"),
        ("rank", Decimal(3), "全市"),
    ]
    people = parse_target("入选省级及以上引才项目专家1名,卫生人才15名,教育人才6名", UNITS)
    assert [(part.label_text, part.target_value, part.unit_text) for part in people.parts] == [
        ("入选省级及以上引才项目专家", Decimal(1), "名"),
        ("卫生人才", Decimal(15), "名"),
        ("教育人才", Decimal(6), "名"),
    ]


def test_marks_are_taken_off_and_kept():
    provisional = parse_target("2.73（暂定）", UNITS)
    assert (provisional.target_value, provisional.marks) == (Decimal("2.73"), ("暂定",))
    assert parse_target("90（市定目标）", UNITS).marks == ("市定目标",)
    assert parse_target("3.5（自选）", UNITS).marks == ("自选",)


def test_growth_says_what_it_is_measured_from():
    assert parse_target("年均增长7%", UNITS).basis == "annual_average"
    assert parse_target("同比增长6%", UNITS).basis == "previous_year"
    on_2025 = parse_target("在2025年基础上力争再翻一番", UNITS)
    assert (on_2025.basis, on_2025.reference_text, on_2025.target_value) == (
        "base_year",
        "2025年",
        Decimal(100),
    )
    assert parse_target("0.54个百分点", UNITS, is_growth_column=True).target_kind == "growth"


def test_what_a_relative_target_and_a_rank_refer_to_is_kept():
    assert parse_target("與經濟增長基本同步", UNITS).reference_text == "经济增长"
    assert parse_target("居民收入增长与经济增长基本同步", UNITS).reference_text == "经济增长"
    assert parse_target("排名全省前60", UNITS).reference_text == "全省"


@pytest.mark.parametrize(
    "text",
    [
        "13以上14", "大约是十几", "5%和8%", "3.2.1", "12345,67", "10—5", "90%以上且不低于95%以下", "60%以上，80%", "10(8)",
        # a footnote sign or an exponent would become a digit
        "80①", "10²", "½",
        # a year, a place that moves, months, a ratio
        "2021-2025年", "提升3位", "3个月", "1:1.5", "由65%到80%", "2022年8%、2025年10%", "两位数增长", "若干",
        # texts of the plans that say something else than a value
        "打造千亿级", "严格控制", "综合治理5个镇1486条1358公里", "城镇步行10分钟可达",
        "完成二乙复评,准备二甲标准评审指标", "实现3个2022年签约招商引资大项目落地",
    ],
)  # fmt: skip
def test_what_no_rule_reads_is_unparsed_and_carries_no_number(text):
    parsed = parse_target(text, UNITS)
    assert parsed.target_kind == "unparsed"
    assert parsed.target_value is None
    assert not parsed.parts


def test_a_text_that_names_another_year_than_its_own_is_not_read():
    assert parse_target("2022年达到8%", UNITS, year="2022").target_value == Decimal(8)
    assert parse_target("2022年达到8%", UNITS, year="2025").target_kind == "unparsed"


def test_the_kinds_of_every_printed_cell():
    """Counted by hand in the printed tables; eleven texts of the five plans are honestly unparsed."""
    kinds = Counter()
    for row in seed("target"):
        parsed = parse_target(
            row["value_text"],
            UNITS,
            label_unit=row["unit_text"],
            is_growth_column="年均增长" in row["column_ref"],
        )
        kinds[row["document_id"].split("_")[0], row["table_ref"], parsed.target_kind] += 1
    assert kinds["xiuzhou", "附件2", "none"] == 2
    assert kinds["xiuzhou", "附件2", "delegated"] == 4
    assert kinds["xiuzhou", "附件2", "interval"] == 1
    assert kinds["xiuzhou", "表2-1", "approximate"] == 2
    assert kinds["xiuzhou", "表2-1", "delegated"] == 4
    assert kinds["xiuzhou", "表2-1", "relative"] == 2
    assert kinds["xiuzhou", "表1-1", "cumulative"] == 2
    assert kinds["xiuzhou", "附件3", "score_rule"] == 15
    # eighteen dashes, and the zone that stands outside the ranking of line 5
    assert kinds["xiuzhou", "附件3", "none"] == 19
    assert kinds["shengzhou", "表1", "delegated"] == 4
    assert kinds["shengzhou", "表1", "hold"] == 4
    assert kinds["liandu", "表1", "delegated"] == 2
    # the damaged line of Jiaxing is read after its correction only
    assert sum(count for key, count in kinds.items() if key[2] == "unparsed") == 12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十五", 25),
        ("十", 10),
        ("十五", 15),
        ("两千", 2000),
        ("一百零八", 108),
        ("三千五百", 3500),
        ("九", 9),
    ],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["二〇二五", "百十千", "二二十", "一三", "", "十百", "二乙"])
def test_what_is_no_chinese_numeral(text):
    assert chinese_number(text) is None


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_numerals_read_back(number):
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + units[place]
        zero = digit == 0
    assert chinese_number(text) == number


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["", "%", "亿元"]))
def test_a_number_is_read_exactly_whatever_stands_around_it(value, unit):
    for text, comparator in (
        (f"{value}{unit}", None),
        (f"≥{value}{unit}", ">="),
        (f" {value} {unit} 以上", ">="),
        (f"控制在{value}{unit}以内", "<="),
    ):
        parsed = parse_target(text, UNITS)
        assert (parsed.target_kind, parsed.comparator, parsed.target_value) == (
            "threshold",
            comparator,
            value,
        )
        assert parsed.unit_text == (unit or None)


@given(
    st.decimals(min_value=0, max_value=1000, places=2),
    st.decimals(min_value="0.01", max_value=1000, places=2),
)
def test_a_stretch_goal_never_swaps_with_its_floor(floor, more):
    parsed = parse_target(f"{floor}%，力争{floor + more}%", UNITS)
    assert (parsed.target_value, parsed.stretch_value) == (floor, floor + more)


@given(
    st.decimals(min_value="0.1", max_value=90, places=1),
    st.sampled_from(["增长", "提高", "下降", "降低", "减少"]),
    st.sampled_from(["", "年均", "同比", "比2020年"]),
)
def test_falls_are_negative_and_rises_are_positive(value, verb, base):
    parsed = parse_target(f"{base}{verb}{value}%以上", UNITS)
    assert parsed.target_kind == "growth"
    falls = verb in ("下降", "降低", "减少")
    assert (parsed.target_value, parsed.comparator) == ((-value, "<=") if falls else (value, ">="))


NUMERALS = "〇零一二两三四五六七八九十百千半成番倍"


@given(
    st.text(
        alphabet="0123456789.,%以上下左右约≥≤<>-~[]()力争达到增长前提升元亿万、，; 年每新个不低", max_size=14
    )
)
def test_the_grammar_never_raises_and_never_invents_digits(text):
    parsed = parse_target(text, UNITS)
    assert parsed.target_kind in TARGET_KINDS
    for part in (parsed, *parsed.parts):
        for value in (part.target_value, part.target_value_high, part.stretch_value):
            if value is not None:
                digits = "".join(sign for sign in f"{abs(value):f}" if sign.isdigit())
                assert digits.strip("0") in "".join(sign for sign in text if sign.isdigit())


@given(
    st.text(
        alphabet="0123456789%以上下内外左右不低高超过达到力争提升降增长减少累计新每年均前第名倍番成分之",
        max_size=12,
    )
)
def test_contradictory_signs_never_give_a_bound(text):
    """以上 beside 以下, or 不低于 beside 以内, is no target with a direction."""
    parsed = parse_target(text, UNITS)
    if parsed.target_kind == "threshold" and "以上" in text and "以下" in text:
        raise AssertionError(f"{text} was read as {parsed}")
