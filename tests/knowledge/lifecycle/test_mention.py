"""Whose a name is: the maker's wherever it stands, a host's where the host is near, nobody's where it is a word."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from conformance.knowledge.lifecycle.context import clues, stands_alone
from conformance.knowledge.lifecycle.lookup import find_all
from conformance.knowledge.lifecycle.names import Grade
from conformance.knowledge.lifecycle.registry import load_registry
from conformance.knowledge.lifecycle.scan.files import find_files
from conformance.knowledge.lifecycle.scan.inside import names_in
from conformance.knowledge.lifecycle.scan.literal import has_form_of_id
from conformance.knowledge.lifecycle.scan.route import route_of
from conformance.knowledge.lifecycle.status import State, status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.knowledge.lifecycle.scan.mention import Mention

    Scan = Callable[..., list[Mention]]

AS_OF = date(2026, 11, 28)


def _ids(state_fails: bool) -> dict[str, str]:  # noqa: FBT001
    """Return the makers' own ids that are retired (or in service at everybody), by id."""
    ids = {}
    for provider, claims in load_registry().items():
        for model in dict.fromkeys(claim.model for claim in claims):
            outcome = status((claim for claim in claims if claim.model == model), AS_OF)
            served = [found for found in find_all(model).values() if found.grade > Grade.FAMILY]
            if provider not in clues() or not stands_alone(provider, model) or not has_form_of_id(model):
                continue
            if (
                (outcome.state is State.RETIRED)
                if state_fails
                else not any(one.status(AS_OF).fails() for one in served)
            ):
                ids[model] = provider
    return ids


def test_every_retired_id_of_a_maker_is_the_makers_in_a_file_of_others(scan: Scan) -> None:
    ids = _ids(state_fails=True)
    text = "from somebody import Client\nNAMES = " + json.dumps(list(ids), indent=1)
    told = {mention.model for mention in scan("a.py", text, AS_OF) if mention.certain and mention.status.fails()}
    assert len(ids) > 200
    assert ids.keys() - told == set()


@pytest.mark.parametrize("client", ["groq", "cerebras", "somebody"])
def test_no_id_that_all_its_providers_serve_is_told_to_be_gone(client: str, scan: Scan) -> None:
    text = f"import {client}\nNAMES = " + json.dumps(list(_ids(state_fails=False)), indent=1)
    assert [mention.model for mention in scan("a.py", text, AS_OF) if mention.certain and mention.status.fails()] == []


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        (
            'client = OpenAI(base_url="https://openrouter.ai/api/v1")\nclient.create(model="anthropic/claude-3-opus-20240229")\n',
            True,
        ),
        ('x = "openrouter/openai/gpt-4-0613:free"\n', True),
        (
            'AzureOpenAI().create(model="o1-mini")\n',
            False,
        ),  # no line of this host: it may serve the model longer than its maker
        ('run(["vllm", "serve", "x", "--served-model-name", "gpt-3.5-turbo"])\n', False),
        ('import ollama\nMODELS = ["gpt-3.5-turbo"]\n', True),  # only the file names the server
    ],
)
def test_near_a_host_that_serves_everybody_the_makers_word_is_the_last_only_if_nobody_else_serves_it(
    text: str,
    certain: bool,  # noqa: FBT001
    scan: Scan,
) -> None:
    told = [mention for mention in scan("a.py", text, AS_OF) if mention.status.fails()]
    assert [mention.certain for mention in told] == [certain]


def test_a_host_that_only_the_file_names_does_not_make_a_model_in_service_gone(scan: Scan) -> None:
    text = 'PLUGINS = ["copilot"]\n\n\nMODELS = ["gpt-4.1"]\n'  # copilot retired gpt-4.1; its maker serves it
    assert [mention.certain for mention in scan("a.py", text, AS_OF) if mention.status.fails()] == [False]


@pytest.mark.parametrize(
    ("text", "provider", "rest", "maker", "name"),
    [
        ("groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile"),
        ("openrouter/openai/gpt-4:free", "openrouter", "openai/gpt-4", "openai", "gpt-4"),
        (
            "bedrock/us.anthropic.claude-v2:1",
            "bedrock",
            "us.anthropic.claude-v2:1",
            "bedrock",
            "us.anthropic.claude-v2:1",
        ),
        ("arn:aws:bedrock:us-east-1::foundation-model/a.b-v1:0", "bedrock", "a.b-v1:0", "bedrock", "a.b-v1:0"),
        ("publishers/google/models/gemini-2.0-flash", "vertex", "gemini-2.0-flash", "vertex", "gemini-2.0-flash"),
        ("mistralai:mistral-large-2407", "mistral", "mistral-large-2407", "mistral", "mistral-large-2407"),
        ("mistralai/Pixtral-12B-2409", None, "mistralai/Pixtral-12B-2409", None, "mistralai/Pixtral-12B-2409"),
        ("llama3.1:8b", None, "llama3.1:8b", None, "llama3.1:8b"),
    ],
)
def test_the_way_before_a_name(text: str, provider: str | None, rest: str, maker: str | None, name: str) -> None:
    route = route_of(text)
    assert (route.provider, route.rest, route.maker, route.name) == (provider, rest, maker, name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gpt-4-0613", ["gpt-4-0613"]),
        ("https://h/v1beta/models/gemini-1.5-pro:generateContent?key=1", ["gemini-1.5-pro"]),
        ("https://h/openai/deployments/gpt-4-32k/chat/completions", ["gpt-4-32k"]),
        ("https://h/model/anthropic.claude-v2%3A1/invoke", ["anthropic.claude-v2:1"]),
        ("https://platform.openai.com/docs/v1/models/gpt-4", []),
        ("gpt-4,claude-2.1", ["gpt-4", "claude-2.1"]),
        ("serve --model gpt-4 --port 80", ["gpt-4"]),
        ("${MODEL:-gpt-4}", ["gpt-4"]),
        ('{{ .Values.model | default "gpt-4" }}', ["gpt-4"]),
        ('{"model": "gpt-4"}', ["gpt-4"]),
        ('FALLBACKS=["gpt-4", "claude-2.1"]', ["gpt-4", "claude-2.1"]),
        ("use gpt-4 for this", []),
        ("the model gpt-4 was asked", []),
        ("data/gpt-4.json", []),
    ],
)
def test_the_names_that_a_text_holds(text: str, names: list[str]) -> None:
    assert [inside.name for inside in names_in(text) if find_all(inside.name)] == names


def test_a_name_in_a_notebook_has_its_line_in_the_file(scan: Scan) -> None:
    cells = [
        {
            "cell_type": "code",
            "source": ["%pip install x\n", "a = 1\n", 'model = "gpt-4-0613"\n'],
            "outputs": ["claude-2.1"],
        }
    ]
    text = json.dumps({"cells": cells}, indent=1)
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "gpt-4-0613" in each)
    assert [(mention.model, mention.line) for mention in scan("a.ipynb", text)] == [("gpt-4-0613", line)]
    assert scan("b.ipynb", "[1]") == []
    assert [mention.model for mention in scan("c.ipynb", 'no JSON: "gpt-4-0613"')] == ["gpt-4-0613"]


def test_a_folder_is_scanned_for_notebooks_terraform_values_and_container_files(tmp_path: Path) -> None:
    names = {"a.ipynb", "b.tfvars", "c.hcl", "Containerfile", "Dockerfile.prod", "d.dockerfile", "e.bicep", "prod.env"}
    for name in names:
        (tmp_path / name).write_text("x")
    assert {path.name for path in find_files([tmp_path])} == names
