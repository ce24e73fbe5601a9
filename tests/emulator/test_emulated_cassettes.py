"""The committed emulated cassettes are what the emulator answers today: `make emulated` writes them anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stack import PROVIDERS, asked, default_target, emulated_names

from conformance.recording.cassette import cassette_path, load
from conformance.recording.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.wire.exchange import Exchange

CASSETTES = Path(__file__).parents[2] / "cassettes"
SERVED = [provider for provider in PROVIDERS.values() if not provider.abstract and provider.server is None]
EMULATED = emulated_names(SERVED)


def responses(exchanges: Iterable[Exchange]) -> list[tuple[int | None, bytes]]:
    return [(one.response.status, one.response.body) for one in exchanges if one.response]


@pytest.mark.parametrize("provider", EMULATED)
def test_cassettes_hold_what_the_emulator_answers(provider: str) -> None:
    target = default_target(provider)
    for each in asked(provider):
        path = cassette_path(
            CASSETTES, target.provider.name, target.model, target.dialect, each.probe.name, emulated=True
        )
        cassette = load(path)
        assert cassette.probe_hash == each.probe.hash, f"{path}: the probe has changed: make emulated"
        assert cassette.evidence == "emulated"
        stored, answered = responses(cassette.exchanges), responses(each.exchanges)
        # Redaction takes as long as the answers do, and changes few of them.
        stale = stored != answered and stored != responses(map(redact, each.exchanges))
        assert not stale, f"{path}: the emulator answers otherwise now: make emulated"


@pytest.mark.parametrize("provider", EMULATED)
def test_no_cassette_is_left_of_a_probe_that_is_gone(provider: str) -> None:
    target = default_target(provider)
    place = cassette_path(CASSETTES, target.provider.name, target.model, target.dialect, "any").parent
    names = {each.probe.name for each in asked(provider)}
    assert {path.name.partition(".")[0] for path in place.glob("*.yaml")} == names
