"""Publication: whole versions only, old clients included, and readers that never notice."""

import json
import multiprocessing
import os
import stat
import subprocess
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project.paths import PROJECT_ROOT, WarehousePaths
from dagster_project.publish.database import write_database
from dagster_project.publish.kept import remove_old_versions
from dagster_project.publish.memory import load_published_verdicts
from dagster_project.publish.version import publish_version
from dagster_project.state import State

PUBLICATIONS = 100
READERS = 20
KEPT = 2


def fill_with(number: int):
    """A version whose two files both say `number`."""

    def fill(folder):
        with duckdb.connect(str(folder / "indicators.duckdb")) as connection:
            connection.execute("CREATE TABLE one AS SELECT ? AS number", [number])
            connection.execute("CREATE TABLE two AS SELECT ? AS number FROM range(1000)", [number])
        # the moment decides which versions are the newest
        manifest = {"number": number, "published_at": f"2024-01-01T{number // 60:02}:{number % 60:02}:00"}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    return fill


def read_until_told(published, ready, stop, results):
    """Reconnect and read in a loop; report how often, what was mixed, and which versions were seen."""
    os.nice(15)  # twenty busy readers must not keep the publisher from the processor
    reads, mixed, seen = 0, [], set()
    while not stop.is_set():
        with duckdb.connect(str(published / "indicators.duckdb"), read_only=True) as connection:
            numbers = connection.execute("SELECT number FROM one UNION SELECT number FROM two").fetchall()
        if reads == 0:
            ready.put(True)
        reads += 1
        seen.add(numbers[0][0])
        if len(numbers) != 1:
            mixed.append(numbers)
    results.put((reads, mixed, len(seen)))


@pytest.mark.slow
def test_readers_see_the_old_version_or_the_new_one_and_no_error(tmp_path):
    paths = WarehousePaths(tmp_path)
    paths.create_folders()
    publish_version(paths, "run-0", fill_with(0))
    context = multiprocessing.get_context("spawn")
    ready, stop, results = context.Queue(), context.Event(), context.Queue()
    readers = [
        context.Process(target=read_until_told, args=(paths.published, ready, stop, results))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    # nothing is proved until everybody reads
    for _ in readers:
        ready.get(timeout=120)
    for number in range(1, PUBLICATIONS + 1):
        publish_version(paths, f"run-{number}", fill_with(number))
        remove_old_versions(paths, KEPT)
    stop.set()
    reports = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
        assert reader.exitcode == 0
    assert all(mixed == [] for _, mixed, _ in reports)
    assert sum(seen for _, _, seen in reports) > READERS, "the readers never saw another version"
    assert len(list(paths.versions.iterdir())) == PUBLICATIONS + 1, "no version is removed under a reader"
    for version in paths.versions.iterdir():
        os.utime(version, (0, 0))
    assert len(remove_old_versions(paths, KEPT)) == PUBLICATIONS + 1 - KEPT
    assert sorted(path.name for path in paths.versions.iterdir()) == [
        f"run-{PUBLICATIONS}",
        f"run-{PUBLICATIONS - 1}",
    ]


def test_a_failed_publication_leaves_the_old_version_and_the_next_one_cleans_up(tmp_path):
    paths = WarehousePaths(tmp_path)
    paths.create_folders()
    publish_version(paths, "good", fill_with(1))

    def fail(folder):
        (folder / "half").write_text("x")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish_version(paths, "bad", fail)
    assert paths.published.resolve().name == "good"
    publish_version(paths, "next", fill_with(2))
    assert sorted(path.name for path in paths.versions.iterdir()) == ["good", "next"]
    assert paths.published.resolve().name == "next"


def test_publishing_twice_in_one_run_serves_the_second(tmp_path):
    paths = WarehousePaths(tmp_path)
    paths.create_folders()
    publish_version(paths, "run", fill_with(1))
    publish_version(paths, "run", fill_with(2))
    assert json.loads((paths.published / "manifest.json").read_text())["number"] == 2


def test_what_was_published_is_loaded_with_the_day_it_spoke_from(tmp_path):
    state = State(tmp_path)
    verdicts = {
        run: [
            (run, datetime.fromisoformat(f"2024-01-0{day} 02:00:00"), "a", "2022", verdict, light, 4, 5, "1")
        ]
        for run, day, verdict, light in (("one", 1, "missed", "red"), ("two", 2, "met", "green"))
    }
    state.append("published_verdict", "one", verdicts["one"])
    state.append(
        "run_log",
        "one",
        [("one", "started", datetime.fromisoformat("2024-01-01 01:00:00"), date(2023, 12, 31), None)],
    )
    state.append(
        "run_log",
        "one",
        [("one", "published", datetime.fromisoformat("2024-01-01 02:00:00"), date(2023, 12, 31), None)],
    )
    # killed before its entry in the run log was made, a version is remembered again
    state.append("published_verdict", "two", verdicts["two"])
    state.append("published_verdict", "two", verdicts["two"])
    with duckdb.connect() as connection:
        load_published_verdicts(connection, State(tmp_path / "nothing yet"), "none_yet")
        load_published_verdicts(connection, state, "loaded")
        assert connection.execute("SELECT count(*) FROM none_yet").fetchone() == (0,)
        rows = connection.execute("SELECT run_id, light, as_of_date FROM loaded ORDER BY run_id").fetchall()
        left_over = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    assert rows == [("one", "red", date(2023, 12, 31)), ("two", "green", None)]
    assert left_over == [("loaded",), ("none_yet",)]


@pytest.fixture
def published_file(tmp_path):
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA quality; CREATE SCHEMA raw")
        connection.execute("CREATE TABLE marts.fct (id VARCHAR NOT NULL, value DECIMAL(24,8), day DATE)")
        connection.execute("COMMENT ON TABLE marts.fct IS '事实表 / the town''s facts'")
        connection.execute("COMMENT ON COLUMN marts.fct.value IS '数值 / value'")
        connection.execute("INSERT INTO marts.fct VALUES ('甲', 0.0096, DATE '2022-12-31')")
        connection.execute("CREATE TABLE raw.secret AS SELECT 1 AS x")
        connection.execute("CREATE TABLE marts.of_a_model_that_is_gone AS SELECT 1 AS x")
        # as dbt writes them: with the name of the build database; the second reads the first
        connection.execute(
            'CREATE VIEW "build"."marts"."vw_z" AS SELECT id FROM "build"."marts"."fct" AS build'
        )
        connection.execute(
            """CREATE VIEW build.marts.vw_a AS SELECT id, 'build.x' AS text FROM build.marts.vw_z"""
        )
        connection.execute("COMMENT ON VIEW marts.vw_a IS '视图 / view'")
        connection.execute("COMMENT ON COLUMN marts.vw_a.id IS '标识 / id'")
        connection.execute("CREATE VIEW marts.vw_of_a_model_that_is_gone AS SELECT 1 AS x")
        counts = write_database(
            connection,
            tmp_path / "indicators.duckdb",
            {("marts", "fct"), ("marts", "vw_a"), ("marts", "vw_z")},
        )
        assert counts == {"marts.fct": 1}
        assert connection.execute("SELECT current_database()").fetchone() == ("build",)
    return tmp_path / "indicators.duckdb"


def test_the_published_file_has_marts_and_quality_only_with_comments_and_constraints(published_file):
    with duckdb.connect(str(published_file), read_only=True) as connection:
        tables = connection.execute("SELECT schema_name, table_name, comment FROM duckdb_tables()").fetchall()
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE table_name = 'fct' ORDER BY column_index"
        ).fetchall()
    assert tables == [("marts", "fct", "事实表 / the town's facts")]
    assert columns == [
        ("id", "VARCHAR", False, None),
        ("value", "DECIMAL(24,8)", True, "数值 / value"),
        ("day", "DATE", True, None),
    ]


