"""The table of other people's suites is complete: every row has run, every failure has an owner, none is ours, and the page shows that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.emulator.clients import catalogue as clients
from conformance.emulator.clients.environments import locks
from conformance.providers import load_providers, parse_target
from tools.peers.__main__ import PAGE, locked
from tools.peers.catalogue import Row, environments, explanations, suites
from tools.peers.page import as_markdown
from tools.peers.results import Case, Results, as_json, failures, load, merged, stale
from tools.peers.run import lines_of

if TYPE_CHECKING:
    from conformance.emulator.clients.catalogue import Environment

ROOT = Path(__file__).parents[2]


def test_the_page_shows_the_committed_results() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == as_markdown(load())


def test_every_row_of_the_catalogue_has_run_and_no_other_is_shown() -> None:
    rows = [row for suite in suites().values() for row in suite.rows]
    assert [*load().rows] == rows
    assert all(load().rows.values())


def test_every_failure_has_an_owner_and_none_is_ours() -> None:
    open_ones = [(row, case) for row, case, known in failures(load()) if known is None or known.owner == "ours"]
    assert open_ones == []


def test_every_explanation_names_its_source_and_still_holds() -> None:
    assert stale(load()) == []
    assert all(known.reason and known.source and known.suite in suites() for known in explanations())


def test_every_target_is_one_of_a_provider_that_is_known() -> None:
    for suite in suites().values():
        assert suite.script.is_file()
        for row in suite.rows:
            assert parse_target(row.target, load_providers()).known is not None, row


def test_the_shown_versions_are_those_of_the_locks() -> None:
    for name, suite in suites().items():
        assert load().versions[name] == locked(suite.environment)


@pytest.mark.parametrize("environment", environments().values(), ids=lambda each: each.name)
def test_a_lock_pins_every_package_with_a_hash_and_names_no_host(environment: Environment) -> None:
    texts = [path.read_text("utf-8") for path in locks(environment)]
    assert not any("://" in text for text in texts)
    if environment.node:
        packages = json.loads(texts[1])["packages"]
        assert all("integrity" in entry for name, entry in packages.items() if name)
    else:
        pins = re.split(r"^(?=[a-z0-9])", texts[0], flags=re.MULTILINE)[1:]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


def test_no_environment_shares_its_folder_with_one_of_the_client_matrix() -> None:
    assert not environments().keys() & clients.environments().keys()


def test_an_unexplained_failure_is_shown_as_such() -> None:
    row = next(iter(suites().values())).rows[0]
    page = as_markdown(Results("2026-01-01", {}, {row: [Case("test_of_nobody", "failed", "Error: a | b")]}))
    assert "1 not explained" in page
    assert "| not explained |" in page
    assert "Error: a \\| b" in page


def test_rows_that_ran_again_replace_their_old_cases_and_vanished_rows_fall_out() -> None:
    old, new, gone = Row("s", "a", "p/m"), Row("s", "b", "p/m"), Row("s", "c", "p/m")
    before = Results("2026-01-01", {}, {old: [Case("x", "passed")], new: [Case("x", "failed")], gone: []})
    after = merged(before, "2026-01-02", {}, {new: [Case("x", "passed")]}, [old, new])
    assert {row: cases[0].outcome for row, cases in after.rows.items()} == {old: "passed", new: "passed"}


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(as_json(load()), "utf-8")
    assert load(path) == load()


@pytest.mark.parametrize(
    ("out", "err", "code", "cases"),
    [
        ('{"case": "a", "outcome": "passed", "why": ""}\n', "", 0, [Case("a", "passed")]),
        (
            '{"case": "a", "outcome": "failed", "why": "http://127.0.0.1:4711/v1 <X at 0x7f00aa11bb22>"}\n',
            "",
            0,
            [Case("a", "failed", "http://127.0.0.1/v1 <X at 0x…>")],
        ),
        (
            "",
            "ImportError: no such\n",
            1,
            [Case("(the suite itself)", "failed", "it ended with code 1: ImportError: no such")],
        ),
        (
            "a library's greeting\n",
            "",
            0,
            [Case("(the suite itself)", "failed", "it ended with code 0: without a word")],
        ),
    ],
)
def test_a_suite_that_ends_early_or_says_nothing_is_a_failure(out: str, err: str, code: int, cases: list[Case]) -> None:
    assert lines_of(out, err, code) == cases
