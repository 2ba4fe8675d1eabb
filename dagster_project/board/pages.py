"""Which pages the board has and what each of them is given. The words and the layout stand in templates/."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dagster_project.board import text
from dagster_project.board.crosstabs import league_tables, printed_tables
from dagster_project.board.labels import LIGHT_ORDER, names
from dagster_project.board.read import Row
from dagster_project.board.targets import Target, facets, light_counts, targets

# judged targets the overview and the pages of departments put first
MAX_ATTENTION = 12
MAX_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be written: its path below the board, its template and what the template is given."""

    path: str
    template: str
    content: dict[str, Any]


class Board:
    """All rows, grouped the ways the pages need them."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.rows = rows
        self.targets = targets(rows)
        self.by_id = {target.row["target_id"]: target for target in self.targets}
        self.regions = {row["region_code"]: row for row in rows["regions"]}
        self.documents = {row["document_id"]: row for row in rows["documents"]}
        self.department_names = {row["department_id"]: row["department_name"] for row in rows["departments"]}
        self.of_region = _grouped(self.targets, lambda target: [target.row["region_code"]])
        self.of_department = _grouped(
            self.targets, lambda target: [department["department_id"] for department in target.departments]
        )
        self.of_task = _grouped(self.targets, lambda target: [target.row["task_id"]])
        self.cards = {row["card_id"]: row for row in rows["scorecards"]}
        self.shown_regions = sorted(self.of_region, key=self._region_order)
        self.domains = sorted(
            {row["domain"] for row in rows["scorecards"] if row["domain"]},
            key=lambda domain: (domain == "未分类", -self._domain_size(domain), domain),
        )

    def _domain_size(self, domain: str) -> int:
        return sum(row["target_count"] for row in self.rows["scorecards"] if row["domain"] == domain)

    def _region_order(self, code: str) -> tuple:
        """Prefectures and counties before townships and zones, by code."""
        level = self.regions[code]["region_level"]
        return (
            ("province", "prefecture", "county").index(level)
            if level in ("province", "prefecture", "county")
            else 3,
            code,
        )

    def shared(self) -> dict[str, Any]:
        """What every page is given."""
        return {
            "as_of": self.rows["as_of"][0]["as_of_date"],
            "published_at": self.rows["published"][0]["published_at"],
            "regions": self.regions,
            "shown_regions": self.shown_regions,
            "documents": self.documents,
            "department_names": self.department_names,
            # what filters offer: code and both names
            "plan_options": lambda keys: [(key, *[self.documents[key]["title"]] * 2) for key in keys],
            "region_options": lambda codes: [
                (code, *[self.regions[code]["region_name"]] * 2) for code in codes
            ],
            "department_options": lambda keys: [(key, *[self.department_names[key]] * 2) for key in keys],
            "domain_options": lambda domains: [(domain, *names("domain", domain)) for domain in domains],
        }

    def pages(self) -> Iterator[Page]:
        """Every page of the board."""
        yield Page("index.html", "overview.html", self._overview())
        for code in self.shown_regions:
            yield Page(f"regions/{text.file_name(code)}", "region.html", self._region(code))
        yield Page("departments/index.html", "departments.html", {"departments": self.rows["departments"]})
        for row in self.rows["departments"]:
            yield Page(
                f"departments/{text.file_name(row['department_id'])}",
                "department.html",
                self._department(row),
            )
        for row in self.rows["documents"]:
            yield Page(
                f"documents/{text.file_name(row['document_id'])}", "document.html", self._document(row)
            )
        yield Page("townships.html", "townships.html", self._townships())
        rankings = _grouped(self.rows["rankings"], lambda row: [row["peer_group_id"]])
        for group, places in rankings.items():
            yield Page(
                f"rankings/{text.file_name(group)}",
                "ranking.html",
                {"places": places, "titles": places[0]["peer_group_name"].partition(" / ")[::2]},
            )
        yield Page("tasks.html", "tasks.html", self._tasks())
        yield Page("conflicts.html", "conflicts.html", self._conflicts())
        yield Page("changes.html", "changes.html", {"changes": self._changes()})
        yield Page("quality.html", "quality.html", self._quality())

    def _overview(self) -> dict[str, Any]:
        cards = [
            self.cards[f"region:{code}"] for code in self.shown_regions if f"region:{code}" in self.cards
        ]
        totals = {
            name: sum(card[name] for card in cards)
            for name in (
                "target_count",
                "judged_count",
                "overdue_count",
                *(f"{light}_count" for light in LIGHT_ORDER),
            )
        }
        attention = sorted(
            (
                t
                for t in self.targets
                if t.light in ("red", "yellow") and t.row["is_primary"] and t.row["part_no"] == 0
            ),
            key=lambda t: (t.order, -t.row["target_year"]),
        )
        return {
            "totals": totals,
            "attention": attention[:MAX_ATTENTION],
            "attention_count": len(attention),
            "changes": self._changes()[:MAX_CHANGES],
            "change_count": len(self.rows["changes"]),
            "cards": self.cards,
            "domains": self.domains,
            "document_cards": [self.cards.get(f"document:{key}") for key in self.documents],
            "gaps": self.rows["gaps"],
            "conflict_count": len(self.rows["conflicts"]),
            "task_count": len(self.rows["tasks"]),
            "department_count": len(self.rows["departments"]),
        }

    def _changes(self) -> list[Row]:
        """The lights that changed last, those first that are red now."""
        rows = sorted(
            self.rows["changes"], key=lambda row: LIGHT_ORDER.get(row["light_now"], len(LIGHT_ORDER))
        )
        return [{**row, "target": self.by_id.get(row["target_id"])} for row in rows]

    def _region(self, code: str) -> dict[str, Any]:
        shown = sorted(self.of_region[code], key=lambda target: target.order)
        return {
            "region": self.regions[code],
            "card": self.cards.get(f"region:{code}"),
            "domain_cards": [
                self.cards[key]
                for domain in self.domains
                if (key := f"region_domain:{code}:{domain}") in self.cards
            ],
            "groups": _by_light(shown),
            "facets": facets(shown),
            "documents_here": list(dict.fromkeys(target.row["document_id"] for target in shown)),
            "units": [
                other for other in self.shown_regions if self.regions[other]["parent_region_code"] == code
            ],
            "conflict_count": sum(1 for row in self.rows["conflicts"] if row["region_code"] == code),
            "has_charts": any(target.chart for target in shown),
        }

    def _department(self, row: Row) -> dict[str, Any]:
        shown = sorted(self.of_department.get(row["department_id"], []), key=lambda target: target.order)
        tasks = {task["task_id"]: task for task in self.rows["tasks"]}
        return {
            "department": row,
            "groups": _by_light(shown),
            "facets": facets(shown),
            "documents_here": list(dict.fromkeys(target.row["document_id"] for target in shown)),
            "tasks": [
                tasks[link["task_id"]]
                for link in self.rows["task_departments"]
                if link["department_id"] == row["department_id"]
            ],
        }

    def _document(self, row: Row) -> dict[str, Any]:
        shown = [target for target in self.targets if target.row["document_id"] == row["document_id"]]
        return {
            "document": row,
            "tables": printed_tables(shown),
            "card": self.cards.get(f"document:{row['document_id']}"),
        }

    def _townships(self) -> dict[str, Any]:
        groups = Counter((row["peer_group_id"], row["peer_group_name"]) for row in self.rows["rankings"])
        return {
            "leagues": league_tables(self.targets, self.rows["scores"]),
            "groups": [(group, name, count) for (group, name), count in groups.items()],
        }

    def _tasks(self) -> dict[str, Any]:
        departments = _grouped(self.rows["task_departments"], lambda row: [row["task_id"]])
        tasks = [
            {
                **task,
                "departments": [row["department_id"] for row in departments.get(task["task_id"], [])],
                "targets": self.of_task.get(task["task_id"], []),
                "lights": light_counts(self.of_task.get(task["task_id"], [])),
            }
            for task in self.rows["tasks"]
        ]
        return {
            "tasks": tasks,
            "sites": self.rows["sites"],
            "categories": [
                (name, name, name)
                for name in dict.fromkeys(row["category_text"] for row in self.rows["sites"])
            ],
            "kinds": [
                (kind, *names("task_kind", kind))
                for kind in dict.fromkeys(task["task_kind"] for task in tasks)
            ],
        }

    def _conflicts(self) -> dict[str, Any]:
        conflicts = self.rows["conflicts"]
        return {
            "conflicts": [
                {
                    **row,
                    "first_target": self.by_id.get(row["first_target_id"]),
                    "second_target": self.by_id.get(row["second_target_id"]),
                }
                for row in conflicts
            ],
            "kinds": [
                (kind, *names("conflict_kind", kind), count)
                for kind, count in Counter(row["conflict_kind"] for row in conflicts).most_common()
            ],
            "region_codes": list(dict.fromkeys(row["region_code"] for row in conflicts)),
        }

    def _quality(self) -> dict[str, Any]:
        return {
            **{
                name: self.rows[name]
                for name in ("files", "rejected", "checks", "unmapped", "runs", "figures")
            },
            "unparsed": [{**row, "target": self.by_id[row["target_id"]]} for row in self.rows["unparsed"]],
        }


def _grouped(items: list, keys: Any) -> dict[Any, list]:
    """The items by each of the keys they have."""
    groups: dict[Any, list] = {}
    for item in items:
        for key in keys(item):
            groups.setdefault(key, []).append(item)
    return groups


def _by_light(shown: list[Target]) -> list[tuple[str, list[Target]]]:
    """Targets by light, the cells without a target apart at the end."""
    groups = _grouped(shown, lambda target: [target.light if target.counts else "none"])
    return [(light, groups[light]) for light in (*LIGHT_ORDER, "none") if light in groups]
