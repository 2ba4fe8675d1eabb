"""What one bulletin says, whatever it is printed on: its targets, counts, changes, places and overdue reports.

`read_bulletins` reads everything once and deals it out by region and target year. No layout stands here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dagster_project.bulletins import queries, wording
from dagster_project.bulletins.wording import Figure

if TYPE_CHECKING:
    import duckdb

FAILED_VERDICTS = ("missed", "behind")
NO_DEPARTMENT = "计划未列责任单位"


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
class Target:
    """A target with its current verdict, as it is printed in a bulletin. `row` is the row of queries.TARGETS."""

    row: dict[str, Any]
    document_number: int

    def __getattr__(self, name: str) -> Any:
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def label(self) -> str:
        """The indicator as the plan prints it."""
        return " · ".join(text for text in (self.indicator_text, self.indicator_sub_text) if text)

    @property
    def scope_name(self) -> str:
        return "" if self.scope == "unspecified" else wording.names("scope")[self.scope][0]

    @property
    def light_name(self) -> str:
        return wording.light_name(self.light)

    @property
    def verdict_name(self) -> str:
        return wording.names("verdict")[self.verdict][0]

    @property
    def verdict_name_en(self) -> str:
        return wording.names("verdict")[self.verdict][1]

    @property
    def printed_target(self) -> str:
        return wording.printed_target(self.value_text, self.printed_unit)

    @property
    def actual(self) -> Figure | None:
        return None if self.actual_value is None else Figure(self.actual_value, self.actual_unit)

    @property
    def actual_period(self) -> str | None:
        return None if self.actual_value is None else wording.period_name(self.evaluation_period)

    @property
    def gap_figure(self) -> Figure | None:
        """What is missing (−) or in hand (+)."""
        return None if self.gap is None else Figure(self.gap, self.measured_unit, is_difference=True)

    @property
    def course(self) -> str:
        """The lights of all periods judged so far, where there is more than one."""
        lights = self.lights or []
        if len(lights) < 2:
            return ""
        return " → ".join(f"{period} {wording.SYMBOLS[light]}" for period, light in lights)

    @property
    def department_names(self) -> str:
        """Responsible units, those that lead first and marked."""
        leads = self.leads or []
        return "、".join(
            f"{name}（牵头）" if name in leads else name for name in self.departments or [NO_DEPARTMENT]
        )

    @property
    def place(self) -> str:
        """Plan (its number on the cover), table, line and column of the printed cell."""
        return f"[{self.document_number}] {wording.printed_place(self.row)}"

    @property
    def notes(self) -> str:
        """What a reader must know before quoting the row."""
        notes = []
        if not self.is_counted:
            notes.append(
                "按规则计分，不计数" if self.is_primary else "与其他目标重复或为组合目标的分项，不计数"
            )
        if self.is_provisional:
            notes.append("目标为暂定")
        if self.correction:
            notes.append(f"更正：{self.correction}")
        notes.extend(f"与其他印刷值矛盾：{reason}" for reason in self.conflict_reasons or [])
        return "；".join(notes)

    @property
    def is_failed(self) -> bool:
        return self.verdict in FAILED_VERDICTS

    def order(self, own_region: str) -> tuple:
        """The region itself first; then the worst light, the lowest ratio, what is overdue; then as in the plan."""
        ratio = self.attainment_ratio
        return (
            self.holder_code != own_region,
            self.holder_code,
            wording.LIGHTS.index(self.light),
            (ratio is None, ratio or 0.0) if self.light != "grey" else (not self.is_overdue, 0.0),
            not self.is_counted,
            self.document_number,
            self.table_ref,
            self.line_no,
            self.column_ref,
            self.part_no,
        )


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
            f"{len(self.changes)} lights have changed since the version of {since}."
        )


def count(name: str, targets: list[Target]) -> Count:
    """Count targets by light."""
    return Count(
        name,
        len(targets),
        Counter(target.light for target in targets),
        sum(target.is_overdue for target in targets),
    )


def read_bulletins(connection: "duckdb.DuckDBPyConnection") -> Iterator[Bulletin]:
    """Every bulletin, by region and target year. The rule which there are is told in the package's docstring."""
    (edition_row,) = _rows(connection, queries.EDITION)
    if edition_row["as_of_date"] is None:
        return
    edition = Edition(**edition_row)
    documents = {row["document_id"]: row for row in _rows(connection, queries.DOCUMENTS)}
    regions = {row["region_code"]: row["region_name"] for row in _rows(connection, queries.REGIONS)}
    statements = {
        row["region_code"]: (row["statement"], row["statement_en"])
        for row in _rows(connection, queries.STATEMENTS)
    }
    changes = {row["target_id"]: row for row in _rows(connection, queries.CHANGES)}
    scores = _grouped(_rows(connection, queries.SCORES), "target_id")
    places = _grouped(_rows(connection, queries.PLACES), "region_code")

    groups = defaultdict(list)
    for row in _rows(connection, queries.TARGETS):
        groups[row["region_code"], row["target_year"]].append(row)
    for (region_code, target_year), rows in sorted(groups.items()):
        if not any(_is_reportable(row, edition.as_of_date) for row in rows):
            continue
        used = {row["document_id"] for row in rows}
        listed = [document for key, document in documents.items() if key in used]
        numbers = {document["document_id"]: number for number, document in enumerate(listed, start=1)}
        targets = [Target(row, numbers[row["document_id"]]) for row in rows]
        targets.sort(key=lambda target: target.order(region_code))
        yield Bulletin(
            region_code,
            regions[region_code],
            target_year,
            edition,
            listed,
            targets,
            statement=statements.get(region_code),
            changes=[
                (target, changes[target.target_id]) for target in targets if target.target_id in changes
            ],
            places=_latest_places(places[region_code], targets, target_year),
            scores=[score for target in targets for score in scores[target.target_id]],
        )


def _is_reportable(row: dict[str, Any], as_of_date: date) -> bool:
    return row["light"] != "grey" or (row["due_date"] is not None and row["due_date"] <= as_of_date)


def _latest_places(places: list[dict], targets: list[Target], target_year: int) -> list[dict[str, Any]]:
    """The latest place up to the target year of every indicator of the bulletin, in each peer group and scope."""
    wanted = {target.indicator_id for target in targets}
    latest = {}
    for place in places:  # the latest comes last
        if place["indicator_id"] in wanted and place["year"] <= target_year:
            latest[place["indicator_id"], place["peer_group_id"], place["scope"]] = place
    return list(latest.values())


def _grouped(rows: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _rows(connection: "duckdb.DuckDBPyConnection", query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
