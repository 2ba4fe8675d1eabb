"""The raw tables as Parquet: those the models read, whole, and only when there is something to export."""

from decimal import Decimal

import duckdb
import pytest

from dagster_project.raw_export import NothingToExport, export_raw, raw_tables
from tests.dbt_models import MODEL_FILES
from tests.landing import Landing, line, table


def test_the_tables_exported_are_those_the_models_read():
    read = set()
    for path in MODEL_FILES.values():
        text = path.read_text(encoding="utf-8")
        read |= {name for name in raw_tables() if f"source('raw', '{name}')" in text}
        assert text.count("source('raw'") == sum(
            text.count(f"source('raw', '{name}')") for name in raw_tables()
        )
    assert read == set(raw_tables())


@pytest.fixture
def landing(tmp_path) -> Landing:
    """Ingest of one file into a build.duckdb, with the tables beside it that other steps write."""
    landing = Landing(tmp_path / "it's a warehouse")
    landing.connection = duckdb.connect(str(landing.paths.build_db))
    landing.put("file.csv", table(line(value="11.50"), line(value="7", period="2022")).encode())
    landing.run()
    for name in set(raw_tables()) - {
        "actual_row",
        "loaded",
        "label",
        "circumstance",
        "received_file",
        "rejected_row",
    }:
        landing.connection.execute(f"CREATE TABLE raw.{name} (made_up INTEGER)")
    return landing


def test_every_row_is_exported_with_its_type_and_again_over_the_old_ones(landing, tmp_path):
    landing.connection.close()
    for _ in range(2):
        rows = export_raw(landing.paths, tmp_path / "raw")
    assert (rows["actual_row"], rows["loaded"], rows["received_file"], rows["rejected_row"]) == (2, 1, 1, 0)
    exported = duckdb.read_parquet(str(tmp_path / "raw" / "actual_row" / "*"))
    assert exported.select("value, value_text").order("value").fetchall() == [
        (Decimal(7), "7"),
        (Decimal("11.5"), "11.50"),
    ]
    received = duckdb.read_parquet(str(tmp_path / "raw" / "received_file" / "*"))
    assert dict(zip(received.columns, received.types, strict=True))["received_at"] == "TIMESTAMP"


def test_without_a_finished_run_it_says_what_to_do(landing, tmp_path):
    landing.connection.execute("DROP TABLE raw.run_parameter")
    landing.connection.close()
    with pytest.raises(NothingToExport, match=r"raw\.run_parameter.*make run"):
        export_raw(landing.paths, tmp_path / "raw")
    landing.paths.build_db.unlink()
    with pytest.raises(NothingToExport, match="make run"):
        export_raw(landing.paths, tmp_path / "raw")
