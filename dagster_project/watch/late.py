"""Whether a night is late: nothing has been published for longer than allowed, or the last run was cut off without a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dagster_project import clock
from dagster_project.lock import is_held
from dagster_project.paths import WarehousePaths
from dagster_project.settings import settings
from dagster_project.state import State

CLOCK_TOLERANCE = timedelta(hours=1)


@dataclass(frozen=True)
class Lateness:
    """How things stand. `since` is the last publication or, before the first one, the first start of a run."""

    since: datetime | None
    is_late: bool
    in_words: str


def lateness(paths: WarehousePaths) -> Lateness:
    """Look into the run log. Where no run was ever started, nothing can be late."""
    # in this order: a run that ends between the two has left its last word
    is_running = is_held(paths.lock_file)
    log, allowed, now = State(paths.state).rows("run_log"), settings().late_hours, clock.now()
    published = [row["logged_at"] for row in log if row["event"] == "published"]
    since = max(published) if published else min((row["logged_at"] for row in log), default=None)
    if since is None:
        return Lateness(None, False, "尚无运行 / no run was ever started")
    what = "最近发布 / last publication" if published else "从未发布，首次运行 / never published, first run"
    if since > now + CLOCK_TOLERANCE:
        return Lateness(
            since,
            True,
            f"{what} {since}，晚于本机时间 / is later than the clock of this machine, {now}: 请校正时钟 / set the clock",
        )
    if log[-1]["event"] == "started" and not is_running:
        return Lateness(
            since,
            True,
            f"运行中断，未留结果 / run {log[-1]['run_id']}, started {log[-1]['logged_at']}, was cut off: "
            f"被杀、内存不足或断电 / killed, out of memory, or the power went. {what} {since}",
        )
    hours = (now - since) / timedelta(hours=1)
    in_words = f"{what} {since}，{hours:.1f} 小时前 / hours ago (允许 / allowed {allowed})"
    return Lateness(since, hours > allowed, in_words)
