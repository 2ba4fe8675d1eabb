"""The published tables for whoever has no DuckDB: Parquet with a Frictionless data package, and SDMX.

`write_open_formats` makes the folder; `data_package` and `sdmx_data`, `sdmx_structure` its two halves. What is published
and what refers to what is not decided here but in the publication contract.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.open_formats.data_package import write_data_package
from dagster_project.open_formats.sdmx_data import write_sdmx_data
from dagster_project.open_formats.sdmx_structure import write_sdmx_structure

if TYPE_CHECKING:
    import duckdb


def write_open_formats(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Write the published database that `connection` has open into `folder`; the same database gives the same bytes."""
    folder.mkdir(parents=True)
    write_data_package(connection, folder)
    sdmx = folder / "sdmx"
    sdmx.mkdir()
    write_sdmx_data(connection, sdmx)
    write_sdmx_structure(connection, sdmx)
