"""The ledger: each path of a specification is covered by a schema, left out for a reason, or open."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.spec_coverage.models import paths_of_sdk, paths_of_service
from tests.spec_coverage.named import Node, reached
from tests.spec_coverage.specification import Root, SpecPath, paths_of_file, roots

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT: Final = Path(__file__).with_name("left_out.tsv")
DIFFERENCES: Final = Path(__file__).with_name("differences.tsv")
#: SDKs whose members are written otherwise on the wire.
CAMEL: Final = frozenset({"google_genai"})


@dataclass(frozen=True)
class Line:
    """A path with its state.

    Attributes:
        root: the object of the specification and its schema.
        path: as the specification has it.
        state: `covered`, `left out` or `open`.
        differences: each as `type`, `null`, `enum` or `required` with the detail.
    """

    root: Root
    path: SpecPath
    state: str
    differences: tuple[str, ...] = ()


@cache
def table(path: Path) -> tuple[dict[str, str], ...]:
    """Return the rows of a data file."""
    with path.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t"))


def listed(path: Path, root: Root, text: str) -> bool:
    """Say whether a data file names the path, by itself or by a pattern."""
    rows = (row for row in table(path) if row["dialect"] == root.dialect and row["source"] in ("*", root.source))
    return any(fnmatchcase(text, row["path"].replace("[", "[[]")) for row in rows)


def paths_of(root: Root) -> Iterator[SpecPath]:
    """Yield the paths of an object of a specification."""
    kind, _, name = root.source.partition(":")
    if kind == "sdk":
        yield from paths_of_sdk(name, root.name, camel=name in CAMEL)
    elif kind == "botocore":
        yield from paths_of_service(_service(name), root.name)
    else:
        yield from (path for path in paths_of_file(root.source) if fnmatchcase(path.root, root.name))


@cache
def _service(name: str) -> dict[str, Any]:
    from botocore.loaders import Loader  # noqa: PLC0415 - an extra

    return Loader().load_service_model(name, "service-2")["shapes"]  # type: ignore[no-any-return]


@cache
def ledger() -> tuple[Line, ...]:
    """Return every path once, in the order of `roots.tsv`."""
    lines: dict[tuple[str, str, str], Line] = {}
    for root in roots():
        for path in paths_of(root):
            nodes, owner, count = reached(root.schema, path.steps)
            key = (root.dialect, root.source, path.text)
            if key in lines:
                continue
            if listed(LEFT_OUT, root, path.text):
                lines[key] = Line(root, path, "left out")
            elif count < len(path.steps):
                lines[key] = Line(root, path, "open")
            else:
                lines[key] = Line(root, path, "covered", tuple(differences(path, nodes, owner)))
    return tuple(lines.values())


def differences(path: SpecPath, nodes: list[Node], owner: list[Node]) -> Iterator[str]:
    """Yield where a schema refuses what the specification allows. A schema that allows more is no difference."""
    for node in nodes:
        types = node.get("type")
        if types is None:
            continue
        allowed = {types} if isinstance(types, str) else set(types)
        if missing := path.types - allowed - ({"integer"} if "number" in allowed else set()):
            yield f"type {'|'.join(sorted(missing))}"
        if path.nullable and "null" not in allowed:
            yield "null"
    words = [
        set(node["enum"]) if "enum" in node else {node["const"]} for node in nodes if "enum" in node or "const" in node
    ]
    if words and (unnamed := set(path.enum) - set().union(*words)):
        yield f"enum {'|'.join(sorted(unnamed))}"
    if not path.required and any(path.steps[-1] in node.get("required", ()) for node in owner):
        yield "required"


def unexplained(line: Line) -> bool:
    """Say whether a path is open, or differs without a note."""
    if line.state == "open":
        return True
    return bool(line.differences) and not listed(DIFFERENCES, line.root, line.path.text)


def counts() -> dict[str, Counter[str]]:
    """Return, for each dialect, how many paths are covered, left out, open, and how many differ with and without a note."""
    totals: dict[str, Counter[str]] = {}
    for line in ledger():
        total = totals.setdefault(line.root.dialect, Counter())
        total[line.state] += 1
        if line.differences:
            total["unexplained" if unexplained(line) else "noted"] += 1
    return totals
