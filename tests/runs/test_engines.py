"""Several processes on this machine judge as one does: each has the settings, a closed network, and collects seldom."""

from __future__ import annotations

import gc
import socket
from datetime import date

import pytest

from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs import engines
from conformance.runs.auditor import AuditSettings
from conformance.runs.closed import network_closed
from conformance.runs.partitions import Files

SETTINGS = AuditSettings(Severity.ERROR, date(2026, 11, 21), load_providers())


def told_of_its_process(part: Files, settings: AuditSettings) -> list[str]:
    """Say of the process that judges what it should have, in the place of a judgement."""
    try:
        socket.getaddrinfo("example.com", 443)
        network = "open"
    except Exception as error:  # noqa: BLE001
        network = type(error).__name__
    return [part.paths[0][0], str(len(settings.providers)), network, str(gc.get_threshold()[0] > 700)]


@pytest.mark.parametrize("jobs", [2, 3])
def test_each_process_is_set_up_once(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    if engines.start_method() != "fork":
        pytest.skip("processes of this platform do not see the test's patch")
    monkeypatch.setattr(engines, "audit_part", told_of_its_process)
    parts = [Files(((name, True),)) for name in "abcdef"]
    with network_closed():
        items = list(engines.on_this_machine(parts, SETTINGS, jobs))
    shared = [str(len(SETTINGS.providers)), "NetworkClosedError", "True"]
    assert items == [item for name in "abcdef" for item in (name, *shared)]
