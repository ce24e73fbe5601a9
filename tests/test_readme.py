"""What README shows works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.ledger import CONFORMS, FAILS, UNDECIDED, UNUSABLE
from conformance.plan import plan
from conformance.probes import load_probes, probes_for
from conformance.providers import load_providers, parse_target
from conformance.rules.registry import RULES
from conformance.verdict import Verdict

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
IMPORTS = """
from __future__ import annotations
from collections.abc import Iterator
from conformance.dialects.reply import Choice
"""


def block(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)[0]


def test_each_example_is_under_ten_lines() -> None:
    assert {language: len(block(language).splitlines()) < 10 for language in ("toml", "yaml", "python")} == {
        "toml": True,
        "yaml": True,
        "python": True,
    }


def test_provider_example_is_a_provider(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(block("toml"), "utf-8")
    target = parse_target("acme/acme-large", load_providers(tmp_path))
    assert {"tools", "json_schema"} <= target.capabilities


def test_probe_example_is_a_probe(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(block("yaml"), "utf-8")
    assert "stream.truncated_without_finish" in load_probes(tmp_path)["capital-stream"].provoked(RULES)


def test_rule_example_registers_a_rule(tmp_path: Path) -> None:
    imports = re.findall(r"`(from conformance[^`]+)`", README)
    code = "\n".join((IMPORTS, *imports, block("python"), "from conformance.rules.registry import RULES"))
    code += "\nprint(RULES['content.no_exclamation'].sentence)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "Answers hold no exclamation mark.\n", done.stderr


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert f"| {verdict} |" in README


@pytest.mark.parametrize("code", [CONFORMS, FAILS, UNDECIDED, UNUSABLE])
def test_every_exit_code_is_explained(code: int) -> None:
    assert f"| {code} |" in README


def test_providers_that_come_along_are_named() -> None:
    named = re.search(r"Providers that come along: ([^(]+)", README)
    assert named is not None
    built_in = {name for name, provider in load_providers().items() if not provider.abstract}
    assert set(named[1].strip().split(", ")) == built_in


def test_plan_is_what_the_command_prints() -> None:
    target = parse_target("groq/openai/gpt-oss-120b", load_providers())
    asked, _ = probes_for(target, load_probes())
    assert next(iter(plan({target: asked}, 300))) in README
