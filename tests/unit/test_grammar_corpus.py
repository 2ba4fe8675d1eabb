"""The grammar against a corpus of phrasings, and what may never happen to any of them.

grammar_corpus.csv holds one text a row. `given` is what the caller knows besides the text (label 亿元, year 2025,
growth column). `accepted` lists the readings a careful reader would accept, with ` | ` between them, each as

    kind [comparator] [value[..upper end]] [to stretch goal] [unit] [basis …] [marks …] [of base year]

and for a composite `composite(part; part)`. Values count in their unit: 5 千万元 and 5000 万元 are one.
"""

import csv
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.grammar import ParsedTarget, parse_target
from dagster_project.paths import SEEDS_DIR


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNIT_ROWS = {row["unit_text"]: row for row in rows(SEEDS_DIR / "unit.csv")}
UNITS = set(UNIT_ROWS)
CORPUS = rows(Path(__file__).with_name("grammar_corpus.csv"))
READABLE = sorted({row["text"] for row in CORPUS if not row["accepted"].startswith("unparsed")})
ACCEPTED = re.compile(
    r"(?P<kind>\w+)(?: (?P<sign>>=|<=|>|<|~))?(?: (?P<value>-?[\d.]+?)(?:\.\.(?P<high>-?[\d.]+))?(?: to (?P<goal>-?[\d.]+))?"
    r"(?: (?!basis |marks |of )(?P<unit>[^ ]+))?)?(?: basis (?P<basis>\w+))?(?: marks (?P<marks>\S+))?(?: of (?P<year>\d+))?"
)


def read(row: dict[str, str]) -> ParsedTarget:
    known = row["given"]
    return parse_target(
        row["text"],
        UNITS,
        label_unit=known.removeprefix("label ") if known.startswith("label ") else "",
        year=known.removeprefix("year ") if known.startswith("year ") else None,
        is_growth_column=known == "growth column",
    )


def amount(value: Decimal | str | None, unit: str | None) -> tuple[str, Decimal] | None:
    """A value in the base unit of its dimension."""
    if value is None:
        return None
    row = UNIT_ROWS.get(unit or "")
    return (
        (row["dimension"], Decimal(value) * Decimal(row["to_base"])) if row else (unit or "", Decimal(value))
    )


def is_reading(parsed: ParsedTarget, accepted: str) -> bool:
    composite = re.fullmatch(r"composite\((.+)\)", accepted)
    if composite:
        parts = composite[1].split("; ")
        pairs = zip(parsed.parts, parts, strict=False)
        return len(parts) == len(parsed.parts) and all(is_reading(part, text) for part, text in pairs)
    match = ACCEPTED.fullmatch(accepted)
    assert match, accepted
    if parsed.target_kind != match["kind"] or parsed.comparator != match["sign"]:
        return False
    unit = match["unit"]
    printed = (
        (parsed.target_value, "value"),
        (parsed.target_value_high, "high"),
        (parsed.stretch_value, "goal"),
    )
    if any(amount(value, parsed.unit_text) != amount(match[name], unit) for value, name in printed):
        return False
    basis = match["basis"]
    return (
        (basis is None or (parsed.basis or "none") == basis)
        and (match["marks"] is None or match["marks"] in parsed.marks)
        and (match["year"] is None or match["year"] in (parsed.reference_text or ""))
    )


@pytest.mark.parametrize("about", sorted({row["about"] for row in CORPUS}))
def test_every_text_of_the_corpus_is_read_as_a_careful_reader_would(about):
    wrong = []
    for row in CORPUS:
        if row["about"] == about:
            parsed = read(row)
            if not any(is_reading(parsed, accepted) for accepted in row["accepted"].split(" | ")):
                wrong.append((row["text"], row["given"], row["accepted"], parsed))
    assert wrong == []


def numbers(parsed: ParsedTarget) -> list[Decimal]:
    values = (
        value
        for part in (parsed, *parsed.parts)
        for value in (part.target_value, part.target_value_high, part.stretch_value)
    )
    return [value for value in values if value is not None]


@given(
    st.integers(1, 10**6),
    st.integers(1, 9999),
    st.sampled_from([" ", "\n", "　", "  ", "\t", "，", "、", "；"]),
    st.data(),
)
def test_two_numbers_in_a_cell_are_never_joined(first, second, between, data):
    around = data.draw(st.sampled_from(["{}", "{}%", "≥{}", "达到{}家以上", "新增{}个", "增长{}%", "[{}]"]))
    assert parse_target(around.format(f"{first}{between}{second}"), UNITS).target_kind == "unparsed"


