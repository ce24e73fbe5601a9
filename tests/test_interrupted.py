"""Ctrl-C in a live run keeps what was paid for, exits 130, and says how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from world import RULE, TARGET, Answer, completion

from conformance.asking.client import Client

if TYPE_CHECKING:
    from world import FakeServer, World

    from conformance.probes import Probe
    from conformance.wire.exchange import Exchange

TWO = f"{RULE} or content.text_integrity"


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> FakeServer:
    """The provider's server; Ctrl-C is pressed at the second probe."""
    ask, probes = Client.ask, []

    def once(client: Client, probe: Probe, **how: int) -> tuple[Exchange, ...]:
        probes.append(probe.name)
        if len(probes) == 2:
            raise KeyboardInterrupt
        return ask(client, probe, **how)

    monkeypatch.setattr(Client, "ask", once)
    return server


def test_a_live_run_keeps_its_ledger_and_leaves_the_rest_unasked(world: World, interrupted: FakeServer) -> None:
    result = world.run("--live", "-k", TWO)
    assert result.code == 130
    assert len(interrupted.asked) == 1
    assert world.verdict() == "pass"
    assert world.verdict("content.text_integrity") == "skip"
    assert f"conformance run --target {TARGET} --live --rerun-inconclusive" in result.err
    assert world.run("--live", "--rerun-inconclusive").code == 0
    assert len(interrupted.asked) == 2, "only the rest is asked"
    assert {cell["verdict"] for cell in world.results["cells"]} == {"pass"}


def test_bare_pytest_exits_the_same(world: World, interrupted: FakeServer) -> None:
    assert world.bare("--live", "-k", TWO).code == 130
    assert len(interrupted.asked) == 1


def test_a_recording_keeps_the_cassettes_that_were_paid_for(world: World, interrupted: FakeServer) -> None:
    given = ("record", TARGET, "--providers", "providers", "--as-of", "2026-11-21", "-k", TWO)
    result = world.call(*given)
    assert result.code == 130
    assert f"conformance record {TARGET} --missing" in result.err
    assert [path.name for path in (world.folder / "cassettes").rglob("*.yaml")] == ["plain.yaml"]
    interrupted.asked.clear()
    assert world.call(*given, "--missing").code == 0
    assert len(interrupted.asked) == 1


def test_a_refused_key_is_said_and_exits_3(world: World, server: FakeServer) -> None:
    server.answer = lambda _: Answer({"error": {"message": "Invalid API Key", "code": "invalid_api_key"}}, 401)
    result = world.run("--live", "-k", TWO)
    assert result.code == 3
    assert len(server.asked) == 1
    assert "fake/m: 401: the key in FAKE_API_KEY is refused; set a key that the provider takes" in result.err
    assert world.results["exit_code"] == 3
    assert world.verdict() == "inconclusive"


def test_an_emulator_elsewhere_counts_as_emulated_where_the_user_says_so(world: World, server: FakeServer) -> None:
    server.answer = lambda _: Answer(completion(), headers={"x-conformance-evidence": "emulated"})
    world.run("--live", "--emulated", "--base-url", server.url, "-k", RULE)
    assert world.cell()["evidence"] == ["emulated"]
    assert world.run("--live", "-k", RULE).code == 2
    assert world.cell()["evidence"] == ["live"]
    assert "names itself emulated" in world.cell()["reason"]
