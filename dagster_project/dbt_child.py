"""The dbt command line, as the child process of a run: it dies with its parent.

If a run is killed, its dbt must not go on writing beside the next run. Linux tells a child that its parent is gone;
elsewhere dbt ends when it next writes to the closed pipe.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the parent goes; leave at once if it is gone already."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)


if __name__ == "__main__":
    die_with_parent()
    from dbt.cli.main import cli

    cli()
