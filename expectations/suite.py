"""What a suite file says, as Python objects. Nothing is run here and nothing heavy imported.

A suite is a list of batches. A batch is a query whose rows are looked at, the asset it speaks of, the columns that
name a row, and the expectations those rows must meet (types and arguments as Great Expectations has them).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SEVERITIES = ("critical", "warning")


class SuiteError(ValueError):
    """A suite file is not as it should be."""


@dataclass(frozen=True)
class ExpectationSpec:
    """One expectation. `severity`: critical stops what follows, warning is shown and lets it pass."""

    name: str
    type: str
    kwargs: dict[str, Any]
    severity: str
    title: str


@dataclass(frozen=True)
class BatchSpec:
    """One set of rows and what is expected of them."""

    name: str
    asset: tuple[str, ...]
    title: str
    key: tuple[str, ...]
    query: str
    expectations: tuple[ExpectationSpec, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Suite:
    """A gate: all its batches, in the order of the file."""

    name: str
    title: str
    batches: tuple[BatchSpec, ...]


def load_suite(path: Path) -> Suite:
    """Read a suite file. Raises SuiteError naming the file and the batch for anything missing or doubled."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    batches, names = [], set()
    for batch in data["batches"]:
        expectations = []
        for expectation in batch["expectations"]:
            name = f"{batch['name']}__{expectation['name']}"
            if expectation.get("severity") not in SEVERITIES:
                raise SuiteError(f"{path.name}: {name}: severity must be one of {', '.join(SEVERITIES)}")
            if name in names:
                raise SuiteError(f"{path.name}: {name} stands twice")
            names.add(name)
            expectations.append(
                ExpectationSpec(
                    name,
                    expectation["type"],
                    expectation.get("kwargs", {}),
                    expectation["severity"],
                    expectation["title"],
                )
            )
        batches.append(
            BatchSpec(
                batch["name"],
                tuple(batch["asset"]),
                batch["title"],
                tuple(batch["key"]),
                batch["query"],
                tuple(expectations),
            )
        )
    return Suite(data["name"], data["title"], tuple(batches))
