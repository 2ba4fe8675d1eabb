"""What people open beside the database: a part that fails leaves nothing and takes nothing with it."""

import logging
from dataclasses import replace

import duckdb
import pytest

from dagster_project.publish.parts import PARTS, make_parts
from dagster_project.publish.preview import lights_picture

LOG = logging.getLogger("test")


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "indicators.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE lights AS SELECT 3 AS red")
    return path


def part(name, make, opens=None):
    return replace(
        PARTS[0],
        name=name,
        entry=name,
        opens=opens or f"{name}/index.html",
        make=f"{__name__}:{make.__name__}",
    )


def page(connection, folder):
    folder.mkdir()
    (folder / "index.html").write_text(str(connection.execute("FROM lights").fetchall()), encoding="utf-8")


def half_a_page(connection, folder):
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "half.html").write_text("half", encoding="utf-8")
    raise RuntimeError("没有字体 / no font")


def disturb(connection, folder):
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE lights AS SELECT 9 AS red")
    connection.execute("DELETE FROM indicators.lights")


def interrupted(connection, folder):
    raise KeyboardInterrupt


def test_a_part_that_fails_leaves_nothing_and_the_others_are_made(database, tmp_path):
    parts = (part("board", half_a_page), part("bulletins", page))
    made, missing = make_parts(database, tmp_path, LOG, parts)
    assert missing == {"board": "RuntimeError: 没有字体 / no font"}
    assert (made["bulletins"].files, made["bulletins"].size_bytes) == (1, len("[(3,)]"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bulletins", "indicators.duckdb"]


def test_a_part_without_what_people_open_counts_as_failed(database, tmp_path):
    made, missing = make_parts(database, tmp_path, LOG, (part("board", page, opens="board/overview.html"),))
    assert made == {}
    assert "board/overview.html" in missing["board"]
    assert not (tmp_path / "board").exists()


def test_a_part_can_neither_change_the_database_nor_disturb_the_next_part(database, tmp_path):
    made, missing = make_parts(database, tmp_path, LOG, (part("board", disturb), part("bulletins", page)))
    assert set(missing) == {"board"}
    assert (tmp_path / "bulletins" / "index.html").read_text(encoding="utf-8") == "[(3,)]"
    assert set(made) == {"bulletins"}


def test_an_interrupted_run_is_not_taken_for_a_missing_part(database, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        make_parts(database, tmp_path, LOG, (part("board", interrupted),))


def test_the_picture_of_lights_has_a_bar_for_each_light_with_its_letter():
    import base64

    row = {"region": "甲<县>", "targets": 10, "green": 5, "yellow": 0, "red": 4, "grey": 1}
    markdown = lights_picture([row])
    picture = base64.b64decode(markdown.split("base64,")[1].rstrip(")")).decode()
    assert "甲&lt;县&gt; 10" in picture
    assert "绿 5" in picture and "红 4" in picture and "灰 1" in picture
    assert "黄" not in picture
