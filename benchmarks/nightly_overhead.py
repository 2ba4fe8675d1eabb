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
ROUNDS = 3
DBT = [sys.executable, "-P", str(ROOT / "dagster_project" / "dbt_child.py")]
TOOLS = {
    "import dagster and the definitions": (
        [sys.executable, "-c", "import dagster, dagster_project.definitions"],
        ROOT,
    ),
    "dbt build": ([*DBT, "build", "--exclude-resource-type", "unit_test"], ROOT / "dbt"),
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


def new_warehouse(folder: Path) -> dict[str, str]:
    """An empty warehouse with the shipped landing files; the environment that points at it."""
    warehouse, home = folder / "warehouse", folder / "home"
    shutil.copytree(ROOT / "warehouse" / "landing" / "shipped", warehouse / "landing" / "shipped")
    home.mkdir()
    shutil.copy(ROOT / ".dagster_home" / "dagster.yaml", home)
    return {
        **os.environ,
        "WAREHOUSE_DIR": str(warehouse),
        "DAGSTER_HOME": str(home),
        "DBT_TARGET_PATH": str(warehouse / "dbt_target"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def main() -> None:
    """In every round: a first night, the bare tools, a second night; then the ratios of both nights to the tools."""
    ratios: dict[str, list[float]] = {"first night": [], "night with nothing new": []}
    for number in range(1, ROUNDS + 1):
        with tempfile.TemporaryDirectory() as folder:
            environment = new_warehouse(Path(folder))
            # what `make` does once before the first run; dbt keeps it for the same warehouse folder
            seconds([*DBT, "parse"], ROOT / "dbt", environment)
            nights = {"first night": seconds(*NIGHTLY, environment)}
            tools = {name: seconds(*command, environment) for name, command in TOOLS.items()}
            nights["night with nothing new"] = seconds(*NIGHTLY, environment)
        total = sum(tools.values())
        for name, duration in nights.items():
            ratios[name].append(duration / total)
        shown = ", ".join(
            f"{name} {duration:.1f} s" for name, duration in (tools | {"sum": total} | nights).items()
        )
        print(f"round {number}: {shown}", flush=True)
    for name, values in ratios.items():
        print(
            f"{name} / bare tools: median {statistics.median(values):.2f} (min {min(values):.2f}, max {max(values):.2f});"
            " the aim is at most 1.5"
        )


if __name__ == "__main__":
    main()
