"""What one bulletin says, whatever it is printed on: its targets, counts, changes, places and overdue reports.

No layout and no query stands here.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from dagster_project.bulletins.target import NO_DEPARTMENT, Target


@dataclass(frozen=True)
class Edition:
    """The version all bulletins of a night come from."""

    run_id: str | None
    published_at: datetime | None
    previous_at: datetime | None
    as_of_date: date

    @property
    def made_at(self) -> datetime:
        """The time that files carry: of the data, so that the same data makes the same bytes."""
        return self.published_at or datetime.combine(self.as_of_date, time())


@dataclass(frozen=True)
class Count:
    """How many targets of a domain or a region have which light."""

    name: str
    targets: int
    lights: Counter
    overdue: int

    @property
    def judged(self) -> int:
        return self.targets - self.lights["grey"]

    @property
    def coverage(self) -> float | None:
        return self.judged / self.targets if self.targets else None


@dataclass(frozen=True)
class Overdue:
    """A responsible unit and the targets whose figures it has not reported in time, the longest overdue first."""

    department: str
    targets: list[Target]

    @property
    def longest(self) -> int:
        return max(target.days_overdue for target in self.targets)

    @property
    def earliest_due(self) -> date:
        return min(target.due_date for target in self.targets)


@dataclass
class Bulletin:
    """All that the bulletin of a region and a target year says."""

    region_code: str
    region_name: str
    target_year: int
    edition: Edition
    documents: list[dict[str, Any]]
    targets: list[Target]
    statement: tuple[str, str] | None = None
    changes: list[tuple[Target, dict[str, Any]]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.region_name}{self.target_year}年共同富裕重点指标晾晒通报"

    @property
    def title_en(self) -> str:
        return f"Bulletin of key common-prosperity indicators, targets of {self.target_year}"

    @property
    def file_stem(self) -> str:
        """Code and year for programs, the title for people."""
        name = re.sub(r'[\\/:*?"<>|\x00-\x1f\s]+', "_", self.title)[:80]
        return f"{self.region_code}_{self.target_year}_{name}"

    @cached_property
    def counted(self) -> list[Target]:
        return [target for target in self.targets if target.is_counted]

    @cached_property
    def own_counted(self) -> list[Target]:
        """What the region itself is held to; its townships are counted apart."""
        return [target for target in self.counted if target.holder_code == self.region_code]

    @cached_property
    def total(self) -> Count:
        return count("合计 / total", self.own_counted)

    @cached_property
    def domains(self) -> list[Count]:
        groups = defaultdict(list)
        for target in self.own_counted:
            groups[target.domain].append(target)
        return [
            count(name, groups[name]) for name in sorted(groups, key=lambda name: (-len(groups[name]), name))
        ]

    @cached_property
    def townships(self) -> list[Count]:
        groups = defaultdict(list)
        for target in self.counted:
            if target.holder_code != self.region_code:
                groups[target.holder_code, target.holder_name].append(target)
        return [count(key[1], groups[key]) for key in sorted(groups)]

    @cached_property
    def failed(self) -> list[Target]:
        """Missed and behind: red before yellow, the lowest ratio first."""
        return [target for target in self.targets if target.is_failed]

    @cached_property
    def overdue(self) -> list[Overdue]:
        """By responsible unit, the one with most first. A target of several units is awaited from each."""
        groups = defaultdict(list)
        for target in self.counted:
            if target.is_overdue:
                for department in target.departments or [self._unnamed(target)]:
                    groups[department].append(target)
        rows = [
            Overdue(name, sorted(awaited, key=lambda target: -target.days_overdue))
            for name, awaited in groups.items()
        ]
        return sorted(rows, key=lambda row: (-len(row.targets), -row.longest, row.department))

    def _unnamed(self, target: Target) -> str:
        if target.holder_code == self.region_code:
            return NO_DEPARTMENT
        return f"{target.holder_name}（{NO_DEPARTMENT}）"

    @property
    def overdue_targets(self) -> int:
        return sum(target.is_overdue for target in self.counted)

    @property
    def summary(self) -> str:
        total, lights = self.total, self.total.lights
        text = (
            f"截至{self.edition.as_of_date}，{self.region_name}{self.target_year}年目标计 {total.targets} 项，"
            f"有实际值可评价 {total.judged} 项：绿灯 {lights['green']} 项、黄灯 {lights['yellow']} 项、红灯 {lights['red']} 项；"
            f"灰灯（不评） {lights['grey']} 项，其中逾期未报 {total.overdue} 项。"
        )
        if not total.judged:
            text += "本期尚无可评价的目标，本通报只反映数据报送情况，不作评价。"
        return text

    @property
    def summary_en(self) -> str:
        total, lights = self.total, self.total.lights
        text = (
            f"As of {self.edition.as_of_date}, {total.targets} targets for {self.target_year}, {total.judged} judged: "
            f"{lights['green']} green, {lights['yellow']} yellow, {lights['red']} red; {lights['grey']} grey (not judged), "
            f"{total.overdue} of them overdue."
        )
        if not total.judged:
            text += " Nothing can be judged yet: this bulletin speaks of reporting alone."
        return text

    @property
    def change_statement(self) -> str:
        if self.edition.previous_at is None:
            return "这是首个发布版本，没有上期可比。 / The first version: there is none to compare with."
        since = f"{self.edition.previous_at:%Y-%m-%d %H:%M}"
        if not self.changes:
            return f"与上一版本（{since}）相比，亮灯没有变化。 / No light has changed since the version of {since}."
        return (
            f"与上一版本（{since}）相比，{len(self.changes)} 项亮灯有变化。 / "
            f"Lights that changed since the version of {since}: {len(self.changes)}."
        )


def count(name: str, targets: list[Target]) -> Count:
    """Count targets by light."""
    return Count(
        name,
        len(targets),
        Counter(target.light for target in targets),
        sum(target.is_overdue for target in targets),
    )
