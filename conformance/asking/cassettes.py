"""The cassettes of a run: whose they are, what state they are in, and when one is written over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from conformance import __version__
from conformance.errors import UnusableInputError, command
from conformance.knowledge.usability import Rank
from conformance.probes.conversation import Conversation, conversation, exchange_id
from conformance.providers import Target
from conformance.providers.keys import key_name
from conformance.providers.named_dialects import dialect_names
from conformance.recording.cassette import (
    EMULATED_SUFFIX,
    REFUSED_SUFFIX,
    cassette_path,
    decode_model,
    load,
    refused_path,
    save,
)
from conformance.recording.files import alone, sweep
from conformance.wire.attempts import is_persistent
from conformance.wire.exchange import CLAIM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.probes import Probe
    from conformance.providers import Provider
    from conformance.wire.exchange import Evidence

#: `unusable` decides nothing: its answer was a refusal of access, a 429, a 5xx or broke.
State: TypeAlias = Literal["missing", "unusable", "stale", "good"]


def recorded_targets(
    folder: Path, providers: Mapping[str, Provider], evidence: frozenset[Evidence] = frozenset()
) -> tuple[Target, ...]:
    """Return the targets that have cassettes, in order; with `evidence`, those that have some of it.

    Raises:
        UnusableInputError: a folder of cassettes belongs to no provider or dialect that is known.
    """
    result = []
    for place in sorted({path.parent for path in folder.glob("*/*/*/*.yaml") if _may_hold(path, evidence)}):
        provider, model, dialect = map(decode_model, place.relative_to(folder).parts)
        if provider not in providers:
            remedy = "add its TOML with --providers DIR, or move the folder away"
            raise UnusableInputError(f"cassettes of the unknown provider {provider!r}", where=place, remedy=remedy)
        if dialect not in dialect_names():
            remedy = f"the dialects are {', '.join(dialect_names())}"
            raise UnusableInputError(f"cassettes of the unknown dialect {dialect!r}", where=place, remedy=remedy)
        result.append(Target(providers[provider], model, dialect))
    return tuple(result)


def _may_hold(path: Path, evidence: frozenset[Evidence]) -> bool:
    """Guess from the file name whether a cassette can hold evidence of a wanted kind, so that unneeded files are not parsed."""
    if path.name.endswith(REFUSED_SUFFIX):
        return False
    wanted = {"emulated"} if path.name.endswith(EMULATED_SUFFIX) else {"recorded", "imported", "live"}
    return not evidence or bool(wanted & evidence)


def no_target(folder: Path, remedy: str = "name one with --target PROVIDER/MODEL") -> UnusableInputError:
    """Return the error for a folder without a target, which says where a cassette lies that is none of ours."""
    other = next(iter(sorted(folder.glob("**/*.yaml"))), None)
    if other is None:
        return UnusableInputError("no target: there are no cassettes", where=folder, remedy=remedy)
    what = "no target: cassettes of ours lie in PROVIDER/MODEL/DIALECT/PROBE.yaml"
    return UnusableInputError(what, where=other, remedy="`conformance audit` judges recordings of other tools")


@dataclass(frozen=True)
class Store:
    """The cassettes below one folder.

    `options` belong to the command that records a missing one; `evidence` is what is judged, all where it is empty.
    """

    folder: Path
    options: tuple[str, ...] = ()
    evidence: frozenset[Evidence] = frozenset()

    def replay(self, target: Target, probe: Probe) -> Conversation:
        """Return a probe's conversation as it was recorded, or else emulated.

        Raises:
            UnusableInputError: its cassette cannot be read.
        """
        places = (self._path(target, probe), self._path(target, probe, emulated=True))
        path = next((entry for entry in places if entry.exists() and _may_hold(entry, self.evidence)), None)
        if path is None:
            words = [target.id, "--probe", probe.name, *self.options]
            return Conversation(probe, missing=command("record", *words))
        cassette = load(path)
        # Named as when they were asked: the reader's names begin with the path on this machine.
        exchanges = tuple(
            replace(entry, id=exchange_id(target, probe, entry.interaction)) for entry in cassette.exchanges
        )
        stale = cassette.probe_hash != probe.hash
        return self.admitted(conversation(probe, exchanges, stale=stale, key=key_name(target)))

    def admitted(self, seen: Conversation) -> Conversation:
        """Return a conversation, or one without exchanges where --evidence leaves its evidence out."""
        left_out = {entry.evidence for entry in seen.exchanges} - self.evidence if self.evidence else set()
        if not left_out:
            return seen
        return Conversation(seen.probe, missing=f"--evidence leaves out what is {' or '.join(sorted(left_out))}")

    def state(self, target: Target, probe: Probe, *, emulated: bool = False) -> State:
        """Return what a recorded cassette is good for; with `emulated`, the one that is replayed: an emulated one may do.

        Raises:
            UnusableInputError: it cannot be read.
        """
        places = [self._path(target, probe, emulated=entry) for entry in ((False, True) if emulated else (False,))]
        path = next((entry for entry in places if entry.exists()), None)
        if path is None:
            return "missing"
        cassette = load(path)
        if conversation(probe, cassette.exchanges).unusable:
            return "unusable"
        return "good" if cassette.probe_hash == probe.hash else "stale"

    def keep(self, target: Target, seen: Conversation) -> str | None:
        """Write a conversation, unless the cassette that is there is worth more. Return a message for people, where there is one.

        A refusal is written beside then, as PROBE.refused.yaml, which is never replayed.

        Raises:
            UnusableInputError: the cassette cannot be written.
        """
        probe, exchanges = seen.probe, seen.exchanges
        if not exchanges or any(CLAIM in entry.meta for entry in exchanges):
            return "not recorded"
        if any(entry.response is None for entry in exchanges) and not is_persistent(exchanges[-1]):
            return "not recorded"
        path = self._path(target, probe, emulated=any(entry.evidence == "emulated" for entry in exchanges))
        with alone(path.parent):  # what is there may not change between the look at it and the writing
            return self._keep(path, seen)

    def sweep(self, target: Target) -> None:
        """Remove what a killed recorder left of a target's cassettes that it was writing."""
        sweep(cassette_path(self.folder, target.provider.name, target.model, target.dialect, "").parent)

    def _keep(self, path: Path, seen: Conversation) -> str | None:
        emulated = path.name.endswith(EMULATED_SUFFIX)
        there, rank = self._worth(seen.probe, path), seen.rank
        if rank is Rank.ACCESS_REFUSED or (rank is Rank.REQUEST_REFUSED and there > rank and not emulated):
            self._write(refused_path(path), seen, emulated=emulated)
            stays = "; the better cassette stays" if there > Rank.NEVER_ANSWERED else ""
            return f"kept beside as {refused_path(path).name}{stays}"
        if there > rank and not (emulated and rank is Rank.REQUEST_REFUSED):
            return "the better cassette stays"
        self._write(path, seen, emulated=emulated)
        with suppress(OSError):  # it told why there was nothing better
            refused_path(path).unlink(missing_ok=True)
        return None

    def _write(self, path: Path, seen: Conversation, *, emulated: bool) -> None:
        recorded = [replace(entry, evidence="emulated" if emulated else "recorded") for entry in seen.exchanges]
        save(path, recorded, probe=seen.probe.name, probe_hash=seen.probe.hash, tool_version=__version__)

    def _worth(self, probe: Probe, path: Path) -> Rank:
        """Return what the cassette that is there is worth. One of another probe's definition yields to any true answer."""
        try:
            cassette = load(path) if path.exists() else None
        except UnusableInputError:  # a broken cassette is worth less than any answer
            cassette = None
        if cassette is None:
            return Rank.NEVER_ANSWERED
        rank = conversation(probe, cassette.exchanges).rank
        return rank if cassette.probe_hash == probe.hash else min(rank, Rank.REQUEST_REFUSED)

    def _path(self, target: Target, probe: Probe, *, emulated: bool = False) -> Path:
        names = (target.provider.name, target.model, target.dialect, probe.name)
        return cassette_path(self.folder, *names, emulated=emulated)
