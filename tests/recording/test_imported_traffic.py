"""The importers over recordings in every format: those that we wrote, and those of other projects beside the checkout."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest

from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.wire.exchange import Exchange
from tests.samples.material import at_hand

if TYPE_CHECKING:
    from pathlib import Path

    from tests.samples.material import Material

#: Of each place: raw files, the exchanges in them by fidelity, and how many of those stand among the prepared exchanges.
COUNTS = {"sample": (8, {"full": 24, "parsed": 1}, 24), "beside": (968, {"full": 1161, "parsed": 317}, 1429)}


class Imported(NamedTuple):
    """A place, and the exchanges of its raw files by `file#number`."""

    material: Material
    exchanges: dict[str, Exchange]

    @property
    def raw(self) -> Path:
        """The folder with a folder for each recorder."""
        return self.material.traffic / "raw"


@pytest.fixture(scope="module", params=at_hand("traffic"), ids=str)
def imported(request: pytest.FixtureRequest) -> Imported:
    place = Imported(request.param, {})
    for folder in ("vcrpy", "ruby-vcr", "har"):
        for path in find_files([place.raw / folder]):
            for exchange in read_exchanges(path):
                assert isinstance(exchange, Exchange), exchange
                name = f"{path.relative_to(place.raw / folder).as_posix()}#{exchange.interaction}"
                place.exchanges[name] = exchange
    return place


def test_every_raw_file_is_read(imported: Imported) -> None:
    files, fidelities, _ = COUNTS[imported.material.name]
    assert len(list(find_files([imported.raw]))) == sum(path.is_file() for path in imported.raw.rglob("*")) == files
    assert Counter(exchange.fidelity for exchange in imported.exchanges.values()) == fidelities
    assert all(exchange.response and exchange.response.status for exchange in imported.exchanges.values())


def test_importers_decode_the_bodies_of_the_prepared_exchanges(imported: Imported) -> None:
    compared = 0
    for path in find_files([imported.material.traffic / "exchanges"]):
        for prepared in read_exchanges(path):
            assert not isinstance(prepared, Unreadable), prepared
            own = imported.exchanges.get(prepared.id)
            if own is None:
                continue
            compared += 1
            assert own.response is not None
            assert prepared.response is not None
            assert own.response.body == prepared.response.body, prepared.id
            assert own.request.json == prepared.request.json, prepared.id
            assert own.fidelity == prepared.fidelity, prepared.id
            assert own.response.status == prepared.response.status, prepared.id
    assert compared == COUNTS[imported.material.name][2]