@given(st.sampled_from([text for text in READABLE if re.search(r"\d\d", text)]), st.data())
def test_white_space_between_digits_leaves_a_text_unread(text, data):
    places = [match.start() + 1 for match in re.finditer(r"\d(?=\d)", text)]
    place = data.draw(st.sampled_from(places))
    assert numbers(parse_target(f"{text[:place]} {text[place:]}", UNITS)) == []


@given(
    st.sampled_from(["100吨", "30分", "10亿", "5万元", "60岁以上", "100人以上", "20个", "3年", "500户", "80%", "8万人"]),
    st.sampled_from(["标煤当量", "元宇宙", "岁老人", "钟", "贝", "欧元", "港元", "公里", "次方", "工龄", "罚款", "停产", "退出", "延期", "一次",
                     "一策", "行动", "之二", "等级", "名次", "每村", "以外", "亏损", "为零", "翻番"]),
)  # fmt: skip
def test_what_follows_a_unit_never_leaves_a_threshold_of_that_unit(start, more):
    text = start + more
    parsed = parse_target(text, UNITS)
    # 10亿 and 公里 are one quantity, as is 次 behind 人: the whole text is its number and its unit
    is_unit = (
        parsed.unit_text is not None and text.endswith(parsed.unit_text) or start == "10亿" and more == "公里"
    )
    assert parsed.target_kind == "unparsed" or is_unit


@given(
    st.integers(1, 5000),
    st.sampled_from(["岁", "人", "平方米", "万元", "年", "亩", "吨"]),
    st.sampled_from(["以上", "以下", "及以上", ""]),
    st.sampled_from(["老人", "企业", "项目", "人才", "商场", "单位", "的企业", "产业平台"]),
)
def test_a_size_of_things_is_no_target(number, unit, bound, thing):
    """2000万元以上企业 says which enterprises, not how many."""
    assert parse_target(f"{number}{unit}{bound}{thing}", UNITS).target_kind == "unparsed"


@given(
    st.sampled_from(READABLE),
    st.sampled_from(["不", "未", "没有", "禁止", "不得", "无", "非", "不应"]),
    st.data(),
)
def test_a_denial_anywhere_never_keeps_the_reading(text, denial, data):
    before = parse_target(text, UNITS)
    place = data.draw(st.integers(0, len(text)))
    denied = parse_target(text[:place] + denial + text[place:], UNITS)
    if before.target_kind not in ("unparsed", "none", "score_rule") and denied.target_kind != "unparsed":
        assert (denied.target_kind, denied.comparator) != (before.target_kind, before.comparator)


@given(
    st.sampled_from(["实际", "现状", "基期", "已完成", "权重", "满分", "预警值", "原目标", "上年", "城乡分别", "未达到", "禁止", "不得"]),
    st.sampled_from(["70%", "5分", "100家", "8"]),
    st.sampled_from(["80%", "达到90%以上", "力争85%", "新增5家"]),
)  # fmt: skip
def test_a_number_that_is_no_aim_is_no_part_of_a_composite(label, number, aim):
    parsed = parse_target(f"{label}{number}，{aim}", UNITS)
    assert parsed.target_kind == "unparsed"


@given(
    st.integers(1, 99), st.integers(1, 99), st.sampled_from(["提高到", "提升至", "降到", "下降至", "缩小到"])
)
def test_a_verb_and_a_bound_that_contradict_each_other_are_not_read(value, other, verb):
    against = "以下" if verb.startswith("提") else "以上"
    assert parse_target(f"{verb}{value}%{against}", UNITS).target_kind == "unparsed"
    low, high = sorted((value, other))
    assert parse_target(f"{high}%以上，力争{low}%", UNITS).target_kind == "unparsed"
    assert parse_target(f"控制在{low}%以内，力争{high}%", UNITS).target_kind == "unparsed"


@given(st.lists(st.sampled_from(["力争", "达到", "全省前", "省市", "省政府", "一", "百", "1", "80%", "，", "、", "增长", "不低于", "稳步", "进一步",
                                 "个", "企业", "以上", "2025年", "（", "分之", "城镇", "与经济", "同步", "下达", "目标任务", "新增", "产值"]),
                max_size=60))  # fmt: skip
def test_no_text_takes_long(words):
    text = "".join(words)[:200]
    started = time.process_time()
    parse_target(text, UNITS)
    assert time.process_time() - started < 0.5