def test_views_are_published_as_views_that_ask_for_no_database_by_name(published_file, tmp_path):
    renamed = published_file.rename(tmp_path / "copied elsewhere.duckdb")
    with duckdb.connect(str(renamed), read_only=True) as connection:
        views = connection.execute(
            "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        assert views == [("vw_a", "视图 / view"), ("vw_z", None)]
        assert connection.execute("FROM marts.vw_a").fetchall() == [("甲", "build.x")]
        assert connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'vw_a' AND column_name = 'id'"
        ).fetchall() == [("标识 / id",)]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{renamed}' AS other (READ_ONLY)")
        assert connection.execute("FROM other.marts.vw_z").fetchall() == [("甲",)]


@pytest.mark.skipif(
    not (PROJECT_ROOT / ".oldest-client" / ".ready").exists(),
    reason="`make test` installs the oldest supported client",
)
def test_the_oldest_supported_client_reads_it(published_file):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import duckdb; print(duckdb.__version__);"
        "c = duckdb.connect(sys.argv[2], read_only=True);"
        "print(c.execute('SELECT id, value, day FROM marts.fct').fetchall(), c.execute('FROM marts.vw_a').fetchall())"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", script, str(PROJECT_ROOT / ".oldest-client"), str(published_file)],
        capture_output=True,
        text=True,
        check=True,
    )
    version, rows = result.stdout.splitlines()
    assert version.startswith("1.1.")
    assert rows == "[('甲', Decimal('0.00960000'), datetime.date(2022, 12, 31))] [('甲', 'build.x')]"


OTHER_USER = 65534  # nobody
CLIENT = """
import os, sys
sys.setdlopenflags(os.RTLD_NOW)
import duckdb
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
print(duckdb.connect(sys.argv[1], read_only=True).execute("SELECT number FROM one").fetchone()[0])
for attempt in (
    lambda: duckdb.connect(sys.argv[1]),
    lambda: open(sys.argv[1], "ab"),
    lambda: os.unlink(sys.argv[1]),
    lambda: open(os.path.dirname(sys.argv[1]) + "/more", "w"),
):
    try:
        attempt()
    except (OSError, duckdb.Error) as error:
        print(type(error).__name__)
    else:
        print("DONE")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="只有 root 可换用户 / only root can become another user")
def test_another_user_may_read_a_version_and_do_nothing_else_whatever_the_umask(tmp_path):
    with tempfile.TemporaryDirectory() as folder:
        paths = WarehousePaths(Path(folder))
        paths.root.chmod(0o755)
        mask = os.umask(0o077)
        try:
            paths.create_folders()
            publish_version(paths, "run", fill_with(7))
        finally:
            os.umask(mask)
        result = subprocess.run(
            [sys.executable, "-c", CLIENT, str(paths.published / "indicators.duckdb"), str(OTHER_USER)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stdout.split() == [
            "7",
            "IOException",
            "PermissionError",
            "PermissionError",
            "PermissionError",
        ]
        assert stat.S_IMODE(paths.state.stat().st_mode) == 0o700, "the state is nobody else's"
