"""The page of the last runs, warehouse/runs.html: for an operator who has a browser and nothing else.

One file without script or request, drawn anew by every run that ends, failed ones too, and by going back to a version.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dagster_project import clock
from dagster_project.durable import write_whole
from dagster_project.html_templates import template_environment
from dagster_project.paths import WarehousePaths
from dagster_project.progress import STAGES
from dagster_project.publish.kept import kept_versions
from dagster_project.settings import settings
from dagster_project.state import State

TEMPLATES = Path(__file__).parent / "templates"
RUNS_SHOWN = 30
OUTCOMES = {
    "published": ("✓", "已发布", "published"),
    "incomplete": ("▲", "已发布，有步骤失败", "published, a step failed"),
    "failed": ("✗", "失败", "failed"),
    "cut_off": ("✗", "中断", "cut off"),
    "gone_back": ("↶", "退回旧版本", "gone back to"),
}


@dataclass
class Run:
    """A line of the page: a run, or an operator's going back to an older version."""

    run_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = "cut_off"
    as_of_date: Any = None
    details: list[str] = field(default_factory=list)
    stages: list[tuple[str, float, str]] = field(default_factory=list)
    """Name, seconds and outcome of every stage."""
    measures: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds, _ in self.stages)

    def count(self, measure: str, subject: str) -> int | None:
        return self.measures.get((measure, subject))


def last_runs(state: State) -> list[Run]:
    """The last runs, newest first."""
    runs: dict[str, Run] = {}
    gone_back: list[Run] = []
    published: set[str] = set()
    for row in state.rows("run_log"):
        run_id, event = row["run_id"], row["event"]
        if event == "published" and run_id in published:
            gone_back.append(
                Run(
                    run_id,
                    row["logged_at"],
                    row["logged_at"],
                    "gone_back",
                    row["as_of_date"],
                    [row["detail"] or ""],
                )
            )
            continue
        run = runs.setdefault(run_id, Run(run_id, row["logged_at"], as_of_date=row["as_of_date"]))
        if event == "published":
            published.add(run_id)
        if event in ("published", "failed"):
            other_came_before = run.outcome in ("published", "failed", "incomplete") and run.outcome != event
            run.outcome = "incomplete" if other_came_before else event
            run.ended_at = row["logged_at"]
            run.details += [row["detail"]] if row["detail"] else []
    for row in state.rows("run_stage"):
        if row["run_id"] in runs:
            runs[row["run_id"]].stages.append((row["stage"], row["seconds"], row["outcome"]))
    for row in state.rows("run_measure"):
        if row["run_id"] in runs:
            runs[row["run_id"]].measures[row["measure"], row["subject"]] = row["value"]
    newest_first = sorted([*runs.values(), *gone_back], key=lambda run: run.started_at, reverse=True)
    return newest_first[:RUNS_SHOWN]


def write_page(paths: WarehousePaths, state: State) -> None:
    """Draw the page."""
    runs, versions = last_runs(state), kept_versions(paths)
    publications = [row["logged_at"] for row in state.rows("run_log") if row["event"] == "published"]
    html = (
        template_environment(TEMPLATES)
        .get_template("runs.html")
        .render(
            runs=runs,
            longest=max((run.seconds for run in runs), default=0) or 1,
            outcomes=OUTCOMES,
            stage_names=STAGES,
            versions=versions,
            served=next((version for version in versions if version.is_served), None),
            last_published=max(publications, default=None),
            due=max(publications) + timedelta(hours=settings().late_hours) if publications else None,
            drawn_at=clock.now(),
        )
    )
    write_whole(paths.runs_page, lambda path: path.write_text(html, encoding="utf-8"))
