"""Asking one target its probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.asking.connecting import connect
from conformance.asking.round import Asked, Round
from conformance.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.asking.address import Address
    from conformance.asking.cassettes import Store
    from conformance.asking.limits import Budget
    from conformance.probes import Probe
    from conformance.providers import Target


def ask_target(
    target: Target,
    probes: Sequence[Probe],
    *,
    settings: Address,
    store: Store,
    budget: Budget,
    say: Callable[[str], None],
    patient: bool = False,
) -> Asked:
    """Ask the probes in order, and return the conversation of each by its name. With --record, write cassettes.

    Asking stops where every further answer can only be the same: a refused key, no credit, an unknown model, an address that never
    answers, somebody else's pages. Ctrl-C ends it, and the answers until then stay.

    Args:
        target: whom to ask.
        probes: what, in order.
        settings: of the run.
        store: where cassettes are kept.
        budget: the requests that are left.
        say: takes a line for people.
        patient: whether to ask once more, a minute later, what a server failed on while it answered other probes.

    Raises:
        UnusableInputError: the key is missing, a local server cannot be started, or a cassette cannot be written.
    """
    asked = Asked()
    if settings.record:
        store.sweep(target)
    with connect(target, settings, budget) as client:
        round_ = Round(client, settings, store, say, asked)
        try:
            round_.ask(probes)
            if patient and not client.emulated:
                round_.ask_again()
            answered = sum(not seen.unusable and not seen.missing for seen in asked.conversations.values())
            say(f"{target.id}: {answered} of {counted(len(probes), 'probe')} answered")
        except KeyboardInterrupt:
            asked.interrupted = True
            say(
                f"{target.id}: interrupted after {len(asked.conversations)} of {counted(len(probes), 'probe')}; their answers are kept"
            )
    return asked
