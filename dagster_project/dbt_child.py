"""The dbt command line, as the child process of a run: it dies with its parent, and parses the project once for all warehouses.

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


def parse_once_for_all_warehouses() -> None:
    """Let dbt take where the database lies for what it is, nothing that models depend on.

    It parses everything anew, for four seconds, when anything of the connection is another than last time.
    """
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    said_of_a_connection = DuckDBCredentials._connection_keys
    DuckDBCredentials._connection_keys = lambda self: tuple(
        key for key in said_of_a_connection(self) if key != "path"
    )


if __name__ == "__main__":
    die_with_parent()
    parse_once_for_all_warehouses()
    from dbt.cli.main import cli

    cli()
