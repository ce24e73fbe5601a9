"""The plugin as pytest users meet it: selecting, many processes, their own tests beside ours, the closed network."""

from __future__ import annotations

import importlib
import pkgutil
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from world import BAD, RULE, TARGET

import conformance.suites
from conformance.rules.table import RULES, SUBJECTS
from conformance.suites import MARKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from world import FakeServer, Judge, World


def test_k_selects_by_rule_and_m_by_suite(world: World, judge: Judge) -> None:
    world.cassette()
    judge("-k", RULE)
    assert [cell["rule"] for cell in world.results["cells"]] == [RULE]
    judge("-m", "errors")
    assert {cell["rule"].partition(".")[0] for cell in world.results["cells"]} == {"error"}


def test_a_test_id_is_target_and_rule(world: World, judge: Judge) -> None:
    world.cassette()
    result = judge("-k", RULE, "--collect-only")
    assert result.code == 0
    assert f"test_envelope.py::test_envelope[{TARGET}-{RULE}]" in result.out
    assert not (world.folder / "reports").exists(), "nothing was decided"


def test_several_processes_decide_the_same(world: World) -> None:
    world.cassette(BAD)
    world.cassette({}, status=503, probe="unicode")
    alone = world.run()
    expected = world.results
    together = world.run("-n", "2")
    assert together.code == alone.code == 1
    assert world.results == expected
    assert {cell["verdict"] for cell in expected["cells"]} >= {"fail", "inconclusive", "skip", "n/a"}


def test_several_processes_say_unusable_input_once(world: World) -> None:
    world.cassette().write_text("interactions: [")
    result = world.run("-k", RULE, "-n", "2")
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "plain.yaml:2: not YAML" in result.err


def test_without_rules_for_a_suite_there_is_no_empty_test(world: World, judge: Judge) -> None:
    world.cassette()
    world.provider()
    result = judge("-ra", "-vv")
    assert "empty parameter set" not in result.out
    assert "NOTSET" not in result.out


def test_the_place_of_a_skip_is_its_suite(world: World) -> None:
    result = world.bare("-k", RULE, "-rs")
    assert "suites/test_envelope.py:" in result.out.split("short test summary")[1]


@pytest.mark.parametrize("exit_first", ["-x", "--maxfail=1"])
def test_stopping_early_leaves_the_results_whole(world: World, judge: Judge, exit_first: str) -> None:
    world.cassette(BAD)
    assert judge(exit_first).code == 1
    assert len(world.results["cells"]) > 100


def test_a_red_cell_prints_the_command_that_reproduces_it(world: World, judge: Judge) -> None:
    world.cassette(BAD)
    printed = judge("-k", f"{RULE} or http.content_type", "--fail-on", "warning").out
    command = next(line.partition("reproduce: ")[2] for line in printed.splitlines() if line.startswith("reproduce: "))
    again = world.call(*shlex.split(command)[1:])
    assert again.code == 1
    assert [(cell["rule"], cell["verdict"]) for cell in world.results["cells"]] == [(RULE, "fail")]
    assert f"reproduce: {command}\n" in again.out


OWN = """
import socket

def test_of_theirs(cell):
    assert cell == "mine"

def test_network_is_theirs():
    socket.socket().close()
"""


def test_their_own_tests_beside_ours_are_left_alone(world: World, judge: Judge) -> None:
    world.cassette()
    world.write("tests/conftest.py", "import pytest\n\n@pytest.fixture\ndef cell():\n    return 'mine'\n")
    world.write("tests/test_own.py", OWN)
    result = judge("-k", f"{RULE} or theirs", "tests")
    assert result.code == 0
    assert "3 passed" in result.out
    assert len(world.results["cells"]) == 1


def test_their_failure_beside_ours_is_pytests_own(world: World) -> None:
    world.write("tests/test_own.py", "def test_of_theirs(): assert 0\n")
    assert world.bare("-k", f"{RULE} or theirs", "tests").code == pytest.ExitCode.TESTS_FAILED
    assert world.results["exit_code"] == 2, "the cells' own code"


