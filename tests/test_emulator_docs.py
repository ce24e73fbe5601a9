"""docs/emulator.md is true as it stands: its commands parse, its scenario plays, its table of answers is what is answered."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from conformance.cli import parser
from conformance.emulator.behaviours.table import load_scenario
from conformance.emulator.mind.completion import Completion
from conformance.emulator.respond import answer_body
from conformance.emulator.server import served_target
from conformance.providers import load_providers

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/emulator.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for language, text in BLOCKS if language == "console" for line in text.splitlines()]
ROWS = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_parsed(command: str) -> None:
    words = shlex.split(command)
    assert words[:2] == ["conformance", "serve"]
    parser("serve").parse_args(words[1:])


def test_the_scenario_of_the_page_is_played(tmp_path: Path) -> None:
    (text,) = [text for language, text in BLOCKS if language == "toml"]
    path = tmp_path / "bad-day.toml"
    path.write_text(text, "utf-8")
    assert load_scenario(path).phases[0].name == "the model loads"


def test_the_page_s_prompts_get_the_answers_that_stand_beside_them() -> None:
    target = served_target("groq", None, load_providers())
    answers = {}
    for prompt, _ in ROWS:
        completion = answer_body(
            {"model": target.model, "messages": [{"role": "user", "content": prompt}]}, target, seed=0
        )
        assert isinstance(completion, Completion)
        answers[prompt] = completion.choices[0].text
    assert answers == dict(ROWS)
    assert len(ROWS) == 5
    assert json.loads(ROWS[3][1])["age"] == 31
