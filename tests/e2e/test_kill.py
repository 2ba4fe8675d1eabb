"""SIGKILL in each stage of a first night, one after the other, and somewhere in a second one; the run after them gives the tables
of an undisturbed one.

`make faults` kills a hundred runs, each on its own, and fills disks and closes folders in every stage.
"""

import signal
import subprocess

import pytest

from dagster_project.publish.version import BUILDING_SUFFIX
from tests.conftest import REVISION, REVISION_NAME, SHIPPED_FILES, copy_of
from tests.faulty import STAGES, check_full_disk, check_kill, random_shares, run_until, small_disk

# the lines of output after which a run is killed: each time it goes on from what the killed ones left
MOMENTS = {
    "before the tables are built": {
        "before the first write": "▶ 参数",
        "the seeds are being read": "▶ 检查种子",
        "one file in, one not yet": "published_actuals.csv: ",
        "raw is filled, dbt has just started": "▶ 建模",
    },
    "from the tables to publication": {
        "half of the tables are new": "dbt 60 of ",
        "the gate is open": "▶ 第二道关",
        "publication has begun": "▶ 发布",
        "the database is written, what people open is not": "数据库已写",
    },
}


@pytest.mark.parametrize("stretch", MOMENTS)
def test_runs_killed_one_after_the_other_are_made_good_by_the_next(stretch, nightly, first_night):
    for moment, line in MOMENTS[stretch].items():
        status, _ = run_until(nightly, line, subprocess.Popen.kill)
        assert status == -signal.SIGKILL, f"the run ended before it came to: {moment}"
        assert not nightly.paths.published.exists()
        assert all(path.name.endswith(BUILDING_SUFFIX) for path in nightly.paths.versions.glob("*"))

    nightly.must_run()
    assert nightly.tables() == first_night.tables()
    assert nightly.query("SELECT count(*) FROM quality.received_file WHERE status = 'accepted'") == [
        (SHIPPED_FILES,)
    ]
    assert [path.name for path in nightly.paths.versions.iterdir()] == [
        nightly.paths.published.resolve().name
    ]


@pytest.mark.parametrize("share", random_shares(2))
def test_a_night_with_a_new_file_killed_at_any_moment_is_made_good(share, night_with_a_file, revised_night):
    check_kill(share, night_with_a_file, revised_night)


def test_a_disk_that_fills_up_leaves_the_old_version_and_the_next_run_makes_it_good(
    tmp_path, first_night, revised_night
):
    with small_disk(tmp_path / "disk", 250) as disk:
        nightly = copy_of(first_night, disk)
        nightly.drop(REVISION_NAME, REVISION)
        check_full_disk(STAGES["publish"], nightly, disk, revised_night)
