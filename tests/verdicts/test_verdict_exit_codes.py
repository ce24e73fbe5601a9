"""Every verdict and every exit code, through `conformance run` and through bare pytest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from world import BAD, RULE, TARGET, WARNING, completion

if TYPE_CHECKING:
    from world import Judge, World

#: It violates WARNING, and nothing of severity error.
TWICE = json.dumps(completion()).replace("{", '{"id": "chatcmpl-1", ', 1).encode()
NO = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}


def test_a_clean_cell_passes(world: World, judge: Judge) -> None:
    world.cassette()
    assert judge("-k", RULE).code == 0
    assert world.cell()["verdict"] == "pass"
    assert world.cell()["evidence"] == ["recorded"]


def test_a_finding_fails_with_all_that_was_found(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    result = judge("-k", RULE)
    assert result.code == 1
    assert world.verdict() == "fail"
    assert "plain: choices[0].message.role is 'robot', expected 'assistant'" in result.out


def test_an_answer_that_decides_nothing_is_inconclusive(world: World, judge: Judge) -> None:
    world.cassette({"error": {"message": "slow down"}}, status=429)
    assert judge("-k", RULE).code == 2
    assert world.cell()["verdict"] == "inconclusive"
    assert world.cell()["reason"] == "plain: status 429"


def test_a_probe_without_exchange_is_skipped_and_the_reason_is_the_command(world: World, judge: Judge) -> None:
    result = judge("-k", RULE)
    assert result.code == 2
    command = f"conformance record {TARGET} --probe plain --as-of 2026-11-21 --providers providers"
    assert world.cell()["verdict"] == "skip"
    assert world.cell()["reason"] == f"plain has no exchange: {command}"
    assert command in result.out


def test_what_a_deviation_covers_is_known_and_changes_no_exit_code(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    world.deviation()
    result = judge("-k", RULE, "-rx")
    assert result.code == 0
    assert world.cell()["verdict"] == "known"
    assert world.cell()["findings"][0]["known"]
    assert "1 xfailed" in result.out
    assert "known: a robot answers (an issue)" in result.out


def test_a_new_finding_in_a_known_cell_fails(world: World, judge: Judge) -> None:
    two = completion()
    two["choices"] = [*BAD["choices"], {**BAD["choices"][0], "index": 1}]
    world.cassette(two)
    world.deviation(more='pointer = "/choices/0/*"')
    assert judge("-k", RULE).code == 1
    assert [each["known"] for each in world.cell()["findings"]] == [True, False]


def test_a_mended_deviation_fails_and_says_which_lines_to_remove(world: World, judge: Judge) -> None:
    world.cassette()
    world.deviation()
    result = judge("-k", RULE)
    assert result.code == 1
    assert world.verdict() == "fail"
    assert "mended" in result.out
    assert "providers/fake.toml:11" in result.out


def test_what_comes_and_goes_is_never_mended(world: World, judge: Judge) -> None:
    world.cassette()
    world.deviation(more='occurs = "sometimes"')
    assert judge("-k", RULE).code == 0
    assert world.verdict() == "pass"


def test_offline_a_deviation_past_its_date_is_a_notice(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    world.deviation(expires="2026-11-20")
    assert judge("-k", RULE).code == 0
    assert world.cell()["verdict"] == "known"
    (notice,) = world.cell()["notices"]
    assert "fake.toml:11 ended on 2026-11-20: a live run holds it against the provider" in notice


def test_on_its_last_day_a_deviation_holds(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    world.deviation(expires="2026-11-21")
    assert judge("-k", RULE).code == 0
    assert world.cell()["notices"] == []


def test_emulated_evidence_is_no_pass(world: World, judge: Judge) -> None:
    world.cassette(evidence="emulated")
    result = judge("-k", RULE)
    assert result.code == 2, "the target was named, and nothing real stands behind it"
    assert world.cell()["verdict"] == "emulated"
    assert world.cell()["reason"].startswith("pass on emulated evidence only: clean on ")
    assert "1 passed" not in result.out


def test_a_run_in_which_nothing_was_judged_is_never_green(world: World, judge: Judge) -> None:
    world.cassette(evidence="emulated")
    result = judge("-k", RULE, target=None)
    assert result.code == 2, "nobody named the target, and nothing else was judged"
    assert world.verdict() == "emulated"
    assert "No target was judged on a provider's answers. 1 target only emulated: not known; " in result.out
    assert "exit 2: nothing was judged: of 1 cell, 1 emulated" in result.out


def test_emulated_evidence_beside_real_evidence_changes_no_exit_code(world: World, judge: Judge) -> None:
    world.cassette()
    world.cassette(NO, status=404, probe="error-unknown-model", evidence="emulated")
    assert judge("-k", f"{RULE} or error.unknown_model_status").code == 0
    assert world.verdict() == "pass"
    assert world.verdict("error.unknown_model_status") == "emulated"


def test_a_fault_in_emulated_evidence_fails_all_the_same(world: World, judge: Judge) -> None:
    world.cassette(BAD, evidence="emulated")
    assert judge("-k", RULE).code == 1


def test_what_does_not_apply_is_no_test_and_is_in_the_results(world: World, judge: Judge) -> None:
    world.cassette()
    result = judge("-k", f"{RULE} or sse.framing")
    assert result.code == 0
    assert "1 passed" in result.out
    assert world.verdict("sse.framing") == "n/a"
    assert "needs the capability stream, which fake/m does not have" in world.cell("sse.framing")["reason"]


def test_a_target_of_which_nothing_was_answered_is_inconclusive_not_n_a(world: World, judge: Judge) -> None:
    world.cassette(NO, status=400)
    judge("-k", f"{RULE} or error.json_body")
    assert world.cell()["verdict"] == "inconclusive"
    assert "asks for" in world.cell()["reason"]


def test_severities_below_fail_on_are_counted_on_a_passing_cell(world: World, judge: Judge) -> None:
    world.cassette(TWICE)
    assert judge("-k", WARNING).code == 0
    assert world.cell(WARNING)["verdict"] == "pass"
    assert world.cell(WARNING)["reason"] == "1 finding of severity warning on plain"
    assert judge("-k", WARNING, "--fail-on", "warning").code == 1


def test_a_cassette_whose_probe_changed_is_judged_and_marked(world: World, judge: Judge) -> None:
    world.cassette(probe_hash="0" * 16)
    assert judge("-k", RULE).code == 0
    assert world.cell()["notices"] == ["the probe has changed since it was recorded: plain"]


def test_an_answer_that_decides_nothing_is_still_judged_as_a_failure(world: World, judge: Judge) -> None:
    world.cassette({}, status=503)
    judge("-k", f"{RULE} or error.envelope_object")
    assert world.verdict() == "inconclusive"
    assert world.verdict("error.envelope_object") == "fail"


@pytest.mark.parametrize(
    ("body", "rules", "code"),
    [
        pytest.param(BAD, f"{RULE} or envelope.id_nonempty", 1, id="1-before-0"),
        pytest.param(BAD, f"{RULE} or content.text_integrity", 1, id="1-before-2"),
        pytest.param(None, f"{RULE} or content.text_integrity", 2, id="2-before-0"),
        pytest.param(None, f"{RULE} or envelope.id_nonempty", 0, id="0"),
    ],
)
def test_the_worst_code_wins(world: World, judge: Judge, body: object, rules: str, code: int) -> None:
    world.cassette(body)
    assert judge("-k", rules).code == code


def test_unusable_input_comes_before_everything(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    world.cassette(probe="unicode").write_text("interactions: [", "utf-8")
    assert judge("-k", RULE).code == 3


def test_an_empty_selection_is_never_green(world: World) -> None:
    world.cassette()
    result = world.run("-k", "no_such_rule")
    assert result.code == 3
    assert result.err == "conformance: nothing was selected, so nothing was checked; widen -k, -m or --target\n"
    assert world.bare("-k", "no_such_rule").code == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_selection_of_cells_that_do_not_apply_is_never_green(world: World, judge: Judge) -> None:
    world.cassette()
    result = judge("-k", "sse.framing")
    assert result.code == 2
    assert "nothing was judged: fake/m sse.framing is n/a: " in result.out
    assert "exit 2: nothing was judged: of 1 cell, 1 n/a" in result.out
    assert world.verdict("sse.framing") == "n/a"
