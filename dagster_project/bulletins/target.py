"""A target with its current verdict, in the words of a bulletin. What a bulletin makes of many stands in content."""

from dataclasses import dataclass
from typing import Any

from dagster_project.bulletins import wording
from dagster_project.bulletins.wording import Figure
from dagster_project.codelists import LIGHT_SHAPES, code_names

FAILED_VERDICTS = ("missed", "behind")
NO_DEPARTMENT = "计划未列责任单位"


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
        return "" if self.scope == "unspecified" else code_names("scope")[self.scope][0]

    @property
    def light_name(self) -> str:
        return wording.light_name(self.light)

    @property
    def verdict_name(self) -> str:
        return code_names("verdict")[self.verdict][0]

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
        return " → ".join(f"{period} {LIGHT_SHAPES[light]}" for period, light in lights)

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
