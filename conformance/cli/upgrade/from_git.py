"""`conformance upgrade --from-git BASE..HEAD`: the models and SDK versions that a range of commits changed, and the question for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cli.upgrade.git_range import changed_files
from conformance.emulator.clients.catalogue import named
from conformance.errors import UnusableInputError, command
from conformance.knowledge.clients.versions import normalised, versions_in
from conformance.knowledge.lifecycle.changed import model_changes
from conformance.providers import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.knowledge.lifecycle.changed import ModelChange
    from conformance.knowledge.lifecycle.scan.mention import Mention
    from conformance.providers import Provider


@dataclass(frozen=True)
class Replacement:
    """One change of a range.

    Attributes:
        place: file, and line where there is one.
        before: the old model or version, as it stands there; empty where it was only added.
        after: the new one.
        sides: the two targets of `conformance upgrade`; None where there is nothing to run here.
        command: what to run by hand; empty where nothing is open.
    """

    place: str
    before: str
    after: str
    sides: tuple[str, str] | None = None
    command: str = ""

    @property
    def words(self) -> str:
        """The change on one line."""
        return f"{self.place}: {self.before or '(nothing)'} -> {self.after}"


def changes_of_range(folder: Path, text: str, as_of: date, providers: Mapping[str, Provider]) -> list[Replacement]:
    """Return the models and SDK versions that a range of commits changed, each pair once.

    Raises:
        UnusableInputError: it is no repository, or no range of it.
    """
    known = {name: frozenset(provider.models) for name, provider in providers.items()}
    clients = {normalised(client.package): client.package for client in named([])}
    pairs: dict[tuple[str, str], Replacement] = {}
    for file in changed_files(folder, text):
        models = model_changes(file.path, file.before, file.after, as_of, known)
        changes = [_model(change, providers) for change in models]
        changes += _versions(
            file.path, versions_in(file.path, file.before), versions_in(file.path, file.after), clients
        )
        for entry in changes:
            pairs.setdefault((entry.before, entry.after), entry)
    return list(pairs.values())


def _model(change: ModelChange, providers: Mapping[str, Provider]) -> Replacement:
    after, before = change.after, change.before
    place = f"{after.file}:{after.line}"
    if before is None:
        return Replacement(place, "", after.model)
    sides = _target(before, providers), _target(after, providers)
    if sides[0] is not None and sides[1] is not None:
        return Replacement(place, before.model, after.model, (sides[0], sides[1]))
    guess = [
        side or f"{next(iter(entry.providers), 'PROVIDER') if len(entry.providers) == 1 else 'PROVIDER'}/{entry.model}"
        for side, entry in zip(sides, (before, after), strict=True)
    ]
    return Replacement(place, before.model, after.model, command=command("upgrade", *guess))


def _target(entry: Mention, providers: Mapping[str, Provider]) -> str | None:
    """Return the target that a name stands for; None where its provider is open, or not known here."""
    for text in (entry.model, *(f"{name}/{entry.model}" for name in entry.providers if len(entry.providers) == 1)):
        try:
            return parse_target(text, providers).id
        except UnusableInputError:
            continue
    return None


def _versions(
    path: str, before: Mapping[str, str], after: Mapping[str, str], clients: Mapping[str, str]
) -> Iterator[Replacement]:
    """Yield the SDKs of the client matrix whose version changed."""
    for name, package in clients.items():
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None and old != new:
            sides = f"{package}=={old}", f"{package}=={new}"
            yield Replacement(path, *sides, sides=sides)
