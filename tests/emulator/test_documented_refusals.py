"""The emulator refuses what providers are recorded or documented to refuse, with their status, form, type, code and param."""

from __future__ import annotations

from collections import Counter

from conformance.emulator.documented_refusals import (
    Answer,
    DocumentedRefusal,
    differences,
    documented_refusals,
    emulated_answer,
)
from conformance.providers import load_providers


def test_every_documented_refusal_is_met_or_its_difference_is_explained() -> None:
    providers = load_providers()
    unlike = [
        (refusal.id, different)
        for refusal in documented_refusals()
        if (different := differences(refusal.answer, emulated_answer(refusal, providers[refusal.provider])[0]))
        and not refusal.explained
    ]
    assert unlike == []


def test_no_explanation_outlives_its_difference() -> None:
    providers = load_providers()
    explained = [refusal for refusal in documented_refusals() if refusal.explained]
    answers = [(refusal, emulated_answer(refusal, providers[refusal.provider])[0]) for refusal in explained]
    assert [refusal.id for refusal, answer in answers if not differences(refusal.answer, answer)] == []


def test_a_documented_refusal_stands_once_and_has_its_source() -> None:
    counted = Counter(refusal.id for refusal in documented_refusals())
    assert [name for name, times in counted.items() if times > 1] == []
    assert all(refusal.source and refusal.message for refusal in documented_refusals())


def test_another_status_or_param_is_a_difference() -> None:
    one = Answer(400, "flat", "a", "b", "c")
    assert differences(one, Answer(422, "flat", "a", "b", None)) == ["status", "param"]


def test_an_accepted_request_is_a_difference() -> None:
    provider = load_providers()["openai"]
    accepted = DocumentedRefusal(
        "openai", "the defaults", {"temperature": 1, "top_p": 1, "logprobs": False}, Answer(400, "flat"), "", "", "docs"
    )
    answer, _ = emulated_answer(accepted, provider)
    assert answer.status == 200
