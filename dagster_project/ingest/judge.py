"""Judging what the words of a row mean, combination by combination: its place, its label, its circumstances.

Every combination of words in a file is judged once, however many rows have it. A fault names the columns, says in both
languages what is wrong and what to do, and whether a change of the seeds could mend it.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from dagster_project.ingest import words
from dagster_project.ingest.layout import ACCUMULATIONS, CONFIRMATIONS, MEASURES, SCOPES, STATUSES

MAX_SHOWN = 100
NUMERIC_MEASURES = ("value", "rank")


class Fault(NamedTuple):
    """Why a row is refused. `columns` are those of the layout."""

    columns: tuple[str, ...]
    zh: str
    en: str
    waits_for_seeds: bool = False


@dataclass(frozen=True)
class Place:
    """Where a row belongs: a region of the seeds, and the scope that its printed name implies (or None)."""

    region_code: str | None
    region_text: str
    scope: str | None
    faults: list[Fault]


@dataclass(frozen=True)
class Label:
    """What a row is about, as printed; what it means is decided when labels are mapped."""

    indicator_code: str
    indicator_text: str
    qualifier: str
    faults: list[Fault]


@dataclass(frozen=True)
class Circumstance:
    """When, how and by whom a figure was measured. None where the word was not understood."""

    scope: str | None
    period: str | None
    measure: str | None
    unit_text: str
    to_base: float
    status: str | None
    source_title: str
    source_url: str
    reported_at: date | None
    is_confirmed: bool
    faults: list[Fault] = field(default_factory=list)

    @property
    def takes_number(self) -> bool:
        return self.measure in NUMERIC_MEASURES

    @property
    def may_be_empty(self) -> bool:
        """A retraction needs no value."""
        return self.status == "retracted"


def shown(text: str) -> str:
    """A cell as messages quote it."""
    return f"'{text[:MAX_SHOWN]}'"


@dataclass(frozen=True)
class KnownSeeds:
    """What the seeds folder says of regions, aliases and units, by which rows are judged, and of departments."""

    regions: dict[str, str]
    aliases: list[dict[str, str]]
    units: dict[str, float]
    departments: dict[str, str]

    @classmethod
    def read(cls, seeds: Path) -> "KnownSeeds":
        """Raises ValueError where a seed has a key twice: what a row means would depend on which one is taken."""
        regions = _keyed(seeds, "region", "region_code", "region_name")
        units = {unit: float(size) for unit, size in _keyed(seeds, "unit", "unit_text", "to_base").items()}
        departments = {
            row["department_id"]: f"{row['department_name']}（{regions.get(row['region_code'], '')}）"
            for row in _rows(seeds, "department")
        }
        return cls(regions, _rows(seeds, "region_alias"), units, departments)

    @cached_property
    def codes_of_name(self) -> dict[str, list[str]]:
        """Region name -> codes of the regions that bear it."""
        codes: dict[str, list[str]] = {}
        for code, name in self.regions.items():
            codes.setdefault(name, []).append(code)
        return codes

    @cached_property
    def unit_spellings(self) -> dict[str, str]:
        """Every way a unit may be written -> as the seeds write it."""
        return {re.sub(r"\s", "", words.plain(unit)): unit for unit in self.units} | {
            unit: unit for unit in self.units
        }

    def place_of(self, code: str, name: str) -> Place:
        """The region that a code, a name or both mean."""
        code, name = words.plain(code), words.clean(name)
        text = f"{code} {name}".strip()
        alias_codes, alias_scopes = self._aliases_of(code, name)
        official_name = self.regions.get(code, "")
        bearers = self.codes_of_name.get(name, []) if not code else []
        by_name = bearers[0] if len(bearers) == 1 else None
        alias = min(alias_codes) if len(alias_codes) == 1 else None
        region = alias or (code if official_name else by_name)
        faults = []
        if region is None and len(bearers) > 1:
            faults.append(
                Fault(
                    ("region_name",),
                    f"地区名称不唯一：{shown(name)} 有 {len(bearers)} 个，请填写区划代码",
                    f"region name {shown(name)} is borne by {len(bearers)} regions: give the code",
                    True,
                )
            )
        elif region is None:
            faults.append(
                Fault(
                    ("region_code", "region_name"),
                    f"地区未知：{shown(text)}，请改正，或请维护人员补充",
                    f"unknown region {shown(text)}: correct it, or add it to seeds/region.csv",
                    True,
                )
            )
        if official_name and name and name != official_name:
            faults.append(
                Fault(
                    ("region_code", "region_name"),
                    f"代码与名称不符：代码 {code} 是 {official_name}，而地区写的是 {shown(name)}，请改正其一",
                    f"code {code} is {official_name}, but the row says {shown(name)}: correct one of them",
                    True,
                )
            )
        return Place(region, text, min(alias_scopes, default=None) if alias else None, faults)

    def _aliases_of(self, code: str, name: str) -> tuple[set[str], set[str]]:
        fitting = [
            alias
            for alias in self.aliases
            if alias["printed_code"] == code and (alias["printed_name"] == name or (code and not name))
        ]
        return {alias["region_code"] for alias in fitting}, {
            alias["scope"] for alias in fitting if alias["scope"]
        }

    def circumstance_of(
        self,
        scope: str,
        period: str,
        accumulation: str,
        measure: str,
        unit: str,
        status: str,
        source_title: str,
        source_url: str,
        reported_at: str,
        confirmed: str,
        *,
        reported_by_default: date | None = None,
    ) -> Circumstance:
        """What the words of a row say besides its place and label. `reported_by_default`: the day of what has no date."""
        faults: list[Fault] = []
        known_unit = self.unit_spellings.get(words.clean(unit)) or self.unit_spellings.get(
            re.sub(r"\s", "", words.plain(unit))
        )
        if known_unit is None and words.clean(unit):
            faults.append(
                Fault(
                    ("unit",),
                    f"单位未知：{shown(words.clean(unit))}，请改正，或请维护人员补充",
                    f"unknown unit {shown(words.clean(unit))}: correct it, or add it to seeds/unit.csv",
                    True,
                )
            )
        title = words.clean(source_title)
        if not title:
            faults.append(
                Fault(
                    ("source_title",), "没有来源，请填写由谁发布", "no source: say who published the figure"
                )
            )
        day = words.date_of(reported_at) if words.clean(reported_at) else reported_by_default
        if words.clean(reported_at) and day is None:
            faults.append(
                Fault(
                    ("reported_at",),
                    f"发布日期无法识别：{shown(words.clean(reported_at))}，请写成 2024-03-31",
                    f"reported_at {shown(words.clean(reported_at))} is no date: write 2024-03-31",
                )
            )
        return Circumstance(
            scope=_meaning(
                SCOPES,
                scope,
                "scope",
                "口径",
                "大口径 wide, 小口径 narrow, 区本级 own_level, 市区 urban",
                faults,
            ),
            period=_period(period, accumulation, faults),
            measure=_meaning(
                MEASURES,
                measure,
                "measure",
                "度量",
                "数值 value, 位次 rank, 等级 grade, 完成情况 completion",
                faults,
            ),
            unit_text=known_unit or words.clean(unit),
            to_base=self.units.get(known_unit or "", 1.0),
            status=_meaning(
                STATUSES,
                status,
                "status",
                "状态",
                "初步 preliminary, 修订 revised, 最终 final, 撤回 retracted",
                faults,
            ),
            source_title=title,
            source_url=words.clean(source_url),
            reported_at=day,
            is_confirmed=_meaning(CONFIRMATIONS, confirmed, "confirmed", "核实", "是 yes", faults) == "yes",
            faults=faults,
        )


def label_of(indicator_id: str, indicator_text: str, qualifier: str) -> Label:
    """What a row is about. An indicator given by its id alone goes by that."""
    code, text = words.plain(indicator_id), words.clean(indicator_text)
    faults = []
    if not text and not code:
        faults.append(Fault(("indicator_text",), "没有指标名称，请填写", "no indicator name: fill it in"))
    return Label(code, text or code, words.clean(qualifier), faults)


def _meaning(
    meanings: dict[str, str], word: str, column: str, name_zh: str, choices: str, faults: list[Fault]
) -> str | None:
    meaning = meanings.get(words.plain(word).lower())
    if meaning is None:
        text = shown(words.clean(word))
        faults.append(
            Fault(
                (column,),
                f"{name_zh}无法识别：{text}，请留空或写成 {choices}",
                f"unknown {column} {text}: leave it empty or write {choices}",
            )
        )
    return meaning


def _period(period: str, accumulation: str, faults: list[Fault]) -> str | None:
    meant = _meaning(
        ACCUMULATIONS, accumulation, "accumulation", "当期/累计", "当期 discrete, 累计 cumulative", faults
    )
    code, text = words.period_of(period), shown(words.clean(period))
    if code is None:
        choices = "2023, 2023H1, 2023Q2, 2023M06, 2020M01-09, 2021-2025"
        faults.append(
            Fault(
                ("period",),
                f"时期无法识别：{text}，请写成 {choices}，或 2023年二季度、2023年1-9月",
                f"period {text} is not read: write {choices}",
            )
        )
        return None
    if words.is_reversed(code):
        parts_zh, parts = ("月份", "months") if code[4] == "M" else ("年份", "years")
        faults.append(
            Fault(
                ("period",),
                f"时期颠倒：{text}，请对调起止{parts_zh}",
                f"period {text} ends before it starts: swap the {parts}",
            )
        )
        return None
    return words.accumulated(code) if meant == "cumulative" else code


def _rows(seeds: Path, name: str) -> list[dict[str, str]]:
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _keyed(seeds: Path, name: str, key: str, value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    doubled: dict[str, None] = {}
    for row in _rows(seeds, name):
        if row[key] in found:
            doubled[row[key]] = None
        found[row[key]] = row[value]
    if doubled:
        raise ValueError(
            f"种子重复，请删除其一 / seeds/{name}.csv has {key} {sorted(doubled)} more than once: keep one"
        )
    return found
