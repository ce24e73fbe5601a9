"""What a run is told: the project's table, the command line over it, and the plan that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from world import KEY, PROBES, TARGET

from conformance.asking.address import DEFAULT_MAX_REQUESTS
from conformance.asking.cassettes import Store
from conformance.asking.limits import Budget
from conformance.asking.target import ask_target
from conformance.errors import UnusableInputError
from conformance.probes import REASONING_TOKENS
from conformance.probes.plan import input_tokens, output_tokens, plan
from conformance.providers import Target, load_providers
from conformance.providers.keys import auth_headers, key_of
from conformance.runs.dates import read_date
from conformance.runs.options import OPTIONS, REPEATED, repeated
from conformance.runs.project import Project
from conformance.runs.settings import Settings, settings_from

if TYPE_CHECKING:
    from world import World


def told(world: World, table: str = "", **options: Any) -> Settings:
    """Settings from a table and options, beside the world's provider and target."""
    world.write("pyproject.toml", f"[tool.conformance]\n{table}\n")
    given = {"target": [TARGET], "providers": ["providers"], **options}
    return settings_from(given, Project.at(world.folder, world.folder))


def test_the_defaults(world: World) -> None:
    settings = told(world)
    assert settings.cassettes == world.folder / "cassettes"
    assert settings.reports == world.folder / "reports"
    assert settings.max_requests == DEFAULT_MAX_REQUESTS
    assert (settings.live, settings.fail_on, settings.as_of) == (False, "error", datetime.now(UTC).date())


def test_the_command_line_comes_before_the_table(world: World) -> None:
    table = 'cassettes = "a"\nfail_on = "warning"\nmax_requests = 5\nbase_url = "https://a.example/"\nheaders = { X-A = "1" }'
    settings = told(world, table)
    assert (settings.cassettes.name, settings.fail_on, settings.max_requests) == ("a", "warning", 5)
    assert settings.headers == {"x-a": "1"}
    over = told(world, table, cassettes="b", fail_on="error", max_requests=9, header=["x-a: 2"], base_url="http://b/")
    assert (over.cassettes.name, over.fail_on, over.max_requests) == ("b", "error", 9)
    assert (over.headers, over.base_url) == ({"x-a": "2"}, "http://b/")


def test_record_is_live(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_API_KEY", KEY)
    assert told(world, record=True).live


def test_a_provider_alone_stands_for_its_default_models(world: World) -> None:
    assert [target.id for target in told(world, target=["fake"]).targets] == [TARGET]
    assert [target.id for target in told(world, target=["fake", TARGET]).targets] == [TARGET]


def test_without_a_target_those_with_cassettes_are_meant(world: World) -> None:
    world.cassette()
    settings = told(world, target=[])
    assert [target.id for target in settings.targets] == [TARGET]
    assert not settings.named


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rules = 'a'", "write a list of texts"),
        ("providers = [1]", "write a list of texts"),
        ("cassettes = 1", "write a text in quotes"),
        ("headers = { a = 1 }", "write a table"),
        ("max_requests = true", "write a whole number above 0"),
        ("max_requests = 0", "write a whole number above 0"),
        ("report = 'x'", "did you mean reports?"),
        ("base_url = 'example.org'", "write the whole URL: https://host/path"),
        ("proxy = 'socks'", "write the whole URL: https://host/path"),
    ],
)
def test_a_wrong_table_is_refused_with_a_remedy(world: World, line: str, said: str) -> None:
    with pytest.raises(UnusableInputError) as refused:
        told(world, line)
    assert said in str(refused.value)


def test_another_tools_table_is_none_of_ours(world: World) -> None:
    world.write("pyproject.toml", "[tool.other]\nrules = 1\n")
    assert Project.at(world.folder, world.folder).table == {}


@pytest.mark.parametrize("text", ["21.11.2026", "2026-13-01", ""])
def test_a_date_is_iso(text: str) -> None:
    with pytest.raises(UnusableInputError, match="write YYYY-MM-DD"):
        read_date(text)


def test_options_that_a_command_needs_again_are_repeated_and_secrets_are_not() -> None:
    given = {
        "as_of": "2026-11-21",
        "providers": ["a", "b c"],
        "header": ["x: secret"],
        "base_url": "https://me:pw@host/",
    }
    assert repeated(given) == ("--as-of", "2026-11-21", "--providers", "a", "--providers", "b c")
    assert set(REPEATED) <= set(OPTIONS)


def test_a_key_comes_from_the_variable_that_the_provider_names(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_API_KEY", f"{KEY}\n")
    assert key_of(world.target) == KEY
    assert auth_headers(world.target, KEY) == {"authorization": f"Bearer {KEY}"}
    monkeypatch.delenv("FAKE_API_KEY")
    with pytest.raises(UnusableInputError, match=r"export FAKE_API_KEY=\.\.\. to ask fake/m"):
        key_of(world.target)


def test_a_key_may_be_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(load_providers()["llamacpp"], "m", "openai-chat")
    monkeypatch.delenv("LLAMACPP_API_KEY", raising=False)
    assert key_of(target) is None
    assert auth_headers(target, None) == {}


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_said(
    world: World, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setenv("FAKE_API_KEY", KEY)
    if content:
        world.write("ca.pem", content)
    settings = told(world, live=True, ca="ca.pem")
    store = Store(settings.cassettes)
    with pytest.raises(
        UnusableInputError, match=r"ca\.pem: --ca cannot be read: .*; name a file with certificates in PEM"
    ):
        ask_target(world.target, [PROBES["plain"]], settings=settings, store=store, budget=Budget(0), say=print)


def test_the_plan_counts_what_a_reasoning_model_thinks(world: World) -> None:
    thinking = replace(world.target.provider, capabilities=frozenset({"reasoning"}), models={})
    target = Target(thinking, "m", "openai-chat")
    assert output_tokens(target, PROBES["plain"]) == output_tokens(world.target, PROBES["plain"]) + REASONING_TOKENS


def test_the_plan_counts_a_prompt_that_overflows_the_context() -> None:
    target = Target(load_providers()["llamacpp"], "smollm2-135m-instruct", "openai-chat")
    assert input_tokens(target, PROBES["error-context-overflow"]) > 4096


def test_the_plan_counts_a_conversation_whose_history_is_not_known_yet(world: World) -> None:
    assert input_tokens(world.target, PROBES["replay"]) > input_tokens(world.target, PROBES["plain"]) / 2


def test_the_plan_says_how_long_pacing_takes_and_what_is_not_known(world: World) -> None:
    slow = replace(world.target.provider, limits={"requests_per_minute": 2}, models={})
    probes = [PROBES["plain"]] * 10
    (line, end) = plan({Target(slow, "other", "openai-chat"): probes}, 5)
    assert line.endswith("price unknown, 2 requests a minute: about 5 min")
    assert end == "plan: --max-requests 5 ends before these 10 requests: the last probes are not asked"
