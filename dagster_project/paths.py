"""Where everything lies. The only module that knows folder names or reads WAREHOUSE_DIR.

It does not create, open or delete anything but folders.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]
SEEDS_DIR = PROJECT_ROOT / "seeds"
DBT_DIR = PROJECT_ROOT / "dbt"
DAGSTER_HOME = PROJECT_ROOT / ".dagster_home"
SUITES_DIR = PROJECT_ROOT / "expectations" / "suites"

WAREHOUSE_DIR_VARIABLE = "WAREHOUSE_DIR"


@dataclass(frozen=True)
class WarehousePaths:
    """The files and folders of one warehouse, all below `root`."""

    root: Path

    @property
    def build_db(self) -> Path:
        """The working database; only the run that holds the lock opens it, and it may be deleted at any time."""
        return self.root / "build.duckdb"

    @property
    def lock_file(self) -> Path:
        return self.root / "run.lock"

    @property
    def shipped(self) -> Path:
        """Landing files that come with the repository; read in place."""
        return self.root / "landing" / "shipped"

    @property
    def inbox(self) -> Path:
        """Where people drop files; a file leaves it once its receipt is written."""
        return self.root / "landing" / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever received, named by its SHA-256."""
        return self.root / "landing" / "archive"

    @property
    def state(self) -> Path:
        """Append-only Parquet: with the archive and the seeds all that a rebuild needs."""
        return self.root / "state"

    @property
    def templates(self) -> Path:
        """Workbooks for departments to fill in, a folder a period; made again by every run."""
        return self.root / "templates"

    @property
    def returns(self) -> Path:
        """Received files with refused rows, marked, to be sent back to whoever sent them."""
        return self.root / "returns"

    @property
    def versions(self) -> Path:
        return self.root / "versions"

    @property
    def published(self) -> Path:
        """Symbolic link to the version being served."""
        return self.root / "published"

    @property
    def data_docs(self) -> Path:
        return self.root / "data_docs"

    @property
    def dbt_target(self) -> Path:
        return self.root / "dbt_target"

    @property
    def spark(self) -> Path:
        """What Spark on this machine reads and builds (docs/spark.md); may be deleted at any time."""
        return self.root / "spark"

    @property
    def runs_page(self) -> Path:
        """The page of the last runs."""
        return self.root / "runs.html"

    def create_folders(self) -> None:
        """Create the folders a run writes to (those that exist are left alone)."""
        for folder in (self.shipped, self.inbox, self.archive, self.state, self.versions):
            folder.mkdir(parents=True, exist_ok=True)


def warehouse_paths() -> WarehousePaths:
    """The warehouse named by WAREHOUSE_DIR, or warehouse/ beside this package."""
    return WarehousePaths(Path(os.environ.get(WAREHOUSE_DIR_VARIABLE, PROJECT_ROOT / "warehouse")).resolve())
