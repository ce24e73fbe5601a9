"""The page of refusals: each documented one beside the emulated one, and a difference that nobody can overlook."""

from __future__ import annotations

from dataclasses import replace

from conformance.providers import load_providers
from conformance.report.refusals_page import refusal_rows, refusals_as_markdown


def test_a_difference_is_named_and_counted() -> None:
    rows = refusal_rows({"cerebras": load_providers()["cerebras"]})
    other = replace(rows[0], differs=("status", "code"))
    page = refusals_as_markdown([other, *rows[1:]])
    assert "1 of the emulated answers differ, 0 of them explained" in page
    assert "| status, code |" in page


def test_an_explained_difference_says_why() -> None:
    rows = refusal_rows({"cerebras": load_providers()["cerebras"]})
    refusal = replace(rows[0].refusal, explained="the newer server says otherwise")
    page = refusals_as_markdown([replace(rows[0], refusal=refusal, differs=("status",))])
    assert "status: the newer server says otherwise" in page


def test_a_provider_without_a_documented_refusal_has_no_section() -> None:
    assert refusals_as_markdown(refusal_rows({"together": load_providers()["together"]})) == ""
