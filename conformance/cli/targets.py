"""`conformance targets`: the targets that have cassettes, and the evidence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.asking.cassettes import no_target, recorded_targets
from conformance.errors import CONFORMS
from conformance.providers import load_providers
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from conformance.wire.exchange import Evidence

#: A file's name tells an emulator's answers from a provider's; recorded and imported ones stand in the same files.
_KINDS: Final[dict[str, Evidence]] = {"real": "recorded", "emulated": "emulated"}


def arguments(parser: ArgumentParser) -> None:
    """Add the folders to look into."""
    add_options(parser, "--cassettes", "--providers")


def main(options: Namespace) -> int:
    """Print one line for each target: its kinds of evidence and its name; those with answers of a provider come first.

    Raises:
        UnusableInputError: there is no target, or a TOML is wrong.
    """
    project = Project.here()
    providers = load_providers(*project.paths("providers", options.providers))
    cassettes = project.path("cassettes", options.cassettes) or project.root / "cassettes"
    kinds: dict[str, list[str]] = {}
    for kind, evidence in _KINDS.items():
        for target in recorded_targets(cassettes, providers, frozenset({evidence})):
            kinds.setdefault(target.id, []).append(kind)
    if not kinds:
        raise no_target(
            cassettes, "`conformance record PROVIDER/MODEL` makes them, --cassettes DIR names another folder"
        )
    for name, own in kinds.items():
        print(f"{', '.join(own):20} {name}")
    return CONFORMS
