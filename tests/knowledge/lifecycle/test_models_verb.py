"""`conformance models`: exit codes, formats, and what is one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from conformance.cli import main
from conformance.rules.schema_findings import is_valid

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.terminal

AS_OF = ("--as-of", "2026-11-21")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the verb in an empty folder and return its code, and what it wrote."""
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["models", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return ran


def test_without_target_and_scan_it_lists_the_registry_and_fails_nothing(run: Run) -> None:
    code, out, _ = run(*AS_OF)
    assert code == 0
    assert "retired since 2026-08-16" in out
    assert out.splitlines()[-1].endswith("models in the registry, as of 2026-11-21")


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        ("groq/llama-3.3-70b-versatile", 1, "retired since 2026-08-16"),
        ("anthropic/claude-sonnet-4-5", 1, "retiring in 9 days (2026-11-30)"),
        ("openai/gpt-5", 0, "retiring in 20 days (2026-12-11)"),
        ("groq/openai/gpt-oss-120b", 0, "active"),
        ("groq/llama-3.3-70b-versatil", 0, "did you mean llama-3.3-70b-versatile"),
    ],
)
def test_a_target_that_is_gone_or_goes_soon_fails(target: str, code: int, words: str, run: Run) -> None:
    found, out, _ = run(target, *AS_OF)
    assert found == code
    assert words in out


@pytest.mark.parametrize("format", ["text", "json", "md"])
def test_a_scan_that_read_no_file_is_never_green(run: Run, tmp_path: Path, format: str) -> None:  # noqa: A002
    (tmp_path / "src").mkdir()
    code, out, _ = run("--scan", "src", *AS_OF, "--format", format)
    assert code == 2
    assert "no file was read" in out if format != "json" else json.loads(out)["exit_code"] == 2


def test_how_soon_is_the_users_choice(run: Run) -> None:
    assert run("openai/gpt-5", *AS_OF, "--fail-within", "20")[0] == 1
    assert run("anthropic/claude-sonnet-4-5", *AS_OF, "--fail-within", "8")[0] == 0
    assert (
        json.loads(run("openai/gpt-5", *AS_OF, "--warn-within", "19", "--format", "json")[1])["models"][0]["verdict"]
        == "ok"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gpt-4",), "provider 'gpt-4' is unknown"),
        (("databricks",), "names no model"),
        (("--as-of", "tomorrow"), "--as-of 'tomorrow' is no date"),
        (("--scan", "nowhere"), "no such file or folder"),
        (("--fail-within", "-1"), "--fail-within is below 0"),
    ],
)
def test_what_cannot_be_used_is_one_line(words: tuple[str, ...], said: str, run: Run) -> None:
    code, out, err = run(*words)
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert said in err


@pytest.fixture
def code_base(tmp_path: Path) -> Path:
    """A folder that names models."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/chat.py").write_text('from groq import Groq\nGroq().create(model="llama-3.3-70b-versatile")\n')
    (tmp_path / "src/new.py").write_text('from groq import Groq\nGroq().create(model="openai/gpt-oss-120b")\n')
    (tmp_path / "README.md").write_text("# Groq\n\nOnce more: `llama-3.3-70b-versatile`.\n")
    return tmp_path


@pytest.mark.usefixtures("code_base")
def test_a_scan_names_every_place_once(run: Run) -> None:
    code, out, _ = run("--scan", ".", *AS_OF)
    assert code == 1
    assert "README.md:3, src/chat.py:2" in out
    assert "2 models in 3 files as of 2026-11-21: 1 retired" in out
    assert run("--scan", "src/new.py", *AS_OF)[0] == 0


@pytest.mark.usefixtures("code_base")
def test_the_json_matches_its_schema(run: Run) -> None:
    code, out, _ = run("--scan", "src", "README.md", *AS_OF, "--format", "json")
    value = json.loads(out)
    assert is_valid("models", value)
    assert (code, value["exit_code"], value["files"]) == (1, 1, 3)
    (gone,) = [each for each in value["models"] if each["verdict"] == "fail"]
    assert (gone["providers"], gone["shutdown"], gone["days"]) == (["groq"], "2026-08-16", -97)
    assert gone["replacement"] == ["openai/gpt-oss-120b", "qwen/qwen3.8-27b"]
    assert gone["places"] == [{"file": "src/chat.py", "line": 2}, {"file": "README.md", "line": 3}]


def test_the_whole_registry_as_json_matches_its_schema(run: Run) -> None:
    assert is_valid("models", json.loads(run(*AS_OF, "--format", "json")[1]))


@pytest.mark.usefixtures("code_base")
def test_markdown_is_a_table(run: Run) -> None:
    lines = run("--scan", "src", *AS_OF, "--format", "md")[1].splitlines()
    assert lines[0].startswith("| | model | provider | state |")
    assert "| fail | llama-3.3-70b-versatile | groq | retired since 2026-08-16 |" in lines[2]


def test_what_is_only_possible_warns_and_does_not_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('MODELS = ["llama-3.3-70b"]\n')
    code, out, _ = run("--scan", "a.py", *AS_OF)
    assert code == 0
    assert out.startswith("warn  llama-3.3-70b")
    assert "possibly retired since" in out


def test_a_file_that_is_no_text_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\0")
    assert "skipped a.py: no text" in run("--scan", "a.py", *AS_OF)[1]


def test_the_pre_commit_hook_is_a_command_of_ours(run: Run, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((Path(__file__).parents[3] / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, verb, *words = hook["entry"].split()
    assert (program, verb) == ("conformance", "models")
    (tmp_path / "a.env").write_text("GROQ_MODEL=llama-3.3-70b-versatile\n")
    assert run(*words, "a.env")[0] == 1


def test_what_was_recorded_of_a_target_counts(run: Run) -> None:
    cassettes = Path(__file__).parents[3] / "cassettes"
    code, out, _ = run("llamacpp/smollm2-135m-instruct", *AS_OF, "--cassettes", str(cassettes))
    assert code == 0
    assert "active" in out


def test_a_scan_that_read_no_model_name_says_so_and_does_not_look_like_all_well(run: Run) -> None:
    Path("a.yaml").write_text("a: 1\n", "utf-8")
    code, out, _ = run("--scan", ".", *AS_OF)
    assert (code, out.splitlines()) == (0, ["nothing was checked: no model name in 1 file (as of 2026-11-21)"])


def test_the_last_line_counts_the_names_and_what_the_registry_does_not_know(run: Run) -> None:
    Path("a.yaml").write_text("model: gpt-4-0613\nother_model: acme-large-3\nmodels: [gpt-4-0613]\n")
    _, out, _ = run("--scan", ".", *AS_OF)
    assert out.splitlines()[-1].endswith("0 to look at, 1 unknown to the registry (rows `unknown`); 3 names read")
    assert [line for line in out.splitlines() if line.startswith("unknown") and "acme-large-3" in line]
    value = json.loads(run("--scan", ".", *AS_OF, "--format", "json")[1])
    assert (value["names"], value["unknown"]) == (3, 1)
