"""What the nightly job costs beyond its tools: its duration over the sum of the tools' bare durations, in one run.

The tools, each as a process of its own: loading Dagster and the definitions, `dbt build` of the same project on the
same data, importing Great Expectations. Absolute seconds depend on the machine; the ratio is what counts.

    make bench
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
DBT = [
    sys.executable,
    "-P",
    str(ROOT / "dagster_project" / "dbt_child.py"),
    "build",
    "--exclude-resource-type",
    "unit_test",
]
TOOLS = {
    "import dagster and the definitions": (
        [sys.executable, "-c", "import dagster, dagster_project.definitions"],
        ROOT,
    ),
    "dbt build": (DBT, ROOT / "dbt"),
    "import great_expectations": ([sys.executable, "-c", "import great_expectations"], ROOT),
}
NIGHTLY = ([sys.executable, "-m", "dagster_project", "--as-of-date", "2024-06-30"], ROOT)


def seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Wall-clock seconds of a command that must succeed."""
    started = time.perf_counter()
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}\n{result.stderr}")
    return time.perf_counter() - started


def main() -> None:
    """Run the rounds and print a table: each tool, their sum, the nightly job, the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse, home = Path(folder) / "warehouse", Path(folder) / "home"
        shutil.copytree(ROOT / "warehouse" / "landing" / "shipped", warehouse / "landing" / "shipped")
        home.mkdir()
        shutil.copy(ROOT / ".dagster_home" / "dagster.yaml", home)
        environment = {
            **os.environ,
            "WAREHOUSE_DIR": str(warehouse),
            "DAGSTER_HOME": str(home),
            "DBT_TARGET_PATH": str(warehouse / "dbt_target"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        print("first night (not counted) …", flush=True)
        seconds(*NIGHTLY, environment)
        ratios = []
        for number in range(1, ROUNDS + 1):
            tools = {name: seconds(*command, environment) for name, command in TOOLS.items()}
            nightly = seconds(*NIGHTLY, environment)
            ratios.append(nightly / sum(tools.values()))
            shown = ", ".join(f"{name} {duration:.1f} s" for name, duration in tools.items())
            print(
                f"round {number}: {shown}; sum {sum(tools.values()):.1f} s; nightly {nightly:.1f} s; ratio {ratios[-1]:.2f}",
                flush=True,
            )
    print(
        f"nightly / tools: median {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f}); the aim is at most 1.5"
    )


if __name__ == "__main__":
    main()
