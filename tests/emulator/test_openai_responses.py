"""The emulator in openai-responses: bodies, typed events, calls, forms, limits, stored answers and refusals, as the API documents them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from openai.types.responses import Response as SdkResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.emulator.dialects.openai_responses.body import ResponseWriter
from conformance.emulator.dialects.openai_responses.stream import streamed
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.pace import Waits
from conformance.emulator.mind.completion import Choice, Completion
from conformance.emulator.response import as_bytes
from conformance.providers import Target, parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.response import Answered

MODEL = "gpt-4.1-mini"
TARGET = parse_target(f"openai/{MODEL}@openai-responses", PROVIDERS)
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Look up the weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": False,
}


@dataclass
class Client:
    """Asks one server."""

    app: Emulator

    def ask(self, method: str = "POST", path: str = "/v1/responses", key: str = "sk-any", **body: Any) -> Answered:
        """Return the answer to one request."""
        return self.app.answer(request(method, path, key, body))

    def create(self, **body: Any) -> dict[str, Any]:
        """Return the response object of an answer in one body."""
        return json.loads(self.ask(model=MODEL, **body).body)

    def events(self, **body: Any) -> list[dict[str, Any]]:
        """Return the events of a streamed answer."""
        return events_of(self.ask(model=MODEL, stream=True, **body))


def request(method: str, path: str, key: str, body: Mapping[str, Any]) -> Request:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    return Request(method, f"https://api.openai.com{path}", headers, json.dumps(body).encode() if body else b"")


def events_of(answered: Answered) -> list[dict[str, Any]]:
    lines = answered.body.decode().split("\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


@pytest.fixture
def client() -> Client:
    return Client(Emulator(TARGET, clock=lambda: NOW))


ASKS: dict[str, dict[str, Any]] = {
    "text": {"input": "Say hello."},
    "items": {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Say hello."}]}]},
    "call": {"input": "What is the weather in Oslo?", "tools": [WEATHER]},
    "calls": {"input": "What is the weather in Oslo and in Lima?", "tools": [WEATHER]},
    "forced": {"input": "Hi", "tools": [WEATHER], "tool_choice": {"type": "function", "name": "get_weather"}},
    "cut": {"input": "Write a long story.", "max_output_tokens": 20},
    "cut call": {
        "input": "Weather in Oslo and Lima?",
        "tools": [WEATHER],
        "tool_choice": "required",
        "max_output_tokens": 20,
    },
    "schema": {
        "input": "Name a fruit.",
        "text": {
            "format": {
                "type": "json_schema",
                "name": "fruit",
                "schema": {"type": "object", "properties": {"fruit": {"type": "string"}}, "required": ["fruit"]},
            }
        },
    },
    "logprobs": {"input": "Say hello.", "include": ["message.output_text.logprobs"], "top_logprobs": 2},
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("how", ["body", "stream"])
def test_an_answer_breaks_no_rule_and_the_sdk_reads_it(client: Client, ask: dict[str, Any], how: str) -> None:
    asked = request("POST", "/v1/responses", "sk-any", {"model": MODEL, "stream": how == "stream", **ask})
    answered = client.app.answer(asked)
    found = judge(Case(Exchange("x", asked, Response(answered.status, dict(answered.headers), answered.body, "clean"))))
    assert [finding.message for finding in found.findings] == []
    assert len(found.checked) >= 20
    if how == "stream":
        for event in events_of(answered):
            EVENT.validate_python(event)
    else:
        SdkResponse.model_validate_json(answered.body)


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_stream_ends_with_the_response_that_a_body_would_be(ask: dict[str, Any]) -> None:
    def whole(response: dict[str, Any]) -> Any:
        """Leave out what is drawn anew for each answer, and what OpenAI's table adds to bodies only."""
        drawn = {"id", "completed_at", "usage", "output", "billing"}
        kept = {key: value for key, value in response.items() if key not in drawn}
        items = [
            {key: value for key, value in item.items() if key not in {"id", "call_id"}} for item in response["output"]
        ]
        return kept, items, response["usage"]

    body = Client(Emulator(TARGET, clock=lambda: NOW)).create(**ask)
    events = Client(Emulator(TARGET, clock=lambda: NOW)).events(**ask)
    assert events[-1]["type"] == f"response.{body['status']}"
    assert whole(events[-1]["response"]) == whole(body)


