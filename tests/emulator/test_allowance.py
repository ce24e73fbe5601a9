"""Rate limits run down with what is asked, refuse as the provider does, say when to come again, and recover."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.emulator.allowance import parse_limit
from conformance.emulator.app import Emulator
from conformance.emulator.server import provider_server
from conformance.errors import UnusableInputError
from conformance.providers import Target, load_providers
from conformance.providers.keys import auth_headers
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from conformance.emulator.response import Answered


class Account:
    """A client of an emulated provider whose clock we set."""

    def __init__(self, name: str, *limits: str) -> None:
        provider = load_providers()[name]
        self.now = 1_000.0
        self.target = Target(provider, provider.default_models[0], provider.dialect)
        stated = [parse_limit(text) for text in limits]
        self.app = Emulator(self.target, clock=lambda: self.now, limits=stated)

    def ask(self, after: float = 0.0, key: str = "sk-test") -> Answered:
        """Ask for an answer, so many seconds after the last one."""
        self.now += after
        path = "messages" if self.target.dialect == "anthropic-messages" else "chat/completions"
        body = {"model": self.target.model, "messages": [{"role": "user", "content": "Hello."}]}
        limit = {"max_tokens": 30} if path == "messages" else {}
        headers = {name.lower(): value for name, value in auth_headers(self.target, key).items()}
        headers["content-type"] = "application/json"
        url = f"{self.target.base_url}/{path}"
        return self.app.answer(Request("POST", url, headers, json.dumps({**body, **limit}).encode()))


def test_the_headers_run_down_with_the_requests() -> None:
    account = Account("groq", "requests=3/60s")
    left = [account.ask().headers["x-ratelimit-remaining-requests"] for _ in range(3)]
    assert left == ["2", "1", "0"]


def test_one_request_too_many_is_the_providers_own_429() -> None:
    account = Account("groq", "requests=3/60s")
    for _ in range(3):
        account.ask()
    answered = account.ask()
    error = json.loads(answered.body)["error"]
    assert (answered.status, error["type"], error["code"]) == (429, "requests", "rate_limit_exceeded")
    assert "Please try again in 20s" in error["message"]
    assert answered.headers["retry-after"] == "20"
    assert answered.headers["x-ratelimit-reset-requests"] == "1m0s"


@pytest.mark.parametrize("name", ["openai", "mistral", "cerebras", "anthropic", "deepseek", "openrouter"])
def test_every_provider_refuses_in_its_own_form_and_recovers(name: str) -> None:
    account = Account(name, "requests=2/60s")
    statuses = [account.ask(), account.ask(), account.ask(), account.ask(after=29), account.ask(after=1)]
    assert [answered.status for answered in statuses] == [200, 200, 429, 429, 200]


def test_a_refused_request_is_not_counted() -> None:
    account = Account("groq", "requests=1/60s")
    statuses = [account.ask().status for _ in range(5)] + [account.ask(after=60).status]
    assert statuses == [200, 429, 429, 429, 429, 200]


def test_tokens_are_spent_by_answers_and_come_back() -> None:
    account = Account("openai", "tokens=20/60s")
    first, second = account.ask(), account.ask()
    error = json.loads(second.body)["error"]
    assert (first.status, second.status, error["type"]) == (200, 429, "tokens")
    assert account.ask(after=600).status == 200


def test_a_wrong_key_is_refused_before_any_limit() -> None:
    account = Account("groq", "requests=1/60s")
    assert [account.ask(key="").status, account.ask().status] == [401, 200]


@pytest.mark.parametrize("text", ["requests", "requests=0/60s", "requests=3/0s", "words=3/60s", "requests=3/60"])
def test_what_is_no_limit_is_one_clear_line(text: str) -> None:
    with pytest.raises(UnusableInputError, match="is no rate limit"):
        parse_limit(text)


def test_a_server_is_told_its_limits_as_words() -> None:
    with pytest.raises(UnusableInputError), provider_server("groq", limits=["requests=none"]):
        pass
