"""A disk that fills up, and a folder nobody may write to, in each stage of a run: said, nothing lost, made good after."""

import pytest

from tests.conftest import REVISION, REVISION_NAME, copy_of
from tests.faulty import FOLDERS, STAGES, check_full_disk, check_read_only, small_disk


@pytest.mark.parametrize("stage", STAGES)
def test_a_disk_that_fills_up_leaves_the_old_version_and_the_next_run_makes_it_good(
    stage, tmp_path, first_night, revised_night
):
    with small_disk(tmp_path / "disk", 250) as disk:
        nightly = copy_of(first_night, disk)
        nightly.drop(REVISION_NAME, REVISION)
        check_full_disk(STAGES[stage], nightly, disk, revised_night)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_nobody_may_write_to_is_named_and_holds_up_only_what_needs_it(
    folder, night_with_a_file, revised_night
):
    check_read_only(folder, night_with_a_file, revised_night)
