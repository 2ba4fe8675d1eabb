"""What the models cost at national scale (made-up data, national.py), as ratios within one run.

The models' full rebuild against hand-written SQL and against pandas that make the same three facts; a night with 0.1 % new
or revised rows against a full rebuild; 18 million rows against 1.8 million; peak memory, and the same with 2 GB. Every
measurement is a process of its own. What is compared is shown to be the same, row by row, before it counts.

    make bench-national
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from national import AS_OF_DATE, Scale, generate_actuals, generate_night, generate_seeds  # noqa: E402
from same_rows import Table, compare  # noqa: E402

FACTS = ("fct_actual", "fct_attainment", "fct_ranking")
OF_GENERATED = {"fct_attainment": "target_id LIKE 'generated_%'"}
"""The real plans are in the seeds too; those who write by hand leave them out."""
NEXT_DAY = "2025-07-01"
DBT = [sys.executable, "-P", str(ROOT / "dagster_project" / "dbt_child.py")]


@dataclass(frozen=True)
class Cost:
    """Wall-clock seconds and peak memory (MB) of a process."""

    seconds: float
    peak: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.peak:,.0f} MB"


@dataclass(frozen=True)
class Workspace:
    """A folder with generated seeds, a copy of the dbt project that reads them, and a warehouse."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @property
    def database(self) -> Path:
        return self.warehouse / "build.duckdb"

    def run(self, name: str, command: list[str], **environment: str) -> Cost:
        """Run a process that must succeed, and say what it cost."""
        print(f"  {name} …", end=" ", flush=True)
        with (self.folder / "output.txt").open("w+", encoding="utf-8") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command,
                cwd=self.folder / "dbt",
                stdout=output,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "WAREHOUSE_DIR": str(self.warehouse),
                    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                    "PYTHONUTF8": "1",
                    **environment,
                },
            )
            _, status, usage = os.wait4(process.pid, 0)
            cost = Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)
            if status:
                output.seek(0)
                sys.exit(f"{name} failed:\n{output.read()[-5000:]}")
        print(cost, flush=True)
        return cost

    def step(self, name: str, *arguments: str, **environment: str) -> Cost:
        """A step of this module, in a process of its own."""
        command = [sys.executable, __file__, name, str(self.folder), *arguments]
        return self.run(f"{name} {' '.join(arguments)}".strip(), command, **environment)

    def models(self, name: str, *options: str, **environment: str) -> Cost:
        """`dbt run`: models alone."""
        return self.run(name, [*DBT, "run", *options], **environment)


# the steps


def generate(folder: Path, regions: str) -> None:
    """Seeds, the file of figures, the file of one night, and a dbt project beside them."""
    scale = Scale(int(regions))
    generate_seeds(folder / "seeds", scale)
    generate_actuals(folder / "generated.csv", scale)
    generate_night(folder / "night.csv", scale)


def ingest(folder: Path, file: str, as_of_date: str) -> None:
    """From the inbox to the receipt, with the day the run speaks from."""
    from dagster_project.build_database import open_build
    from dagster_project.ingest.ledger import Ledger
    from dagster_project.ingest.load import Ingest, Orders, close_batch
    from dagster_project.paths import WarehousePaths
    from dagster_project.state import State

    paths = WarehousePaths(folder / "warehouse")
    paths.create_folders()
    (paths.inbox / file).hardlink_to(folder / file)
    with open_build(paths.build_db) as connection:
        ledger = Ledger(State(paths.state))
        report = Ingest(connection, paths, folder / "seeds", ledger, file, lambda _: None).run(Orders())
        close_batch(connection, paths, ledger, file, report, {})
        (receipt,) = report.new
        with (folder / file).open("rb") as lines:
            expected = sum(1 for _ in lines) - 1
        if receipt.rows_accepted != expected:
            sys.exit(f"{file}: {receipt.rows_accepted} rows accepted instead of {expected}")
        connection.execute(
            "CREATE OR REPLACE TABLE raw.run_parameter AS SELECT ? AS run_id, ?::DATE AS as_of_date",
            [file, as_of_date],
        )


def plans(folder: Path) -> None:
    """Check the seeds, read every target; what a run writes before dbt."""
    from dagster_project.build_basis import write_build_basis
    from dagster_project.build_database import open_build
    from dagster_project.plans import read_plans
    from dagster_project.plans.targets import write_targets
    from dagster_project.publish.memory import load_published_verdicts
    from dagster_project.state import State

    read = read_plans(folder / "seeds", folder / "dbt" / "dbt_project.yml")
    with open_build(folder / "warehouse" / "build.duckdb") as connection:
        write_targets(connection, read)
        load_published_verdicts(connection, State(folder / "warehouse" / "state"), "raw.published_verdict")
        write_build_basis(connection, folder / "seeds", folder / "dbt")


def handwritten(folder: Path) -> None:
    """handwritten.sql on the same raw tables and seeds, with the memory the models have."""
    from dagster_project.build_database import open_build

    with open_build(folder / "by_hand.duckdb") as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute((ROOT / "benchmarks" / "handwritten.sql").read_text(encoding="utf-8"))


def pandas(folder: Path) -> None:
    """pandas_rebuild.py on the same raw tables and seeds, as Parquet."""
    from pandas_rebuild import rebuild

    rebuild(folder / "pandas_inputs", folder / "pandas_results")


