"""`python -m dagster_project.watch`: is the night late? Where no Dagster daemon looks, cron or systemd asks.

Exit status: 0 in time; 1 late, and a person was told if the settings say how.
"""

import sys

from dagster_project.paths import warehouse_paths
from dagster_project.state import StateDamaged
from dagster_project.watch.alerts import late_alert, send
from dagster_project.watch.late import lateness


def main() -> int:
    """Look, say, and tell."""
    paths = warehouse_paths()
    try:
        found = lateness(paths)
        is_late, in_words = found.is_late, found.in_words
    except StateDamaged as damage:
        is_late, in_words = True, str(damage)
    print(f"{'迟 / late' if is_late else '正常 / in time'}: {in_words}")
    if is_late:
        send(late_alert(in_words), paths, print)
    return int(is_late)


if __name__ == "__main__":
    sys.exit(main())