def test_events_are_numbered_and_named_and_no_sentinel_ends_them(client: Client) -> None:
    answered = client.ask(model=MODEL, stream=True, **ASKS["call"])
    events = events_of(answered)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    named = [line.removeprefix("event: ") for line in answered.body.decode().split("\n") if line.startswith("event: ")]
    assert named == [event["type"] for event in events]
    assert [event["type"] for event in events[:3]] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
    ]
    assert b"[DONE]" not in answered.body


def test_each_call_of_a_turn_is_an_item_of_its_own(client: Client) -> None:
    output = client.create(**ASKS["calls"])["output"]
    assert [item["type"] for item in output] == ["function_call", "function_call"]
    assert len({item["call_id"] for item in output}) == len({item["id"] for item in output}) == 2
    assert len(client.create(**ASKS["calls"], parallel_tool_calls=False)["output"]) == 1


def test_a_limit_makes_an_incomplete_response(client: Client) -> None:
    cut = client.create(**ASKS["cut"])
    assert (cut["status"], cut["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert cut["output"][-1]["status"] == "incomplete"
    assert cut["usage"]["output_tokens"] == 20


def test_a_model_that_reasons_shows_a_summary_only_where_it_is_asked_for() -> None:
    target = parse_target("openai/gpt-5.2@openai-responses", PROVIDERS)
    reasoning = Client(Emulator(target, clock=lambda: NOW))

    def items(**body: Any) -> list[dict[str, Any]]:
        return json.loads(reasoning.ask(model="gpt-5.2", input="Say hello.", **body).body)["output"]

    assert [item["type"] for item in items()] == ["reasoning", "message"]
    assert items()[0]["summary"] == []
    assert items(reasoning={"effort": "low", "summary": "auto"})[0]["summary"][0]["type"] == "summary_text"
    assert [item["type"] for item in items(reasoning={"effort": "none"})] == ["message"]
    kinds = [
        event["type"]
        for event in events_of(
            reasoning.ask(model="gpt-5.2", input="Hi", stream=True, reasoning={"effort": "low", "summary": "auto"})
        )
    ]
    assert "response.reasoning_summary_text.delta" in kinds


def test_a_refusal_is_a_part_of_its_own() -> None:
    declined = Completion((Choice(refusal=("I", " cannot", " help.")),), prompt_tokens=5, completion_tokens=3)
    asked = request("POST", "/v1/responses", "sk-any", {"model": MODEL, "input": "x", "stream": True})
    context = answer_context(TARGET, asked, seed=0, turn=0, now=NOW, defaults={"id": "resp_{hex:50}"})
    answered = as_bytes(streamed(ResponseWriter(context, declined, Waits(0, 0, 0.01))))
    found = judge(Case(Exchange("x", asked, Response(200, dict(answered.headers), answered.body, "clean"))))
    assert found.findings == ()
    kinds = [event["type"] for event in events_of(answered)]
    assert kinds.count("response.refusal.delta") == 3
    assert "response.output_text.delta" not in kinds


def test_an_answer_goes_on_from_an_earlier_one(client: Client) -> None:
    first = client.create(input="My cat is called Bob.")
    second = client.create(input="What is my cat called?", previous_response_id=first["id"])
    assert "Bob" in second["output"][0]["content"][0]["text"]
    assert second["previous_response_id"] == first["id"]


def test_a_conversation_holds_what_was_said(client: Client) -> None:
    made = json.loads(client.ask(path="/v1/conversations", metadata={}).body)["id"]
    client.create(input="My cat is called Bob.", conversation=made)
    second = client.create(input="What is my cat called?", conversation={"id": made})
    assert "Bob" in second["output"][0]["content"][0]["text"]


def test_the_result_of_a_tool_is_answered(client: Client) -> None:
    first = client.create(**ASKS["call"])
    result = {"type": "function_call_output", "call_id": first["output"][0]["call_id"], "output": "4 degrees"}
    second = client.create(input=[result], previous_response_id=first["id"], tools=[WEATHER])
    assert "4 degrees" in second["output"][0]["content"][0]["text"]


def test_a_stored_answer_can_be_read_and_deleted(client: Client) -> None:
    made = client.create(input="Say hello.")
    path = f"/v1/responses/{made['id']}"
    assert json.loads(client.ask("GET", path).body) == made
    assert json.loads(client.ask("GET", f"{path}/input_items").body)["data"][0]["content"] == "Say hello."
    assert json.loads(client.ask("DELETE", path).body)["deleted"] is True
    assert client.ask("GET", path).status == 404
    forgotten = client.create(input="Say hello.", store=False)
    assert client.ask("GET", f"/v1/responses/{forgotten['id']}").status == 404


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"input": "Hi", "temperature": 9}, 400, "temperature"),
        ({"input": "Hi", "max_output_tokens": 15}, 400, "max_output_tokens"),
        ({"input": 7}, 400, "input"),
        ({"input": []}, 400, "input"),
        ({"input": "Hi", "tools": [{"type": "function"}]}, 400, "tools[0].name"),
        ({"input": "Hi", "text": {"format": {"type": "json_schema"}}}, 400, "text.format.schema"),
        ({"input": "Hi", "model": "nobody"}, 400, "model"),
        ({"input": "Hi", "previous_response_id": "resp_none"}, 400, "previous_response_id"),
        ({"input": [{"type": "function_call_output", "call_id": "none", "output": "x"}]}, 400, "input"),
        ({"input": "Hi", "conversation": "conv_none"}, 404, "conversation"),
    ],
)
def test_a_wrong_request_is_refused_in_the_envelope_of_the_api(
    client: Client, body: dict[str, Any], status: int, param: str
) -> None:
    answered = client.ask(**{"model": MODEL, **body})
    error = json.loads(answered.body)["error"]
    assert (answered.status, error["param"]) == (status, param)
    assert error["message"]
    assert error["type"] == "invalid_request_error"


