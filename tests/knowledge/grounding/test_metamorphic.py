"""A verdict does not hang on the slug, on quotes, on Markdown, on a reasoning block or on polite words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
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
def test_next_to_no_verdict_on_our_own_rows_changes(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    found = broken(OWN, change)
    assert len(found) <= 0.005 * len(OWN), [(row["id"], before.label, after.label) for row, before, after in found]
    # A number that stands in the address and no longer does is a specific without support: it may tip an even verdict.
    assert sum(before.disclosed != after.disclosed for _, before, after in found) <= 0.002 * len(OWN)


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
    other = f"{row['url'].rpartition('/')[0]}/{slug}"
    swapped = json.loads(json.dumps(row).replace(json.dumps(row["url"])[1:-1], other))
    assert verdict(swapped).disclosed == verdict(row).disclosed
