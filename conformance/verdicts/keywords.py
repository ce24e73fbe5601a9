"""The JSON Schema keyword matrix: which keywords of a response_format schema a target enforces, ignores or refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.verdicts.observation import Observation

State: TypeAlias = Literal["enforced", "ignored", "refused", "inconclusive", "not recorded", "not shown"]
_DISOBEYED = ("response_format.json_parses", "response_format.schema_valid")
_REFUSED = frozenset({400, 422})


def keyword_states(observations: Iterable[Observation]) -> dict[str, State]:
    """Return the state of each keyword that a probe asked about.

    "enforced" says that one answer obeyed, on a prompt that leads the model elsewhere: strong evidence, and no proof. What an
    emulator answered shows nothing of a provider, and is left out.
    """
    return {
        entry.probe.keyword: _state(entry)
        for entry in observations
        if entry.probe.keyword is not None and not any(one.evidence == "emulated" for one in entry.exchanges)
    }


def _state(seen: Observation) -> State:
    if seen.unusable:
        return "inconclusive"
    if seen.missing or not seen.exchanges:
        return "not recorded"
    if any(exchange.response is not None and exchange.response.status in _REFUSED for exchange in seen.exchanges):
        return "refused"
    if any(seen.findings(rule) for rule in _DISOBEYED):
        return "ignored"
    return "enforced" if seen.shows("response_format.schema_valid") else "not shown"
