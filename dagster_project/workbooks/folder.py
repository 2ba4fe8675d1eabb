"""Keeping a folder of workbooks as it should be: what is new or differs is written, what nobody wants is removed.

A hidden index remembers from what each file was made and how it lay on disk, so that a night with nothing new makes
no workbook at all. It is written last: killed anywhere, the next run makes the files again and finds most of them as
they should be.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.durable import write_whole

INDEX_NAME = ".index.json"
ENDING = ".xlsx"


@dataclass(frozen=True)
class Wanted:
    """A file that should be there. `made_from` decides its content; `make` gives its bytes."""

    name: str
    made_from: Any
    make: Callable[[], bytes]


@dataclass
class Sync:
    """What was done: names below the folder; for what could not be made, the reason."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@cache
def _program() -> str:
    """The code that makes workbooks: a file is made again when that changed."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sync_folder(folder: Path, wanted: Iterable[Wanted], *, is_complete: bool) -> Sync:
    """Make the files of `wanted`; if they are all there should be (`is_complete`), remove the other workbooks.

    A file that cannot be made is reported and does not keep the others from being made; an old one of its name stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    old_index, new_index, done = _read_index(folder), {}, Sync()
    for file in wanted:
        path = folder / file.name
        digest = hashlib.sha256(
            repr((_program(), file.made_from)).encode("utf-8", "backslashreplace")
        ).hexdigest()
        if old_index.get(file.name) == [digest, *_on_disk(path)]:
            done.unchanged.append(file.name)
        else:
            try:
                _write(path, file.make(), file.name, done)
            except Exception as error:  # one workbook must not keep the others from going out
                done.failed[file.name] = f"{type(error).__name__}: {error}"
                continue
        new_index[file.name] = [digest, *_on_disk(path)]
    kept = {*new_index, *done.failed}
    if is_complete:
        _remove_others(folder, kept, done)
    else:
        new_index = {**old_index, **new_index}
    if new_index != old_index:
        text = json.dumps(new_index, ensure_ascii=False, indent=0)
        write_whole(folder / INDEX_NAME, lambda path: path.write_text(text, encoding="utf-8"))
    return done


def _read_index(folder: Path) -> dict[str, list]:
    try:
        return json.loads((folder / INDEX_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _on_disk(path: Path) -> tuple[int, int]:
    """Size and time of change: somebody who fills in a file where it lies changes them."""
    with suppress(OSError):
        status = path.stat()
        return status.st_size, status.st_mtime_ns
    return 0, 0


def _write(path: Path, content: bytes, name: str, done: Sync) -> None:
    with suppress(OSError):
        if path.read_bytes() == content:
            done.unchanged.append(name)
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda temporary: temporary.write_bytes(content))
    done.written.append(name)


def _remove_others(folder: Path, kept: set[str], done: Sync) -> None:
    """Remove workbooks that nobody wants, what a killed run left half written, and folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):  # not empty
                path.rmdir()
        elif path.suffix == ".tmp" and path.name.startswith("."):
            path.unlink()
        elif path.suffix == ENDING and name not in kept:
            path.unlink()
            done.removed.append(name)
