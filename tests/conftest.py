"""What the tests share: a warehouse of their own, real nightly runs in processes, and one published version.

tests/unit needs no run; tests/integration looks at what one run published; tests/e2e starts, kills and repeats runs;
tests/faults does so in numbers that take hours.
Everything outside tests/unit is marked slow here, so that the folder says it and no test has to.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import hypothesis
import pytest

from dagster_project.lock import hold_warehouse
from dagster_project.paths import PROJECT_ROOT, WarehousePaths

# a slow machine is no fault; fewer examples keep the fast tier fast
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.load_profile("quick")

AS_OF = "2024-06-30"
RUN_TIMEOUT_SECONDS = 300
# files with actuals in warehouse/landing/shipped
SHIPPED_FILES = 3

# what differs between two runs that did the same: when, and under which id
VOLATILE_COLUMNS = {"received_at", "run_id", "published_at_before", "published_at_now"}
COMPARED_QUALITY_TABLES = ("received_file", "rejected_row", "unparsed_target", "unmapped_label")


# made up: the communiqué of 2022 prints 99856 元; this turns a light
REVISION_NAME = "嵊州修订（测试）.csv"
REVISION = (
    "region_code,region_name,indicator_text,qualifier,scope,period,measure,value,unit,status,source_title,source_url,reported_at,note\n"
    "330683,嵊州市,全市人均生产总值,按常住人口,,2022,,112000,元,修订,造的来源（测试）,,2024-03-01,generated for a test\n"
).encode()


def pytest_collection_modifyitems(items):
    """Mark everything that lies outside tests/unit as slow, and tests/faults as what only `make faults` runs."""
    for item in items:
        folders = item.path.relative_to(PROJECT_ROOT / "tests").parts
        if "unit" not in folders:
            item.add_marker(pytest.mark.slow)
        if "faults" in folders:
            item.add_marker(pytest.mark.faults)


@dataclass
class Nightly:
    """A warehouse folder of a test, and how to run the nightly job on it."""

    paths: WarehousePaths
    home: Path
    project: Path = PROJECT_ROOT

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "WAREHOUSE_DIR": str(self.paths.root),
            "DAGSTER_HOME": str(self.home),
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start a run; its output is one text stream."""
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project", "--as-of-date", AS_OF, *arguments],
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run to the end: exit status and output."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=RUN_TIMEOUT_SECONDS)
        return process.returncode, output

    def must_run(self, *arguments: str) -> str:
        """Run to the end and expect publication; the output."""
        status, output = self.run(*arguments)
        assert status == 0, output
        return output

    def drop(self, name: str, content: bytes) -> Path:
        """Put a file into the inbox."""
        self.paths.inbox.mkdir(parents=True, exist_ok=True)
        path = self.paths.inbox / name
        path.write_bytes(content)
        return path

    @property
    def database(self) -> Path:
        return self.paths.published / "indicators.duckdb"

    def query(self, sql: str, parameters: list | None = None) -> list[tuple]:
        """Rows of the published database."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql, parameters or []).fetchall()

    def tables(self) -> dict[str, list[tuple]]:
        """Every published table that two equal runs must agree on, as sorted rows without the volatile columns."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            names = connection.execute(
                "SELECT schema_name, table_name FROM duckdb_tables()"
                " WHERE schema_name = 'marts' OR table_name IN (SELECT unnest(?)) ORDER BY ALL",
                [list(COMPARED_QUALITY_TABLES)],
            ).fetchall()
            tables = {}
            for schema, table in names:
                columns = connection.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
                    [schema, table],
                ).fetchall()
                kept = ", ".join(f'"{name}"' for (name,) in columns if name not in VOLATILE_COLUMNS)
                tables[f"{schema}.{table}"] = connection.execute(
                    f"SELECT {kept} FROM {schema}.{table} ORDER BY ALL"
                ).fetchall()
            return tables


def new_nightly(folder: Path) -> Nightly:
    """An empty warehouse below `folder` with the shipped landing files, and a Dagster home with the real dagster.yaml."""
    paths = WarehousePaths(folder / "warehouse")
    shutil.copytree(PROJECT_ROOT / "warehouse" / "landing" / "shipped", paths.shipped)
    home = folder / "dagster_home"
    home.mkdir()
    shutil.copy(PROJECT_ROOT / ".dagster_home" / "dagster.yaml", home)
    return Nightly(paths, home)


def copy_of(night: Nightly, folder: Path) -> Nightly:
    """The same warehouse below `folder`, with a Dagster home of its own."""
    paths = WarehousePaths(folder / "warehouse")
    shutil.copytree(night.paths.root, paths.root, symlinks=True)
    home = folder / "dagster_home"
    home.mkdir()
    shutil.copy(PROJECT_ROOT / ".dagster_home" / "dagster.yaml", home)
    return Nightly(paths, home)


@pytest.fixture
def nightly(tmp_path: Path) -> Nightly:
    """A warehouse that no run has touched yet."""
    return new_nightly(tmp_path)


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, begin: Callable[[Path], Nightly]
) -> Nightly:
    """A warehouse after one undisturbed run, made by the first test process that asks for it. Nobody may change it.

    `begin` makes the warehouse to run, in a folder.
    """
    root = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with hold_warehouse(root / f"{name}.lock", "tests", wait_seconds=RUN_TIMEOUT_SECONDS):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            begin(folder).must_run()
            done.touch()
    return Nightly(WarehousePaths(folder / "warehouse"), folder / "dagster_home")


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Nightly:
    """One undisturbed run on the shipped data."""
    return made_once(tmp_path_factory, "first_night", new_nightly)


@pytest.fixture
def second_night(first_night: Nightly, tmp_path: Path) -> Nightly:
    """A copy of the warehouse after its first run, to run again on."""
    return copy_of(first_night, tmp_path)


@pytest.fixture
def night_with_a_file(second_night: Nightly) -> Nightly:
    """The warehouse after its first run, with a file in the inbox that turns a light."""
    second_night.drop(REVISION_NAME, REVISION)
    return second_night


@pytest.fixture(scope="session")
def revised_night(first_night: Nightly, tmp_path_factory: pytest.TempPathFactory) -> Nightly:
    """An undisturbed second run that takes in that file."""

    def begin(folder: Path) -> Nightly:
        night = copy_of(first_night, folder)
        night.drop(REVISION_NAME, REVISION)
        return night

    return made_once(tmp_path_factory, "revised_night", begin)


@pytest.fixture
def own_project(second_night: Nightly, tmp_path: Path) -> Path:
    """The same warehouse, run from a copy of the code and the seeds that a test may change."""
    project = tmp_path / "project"
    for folder in ("dagster_project", "expectations", "dbt", "seeds"):
        shutil.copytree(PROJECT_ROOT / folder, project / folder)
    second_night.project = project
    return project
