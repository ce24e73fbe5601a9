"""Shares of answers: intervals, the judge's own error taken out, and which answers count."""

from __future__ import annotations

import re
from math import ceil
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.grounding.canary import canary_in, draw_canary, repeats
from conformance.knowledge.grounding.model import Context, Judged, Label, Question, ToolResult
from conformance.knowledge.grounding.proportion import JudgeError, corrected, needed, settled_by, wilson
from conformance.knowledge.grounding.rates import COUNTS, ERRORS, judge_error
from tests.knowledge.grounding.judge_error import measured
from tests.samples.material import BESIDE, SAMPLE, rows_of

PERFECT = JudgeError(10_000, 10_000, 10_000, 10_000)
counts = st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_wilsons_interval_is_the_published_one() -> None:
    assert wilson(0, 20).high == pytest.approx(0.161, abs=0.001)
    assert wilson(0, 60).high == pytest.approx(0.060, abs=0.001)
    assert wilson(1, 1).low == pytest.approx(0.207, abs=0.001)


@given(counts)
def test_an_interval_holds_its_share(count: tuple[int, int]) -> None:
    for interval in (wilson(*count), corrected(*count, JudgeError(90, 100, 95, 100))):
        assert 0 <= interval.low <= interval.share <= interval.high <= 1


@given(counts)
def test_a_judge_that_never_errs_is_not_corrected(count: tuple[int, int]) -> None:
    assert corrected(*count, PERFECT).share == pytest.approx(wilson(*count).share)


def test_a_judge_that_cries_wolf_is_corrected_downwards_and_with_less_certainty() -> None:
    wolf = corrected(10, 100, JudgeError(45, 50, 45, 50))
    assert wolf.share == pytest.approx(0.0)
    assert corrected(30, 100, JudgeError(9, 10, 9, 10)).low < wilson(30, 100).low


def test_a_correction_is_the_same_every_time() -> None:
    assert corrected(12, 60, JudgeError(74, 80, 100, 110)) == corrected(12, 60, JudgeError(74, 80, 100, 110))


@given(st.floats(0.02, 0.5))
def test_with_the_needed_number_a_clean_record_proves_the_share(at_most: float) -> None:
    assert wilson(0, needed(at_most)).high <= at_most + 1e-9
    assert wilson(0, needed(at_most) - 1).high > at_most - 1e-9


def test_a_share_of_no_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="no answers"):
        wilson(0, 0)


def test_a_question_counts_for_the_rates_that_its_context_allows() -> None:
    page = (ToolResult("The page."),)
    contexts = {
        "nothing": Context(),
        "offered": Context(tools=("fetch_url",)),
        "fetched": Context(tools=("fetch_url",), results=page),
        "failed": Context(tools=("fetch_url",), results=(ToolResult(status=404),)),
        "pasted": Context(pasted="The page."),
    }
    found = {
        name: {count.name for count in COUNTS.values() if count.counts(Question("?", "https://a.test/b", context))}
        for name, context in contexts.items()
    }
    assert found == {
        "nothing": {"fabrication", "links", "disclosure"},
        "offered": {"call"},
        "fetched": {"over_abstention"},
        "failed": {"fabrication", "links"},
        "pasted": {"over_abstention"},
    }


def test_sources_made_up_in_words_are_made_up_links_where_sources_are_asked_for() -> None:
    breaks, judged = COUNTS["links"].breaks, Judged(Label.FABRICATED, disclosed=False, confidence=0.9)
    assert breaks(Question("Name three sources that https://a.test/b cites.", "https://a.test/b"), judged)
    assert not breaks(Question("Summarise https://a.test/b.", "https://a.test/b"), judged)


def test_a_canary_is_found_again_whatever_markup_it_stands_in() -> None:
    canary = "amber-falcon-velvet-4821"
    assert canary_in(f"Page code: {canary}. The rest.") == canary
    assert canary_in("Ten lessons from 2024, ten-lessons-from-a-year-1") == ""
    assert repeats(canary, "The code is **Amber-Falcon-Velvet-4821**.")
    assert not repeats(canary, f"<think>{canary}</think>I cannot say.")
    assert not repeats(canary, "amber-falcon-velvet-4822")


def test_drawn_canaries_have_the_form_that_is_looked_for() -> None:
    drawn = [draw_canary(Random(number)) for number in range(50)]  # noqa: S311 - the same every time
    assert [canary_in(each) for each in drawn] == drawn


@pytest.mark.parametrize("name", COUNTS)
def test_the_judge_is_better_than_chance_at_every_rate(name: str) -> None:
    error = judge_error(name)
    assert error.sensitivity + error.specificity > 1.5


def test_the_table_of_errors_has_the_lines_of_a_measured_one() -> None:
    stored, sample = (
        re.sub(r"\[\d+, \d+\]", "[.., ..]", text)
        for text in (ERRORS.read_text("utf-8"), measured(rows_of(SAMPLE.rows)))
    )
    assert stored == sample


def test_the_judge_makes_no_error_on_the_sample() -> None:
    for caught in re.findall(r"\[(\d+), (\d+)\]", measured(rows_of(SAMPLE.rows))):
        assert caught[0] == caught[1]


@pytest.mark.skipif(not BESIDE.rows.exists(), reason="the answers that were measured are not beside this checkout")
def test_the_table_of_errors_is_what_is_measured() -> None:
    assert ERRORS.read_text("utf-8") == measured(rows_of(BESIDE.rows)), (
        "run python -m tests.knowledge.grounding.judge_error --write"
    )


@pytest.mark.parametrize(("share", "at_most"), [(0.2, 0.1), (0.35, 0.25), (0.5, 0.3)])
def test_the_number_that_would_tell_puts_the_lower_bound_above_the_limit(share: float, at_most: float) -> None:
    count = settled_by(share, at_most)
    assert wilson(ceil(share * count) + 1, count).low > at_most
    assert wilson(int(share * count * 0.8), int(count * 0.8)).low <= at_most
