"""docs/grammar.md is true: every example on the page is read as the kind of its row."""

import csv
import re

from dagster_project.grammar import TARGET_KINDS, parse_target
from dagster_project.paths import PROJECT_ROOT, SEEDS_DIR

PAGE = (PROJECT_ROOT / "docs" / "grammar.md").read_text(encoding="utf-8")
with (SEEDS_DIR / "unit.csv").open(encoding="utf-8", newline="") as file:
    UNITS = {row["unit_text"] for row in csv.DictReader(file)}


def examples() -> list[tuple[str, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
    return [
        (row[1], text) for row in rows for text in re.findall("`([^`]+)`", row[3]) if row[1] in TARGET_KINDS
    ]


def test_the_page_has_every_kind():
    assert {kind for kind, _ in examples()} == set(TARGET_KINDS) - {"unparsed"}


def test_every_example_is_read_as_its_row_says():
    wrong = [(kind, text) for kind, text in examples() if parse_target(text, UNITS).target_kind != kind]
    assert wrong == []


def test_what_the_page_calls_unparsed_is_unparsed():
    texts = re.findall(
        "`([^`]+)`", PAGE.split("Left unparsed on purpose")[1].split("To read a new phrasing")[0]
    )
    assert len(texts) > 5
    assert [text for text in texts if parse_target(text, UNITS).target_kind != "unparsed"] == []
