"""Nights that build only what their new figures touch publish the same as a build of everything would."""

import shutil
import subprocess
import sys

import duckdb

from dagster_project.ingest.ledger import QUARANTINED, Ledger
from dagster_project.paths import PROJECT_ROOT
from dagster_project.state import State
from tests.conftest import copy_of

HEADER = "region_code,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,reported_at,note\n"
SOURCE = "造的来源（测试）"
LATER = "2024-08-31"


def figures(*rows: str) -> bytes:
    """A made-up file; a row is region, label, qualifier, period, measure, value, unit, status, day of report."""
    lines = []
    for row in rows:
        region, label, qualifier, period, measure, value, unit, status, reported_at = row.split(",")
        lines.append(
            f"{region},{label},{qualifier},,{period},{measure},{value},{unit},{status},{SOURCE},{reported_at},generated for a test\n"
        )
    return (HEADER + "".join(lines)).encode()


FIRST = figures(
    # revised; a place that decides a ranking; of a year nobody spoke of; a slip of the unit; a label nobody knows
    "330683,全市人均生产总值,按常住人口,2022,,112000,元,修订,2024-03-01",
    "330683,地区生产总值,,2023,,700.5,亿元,初步,2024-03-01",
    "330411,地区生产总值,,2019,,5000000,亿元,初步,2024-03-01",
    "330411,没有人知道的指标,,2023,,1,个,初步,2024-03-01",
    # growth reported as such, and a figure of a month
    "330683,地区生产总值增速,,2023,,7.1,%,初步,2024-03-01",
    "330683,地区生产总值,,2023M06,,61,亿元,初步,2024-03-01",
    # known only after the day the night speaks from
    "330683,城乡居民收入比,,2023,,1.55,1,初步,2024-07-15",
)
SECOND = figures(
    "330683,全市人均生产总值,按常住人口,2022,,,元,撤回,2024-08-01",
    "330683,地区生产总值,,2023,,701,亿元,最终,2024-08-01",
    "330411,地区生产总值,,2019,,500,亿元,修订,2024-08-01",
)


def builds_on_last(night) -> bool:
    with duckdb.connect(str(night.paths.build_db), read_only=True) as connection:
        return connection.execute("SELECT builds_on_last FROM intermediate.build_state").fetchone()[0]


def hold_back(night, name: str) -> None:
    """What an operator's order does to the receipt of a file."""
    ledger = Ledger(State(night.paths.state))
    (receipt,) = [receipt for receipt in ledger if receipt.file_name == name]
    receipt.status, receipt.reason = QUARANTINED, "held back for a test"
    ledger.record("order-of-a-test", [receipt])


def test_nights_upon_nights_publish_what_a_build_of_everything_would(first_night, nightly, tmp_path):
    (tmp_path / "upon").mkdir()
    second_night = copy_of(first_night, tmp_path / "upon")
    assert not builds_on_last(first_night), "nothing was there to build upon"
    second_night.drop("造的一（测试）.csv", FIRST)
    second_night.must_run()
    assert builds_on_last(second_night)
    # two months later: a retraction and revisions, the first file held back, and deadlines that have passed
    second_night.drop("造的二（测试）.csv", SECOND)
    hold_back(second_night, "造的一（测试）.csv")
    second_night.must_run("--as-of-date", LATER)
    assert builds_on_last(second_night)

    shutil.copytree(second_night.paths.state, nightly.paths.state)
    shutil.copytree(second_night.paths.archive, nightly.paths.archive)
    nightly.must_run("--as-of-date", LATER)
    assert not builds_on_last(nightly)
    assert nightly.tables() == second_night.tables()


def test_a_build_of_some_models_is_followed_by_a_build_of_everything(second_night, tmp_path):
    def dbt_run(*options: str) -> str:
        return subprocess.run(
            [sys.executable, "-P", str(PROJECT_ROOT / "dagster_project" / "dbt_child.py"), "run", *options],
            cwd=PROJECT_ROOT / "dbt",
            env={**second_night.environment, "DBT_TARGET_PATH": str(tmp_path / "dbt_target")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert "building everything" in dbt_run("--select", "rpt_gap")
    assert "building everything" in dbt_run()
    assert "building what has changed" in dbt_run()
    assert "building everything" in dbt_run("--full-refresh")
