"""The importers over real recordings of other projects, which are not part of this repository."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.wire.exchange import Exchange

TRAFFIC = Path(__file__).parents[3] / "shared" / "traffic"
RAW = TRAFFIC / "raw"
pytestmark = pytest.mark.skipif(not RAW.is_dir(), reason=f"no recorded traffic at {RAW}")


@pytest.fixture(scope="module")
def imported() -> dict[str, Exchange]:
    exchanges = {}
    for folder in ("vcrpy", "ruby-vcr", "har"):
        for path in find_files([RAW / folder]):
            for each in read_exchanges(path):
                assert isinstance(each, Exchange), each
                exchanges[f"{path.relative_to(RAW / folder).as_posix()}#{each.interaction}"] = each
    return exchanges


def test_every_raw_file_is_read(imported: dict[str, Exchange]) -> None:
    assert len(list(find_files([RAW]))) == sum(path.is_file() for path in RAW.rglob("*")) == 968
    assert len(imported) == 1478
    assert Counter(each.fidelity for each in imported.values()) == {"full": 1161, "parsed": 317}
    assert all(each.response is not None and each.response.status for each in imported.values())


def test_importers_decode_what_the_prepared_exchanges_hold(imported: dict[str, Exchange]) -> None:
    compared = 0
    for path in find_files([TRAFFIC / "exchanges"]):
        for prepared in read_exchanges(path):
            assert not isinstance(prepared, Unreadable), prepared
            own = imported.get(prepared.id)
            if own is None:
                continue
            compared += 1
            assert own.response is not None
            assert prepared.response is not None
            assert own.response.body == prepared.response.body, prepared.id
            assert own.request.json == prepared.request.json, prepared.id
            assert own.fidelity == prepared.fidelity, prepared.id
            assert own.response.status == prepared.response.status, prepared.id
    assert compared == 1429
