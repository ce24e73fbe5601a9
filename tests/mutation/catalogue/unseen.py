"""What no rule sees: mutants that stay conforming to the letter. Kept as data, so that a rule that learns to see one says so."""

from __future__ import annotations

from tests.mutation.event_operators import drop_event, keep, move_event, repeat_event, text
from tests.mutation.mutant import mutant
from tests.mutation.operators import edit, ended, put
from tests.mutation.wire import counted

MUTANTS = [
    # Without a plain twin nobody knows what the text should have been.
    mutant("piece-of-text-lost", drop_event(3), "stream stream-long stream-usage"),
    mutant("piece-of-text-twice", repeat_event(3), "stream stream-long stream-usage"),
    mutant("pieces-of-text-swapped", move_event(3, 4), "stream stream-long stream-usage"),
    mutant("noise-in-one-script", text("trulde vaxim orb"), "plain stream"),
    # A model of the same family answers under the name that it shares.
    mutant("model-of-the-family", put("/model", "aurora-2-mini"), "plain stream"),
    # Counts that add up may still be too many.
    mutant("usage-too-high", edit("/usage", lambda old: old and counted(14, 900)), "plain stream-usage"),
    mutant(
        "second-call-lost",
        keep(lambda item: "'index': 1" not in str(item)),
        "stream-tools-parallel",
    ),
    mutant("reset-after-done", ended("reset"), "stream stream-tool"),
]