def test_their_broken_module_asks_nothing(world: World, server: FakeServer, judge: Judge) -> None:
    world.write("tests/test_own.py", "1 / 0\n")
    result = judge("-k", RULE, "--live", "tests")
    assert result.code in {pytest.ExitCode.INTERRUPTED, 3}
    assert server.asked == []


def test_a_session_without_our_suites_is_left_alone(world: World) -> None:
    world.write("tests/test_own.py", "def test_of_theirs(): pass\n")
    for arguments in (["tests"], ["tests", "--collect-only"], ["tests", "-k", "nothing"]):
        assert pytest.main(["-p", "conformance.plugin", "-q", *arguments]) == (5 if "-k" in arguments else 0)
    assert not (world.folder / "reports").exists()


def test_a_command_that_checked_no_cell_is_never_green(world: World) -> None:
    world.write("tests/test_own.py", "def test_of_theirs(): pass\n")
    result = world.run("-k", "theirs", "tests")
    assert result.code == 3
    assert "nothing was selected" in result.err


CALL = "import socket; socket.create_connection(('127.0.0.1', 9))"


def test_while_cells_are_judged_the_network_is_closed(
    world: World, judge: Judge, own_rule: Callable[[str], None]
) -> None:
    own_rule(CALL)
    world.cassette()
    result = judge("-k", RULE, "--rules", "own_rules", "-W", "ignore")
    assert result.code == 3
    assert "a rule raised SocketBlockedError on plain" in result.err


def test_live_it_is_open(world: World, server: FakeServer, own_rule: Callable[[str], None]) -> None:
    own_rule(CALL.replace("9))", f"{server.url.rpartition(':')[2].removesuffix('/v1')})).close()"))
    assert world.run("-k", RULE, "--rules", "own_rules", "--live").code == 0


def test_a_users_own_rule_is_a_cell_like_any_other(world: World, judge: Judge, own_rule: Callable[[str], None]) -> None:
    own_rule("yield Finding('/x', 'is odd', 'even')")
    world.cassette()
    assert judge("-k", "content.own", "--rules", "own_rules").code == 1
    assert world.cell("content.own")["findings"][0]["message"] == "x is odd, expected even"


def test_a_users_own_probe_is_asked(world: World, server: FakeServer, judge: Judge) -> None:
    world.write(
        "own/probe.yaml",
        "probes:\n- name: own\n  does: asks for a reason\n  dialect: openai-chat\n  provokes: [content.text_integrity]\n"
        "  steps: [{body: {messages: [{role: user, content: Why}]}}]\n",
    )
    assert judge("--live", "--probes", "own", "--probe", "own", "-k", "content.text_integrity").code == 0
    (asked,) = (body for _, _, body in server.asked)
    assert asked["messages"] == [{"role": "user", "content": "Why"}]


def test_one_probe_can_be_chosen(world: World, judge: Judge) -> None:
    world.cassette()
    world.cassette(BAD, probe="unicode")
    assert judge("-k", RULE, "--probe", "plain").code == 0
    assert judge("-k", RULE).code == 1


def modules() -> dict[str, Any]:
    names = [each.name for each in pkgutil.iter_modules(conformance.suites.__path__) if each.name.startswith("test_")]
    return {name: importlib.import_module(f"conformance.suites.{name}") for name in names}


def suites() -> dict[str, tuple[str, ...]]:
    return {name: module.SUBJECTS for name, module in modules().items()}


def test_every_subject_belongs_to_one_suite() -> None:
    assert sorted(subject for subjects in suites().values() for subject in subjects) == sorted(SUBJECTS)


def test_each_rule_has_a_suite_that_judges_it() -> None:
    judged = {
        (subject, over_target)
        for module in modules().values()
        for name, over_target in (("SUBJECTS", False), ("OVER_TARGET", True))
        for subject in getattr(module, name, ())
    }
    built_in = [rule for rule in RULES.values() if rule.check.__module__.startswith("conformance.")]
    assert [rule.id for rule in built_in if (rule.subject, rule.over_target) not in judged] == []


def test_every_suite_has_a_mark_of_its_name() -> None:
    assert sorted(f"test_{mark}" for mark in MARKS) == sorted(suites())
