"""The command line: its verbs, and one line for whatever cannot be used."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from world import BAD, KEY, RULE, TARGET, completion

from conformance.cli import main
from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from world import Judge, World

pytestmark = pytest.mark.terminal


def test_help_shows_our_options_and_the_exit_codes(world: World) -> None:
    for verb in ("run", "record"):
        shown = world.call(verb, "--help")
        assert shown.code == 0
        words = " ".join(shown.out.split())
        assert "--max-requests N" in words
        assert "all other arguments are pytest's" in words
    assert "exit codes: 0 conforms, 1 a cell fails" in " ".join(world.call("--help").out.split())


def test_a_rule_is_explained(world: World) -> None:
    shown = world.call("rules", "tool_call.index_required")
    assert shown.code == 0
    for head in ("severity", "requires", "source", "violated by"):
        assert f"\n  {head}" in shown.out


def test_the_rules_are_listed_all_or_of_one_subject(world: World) -> None:
    everything = world.call("rules").out.splitlines()
    usage = world.call("rules", "usage").out.splitlines()
    assert {line.split(".")[0] for line in usage} == {"usage"}
    assert set(usage_ids(usage)) < set(usage_ids(everything))


def usage_ids(lines: list[str]) -> list[str]:
    return [line.split()[0] for line in lines]


def test_providers_are_listed_and_shown(world: World) -> None:
    assert "\nfake " in world.call("providers", "--providers", "providers").out
    world.deviation()
    shown = world.call("providers", "fake", "--providers", "providers").out
    assert "key in FAKE_API_KEY" in shown
    assert "model m: $2 in, $8 out per million tokens" in shown
    assert f"deviation {RULE} (always, until 2027-06-01): a robot answers [an issue]" in shown


def test_a_projects_own_providers_and_rules_hold_in_every_verb(world: World) -> None:
    world.write("pyproject.toml", '[tool.conformance]\nproviders = ["providers"]\ncassettes = "tapes"\n')
    assert world.call("providers", "fake").code == 0
    world.cassette(BAD)
    (world.folder / "cassettes").rename(world.folder / "tapes")
    assert world.call("run", "-k", RULE).code == 1
    assert world.call("explain", f"{TARGET}-{RULE}").code == 1


def test_the_commands_paths_start_where_it_is_given_and_the_tables_at_the_project(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("pyproject.toml", "[tool.conformance]\n")
    world.cassette()
    below = world.folder / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert world.call("run", "-k", RULE, "--target", TARGET, "--providers", "../providers").code == 0
    assert (world.folder / "reports/results.json").exists()


def test_folders_elsewhere_do_not_move_the_project(
    world: World, judge: Judge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world.write("pyproject.toml", "[tool.conformance]\nproviders = ['providers']\n[tool.pytest.ini_options]\n")
    world.cassette()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert judge("-k", RULE, "--reports", str(elsewhere), target=None).code == 0
    assert (elsewhere / "results.json").exists()


def test_explain_shows_what_a_verdict_rests_on(world: World) -> None:
    world.cassette(BAD)
    shown = world.call("explain", f"{TARGET}-{RULE}", "--providers", "providers", "--as-of", "2026-11-21")
    assert shown.code == 1
    assert shown.out.startswith(f"fail  {TARGET}  {RULE}\n")
    assert "  plain: choices[0].message.role is 'robot', expected 'assistant'" in shown.out
    assert (
        f"reproduce: conformance run --target {TARGET} --as-of 2026-11-21 --providers providers --probe plain -k {RULE}\n"
        in shown.out
    )
    assert "== plain (recorded)" in shown.out
    assert '-H "authorization: Bearer $FAKE_API_KEY"' in shown.out
    assert KEY not in shown.out
    assert "[   0.2000s] {" in shown.out


def test_explain_says_what_to_record_for_a_cell_without_exchange(world: World) -> None:
    shown = world.call("explain", f"{TARGET}-{RULE}", "--providers", "providers")
    assert shown.code == 2
    assert f"conformance record {TARGET} --probe plain --providers providers" in shown.out


def test_outside_any_project_a_run_is_undecided_and_says_what_to_record(world: World) -> None:
    result = world.call("run", "--target", "groq/openai/gpt-oss-120b", "-k", RULE)
    assert result.code == 2
    assert "conformance record groq/openai/gpt-oss-120b --probe plain" in result.out
    assert sorted(path.name for path in (world.folder / "reports").iterdir()) == [
        "badge.svg",
        "history",
        "index.html",
        "results.json",
        "rules",
        "targets",
    ]


def test_a_quiet_run_is_a_few_lines(world: World) -> None:
    world.cassette()
    world.deviation(rule="content.text_integrity")
    lines = world.run("-k", f"{RULE} or http.content_type").out.splitlines()
    assert lines[1].strip("= ") == "conformance"  # as wide as the terminal
    lines[2] = re.sub(r"of \d+ cells", "of N cells", lines[2])  # as many as there are rules
    assert lines[2:6] == [
        "1 target judged on recordings: conforms. 2 of N cells selected.",
        "fake/m  2 pass",
        "exit 0: conforms",
        f"report: {Path('reports/index.html')}",
    ]
    assert len(lines) == 7


@pytest.mark.parametrize(
    "command", ["-m conformance run", "-m pytest -p conformance.plugin --pyargs conformance.suites"]
)
def test_a_process_of_its_own_gives_the_same_without_a_warning(world: World, command: str) -> None:
    world.cassette(BAD)
    arguments = [*command.split(), "--target", TARGET, "--providers", "providers", "-k", RULE, "-W", "error"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"FAIL {TARGET} {RULE}: plain: " in done.stdout


def test_a_user_can_have_it_louder(world: World) -> None:
    world.cassette()
    assert f"test_envelope[{TARGET}-{RULE}] PASSED" in world.run("-k", RULE, "-vv").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--target", "fale/m"], "provider 'fale' is unknown; did you mean fake?", id="provider"),
        pytest.param(["--target", "fake"], None, id="provider-alone"),
        pytest.param(["--target", "fake/"], "target 'fake/' names no model; write fake/m", id="model"),
        pytest.param(["--target", "fake/m@openai-respones"], "did you mean openai-responses?", id="dialect"),
        pytest.param(["--probe", "plane"], "--probe 'plane' is unknown; did you mean plain", id="probe"),
        pytest.param(["--as-of", "yesterday"], "--as-of 'yesterday' is no date; write YYYY-MM-DD", id="date"),
        pytest.param(["--providers", "nowhere"], "nowhere: no provider TOML there", id="providers"),
        pytest.param(["--probes", "nowhere"], "nowhere: no probe YAML there", id="probes"),
        pytest.param(["--rules", "no_such_module"], "rules module 'no_such_module' cannot be loaded", id="rules"),
        pytest.param(["--max-requests", "0"], "--max-requests 0 asks nothing; write a number above 0", id="budget"),
        pytest.param(["--base-url", "fake.example"], "--base-url is no URL; write the whole URL", id="url"),
        pytest.param(["--header", "a secret"], "--header number 1 is no header; write 'NAME: VALUE'", id="header"),
        pytest.param(["--missing"], "--missing and --stale select probes to record; add --record", id="missing"),
        pytest.param(
            ["--live"], f"the variable FAKE_API_KEY is not set; export FAKE_API_KEY=... to ask {TARGET}", id="key"
        ),
        pytest.param(["--live", "-n", "2"], "several processes cannot pace one provider; leave it out", id="n"),
        pytest.param(
            ["--record", "-n", "2"], "several processes cannot pace one provider; leave it out", id="n-record"
        ),
    ],
)
def test_what_cannot_be_used_is_one_line_with_its_remedy(
    world: World, judge: Judge, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str | None
) -> None:
    monkeypatch.delenv("FAKE_API_KEY", raising=False)
    world.cassette()
    result = judge("-k", RULE, *arguments)
    if said is None:
        assert result.code == 0
        return
    assert_one_line(result.code, result.err)
    assert said in result.err
    assert "a secret" not in result.err


def assert_one_line(code: int, err: str) -> None:
    assert code == 3
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_live_without_a_target_is_refused(world: World, judge: Judge) -> None:
    world.cassette()
    result = judge("--live", target=None)
    assert_one_line(result.code, result.err)
    assert "--live and --record spend money; name a target with --target" in result.err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        pytest.param(
            "cassettes/fake/m/openai-chat/plain.yaml", "interactions: [\n", "plain.yaml:2: not YAML: ", id="broken-cassette"
        ),
        pytest.param(
            "cassettes/fake/m/openai-chat/plain.yaml",
            "version: 1\ninteractions:\n- request: {method: GET, uri: 'https://a/', headers: {}, body: null}\n"
            "  response: {status: {code: 200, message: OK}, headers: {}, body: {string: ''}}\n",
            "plain.yaml:4: not one of our cassettes: a response has no `conformance` block; `conformance audit` judges",
            id="another-tools-cassette",
        ),
        pytest.param("cassettes/fake/m/openai-chat/plain.yaml", "", "plain.yaml:1: the document is null", id="empty-cassette"),
        pytest.param(
            "providers/fake.toml", 'name = "fake"\nbase_ulr = "x"\n', "fake.toml:2: unknown key base_ulr", id="provider-key"
        ),
        pytest.param("providers/fake.toml", 'name = "fake\n', "fake.toml:1: not TOML: ", id="provider-toml"),
        pytest.param(
            "pyproject.toml", "[tool.conformance]\n\ncasettes = 'a'\n",
            "pyproject.toml:3: [tool.conformance] has no key 'casettes'; did you mean cassettes?", id="table-key",
        ),
        pytest.param(
            "pyproject.toml", "[tool.conformance]\nfail_on = 'note'\n",
            "pyproject.toml:2: [tool.conformance] fail_on is 'note'; write \"error\" or \"warning\"", id="table-value",
        ),
        pytest.param(
            "pyproject.toml", "[tool.conformance]\nrules = ['broken_rules']\n",
            "rules module 'broken_rules' cannot be loaded: ZeroDivisionError: ", id="rules-module",
        ),
        pytest.param(
            "pyproject.toml", "[tool.conformance]\nprobes = ['own']\n", "own/probe.yaml:2: unknown key 'stepps'", id="probe-key"
        ),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_line_with_file_and_place(
    world: World, judge: Judge, file: str, text: str, said: str
) -> None:
    world.write("broken_rules.py", "1 / 0\n")
    world.write(
        "own/probe.yaml", "probes:\n- {name: a, does: b, dialect: openai-chat, provokes: [usage.sum], stepps: []}\n"
    )
    world.write(file, text)
    result = judge("-k", RULE)
    assert_one_line(result.code, result.err)
    assert said in result.err


def test_cassettes_of_an_unknown_provider_are_said(world: World, judge: Judge) -> None:
    world.cassette()
    (world.folder / "cassettes/fake").rename(world.folder / "cassettes/faker")
    result = judge(target=None)
    assert_one_line(result.code, result.err)
    assert (
        "faker/m/openai-chat: cassettes of the unknown provider 'faker'; add its TOML with --providers DIR"
        in result.err
    )


def test_without_cassettes_and_target_nothing_is_green(judge: Judge) -> None:
    result = judge(target=None)
    assert_one_line(result.code, result.err)
    assert "cassettes: no target: there are no cassettes; name one with --target PROVIDER/MODEL" in result.err


def test_cassettes_of_another_tool_are_pointed_at(world: World, judge: Judge) -> None:
    world.write("cassettes/test_chat/test_hello.yaml", "interactions: []\n")
    result = judge(target=None)
    assert_one_line(result.code, result.err)
    assert "test_hello.yaml: no target: cassettes of ours lie in PROVIDER/MODEL/DIALECT/PROBE.yaml" in result.err


def test_a_folder_that_cannot_be_written_is_said(world: World, judge: Judge) -> None:
    world.cassette()
    world.write("reports", "a file")
    result = judge("-k", RULE)
    assert_one_line(result.code, result.err)
    assert "cannot be written" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["run", "--no-such-flag"],
            "conformance run: unrecognized arguments: --no-such-flag; see conformance run --help",
        ),
        (
            ["record", TARGET, "--missng"],
            "conformance record: unrecognized arguments: --missng; did you mean --missing?; see conformance record --help",
        ),
        (["run", "no/such/file.py"], "conformance run: module or package not found: no/such/file.py"),
        (["rules", "tool_call.index_reqired"], "did you mean tool_call.index_required"),
        (["rules", "xyz"], "rule 'xyz' is unknown; `conformance rules` lists them"),
        (["providers", "grok"], "provider 'grok' is unknown; did you mean groq?"),
        (["explain", "groq/m-usage.sun"], "no rule 'usage.sun'; did you mean usage.sum"),
        (["explain", "gorq/m-usage.sum"], "did you mean groq?"),
        (["explain", "nothing"], "'nothing' names no cell; write TARGET-RULE"),
        (["audit", "x.jsonl", "--as-of", "x"], "--as-of 'x' is no date"),
        (["adit"], "'adit' is no verb; did you mean audit?"),
        (["record"], "--live and --record spend money; name a target with --target"),
        (["audit"], "the following arguments are required: PATH"),
    ],
)
def test_a_wrong_command_is_one_line(world: World, arguments: list[str], said: str) -> None:
    result = world.call(*arguments)
    assert_one_line(result.code, result.err)
    assert said in result.err


def test_a_server_that_cannot_be_started_is_one_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UnusableInputError("port 8080 is in use", where="127.0.0.1", remedy="name another one")

    monkeypatch.setattr("conformance.asking.connecting.serve", refuse)
    result = world.call("record", "llamacpp/smollm2-135m-instruct", "-k", RULE)
    assert_one_line(result.code, result.err)
    assert "127.0.0.1: port 8080 is in use; name another one" in result.err


def test_a_rule_that_raises_is_one_line_with_its_place(world: World, own_rule: Callable[[str], None]) -> None:
    own_rule("return 1 / 0")
    world.cassette()
    result = world.run("-k", RULE, "--rules", "own_rules")
    assert_one_line(result.code, result.err)
    assert "own_rules.py:7: a rule raised ZeroDivisionError on plain: division by zero; correct the rule" in result.err


def test_a_key_is_wanted_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_API_KEY", f"{KEY}\nand more")
    result = world.run("--live", "-k", RULE)
    assert_one_line(result.code, result.err)
    assert "the variable FAKE_API_KEY holds characters that no header can carry" in result.err
    assert KEY not in result.err


def test_a_reader_that_leaves_gets_no_traceback(tmp_path: Path) -> None:
    command = f"{sys.executable} -m conformance rules | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, cwd=tmp_path, check=False)  # noqa: S607 - whichever bash
    assert (done.stderr, done.returncode) == (b"", 0)
    assert done.stdout.count(b"\n") == 1


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C raises, also where the tests run in the background: there a shell has SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_is_one_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.runs.project.Project.here", lambda: signal.raise_signal(signal.SIGINT))
    result = world.call("rules")
    assert result.code == 130
    assert result.err == "conformance: interrupted\n"


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_in_a_run_is_no_verdict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.cassette()
    monkeypatch.setattr("conformance.runs.run.decide", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    assert world.run("-k", RULE).code == 3
    assert world.bare("-k", RULE).code == pytest.ExitCode.INTERRUPTED
    assert not (world.folder / "reports").exists()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("conformance ")


def test_a_terminal_that_lacks_a_character_is_shown_its_number(world: World) -> None:
    world.cassette(completion(role="ro\u0431\u043et"))
    said = {**os.environ, "PYTHONIOENCODING": "ascii"}
    arguments = ("explain", f"{TARGET}-{RULE}", "--providers", "providers")
    done = subprocess.run(
        [sys.executable, "-m", "conformance", *arguments], capture_output=True, text=True, check=False, env=said
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert r"choices[0].message.role is 'ro\u0431\u043et'" in done.stdout
