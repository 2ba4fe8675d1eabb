"""dbt as a Dagster resource: the same interpreter, a child process that dies with its run, and no second start-up."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from dagster_dbt import DbtCliResource
from packaging import version

from dagster_project import dbt_child


class ChildDbt(DbtCliResource):
    """DbtCliResource without the two extra start-ups of dbt that Dagster pays for features not used here.

    The parent class asks `dbt --version` in a process of its own and builds a dbt adapter in this one (for
    fetch_row_counts); together that is a third of a small run.
    """

    @property
    def _cli_version(self) -> version.Version:
        return version.parse(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args):
        return None


def child_dbt(project) -> ChildDbt:
    """The dbt resource for a dbt project."""
    return ChildDbt(
        project_dir=project,
        dbt_executable=sys.executable,
        global_config_flags=["-P", str(Path(dbt_child.__file__).resolve())],
    )
