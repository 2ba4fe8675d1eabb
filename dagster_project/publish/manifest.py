"""manifest.json: what a version holds, from what, made by what."""

import json
import subprocess
from datetime import date, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from dagster_project.durable import write_whole
from dagster_project.paths import PROJECT_ROOT

MANIFEST_NAME = "manifest.json"
TOOLS = ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas")


def commit_of_project() -> str | None:
    """The git commit the code is at, with `+changes` if files differ from it; None outside a checkout."""
    try:
        head = _git("rev-parse", "HEAD")
        return f"{head}+changes" if _git("status", "--porcelain", "--untracked-files=no") else head
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    result = subprocess.run(
        ["git", "-C", str(PROJECT_ROOT), *arguments], capture_output=True, text=True, check=True, timeout=30
    )
    return result.stdout.strip()


def build_manifest(
    *,
    run_id: str,
    as_of_date: date,
    published_at: datetime,
    row_counts: dict[str, int],
    verdicts: dict[str, int],
    rows_unmapped: int,
    figures_to_confirm: int,
    files: list[dict[str, Any]],
    gates: list[dict[str, Any]],
    parts: dict[str, dict[str, Any]],
    missing: dict[str, str],
) -> dict[str, Any]:
    """The manifest as a dictionary that json can write."""
    return {
        "run_id": run_id,
        "as_of_date": as_of_date.isoformat(),
        "published_at": published_at.isoformat(),
        "time_zone": "Asia/Shanghai",
        "commit": commit_of_project(),
        "versions": {tool: installed_version(tool) for tool in TOOLS},
        "row_counts": row_counts,
        "verdicts": verdicts,
        "rows_unmapped": rows_unmapped,
        "figures_to_confirm": figures_to_confirm,
        "files": files,
        "gates": gates,
        # what lies beside the database; what could not be made, and why
        "parts": parts,
        "missing": missing,
    }


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json into a version's folder."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    write_whole(folder / MANIFEST_NAME, lambda path: path.write_text(text, encoding="utf-8"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a version."""
    return json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
