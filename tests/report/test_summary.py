"""The lines at the end of a run: the worst first, each target, the exit code in words, on a terminal that nobody moves."""

from __future__ import annotations

import shlex

import pytest
from samples import PROVOKER, TARGETS, cell, every_verdict, realistic, run

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE
from conformance.report.reasons import EXIT_CODES
from conformance.report.summary import count_verdicts, probe_at_fault, reproduce, summary_lines
from conformance.rules.table import RULES
from conformance.verdicts.cell import Verdict

pytestmark = pytest.mark.terminal

TARGET = TARGETS[0]


def test_every_exit_code_has_words() -> None:
    assert set(EXIT_CODES) == {CONFORMS, FAILS, UNDECIDED, UNUSABLE}
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)


def test_a_cell_is_reproduced_by_one_command() -> None:
    assert reproduce("groq/x", "usage.sum") == "conformance run --target groq/x -k usage.sum"
    assert reproduce("groq/x", "usage.sum", live=True, options=["--fail-on", "warning"]) == (
        "conformance run --target groq/x --live --fail-on warning -k usage.sum"
    )


def test_a_failing_cell_is_reproduced_by_the_probe_that_shows_it() -> None:
    failing = cell("groq/x", "usage.sum", "fail")
    assert probe_at_fault(failing) == PROVOKER
    assert reproduce("groq/x", "usage.sum", probe=PROVOKER) == (
        f"conformance run --target groq/x --probe {PROVOKER} -k usage.sum"
    )
    by_rate = failing | {"findings": [failing["findings"][0] | {"probe": "the rate"}]}
    assert [probe_at_fault(each) for each in (by_rate, cell("groq/x", "usage.sum", "known"))] == [None, None]


def test_a_target_is_one_argument_whatever_is_in_it() -> None:
    assert shlex.split(reproduce("acme/a model; ls $HOME", "usage.sum"))[3] == "acme/a model; ls $HOME"


def test_the_command_selects_one_rule() -> None:
    # -k matches substrings.
    assert [(short, other) for short in RULES for other in RULES if short != other and short in other] == []


def test_verdicts_are_counted_the_worst_first() -> None:
    counts = count_verdicts(reversed(every_verdict()["cells"]))
    assert list(counts.items()) == [(verdict, 1) for verdict in Verdict]


def test_each_target_has_a_line_with_the_verdicts_that_occur() -> None:
    results = run(
        cell("a/x", "usage.sum", "pass"), cell("a/x", "sse.utf8", "fail"), cell("b/longer", "usage.sum", "emulated")
    )
    assert "a/x       1 fail, 1 pass" in summary_lines(results)
    assert "b/longer  1 emulated" in summary_lines(results)


def test_the_last_line_is_the_exit_code_in_words() -> None:
    assert (
        summary_lines(every_verdict())[-1]
        == "exit 1: 1 cell fails (besides, 1 cell skipped (not recorded), 1 inconclusive)"
    )
    clean = run(cell(TARGET, "usage.sum", "pass"), exit_code=0)
    assert summary_lines(clean)[-1] == "exit 0: conforms"
    idle = run(exit_code=2)
    assert summary_lines(idle) == [idle["headline"], "exit 2: nothing was judged"]


def test_what_needs_a_look_comes_first_the_worst_of_it_at_the_top() -> None:
    lines = summary_lines(every_verdict())
    assert [line.split()[0] for line in (*lines[1:3], lines[4])] == ["FAIL", "INCONCLUSIVE", "SKIP"]
    first = next(iter(RULES))
    assert lines[1].startswith(f"FAIL {TARGET} {first}: {PROVOKER}: event 14: ")
    assert lines[3] == f"reproduce the first: {reproduce(TARGET, first, probe=PROVOKER)}"


def test_a_clean_run_lists_no_cell() -> None:
    lines = summary_lines(run(cell(TARGET, "usage.sum", "pass"), cell(TARGET, "sse.utf8", "known"), exit_code=0))
    assert lines == [
        "1 target judged on recordings: conforms.",
        f"{TARGET}  1 known, 1 pass",
        "1 cell deviates in a way that is known, dated and sourced",
        "exit 0: conforms",
    ]


def test_a_pass_on_few_of_its_provoking_probes_says_so() -> None:
    thin = cell(TARGET, "usage.sum", "pass", provoking={"judged": 3, "of": 40})
    half = cell(TARGET, "sse.utf8", "pass", provoking={"judged": 1, "of": 2})
    lines = summary_lines(run(thin, half, exit_code=0))
    assert lines[1:] == [
        f"{TARGET}  2 pass (1 on few provoking probes)",
        f"1 pass rests on less than half of the provoking probes, such as {TARGET} usage.sum on 3 of 40 provoking probes",
        "exit 0: conforms",
    ]


def test_more_than_ten_are_counted_not_listed() -> None:
    verdicts = ["fail"] * 11 + ["inconclusive"] * 2
    lines = summary_lines(run(*(cell(TARGET, rule, verdict) for rule, verdict in zip(RULES, verdicts, strict=False))))
    assert sum(line.startswith("FAIL") for line in lines) == 10
    assert lines[11] == "and 1 fail, 2 inconclusive more"


def test_what_was_never_recorded_is_two_lines_a_target_and_the_command_that_records_it() -> None:
    lines = summary_lines(run(*(cell(TARGET, rule, "skip") for rule in RULES), exit_code=2))
    assert lines[1].startswith(f"SKIP {TARGET} {next(iter(RULES))}: ")
    assert lines[2] == (
        f"SKIP {TARGET} and {len(RULES) - 1} more; to record all that is missing: conformance record {TARGET} --missing"
    )
    assert len(lines) == 5


def test_the_summary_of_many_targets_stays_short() -> None:
    results = realistic()
    assert len(summary_lines(results)) <= 1 + 10 + 1 + 1 + 3 * len(results["targets"]) + 2 + 1


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]0;owned\x07", "two\nlines", "\ud800", "x" * 500])
def test_what_a_provider_sent_cannot_move_the_terminal_or_fill_it(text: str) -> None:
    line = summary_lines(run(cell(TARGET, "usage.sum", "fail", reason=text)))[1]
    assert line.isprintable()
    assert len(line.encode()) <= 200
