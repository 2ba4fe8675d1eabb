"""The way back: versions are listed, compared, gone back to and removed, and the memory of lights follows."""

import os
from datetime import datetime, timedelta

import duckdb
import pytest

from dagster_project import clock, versions
from dagster_project.assets.marts_gate import load_last_profile
from dagster_project.lock import hold_warehouse
from dagster_project.paths import WAREHOUSE_DIR_VARIABLE, WarehousePaths
from dagster_project.publish.compare import LightDifference, TableDifference, compare
from dagster_project.publish.kept import find_version, go_back_to, kept_versions, remove_old_versions
from dagster_project.publish.manifest import write_manifest
from dagster_project.publish.memory import load_published_verdicts, remember_published
from dagster_project.publish.version import BUILDING_SUFFIX, DATABASE_NAME, publish_version, serve
from dagster_project.state import State
from tests.published_schema import add_row, empty_published

FIRST = datetime.fromisoformat("2024-06-30 02:00:00")


class Town:
    """A warehouse whose versions say, of one made-up target, the light they are told to say."""

    def __init__(self, root):
        self.paths = WarehousePaths(root)
        self.paths.create_folders()
        self.state = State(self.paths.state)
        self.nights = 0

    def publish(self, name: str, light: str | None, actuals: int = 1) -> None:
        """Publish a version; without a light, one without the target."""
        published_at = FIRST + timedelta(days=self.nights)
        self.nights += 1
        publish_version(
            self.paths, name, lambda folder: self._fill(folder, name, light, actuals, published_at)
        )
        remember_published(self.paths, self.state)

    @staticmethod
    def _fill(folder, name, light, actuals, published_at):
        with empty_published() as connection:
            target = {"target_id": "t", "region_code": "330999", "target_value_std": 5}
            if light:
                add_row(connection, "marts.fct_target", **target, document_id="d", indicator_text="虚构指标")
            add_row(
                connection,
                "marts.dim_region",
                region_code="330999",
                region_name="虚构县",
                region_level="county",
            )
            add_row(
                connection, "marts.fct_attainment", target_id="t", evaluation_period="2023", is_current=True,
                verdict="met" if light == "green" else "missed", light=light, actual_value=4, rule_version="1",
            )  # fmt: skip
            for number in range(actuals):
                add_row(connection, "marts.fct_actual", region_code="330999", indicator_id=f"i{number}")
            add_row(
                connection, "quality.run_log", run_id=name, event="published", logged_at=published_at,
                as_of_date=published_at.date(),
            )  # fmt: skip
            connection.execute(f"ATTACH '{folder / DATABASE_NAME}' AS version")
            connection.execute(
                f"COPY FROM DATABASE {connection.execute('SELECT current_database()').fetchone()[0]} TO version"
            )
        write_manifest(
            folder,
            {
                "run_id": name,
                "published_at": published_at.isoformat(),
                "as_of_date": published_at.date().isoformat(),
                "row_counts": {"marts.fct_target": 1, "marts.fct_actual": actuals},
                "missing": {},
            },
        )

    def served(self) -> str:
        return self.paths.published.resolve().name

    def names(self) -> list[str]:
        return [version.name for version in kept_versions(self.paths)]

    def said(self) -> list[tuple]:
        """What light every publication showed, in their order."""
        with duckdb.connect() as connection:
            load_published_verdicts(connection, self.state, "said")
            return connection.execute("SELECT run_id, light FROM said ORDER BY published_at").fetchall()


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_DIR_VARIABLE, str(tmp_path))
    monkeypatch.setattr(clock, "now", lambda: FIRST + timedelta(days=100))
    return Town(tmp_path)


def test_going_back_is_a_publication_to_which_the_next_night_is_compared(town):
    town.publish("aaaa-1", "green")
    town.publish("bbbb-2", "red")
    go_back_to(town.paths, town.state, find_version(kept_versions(town.paths), "aaaa"))
    assert town.served() == "aaaa-1"
    assert town.said() == [("aaaa-1", "green"), ("bbbb-2", "red"), ("aaaa-1", "green")]
    assert [row["detail"] for row in town.state.rows("run_log")] == [
        None,
        None,
        "退回，此前为 / gone back to, from bbbb-2",
    ]
    remember_published(town.paths, town.state)
    assert len(town.said()) == 3, "the next run finds it remembered"

    town.nights = 200
    town.publish("cccc-3", "green")
    assert town.served() == "cccc-3"
    assert town.said()[-1] == ("aaaa-1", "green"), "no light has changed for readers"


