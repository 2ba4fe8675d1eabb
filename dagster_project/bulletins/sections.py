"""The tables of a bulletin: which columns, which rows, what stands there when there are none.

Workbook and page print the same tables.
"""

from collections import Counter
from collections.abc import Callable

from dagster_project.bulletins import wording
from dagster_project.bulletins.content import Bulletin, Count, Overdue
from dagster_project.bulletins.table import ASIDE, DETAIL, SCREEN, Column, Light, Percent, Section
from dagster_project.bulletins.target import Target
from dagster_project.bulletins.wording import Figure
from dagster_project.codelists import code_names

# indicators named in the one row of a unit; all of them stand in the list of overdue figures
LISTED_AT_MOST = 30


def sections(bulletin: Bulletin) -> list[Section]:
    """All tables after the summary, in the order of the bulletin; always the same ones."""
    return [
        _lights(bulletin),
        _failed(bulletin),
        _changes(bulletin),
        _places(bulletin),
        _scores(bulletin),
        _overdue_units(bulletin),
        _overdue_figures(bulletin),
    ]


def count_columns(head: str, head_en: str) -> list[Column]:
    """The columns of the counts by light in the summary."""

    def of_light(light: str) -> Callable[[Count], int]:
        return lambda row: row.lights[light]

    return [
        Column(head, head_en, 22, lambda row: row.name),
        Column("目标数", "targets", 10, lambda row: row.targets),
        Column("已评价", "judged", 10, lambda row: row.judged),
        Column("覆盖率", "coverage", 10, lambda row: _percent(row.coverage)),
        *(
            Column(wording.light_name(light), code_names("light")[light][1], 14, of_light(light))
            for light in ("green", "yellow", "red", "grey")
        ),
        Column("逾期未报", "overdue", 10, lambda row: row.overdue),
    ]


def _percent(ratio: float | None) -> Percent | None:
    return None if ratio is None else Percent(ratio)


def _region_column(bulletin: Bulletin) -> list[Column]:
    """Only where the plan gives targets to townships too."""
    return [Column("地区", "region", 11, lambda row: row.holder_name)] if bulletin.townships else []


def _target_columns(bulletin: Bulletin) -> list[Column]:
    """What every list of targets begins with."""
    return [
        Column("亮灯", "light", 11, lambda row: Light(row.light)),
        Column("结论", "verdict", 10, lambda row: row.verdict_name),
        *_region_column(bulletin),
        Column("指标", "indicator", 26, _label),
        Column("目标（原文）", "target as printed", 17, lambda row: row.printed_target),
        Column("实际", "actual", 13, lambda row: row.actual),
        Column("数据时期", "period of actual", 10, lambda row: row.actual_period),
        Column("完成率", "attained", 10, lambda row: _percent(row.attainment_ratio)),
        Column("差距", "gap", 15, lambda row: row.gap_figure),
    ]


def _label(target: Target) -> str:
    return f"{target.label}（{target.scope_name}）" if target.scope_name else target.label


def _reason(target: Target) -> str:
    return f"{target.reason}【注：{target.notes}】" if target.notes else target.reason


def _lights(bulletin: Bulletin) -> Section:
    return Section(
        "lights",
        "亮灯表",
        "lights",
        "先红后黄再绿，同灯按完成率由低到高；灰灯列后，逾期未报在前。差距带“+”为好于目标，“−”为差于目标。 / "
        "Red, yellow, green, then grey; the lowest ratio first. A gap with + is better than the target, with − worse.",
        [
            *_target_columns(bulletin),
            Column("责任单位", "responsible units", 18, lambda row: row.department_names),
            Column("原因", "reason", 46, _reason, DETAIL),
            Column("出处", "printed cell", 24, lambda row: row.place),
            Column("Reason", "English", 70, lambda row: row.reason_en, SCREEN),
            Column("领域", "domain", 16, lambda row: row.domain, SCREEN),
            Column("性质", "designation", 10, lambda row: row.designation, SCREEN),
            Column("历次亮灯", "lights so far", 24, lambda row: row.course, SCREEN),
            Column("数据来源", "source of the actual", 30, lambda row: row.source_title, SCREEN),
            Column("标准指标", "indicator of the warehouse", 24, lambda row: row.indicator_name, SCREEN),
            Column("Indicator", "English", 28, lambda row: row.indicator_name_en, SCREEN),
            Column("目标标识", "target_id", 40, lambda row: row.target_id, SCREEN),
        ],
        bulletin.targets,
        "本期没有目标。 / No target.",
    )


def _failed(bulletin: Bulletin) -> Section:
    return Section(
        "behind",
        "未达标与滞后清单",
        "missed and behind",
        "本期目标中未达标（目标年已有实际值）和进度滞后（目标年之前的实际值低于应达进度）的全部目标。 / "
        "Every target that is missed in its own year, or behind the pace it needs.",
        [
            *_target_columns(bulletin),
            Column("责任单位", "responsible units", 18, lambda row: row.department_names),
            Column("原因", "reason", 46, _reason, DETAIL),
            Column("Reason", "English", 70, lambda row: row.reason_en, ASIDE),
            Column("历次亮灯", "lights so far", 20, lambda row: row.course or None, DETAIL),
            Column("出处", "printed cell", 24, lambda row: row.place, DETAIL),
        ],
        bulletin.failed,
        "已有实际值的目标中，没有未达标或进度滞后的。 / None of the judged targets is missed or behind."
        if bulletin.total.judged
        else "本期尚无可评价的目标，谈不上达标与否。 / Nothing can be judged yet.",
    )