def publish(folder: Path) -> None:
    """The database of a version: copied, synced, linked."""
    from dagster_project.build_database import open_build
    from dagster_project.paths import WarehousePaths
    from dagster_project.publish.contract import published_relations
    from dagster_project.publish.database import write_database
    from dagster_project.publish.version import DATABASE_NAME, publish_version

    paths = WarehousePaths(folder / "warehouse")
    with open_build(paths.build_db) as connection:
        publish_version(
            paths,
            "benchmark",
            lambda version: write_database(connection, version / DATABASE_NAME, published_relations()),
        )


STEPS = {step.__name__: step for step in (generate, ingest, plans, handwritten, pandas, publish)}


# the measurements


def prepared(folder: Path, regions: int) -> tuple[Workspace, Cost]:
    """A workspace with everything there that the models read; what ingest of the figures cost."""
    workspace = Workspace(folder)
    shutil.copytree(ROOT / "dbt", folder / "dbt", ignore=shutil.ignore_patterns("target", "logs"))
    print(f"{Scale(regions).actuals:,} figures, {regions * 200:,} targets (made up)", flush=True)
    workspace.step("generate", str(regions))
    taken_in = workspace.step("ingest", "generated.csv", AS_OF_DATE)
    workspace.step("plans")
    workspace.run("dbt seed", [*DBT, "seed", "--quiet"])
    return workspace, taken_in


def require_same(database: Path, others: dict[str, Table]) -> None:
    """Stop unless the facts of the models' database and the others hold the same rows.

    In a process of its own: the peak memory of a child begins with what its parent holds.
    """
    for fact, other in others.items():
        ours = Table(database, f"marts.{fact}", OF_GENERATED.get(fact, "true"))
        with ProcessPoolExecutor(1, get_context("spawn")) as aside:
            comparison = aside.submit(compare, ours, other).result()
        if not comparison.is_same:
            sys.exit(f"{fact} differs:\n{comparison}")
        print(f"  {fact}: {comparison.rows[0]:,} rows, the same", flush=True)


def verdict(name: str, ratio: float, aim: str) -> str:
    """A line of the summary."""
    return f"{name}: {ratio:.2f} (aim: {aim})"


def main(regions: int = 3_000) -> None:
    """Everything, in one run of about half an hour on two cores."""
    summary = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as made_in:
        small, small_ingest = prepared(_new(Path(made_in) / "small"), regions // 10)
        small_models = small.models("models, everything", "--full-refresh")
        shutil.rmtree(small.folder)

        large, large_ingest = prepared(_new(Path(made_in) / "large"), regions)
        shutil.copy(large.database, large.folder / "by_hand.duckdb")
        by_hand = large.step("handwritten")
        of_facts = large.models(
            "models, those the three facts need",
            "--full-refresh",
            "--select",
            *(f"+{fact}" for fact in FACTS),
        )
        full = large.models("models, everything", "--full-refresh")
        require_same(
            large.database,
            {fact: Table(large.folder / "by_hand.duckdb", f"handwritten.{fact}") for fact in FACTS},
        )
        summary += [
            verdict(
                "(a) models, everything / hand-written SQL for three facts",
                full.seconds / by_hand.seconds,
                "1.5",
            ),
            verdict(
                "(a) models the three facts need / the same SQL", of_facts.seconds / by_hand.seconds, "1.5"
            ),
        ]

        from pandas_rebuild import export_inputs

        export_inputs(large.folder / "by_hand.duckdb", large.folder / "pandas_inputs")
        (large.folder / "by_hand.duckdb").unlink()
        in_pandas = large.step("pandas")
        results = large.folder / "pandas_results"
        require_same(large.database, {fact: Table(results / f"{fact}.parquet") for fact in FACTS})
        shutil.rmtree(results)
        shutil.rmtree(large.folder / "pandas_inputs")
        summary += [
            verdict(
                "(b) pandas for three facts / models, everything", in_pandas.seconds / full.seconds, "10"
            ),
            f"    memory: pandas {in_pandas.peak:,.0f} MB, models {full.peak:,.0f} MB",
        ]

        night_ingest = large.step("ingest", "night.csv", NEXT_DAY)
        night = large.models("models of the night")
        _require_built_on_last(large)
        published = large.step("publish")
        ratio = (night_ingest.seconds + night.seconds) / (large_ingest.seconds + full.seconds)
        summary += [
            verdict("(c) night with 0.1 % / full rebuild, ingest and models", ratio, "0.15"),
            f"    publication of the database: {published}",
        ]
        kept = large.folder / "kept.duckdb"
        shutil.copy(large.database, kept)
        large.models("models again, everything", "--full-refresh")
        require_same(
            large.database,
            {fact: Table(kept, f"marts.{fact}", OF_GENERATED.get(fact, "true")) for fact in FACTS},
        )
        modest = large.models("models with 2 GB", "--full-refresh", WAREHOUSE_MEMORY="2GB")
        summary += [
            verdict(
                "(d) 18 million figures / 1.8 million, models", full.seconds / small_models.seconds, "10"
            ),
            verdict("(d) the same, ingest", large_ingest.seconds / small_ingest.seconds, "10"),
            f"(e) peak memory: ingest {large_ingest.peak:,.0f} MB, models {full.peak:,.0f} MB (aim: 4,000)",
            f"    with WAREHOUSE_MEMORY=2GB: {modest}, {modest.seconds / full.seconds:.2f} times as long",
        ]
    print("\n".join(summary))


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _require_built_on_last(workspace: Workspace) -> None:
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        if not connection.execute("SELECT builds_on_last FROM intermediate.build_state").fetchone()[0]:
            sys.exit("the night built everything")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        STEPS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
    else:
        main(*map(int, sys.argv[1:]))