def test_what_stays_the_same_is_remembered_once_and_until_when_it_was_said(town):
    for number, light in enumerate(["green", "green", "green", "red", None, None, "red", "red"]):
        town.publish(f"run-{number}", light)
    with duckdb.connect() as connection:
        load_published_verdicts(connection, town.state, "said")
        rows = connection.execute(
            "SELECT light, published_at, last_published_at, last_as_of_date FROM said ORDER BY published_at"
        ).fetchall()
    nights = [FIRST + timedelta(days=number) for number in range(8)]
    assert rows == [
        ("green", nights[0], nights[2], nights[2].date()),
        ("red", nights[3], nights[3], nights[3].date()),
        # gone for two versions
        ("red", nights[6], nights[7], nights[7].date()),
    ]
    assert len(list((town.paths.state / "published_verdict").iterdir())) == 4, "a file for what is new alone"


def test_a_link_that_was_changed_by_hand_is_remembered_by_the_next_run(town):
    town.publish("aaaa-1", "green")
    town.publish("bbbb-2", "red")
    serve(town.paths, town.paths.versions / "aaaa-1")
    remember_published(town.paths, town.state)
    assert town.said()[-1] == ("aaaa-1", "green")


def test_gate_2_compares_with_the_version_gone_back_to_and_counts_it_once(town):
    town.publish("aaaa-1", "green", actuals=1)
    town.publish("bbbb-2", "red", actuals=5)
    go_back_to(town.paths, town.state, find_version(kept_versions(town.paths), "aaaa"))
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw")
        load_last_profile(connection, town)
        profile = connection.execute(
            "SELECT run_id, value FROM raw.last_profile WHERE table_name = 'fct_target'"
        ).fetchall()
    assert profile == [("aaaa-1", 1)]


def test_what_differs_is_rows_and_lights(town):
    town.publish("aaaa-1", "green", actuals=2)
    town.publish("bbbb-2", "red", actuals=3)
    after, before = kept_versions(town.paths)
    found = compare(before.database, after.database)
    assert TableDifference("marts.fct_actual", 2, 3, 0, 1) in found.tables
    assert TableDifference("marts.fct_attainment", 1, 1, 1, 1) in found.tables
    assert "quality.run_log" not in [one.table for one in found.tables]
    assert found.lights == [LightDifference("t", "虚构县", "虚构指标", "green", "met", "red", "missed")]
    same = compare(before.database, before.database)
    assert (same.tables, same.lights) == ([], [])


def test_the_oldest_are_removed_but_never_the_served_one_nor_one_being_built_nor_one_left_a_moment_ago(town):
    for number in range(5):
        town.publish(f"night-{number}", "green")
    building = town.paths.versions / f"half{BUILDING_SUFFIX}"
    building.mkdir()
    assert remove_old_versions(town.paths, 2) == [], "all were served a moment ago"
    serve(town.paths, town.paths.versions / "night-0")
    for number in (0, 1, 3, 4):
        os.utime(town.paths.versions / f"night-{number}", (0, 0))
    assert sorted(remove_old_versions(town.paths, 2)) == ["night-1"]
    assert town.names() == ["night-4", "night-3", "night-2", "night-0"]
    assert building.exists()


def test_a_removal_that_was_cut_off_is_finished_and_never_taken_for_a_version(town):
    town.publish("night-0", "green")
    (town.paths.versions / "gone.removing").mkdir()
    write_manifest(town.paths.versions / "gone.removing", {"published_at": "2020-01-01T00:00:00"})
    assert town.names() == ["night-0"]
    assert remove_old_versions(town.paths, 2) == ["gone"]


def command(monkeypatch, capsys, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["versions", *arguments])
    status = versions.main()
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_the_command_lists_compares_and_goes_back(town, monkeypatch, capsys):
    assert command(monkeypatch, capsys) == (0, "尚无发布版本 / nothing has been published yet\n")
    town.publish("aaaa-1", "green")
    town.publish("bbbb-2", "red")
    status, output = command(monkeypatch, capsys, "list")
    assert status == 0
    assert [line[:8] for line in output.splitlines()[1:]] == ["→ bbbb-2", "  aaaa-1"]

    status, output = command(monkeypatch, capsys, "diff", "aaaa")
    assert status == 0
    assert "●绿 → ■红  虚构县 虚构指标  (met → missed)" in output

    assert command(monkeypatch, capsys, "use", "zzzz")[0] == 1
    with hold_warehouse(town.paths.lock_file, "a-run", 0):
        status, output = command(monkeypatch, capsys, "use", "aaaa")
    assert (status, town.served()) == (2, "bbbb-2")
    assert "held by run a-run" in output
    assert command(monkeypatch, capsys, "use", "aaaa")[0] == 0
    assert town.served() == "aaaa-1"
    page = town.paths.runs_page.read_text(encoding="utf-8")
    assert "退回旧版本" in page and "from bbbb-2" in page


def test_a_name_that_fits_two_versions_or_none_is_refused(town):
    town.publish("night-1", "green")
    town.publish("night-12", "green")
    kept = kept_versions(town.paths)
    assert find_version(kept, "night-1").name == "night-1", "a whole name is one"
    for wanted in ("night", "nig", "morning"):
        with pytest.raises(ValueError, match="night-12, night-1"):
            find_version(kept, wanted)
