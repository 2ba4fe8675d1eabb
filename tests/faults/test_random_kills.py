"""SIGKILL at random moments of a whole run, board and bulletins included; the next run publishes as if nothing had happened.

Half of the runs are a first night, half a second one with a new file in the inbox. FAULT_KILLS says how many; a hundred
take about two hours on two cores.
"""

import os

import pytest

from tests.faulty import check_kill, random_shares

KILLS = int(os.environ.get("FAULT_KILLS", "100"))


@pytest.mark.parametrize("share", random_shares(KILLS)[0::2])
def test_a_first_night_killed_at_any_moment_is_made_good(share, nightly, first_night):
    check_kill(share, nightly, first_night)


@pytest.mark.parametrize("share", random_shares(KILLS)[1::2])
def test_a_night_with_a_new_file_killed_at_any_moment_is_made_good(share, night_with_a_file, revised_night):
    check_kill(share, night_with_a_file, revised_night)
