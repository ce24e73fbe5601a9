"""A verdict does not hang on the slug, on quotes, on Markdown, on a reasoning block or on polite words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from metamorphic import CHANGES, broken, verdict

from tests.samples.material import at_hand, rows_of
from tools.train_grounding_judge import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.samples.material import Material

OWN = rows()[::8]  # every eighth: eight changes of all of them take minutes
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=4, max_size=24).filter(lambda text: text.strip("-"))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_verdict_on_our_own_rows_changes_but_one_that_was_unsure(
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    found = broken(OWN, change)
    assert len(found) <= 0.005 * len(OWN), [(row["id"], before.label, after.label) for row, before, after in found]
    # An unsure verdict counts nowhere: rates leave it out.
    tipped = [row["id"] for row, before, after in found if before.disclosed != after.disclosed and not before.unsure]
    assert tipped == []


@pytest.mark.parametrize("material", at_hand("rows"), ids=str)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_next_to_no_verdict_on_labelled_rows_changes(
    change: Callable[[dict[str, Any]], dict[str, Any]], material: Material
) -> None:
    reference = rows_of(material.rows)
    found = broken(reference, change)
    assert len(found) <= 0.01 * len(reference), [(row["id"], before.label, after.label) for row, before, after in found]


@given(row=st.sampled_from([row for row in OWN if row["url"].count("/") >= 3]), slug=WORDS)
def test_any_slug_gives_the_same_disclosure(row: dict[str, Any], slug: str) -> None:
    assume(not verdict(row).unsure)
    other = f"{row['url'].rpartition('/')[0]}/{slug}"
    swapped = json.loads(json.dumps(row).replace(json.dumps(row["url"])[1:-1], other))
    assert verdict(swapped).disclosed == verdict(row).disclosed
