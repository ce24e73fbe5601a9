"""The headline: how many targets were judged on what, and who is not known. Nothing emulated is ever green."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from samples import cell, run

from conformance.report.badge import badge
from conformance.report.headline import headline, sentences, standings
from conformance.report.reasons import exit_words

RULES = ("usage.sum", "sse.utf8", "usage.nonzero", "choice.message_role")


def cells(target: str, *verdicts: str, **more: Any) -> list[dict[str, Any]]:
    return [cell(target, rule, verdict, **more) for rule, verdict in zip(RULES, verdicts, strict=False)]


def test_it_says_how_many_targets_were_judged_on_what_and_how_to_find_out_the_rest() -> None:
    emulated = [each for number in range(20) for each in cells(f"b/{number:02}", "emulated")]
    assert headline(run(*cells("a/m", "pass", "n/a"), *emulated, exit_code=0)) == (
        "1 target judged on recordings: conforms. 20 only emulated: not known; `conformance record b/00` finds out."
    )


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["pass", "known"], "1 target judged on recordings: conforms."),
        (["fail", "pass"], "1 target judged on recordings: 1 cell fails."),
        (["fail", "fail", "fail"], "1 target judged on recordings: 3 cells fail."),
        (["fail", "skip", "pass"], "1 target judged on recordings: 1 cell fails, 1 cell undecided."),
        (["pass", "skip", "inconclusive"], "1 target judged on recordings: 2 cells undecided."),
        (["pass", "emulated"], "1 target judged on recordings: conforms, 1 cell only emulated."),
        (
            ["skip", "n/a"],
            "No target was judged on a provider's answers. 1 target not recorded: not known; `conformance record a/m` finds out.",
        ),
        (
            ["inconclusive", "n/a"],
            (
                "No target was judged on a provider's answers. 1 target without an answer that decides: not known; "
                "`conformance record a/m` finds out."
            ),
        ),
        (
            ["n/a"],
            "No target was judged on a provider's answers. 1 target to which no selected rule applies: not known.",
        ),
    ],
)
def test_one_target_is_said_in_cells(verdicts: list[str], words: str) -> None:
    assert headline(run(*cells("a/m", *verdicts))) == words


def test_several_targets_are_counted_by_what_came_of_them() -> None:
    two = [*cells("a/m", "pass"), *cells("b/m", "pass")]
    assert headline(run(*two)) == "2 targets judged on recordings: conform."
    mixed = run(*two, *cells("c/m", "fail", "fail", "skip"), *cells("d/m", "pass", "skip"))
    assert headline(mixed) == "4 targets judged on recordings: 2 conform, 1 fails (2 cells), 1 undecided (1 cell)."


def test_each_kind_of_evidence_has_a_sentence_of_its_own() -> None:
    results = run(
        *cells("d/m", "emulated"),
        *cells("c/m", "pass", evidence=["imported"]),
        *cells("b/m", "pass", evidence=["recorded"]),
        *cells("a/m", "fail", evidence=["live"]),
        *cells("e/m", "pass", evidence=["emulated", "live", "recorded"]),
    )
    assert standings(results) == {
        "live": ["a/m"],
        "live+recorded": ["e/m"],
        "recorded": ["b/m"],
        "imported": ["c/m"],
        "emulated": ["d/m"],
    }
    assert headline(results).startswith(
        "1 target judged live: 1 cell fails. 1 judged live and on recordings: conforms. 1 judged on recordings: conforms. "
        "1 judged on imported recordings: conforms. 1 only emulated: not known; "
    )


def test_a_pass_on_a_registry_alone_judges_no_provider() -> None:
    results = run(*cells("a/m", "pass", evidence=[]))
    assert headline(results).startswith("No target was judged on a provider's answers. 1 target held against documents")


def test_an_emulated_target_is_never_green_and_its_failures_are_said() -> None:
    emulated = cells("a/m", "fail", "emulated", evidence=["emulated"])
    results = run(*emulated, *cells("b/m", "emulated"))
    assert {each.tone for each in sentences(results)} == {"undecided", "fail"}
    assert "2 targets only emulated: not known, and 1 cell fails on what is emulated or documented;" in headline(
        results
    )


def test_a_selection_says_how_much_of_the_whole_it_is() -> None:
    assert headline(run(*cells("a/m", "pass", "pass"), selectable=138)) == (
        "1 target judged on recordings: conforms. 2 of 138 cells selected."
    )


def test_the_command_finds_the_users_own_providers_and_nothing_that_only_judges() -> None:
    options = ["--as-of", "2026-11-21", "--providers", "own dir", "--evidence", "emulated"]
    assert "`conformance record a/m --providers 'own dir'` finds out" in headline(
        run(*cells("a/m", "emulated"), options=options)
    )


@pytest.mark.parametrize(
    ("verdicts", "named", "words"),
    [
        (["skip", "skip", "skip", "pass"], [], "3 cells skipped (not recorded)"),
        (["skip", "inconclusive", "inconclusive", "pass"], [], "1 cell skipped (not recorded), 2 inconclusive"),
        (["inconclusive", "pass"], [], "1 cell inconclusive"),
        (
            ["emulated", "n/a"],
            ["a/m"],
            "1 named target has only emulated evidence, nothing was judged: of 2 cells, 1 emulated, 1 n/a",
        ),
        (["n/a"], [], "nothing was judged: of 1 cell, 1 n/a"),
        ([], [], "nothing was judged"),
    ],
)
def test_exit_code_2_says_which_of_its_reasons_it_is(verdicts: list[str], named: list[str], words: str) -> None:
    assert exit_words(run(*cells("a/m", *verdicts), exit_code=2, named=named)) == words


def test_exit_code_0_says_of_how_many_targets_it_speaks() -> None:
    results = run(*cells("a/m", "pass"), *cells("b/m", "emulated"), exit_code=0)
    assert exit_words(results) == "conforms where judged (1 of 2 targets)"


@pytest.mark.parametrize("verdict", ["pass", "fail", "emulated", "skip"])
def test_the_badge_is_xml_that_says_the_headline_and_is_green_for_judged_targets_only(verdict: str) -> None:
    results = run(*cells("a/<m>", verdict))
    root = ET.fromstring(badge(results))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == headline(results)
    assert [each.text for each in root.iter(f"{space}text")] == [
        "conformance",
        *(each.text for each in sentences(results)),
    ]
    colours = {each.get("fill") for each in root.iter(f"{space}rect")}
    assert ("#1b6a34" in colours) is (verdict == "pass")
