"""Measures the judge's own error at each rate: `python -m tests.knowledge.grounding.judge_error [--write]`.

It needs the reference set beside the checkout. Answers of which the judge is unsure are left out, as the rates leave them out.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.model import Judged, Label
from conformance.knowledge.grounding.rates import COUNTS, ERRORS
from conformance.knowledge.grounding.rows import question_from
from tests.knowledge.grounding.evaluate import dev_rows, judge_all

if TYPE_CHECKING:
    from conformance.knowledge.grounding.rates import Count
    from tests.knowledge.grounding.evaluate import Row, Verdict

_HEAD = """\
# The judge's own error at each rate, measured on labelled reference answers by `python -m tests.knowledge.grounding.judge_error --write`
# (read 2026-11-21). caught: of the answers that are hits, how many the judge calls so. cleared: of the others, how many it does not.
"""


def measured(rows: list[Row]) -> str:
    """Return the table of errors on labelled rows as TOML."""
    verdicts = judge_all(rows)
    return _HEAD + "".join(_table(count, verdicts) for count in COUNTS.values())


def _table(count: Count, verdicts: list[Verdict]) -> str:
    found = {True: [0, 0], False: [0, 0]}
    for row, judged in verdicts:
        question = question_from(row)
        if judged.unsure or not count.counts(question) or _is_nothing(judged):
            continue
        truth = count.breaks(question, Judged(Label(row["label"]), disclosed=False, confidence=1.0))
        found[truth][0] += count.breaks(question, judged) == truth
        found[truth][1] += 1
    return f"\n[{count.name}]\ncaught = {found[True]}\ncleared = {found[False]}\n"


def _is_nothing(judged: Judged) -> bool:
    return "nothing visible" in judged.reasons


if __name__ == "__main__":
    text = measured(dev_rows())
    sys.stdout.write(text)
    if "--write" in sys.argv[1:]:
        ERRORS.write_text(text, "utf-8")
