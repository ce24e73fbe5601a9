"""The versions of an SDK as two sides: what the client matrix knows of each, and the command that tries a version."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.emulator.clients.catalogue import clients
from conformance.emulator.clients.outcome import RANK
from conformance.errors import UnusableInputError, command, suggest
from conformance.rules.table import Severity
from conformance.runs.upgrade.material import Material
from conformance.schemas.validators import explain
from conformance.verdicts.comparison import Change, Kind, Side, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VERSION: Final = re.compile(r"(?P<package>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[A-Za-z0-9][A-Za-z0-9.+!-]*)")
#: What a worse outcome weighs: lost data without an exception, and an answer that never comes, break; an exception is seen.
_SEVERITY: Final = {"silent": Severity.ERROR, "hung": Severity.ERROR, "raised": Severity.ERROR}


class Case(NamedTuple):
    """One case of the client matrix: the client, the table, the subject (a target, a fault), and the question."""

    client: str
    table: str
    subject: str
    case: str


def is_version(text: str) -> bool:
    """Whether a side is written as a version: `openai==3.60.0`."""
    return _VERSION.fullmatch(text) is not None


def material_of_sdk(text: str, reports: Path) -> Material:
    """Return the material of a version: its cases of the client matrix, where a matrix of it lies in the reports folder.

    Args:
        text: `PACKAGE==VERSION`.
        reports: the folder in which `conformance clients --json` writes.

    Raises:
        UnusableInputError: no client of the matrix is of that package, or a matrix cannot be read.
    """
    match = _VERSION.fullmatch(text)
    assert match is not None  # noqa: S101 - the caller looked
    packages = {client.package for client in clients().values()}
    if match["package"] not in packages:
        remedy = suggest(match["package"], packages)
        raise UnusableInputError(f"{text!r} is no version of a client of the matrix", remedy=remedy)
    name = re.sub(r"[^A-Za-z0-9.]+", "-", text)
    file = reports / f"clients-{name}.json"
    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    record = command("clients", "--install", "--with", text, "--json", str(shown))
    side = Side(text, "sdk", evidence=())
    return Material(side, {}, paired=False, record=record, clients=_cases(reports, match["package"], match["version"]))


def sdk_changes(a: Material, b: Material) -> tuple[list[Change], list[Unknown]]:
    """Return the cases that the client of B makes worse or better, and what has to be tried first."""
    missing = [side for side in (a, b) if not side.clients]
    if missing:
        why = "no client matrix of this version lies in the reports folder"
        return [], [Unknown(f"{side.side.name} was not tried", why, side.record, decides=True) for side in missing]
    return list(_changes(a, b)), []


def _changes(a: Material, b: Material) -> Iterator[Change]:
    for key, (after, why) in b.clients.items():
        before, case = a.clients.get(key, ("n/a", ""))[0], Case(*key)
        if "n/a" in {before, after} or before == after:
            continue
        worse = RANK[after] > RANK[before]
        yield Change(
            about="answer",
            id=f"client.{case.client} {case.subject} {case.case}",
            kind=Kind.CHANGED if worse else Kind.MENDED,
            severity=_SEVERITY.get(after, Severity.NOTE) if worse else Severity.NOTE,
            title=f"{case.client}: {case.case} of {case.subject}: {after}, {before} before"
            + (f": {why}" if why else ""),
            breaks_if=f"uses {case.client} for {case.case} with {case.subject}",
            capability=case.case if case.table == "provider" else case.table,
            evidence="recorded" if case.table == "replay" else "emulated",
            before=before,
            after=after,
            command=b.record,
        )


def _cases(reports: Path, package: str, version: str) -> Mapping[tuple[str, ...], tuple[str, str]]:
    """Return word and reason of each case, from the newest matrix in which the package has that version."""
    result: dict[tuple[str, ...], tuple[str, str]] = {}
    for path in sorted(reports.glob("clients*.json")):
        matrix = _read(path)
        tried = {name for name, versions in matrix["clients"].items() if versions.get(package) == version}
        result |= {
            Case(cell["client"], cell["table"], cell["subject"], cell["case"]): (cell["word"], cell["why"])
            for cell in matrix["cells"]
            if cell["client"] in tried
        }
    return result


def _read(path: Path) -> dict[str, Any]:
    remedy = "make it anew: conformance clients --json FILE"
    try:
        matrix: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableInputError(f"cannot be read: {error}", where=path, remedy=remedy) from error
    wrong = explain("clients", matrix)
    if wrong is not None:
        raise UnusableInputError(wrong, where=path, remedy=remedy)
    return matrix
