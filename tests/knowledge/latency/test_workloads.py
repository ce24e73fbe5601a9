"""Claims about what is asked."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import conformance.knowledge.latency
from conformance.asking.latency.sampling import check
from conformance.errors import UnusableInputError
from conformance.knowledge.latency.workloads import DEFAULT, Workload, workloads
from conformance.providers import load_providers, parse_target
from conformance.rules.schema_findings import is_valid
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS

FILE = Path(conformance.knowledge.latency.__file__).with_name("workloads.toml")


def prompt(workload: Workload, nonce: str) -> str:
    return workload.ask(nonce).turns[0].text


def test_the_file_has_the_schemas_form() -> None:
    assert is_valid("latency-workloads", tomllib.loads(FILE.read_text("utf-8")))
    assert DEFAULT in workloads()


@pytest.mark.parametrize("workload", workloads().values(), ids=lambda each: each.name)
def test_a_nonce_stands_at_the_head_of_what_must_not_be_cached_and_nowhere_else(workload: Workload) -> None:
    assert prompt(workload, "8a6f").startswith("[8a6f] ") is not workload.cached
    assert (prompt(workload, "8a6f") == prompt(workload, "77bc")) is workload.cached


@pytest.mark.parametrize("workload", workloads().values(), ids=lambda each: each.name)
def test_a_prompt_is_about_as_long_as_it_says(workload: Workload) -> None:
    characters = len(str(DIALECTS[DEFAULT_DIALECT].compose(workload.ask("8a6f"), None).body))
    assert 3 <= characters / workload.input <= 7  # characters a token, of English with some JSON


def test_a_changed_prompt_has_another_hash() -> None:
    one = workloads()["short"]
    assert (
        len(
            {
                one.hash,
                Workload("short", "", 400, 64, cached=False).hash,
                Workload("short", "", 40, 65, cached=False).hash,
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("target", "workload", "says"),
    [
        ("llamacpp/smollm2-135m-instruct", "10k-1.5k", "it takes 4096 tokens, the workload 11500"),
        ("meta-llama/m", "10k-1.5k", None),
        ("perplexity/m", "tools", "it lacks tools"),
    ],
)
def test_a_target_that_cannot_be_asked_is_refused_before_it_is(target: str, workload: str, says: str | None) -> None:
    asked = parse_target(target, load_providers())
    if says is None:
        check(asked, workloads()[workload])
        return
    with pytest.raises(UnusableInputError, match=says):
        check(asked, workloads()[workload])


def test_a_dialect_that_nobody_can_ask_is_refused_before_it_is() -> None:
    spoken = replace(parse_target("vllm/m", load_providers()), dialect="smoke-signals")
    with pytest.raises(UnusableInputError, match="smoke-signals, which cannot be asked yet"):
        check(spoken, workloads()["short"])