def _changes(bulletin: Bulletin) -> Section:
    return Section(
        "changes",
        "与上一版本相比的变化",
        "changes since the last version",
        bulletin.change_statement,
        [
            Column("地区", "region", 11, lambda row: row[0].holder_name),
            Column("指标", "indicator", 30, lambda row: _label(row[0])),
            Column("上次亮灯", "light before", 12, lambda row: _light(row[1]["light_before"])),
            Column("本次亮灯", "light now", 12, lambda row: _light(row[1]["light_now"])),
            Column("变化原因", "what changed", 60, lambda row: row[1]["reason"]),
            Column("What changed", "English", 80, lambda row: row[1]["reason_en"], ASIDE),
        ],
        bulletin.changes,
        "没有变化。 / No change.",
    )


def _light(code: str | None) -> Light | None:
    return None if code is None else Light(code)


def _places(bulletin: Bulletin) -> Section:
    def place(row: dict) -> str:
        if row["rank"] is not None:
            return f"第 {row['rank']} 位 / {row['peers_expected']}"
        return f"未排名：{row['peers_expected']} 个单位仅 {row['peers_present']} 个有数 / not ranked"

    def scope(row: dict) -> str:
        return code_names("scope")[row["scope"]][0]

    return Section(
        "ranking",
        "排名",
        "places among peers",
        "本期各指标截至目标年的最新一次；比较组内数据不齐时不排名，避免误导。 / The latest up to the target year; "
        "no place is given while peers are missing.",
        [
            Column("指标", "indicator", 28, lambda row: row["indicator_name"]),
            Column("时期", "period", 12, lambda row: wording.period_name(row["period"])),
            Column("口径", "scope", 12, scope),
            Column("数值", "value", 16, lambda row: Figure(row["value"], row["standard_unit"])),
            Column("比较组", "peers", 36, lambda row: row["peer_group_name"]),
            Column("位次", "place", 34, place),
            Column("公布的位次", "place as published", 12, lambda row: row["reported_rank"]),
        ],
        bulletin.places,
        "本期指标没有可与同级比较的数据。 / No figure of these indicators can be compared with peers.",
    )


def _scores(bulletin: Bulletin) -> Section:
    def basis(row: dict) -> str | Percent:
        if row["rank_used"] is not None:
            return f"第 {row['rank_used']} 位 / {row['peers_expected']}"
        if row["ratio_used"] is not None:
            return Percent(row["ratio_used"])
        return f"{row['peers_expected']} 个单位仅 {row['peers_present']} 个有数"

    return Section(
        "scores",
        "镇街得分",
        "township scores",
        "按计划印刷的计分规则，满分为 100%。 / By the scoring rules the plan prints; full marks are 100%.",
        [
            Column("指标", "indicator", 30, lambda row: row["indicator_name"]),
            Column("时期", "period", 10, lambda row: wording.period_name(row["period"])),
            Column("镇街", "township", 16, lambda row: row["region_name"]),
            Column("计分依据", "scored by", 24, basis),
            Column(
                "得分", "score", 10, lambda row: None if row["score"] is None else Figure(row["score"], "%")
            ),
            Column("规则", "rule", 50, lambda row: row["rule_name"]),
        ],
        bulletin.scores,
        "没有可计分的镇街数据。 / No township has a figure that a rule scores.",
    )


def _overdue_units(bulletin: Bulletin) -> Section:
    def names(row: Overdue) -> str:
        # the same indicator is awaited in several scopes and of several townships
        times = Counter(target.label for target in row.targets)
        labels = [label if number == 1 else f"{label} ×{number}" for label, number in times.items()]
        more = len(labels) - LISTED_AT_MOST
        return "；".join(labels[:LISTED_AT_MOST]) + (
            f"；另有 {more} 个指标，见工作簿逐项表" if more > 0 else ""
        )

    return Section(
        "overdue",
        "逾期未报（按责任单位）",
        "overdue reporting by unit",
        f"共 {bulletin.overdue_targets} 项目标的实际值已过报出期限仍未报送；一项目标有多个责任单位的，各单位都列。 / "
        f"{bulletin.overdue_targets} figures are overdue; one that several units answer for is listed for each.",
        [
            Column("责任单位", "unit", 28, lambda row: row.department),
            Column("逾期项数", "overdue", 10, lambda row: len(row.targets)),
            Column("最长逾期（天）", "longest, days", 12, lambda row: row.longest),
            Column("最早期限", "earliest due date", 16, lambda row: row.earliest_due),
            Column("应报未报的指标", "figures awaited", 90, names),
        ],
        bulletin.overdue,
        "没有逾期未报的数据。 / Nothing is overdue.",
    )


def _overdue_figures(bulletin: Bulletin) -> Section:
    return Section(
        "overdue_figures",
        "逾期未报（逐项）",
        "overdue figures one by one",
        "供催报用，可按责任单位筛选。 / For reminders: filter by unit.",
        [
            Column("责任单位", "unit", 24, lambda row: row[0]),
            Column("地区", "region", 12, lambda row: row[1].holder_name),
            Column("指标", "indicator", 36, lambda row: _label(row[1])),
            Column("目标（原文）", "target as printed", 24, lambda row: row[1].printed_target),
            Column("目标时期", "period", 12, lambda row: wording.period_name(row[1].period)),
            Column("报出期限", "due", 12, lambda row: row[1].due_date),
            Column("逾期（天）", "days overdue", 10, lambda row: row[1].days_overdue),
            Column("出处", "printed cell", 36, lambda row: row[1].place),
        ],
        [(unit.department, target) for unit in bulletin.overdue for target in unit.targets],
        "没有逾期未报的数据。 / Nothing is overdue.",
    )
