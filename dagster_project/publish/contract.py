"""contract.yml as Python: the names that readers rely on, their keys, and what refers to what."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

CONTRACT_FILE = Path(__file__).with_name("contract.yml")


@dataclass(frozen=True)
class Column:
    """A published column. `references` is schema.table.column, `codes` a code list of marts.dim_code."""

    name: str
    type: str
    references: str | None = None
    codes: str | None = None

    @property
    def pointer(self) -> str:
        """Where the column leads, as its comment says it; nothing for a column that leads nowhere."""
        if self.references:
            return f" → {self.references.removeprefix('marts.')}"
        return f" → dim_code ({self.codes})" if self.codes else ""


@dataclass(frozen=True)
class Relation:
    """A published table or view."""

    schema: str
    name: str
    is_view: bool
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@cache
def published_relations() -> dict[tuple[str, str], Relation]:
    """Every relation of the contract by schema and name."""
    contract = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))
    relations = {}
    for kind in ("tables", "views"):
        for full_name, relation in contract[kind].items():
            schema, name = full_name.split(".")
            columns = tuple(
                Column(column, **({"type": declared} if isinstance(declared, str) else declared))
                for column, declared in relation["columns"].items()
            )
            relations[schema, name] = Relation(
                schema, name, kind == "views", tuple(relation.get("key", ())), columns
            )
    return relations


def fingerprint() -> str:
    """Eight characters that change whenever the contract does, however its file is laid out."""
    return hashlib.sha256(repr(sorted(published_relations().items())).encode()).hexdigest()[:8]
