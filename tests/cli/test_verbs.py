"""A verb is one module with its arguments and its main; the command line itself imports none that it does not call."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from world import RULE, TARGET

import conformance.cli
from conformance.cli import VERBS, parser

if TYPE_CHECKING:
    from world import World

FOLDER = Path(conformance.cli.__file__).parent


def test_every_module_of_the_command_line_is_a_verb() -> None:
    modules = {path.stem for path in FOLDER.iterdir() if not path.name.startswith("__")}
    assert modules == set(VERBS)


def test_every_verb_holds_its_arguments_and_its_main() -> None:
    lacking = [
        verb
        for verb in VERBS
        for name in ("arguments", "main")
        if not callable(getattr(import_module(f"conformance.cli.{verb}"), name, None))
    ]
    assert lacking == []


def test_every_option_says_what_it_does() -> None:
    silent = []
    for verb in VERBS:
        below = next(action.choices[verb] for action in parser(verb)._actions if action.dest == "verb")  # noqa: SLF001
        silent += [
            (verb, action.dest)
            for action in below._actions  # noqa: SLF001
            if action.option_strings and not (action.help or action.choices)
        ]
    assert silent == []


def test_no_verb_prints_the_help_and_is_no_success(world: World) -> None:
    result = world.call()
    assert (result.code, result.out) == (3, "")
    assert all(verb in result.err for verb in VERBS)
    assert "exit codes: 0 conforms" in result.err


def test_the_help_of_all_verbs_imports_no_verb() -> None:
    code = (
        "import sys; from conformance.cli import parser; parser().format_help()\n"
        "print([name for name in ('pytest', 'httpx', 'numpy', 'conformance.rules') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_audit_of_what_conforms_imports_nothing_that_explains_or_reads_other_forms(tmp_path: Path) -> None:
    body = {"id": "c1", "object": "chat.completion", "created": 1780000000, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hi.", "refusal": None}, "logprobs": None, "finish_reason": "stop"}
    ], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}  # fmt: skip
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    request = {"method": "POST", "url": "https://h.example/v1/chat/completions", "headers": {}, "body": asked}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "body": body}
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "x", "request": request, "response": response}) + "\n")
    slow = ("jsonschema", "referencing", "yaml", "httpx", "pytest", "numpy", "multiprocessing", "conformance.emulator",
            "conformance.knowledge.grounding.judging", "conformance.knowledge.taxonomy.classifying")  # fmt: skip
    code = (
        f"import sys; from conformance.cli import main; code = main(['audit', {str(tmp_path / 'one.jsonl')!r}])\n"
        f"print(code, [name for name in {slow!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_verb_that_does_not_exist_names_the_close_one(world: World) -> None:
    result = world.call("explian")
    assert result.code == 3
    assert result.err == "conformance: 'explian' is no verb; did you mean explain?\n"


def test_targets_and_probes_are_listed(world: World) -> None:
    world.cassette()
    assert world.call("targets", "--providers", "providers").out == f"real                 {TARGET}\n"
    probes = world.call("probes")
    assert (probes.code, probes.out.split()[0]) == (0, "plain")


def test_explain_fits_a_screen_unless_all_is_asked_for(world: World) -> None:
    world.cassette({"choices": [{}] * 200})
    words = ("explain", f"{TARGET}-{RULE}", "--providers", "providers")
    short, whole = world.call(*words), world.call(*words, "--all")
    assert len(short.out.splitlines()) < 40
    assert "--all shows every one whole" in short.out
    assert len(whole.out) > len(short.out)


def test_every_positional_says_what_it_is_and_every_verb_has_an_example_and_its_exit_codes() -> None:
    lacking = []
    for verb in VERBS:
        below = parser(verb).get_default("below")
        words = " ".join(below.format_help().split())
        lacking += [(verb, action.dest) for action in below._actions if not action.help]  # noqa: SLF001
        lacking += [(verb, part) for part in (f"conformance {verb}", "exit codes", "example") if part not in words]
    assert lacking == []


def test_a_slip_in_an_option_or_a_choice_names_the_close_one(world: World) -> None:
    assert (
        "unrecognized arguments: --provder; did you mean --provider"
        in world.call("audit", "--provder", "groq", "x").err
    )
    assert "'jsn' is no choice; did you mean json" in world.call("audit", "--format", "jsn", "x").err
    assert "did you mean --target" in world.call("run", "--tagret", "groq").err
    assert "'--verison' is no option; did you mean --version?" in world.call("--verison").err
    assert "a target is named with --target" in world.call("run", "groq").err


def test_help_is_a_verb_too_and_lists_are_there_for_whatever_is_named(world: World) -> None:
    assert world.call("help", "gate").out.startswith("usage: conformance gate")
    assert world.call("workloads").out.startswith("short ")
    assert "  provokes " in world.call("probes", "plain").out
    assert "did you mean plain" in world.call("probes", "plian").err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_knows_every_verb_and_its_options(world: World, shell: str) -> None:
    script = world.call("completion", shell).out
    assert all(verb in script for verb in VERBS)
    assert ("-l max-requests" if shell == "fish" else "--max-requests") in script


def test_a_report_is_built_anywhere_from_its_results(world: World) -> None:
    world.cassette()
    world.run("-k", RULE)
    (world.folder / "reports" / "index.html").unlink()
    words = ("report", "--format", "html", "--providers", "providers")
    first = world.call(*words)
    assert (first.code, first.out) == (0, "reports/index.html\n")
    assert "no Allure page" in first.err
    assert world.call(*words, "--out", "site").out == "site/index.html\n"
    assert TARGET in (world.folder / "site/index.html").read_text("utf-8")