def test_a_wrong_key_a_malformed_body_and_a_foreign_path_are_refused(client: Client) -> None:
    assert client.ask(key=INVALID_KEY, model=MODEL, input="Hi").status == 401
    assert client.ask(key="", model=MODEL, input="Hi").status == 401
    broken = Request("POST", "https://api.openai.com/v1/responses", {"authorization": "Bearer x"}, b"{")
    assert client.app.answer(broken).status == 400
    assert client.ask("PUT").status == 405
    assert client.ask(path="/v1/nowhere").status == 404


def test_one_server_answers_in_every_dialect_of_its_provider() -> None:
    app = Emulator(Target(PROVIDERS["openai"], MODEL, "openai-chat"), clock=lambda: NOW)
    messages = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
    assert (
        json.loads(app.answer(request("POST", "/v1/chat/completions", "k", messages)).body)["object"]
        == "chat.completion"
    )
    asked = {"model": MODEL, "input": "Hi"}
    assert json.loads(app.answer(request("POST", "/v1/responses", "k", asked)).body)["object"] == "response"
    groq = Emulator(Target(PROVIDERS["groq"], "openai/gpt-oss-20b", "openai-chat"), clock=lambda: NOW)
    away = Request("POST", "https://api.groq.com/openai/v1/responses", {"authorization": "Bearer k"}, b"{}")
    assert (groq.answer(away).status == 404) is ("openai-responses" not in PROVIDERS["groq"].dialects)


def test_a_provider_adds_what_its_table_of_the_dialect_states(client: Client) -> None:
    events = client.events(input="Say hello.")
    deltas = [event for event in events if event["type"].endswith(".delta")]
    assert deltas
    assert all(len(event["obfuscation"]) == 8 for event in deltas)
    assert client.create(input="Hi")["billing"] == {"payer": "developer"}
