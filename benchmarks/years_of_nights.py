"""What a night costs after years of nights: with the state they leave (made up: one night's, told again), over a night without.

Both are nights with nothing new on the shipped data, in turns. Absolute seconds depend on the machine; the ratio is what counts.

    make bench
"""

import shutil
import statistics
import sys
import tempfile
import uuid
from datetime import datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from nightly_overhead import NIGHTLY, ROUNDS, new_warehouse, seconds  # noqa: E402

from dagster_project.state import DATASETS, State, column_names  # noqa: E402

NIGHTS = 3 * 365
OF_FILES = "receipt"
"""What was received does not grow with the nights; verdicts that stay the same are remembered once."""


def told_again(row: dict, columns: list[str], run_id: str, days_before: int) -> tuple:
    """A row of the state as an earlier run would have left it."""
    earlier = {
        name: value - timedelta(days=days_before) if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return tuple((earlier | {"run_id": run_id})[name] for name in columns)


def age(folder: Path, nights: int) -> None:
    """Put so many earlier nights before the one that the state below `folder` knows."""
    known, aged = State(folder / "state"), State(folder / "aged")
    shutil.copytree(known.folder / OF_FILES, aged.folder / OF_FILES)
    for dataset in DATASETS.keys() - {OF_FILES}:
        rows, columns = known.rows(dataset), column_names(dataset)
        first_only = dataset == "published_verdict"
        for days_before in range(nights, nights - 1 if first_only else -1, -1):
            run_id = str(uuid.UUID(int=days_before)) if days_before else rows[0]["run_id"]
            aged.append(dataset, run_id, [told_again(row, columns, run_id, days_before) for row in rows])
    shutil.rmtree(known.folder)
    aged.folder.rename(known.folder)


def main() -> None:
    """A first night, twice; years before one of them; then rounds of a night on each."""
    with tempfile.TemporaryDirectory() as made_in:
        young, old = [Path(made_in) / name for name in ("young", "old")]
        young.mkdir()
        of_young = new_warehouse(young)
        seconds(*NIGHTLY, of_young)
        shutil.copytree(young, old, symlinks=True)
        of_old = of_young | {
            name: value.replace(str(young), str(old))
            for name, value in of_young.items()
            if str(young) in value
        }
        print(f"{NIGHTS} nights are made up: some minutes", flush=True)
        age(old / "warehouse", NIGHTS)
        ratios = []
        for number in range(1, ROUNDS + 1):
            after_one, after_years = seconds(*NIGHTLY, of_young), seconds(*NIGHTLY, of_old)
            ratios.append(after_years / after_one)
            print(
                f"round {number}: after one night {after_one:.1f} s, after {NIGHTS} {after_years:.1f} s",
                flush=True,
            )
    print(
        f"after {NIGHTS} nights / after one: median {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
