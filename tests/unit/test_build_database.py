"""A damaged build.duckdb is put aside and said; what only looks like damage is left alone."""

import os
import subprocess
import sys

import duckdb
import pytest

from dagster_project.build_database import BuildDamaged, open_build, require_readable

ROWS = 500_000


def garbage(path):
    path.write_bytes(os.urandom(100_000))


def emptied(path):
    os.truncate(path, 0)


def cut_off(path):
    os.truncate(path, path.stat().st_size // 2)


def altered_in_a_block_that_opening_does_not_read(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff\x00" * 50)


@pytest.fixture
def build(tmp_path):
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA raw")
        connection.execute(
            f"CREATE TABLE raw.actual AS SELECT i, 'row ' || i AS t FROM range({ROWS}) AS r (i)"
        )
    return path


@pytest.mark.parametrize("damage", [garbage, emptied, cut_off, altered_in_a_block_that_opening_does_not_read])
def test_a_damaged_database_is_put_aside_and_a_new_one_can_be_made(build, damage):
    damage(build)
    said = []
    require_readable(build, said.append)
    assert len(said) == 1
    assert "build.duckdb.damaged" in said[0]
    assert not build.exists()
    with open_build(build) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_a_sound_database_stays_and_so_does_the_lack_of_one(build):
    said = []
    require_readable(build, said.append)
    with open_build(build) as connection:
        assert connection.execute("SELECT count(*) FROM raw.actual").fetchone() == (ROWS,)
    require_readable(build.with_name("none.duckdb"), said.append)
    assert said == []
    assert not build.with_name("none.duckdb").exists()


def test_damage_that_shows_in_the_middle_of_a_run_puts_the_database_aside_and_asks_for_another_run(build):
    altered_in_a_block_that_opening_does_not_read(build)
    with pytest.raises(BuildDamaged, match="Run again"), open_build(build) as connection:
        connection.execute("SELECT bit_xor(hash(actual)) FROM raw.actual").fetchone()
    assert not build.exists()
    assert build.with_name("build.duckdb.damaged").exists()


def test_an_error_of_another_kind_leaves_the_database_alone(build):
    with pytest.raises(duckdb.CatalogException), open_build(build) as connection:
        connection.execute("FROM raw.no_such_table")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()",
            str(build),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    for look in (lambda: require_readable(build, print), lambda: open_build(build).__enter__()):
        with pytest.raises(duckdb.IOException, match="lock"):
            look()
    holder.communicate()
    assert build.exists()
