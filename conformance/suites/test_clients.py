"""The SDKs that are installed beside us, as clients of each target's emulated provider. They run with `--clients` only.

They judge an SDK and no provider: they are plain tests and no cells, stand in no results.json or matrix, and are kept out of a run that
did not ask for them, so that an SDK's failure never turns a provider's gate red.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from conformance.emulator.clients.catalogue import capabilities, clients
from conformance.emulator.clients.environments import here
from conformance.emulator.clients.matrix import MatrixPlan, run
from conformance.suites.selection import STATE
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from conformance.emulator.clients.bench import ClientCell
    from conformance.providers import Target

pytestmark = pytest.mark.clients
SUBJECTS = ()  # no rule's: it holds no cells


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each client, target and capability."""
    targets = [
        target for target in metafunc.config.stash[STATE].run.settings.targets if target.dialect == DEFAULT_DIALECT
    ]
    cases = [
        (client, target, capability)
        for client, entry in clients().items()
        for target in targets
        for capability in capabilities()
        if not entry.environment.node
    ]
    ids = [f"{client}-{target.id}-{capability}" for client, target, capability in cases]
    metafunc.parametrize(("client", "target", "capability"), cases, ids=ids)


def test_clients(client: str, target: Target, capability: str) -> None:
    """An SDK returns the right data, or an error with its status."""
    if here(clients()[client]) is None:
        pytest.skip(
            f"{clients()[client].package} is not installed here; `conformance clients` runs it in an environment of its own"
        )
    cell = _cells(client, target)[capability]
    if cell.outcome.word == "n/a":
        pytest.skip(cell.outcome.why)
    if cell.outcome.word != "right":
        pytest.fail(f"{client} with {target.id}, {capability}: {cell.outcome.word}: {cell.outcome.why}", pytrace=False)


@cache
def _cells(client: str, target: Target) -> dict[str, ClientCell]:
    cells, _ = run([clients()[client]], MatrixPlan(targets=[target]), shared=True)
    return {cell.case: cell for cell in cells}
