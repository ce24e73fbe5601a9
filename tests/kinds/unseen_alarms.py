"""Unseen when the rules were written: what looks like a defect and is legal, beside its defective neighbours."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Request, Response
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import (
    answer,
    anthropic,
    envelope,
    gemini,
    get,
    headed,
    numbered,
    ollama,
    other,
    responses,
    talk,
    tokens,
)
from tests.kinds.wire_forms import gemini_stream, message_stream
from tests.mutation.answers import TOOLS
from tests.mutation.wire import Json, answered, ask, call, counted, piece, plain, said, spoken, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation

_CUSTOM: Json = {"type": "custom", "name": "shell", "description": "Runs a command."}
_CUSTOM_ITEM: Json = {
    "type": "custom_tool_call",
    "id": "ctc_1",
    "call_id": "call_1",
    "name": "shell",
    "input": "ls -la",
    "status": "completed",
}
_SERVER: Json = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {"query": "rain"}}
_SERVER_RESULT: Json = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_01",
    "content": [
        {
            "type": "web_search_result",
            "url": "https://a.example/",
            "title": "Rain",
            "encrypted_content": "YQ==",
            "page_age": None,
        }
    ],
}

TOOLS_OF_OTHERS = kind(
    "unseen alarms: custom and server tools",
    "A call of a tool that nobody declared; custom and server tools that were declared and called are legal.",
    "tool_call.name_declared tool_choice.honoured responses.item_shape tool_call.first_delta_complete anthropic.message_shape",
    {
        "undeclared-custom": responses([{**_CUSTOM_ITEM, "name": "bash"}], {"tools": [_CUSTOM]}),
        "custom-without-input": responses(
            [{key: value for key, value in _CUSTOM_ITEM.items() if key != "input"}], {"tools": [_CUSTOM]}
        ),
        "forced-and-not-called": anthropic(
            [{"type": "text", "text": "Rain."}],
            {
                "tools": [{"type": "web_search_20250305", "name": "web_search"}, native.ANTHROPIC_REQUEST["tools"][0]],
                "tool_choice": {"type": "tool", "name": "get_weather"},
            },
            stop_reason="end_turn",
        ),
    },
    {
        "custom": responses([_CUSTOM_ITEM], {"tools": [_CUSTOM]}),
        "custom-in-chat": (
            plain(
                ask("List.", tools=[{"type": "custom", "custom": {"name": "shell"}}]),
                said(
                    None,
                    "tool_calls",
                    tool_calls=[{"id": "call_1", "type": "custom", "custom": {"name": "shell", "input": "ls"}}],
                ),
            ),
        ),
        "custom-forced": responses(
            [_CUSTOM_ITEM], {"tools": [_CUSTOM], "tool_choice": {"type": "custom", "name": "shell"}}
        ),
        "server-tool": anthropic(
            [_SERVER, _SERVER_RESULT, {"type": "text", "text": "Rain."}],
            {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
            stop_reason="end_turn",
        ),
        "server-tool-forced": anthropic(
            [_SERVER, _SERVER_RESULT, {"type": "text", "text": "Rain."}],
            {
                "tools": [{"type": "web_search_20250305", "name": "web_search"}],
                "tool_choice": {"type": "tool", "name": "web_search"},
            },
            stop_reason="end_turn",
        ),
        "responses-search": responses(
            [
                {
                    "type": "web_search_call",
                    "id": "ws_1",
                    "status": "completed",
                    "action": {"type": "search", "query": "rain"},
                },
                native.RESPONSE["output"][0],
            ],
            {"tools": [{"type": "web_search"}], "tool_choice": {"type": "web_search"}},
        ),
    },
)

ASKED_TEXT = kind(
    "unseen alarms: text that the prompt asked for",
    "Scripts, repetition or U+FFFD that nothing gives a reason for; what the prompt asked for is legal.",
    "content.no_garble content.text_integrity content.no_runaway_repetition content.nonempty_completion stream.no_duplicate_content",
    {
        "scripts": answer("The Loire という river är очень long и 美しい indeed."),
        "replacement": answer("The Lo\ufffdre is the longest."),
        "empty": answer(""),
        "gemini-replacement": gemini([{"text": "Rain in Gen\ufffd\ufffdve."}]),
        "anthropic-mojibake": anthropic(
            [{"type": "text", "text": "Il pleut Ã  Paris aprÃ¨s midi."}], stop_reason="end_turn"
        ),
    },
    {
        "greetings": answer(
            "Hello, Привет, こんにちは, 안녕하세요, مرحبا", "Say hello in five languages with five scripts."
        ),
        "glossary": answer("river: река, 河, नदी, نهر", "Translate river into Russian, Chinese, Hindi and Arabic."),
        "talks-of-it": answer(
            "The character � (U+FFFD) stands for bytes that could not be decoded.", "What is the replacement character?"
        ),
        "shows-what-was-sent": answer("Your text holds a broken letter: caf\ufffd.", "Proofread: caf\ufffd"),
        "mantra": (stream(ask('Write the line "I will be kind." six times.'), spoken(*["I will be kind.\n"] * 6)),),
        "french-lines": gemini_stream(
            *["Je serai sage.\n"] * 8,
            request={"contents": [{"role": "user", "parts": [{"text": "Écris huit fois « Je serai sage. »"}]}]},
        ),
        "empty-asked": answer("", "Reply with an empty string."),
        "empty-if-none": answer("", "List the typos in 'river'. If there are none, output nothing."),
        "mojibake-explained": answer("`Ã©` is what é becomes when UTF-8 is read as Latin-1.", "Why do I see Ã©?"),
    },
)

_STORED: Json = {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
_AGENT: Json = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1767225600,
    "model": "aurora-2",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}],
    "usage": counted(),
}


def _sent(method: str, url: str, body: object, status: int = 200, sent: bytes = b"") -> Conversation:
    return (answered(Request(method, url, {}, sent), body, status),)


_AGENTS = "https://api.example.com/v1/agents/completions"
_LOADED: Json = {"model": "llama-example", "created_at": "2026-11-21T00:00:00Z", "done": True, "done_reason": "load"}

METHODS = kind(
    "unseen alarms: methods and endpoints that are no completion",
    "A POST of a completion that is answered with none; other methods, agents and load answers are legal.",
    "choice.message_required envelope.json_object schema.completion envelope.object_const ollama.load_answer ollama.response_shape error.status_nonsuccess chunk.choices_required schema.choice choice.message_content content.nonempty_completion",
    {
        "listing-for-a-post": (answered(ask(), _STORED),),
        "load-with-text": other(
            native.OLLAMA,
            {"model": "llama-example", "messages": [], "stream": False},
            {**_LOADED, "message": {"role": "assistant", "content": "Hello"}},
        ),
        "load-for-a-question": ollama({"content": ""}, done_reason="load"),
        "deleted-for-a-post": (
            answered(ask(), {"id": "chatcmpl-1", "object": "chat.completion.deleted", "deleted": True}),
        ),
    },
    {
        "stored-list": (answered(get("/chat/completions"), _STORED),),
        "stored-one": (answered(get("/chat/completions/chatcmpl-1"), _AGENT),),
        "stored-messages": (answered(get("/chat/completions/chatcmpl-1/messages"), _STORED),),
        "stored-deleted": _sent(
            "DELETE",
            "https://api.example.com/v1/chat/completions/chatcmpl-1",
            {"id": "chatcmpl-1", "object": "chat.completion.deleted", "deleted": True},
        ),
        "response-got": _sent("GET", "https://provider.example/v1/responses/resp_1", native.RESPONSE),
        "response-deleted": _sent(
            "DELETE",
            "https://provider.example/v1/responses/resp_1",
            {"id": "resp_1", "object": "response", "deleted": True},
        ),
        "response-items": _sent(
            "GET",
            "https://provider.example/v1/responses/resp_1/input_items",
            {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False},
        ),
        "agents": _sent(
            "POST", _AGENTS, _AGENT, sent=b'{"agent_id": "ag_1", "messages": [{"role": "user", "content": "Hello?"}]}'
        ),
        "load-chat": other(
            native.OLLAMA,
            {"model": "llama-example", "messages": []},
            {**_LOADED, "message": {"role": "assistant", "content": ""}},
        ),
        "load-generate": other(
            "https://provider.example/api/generate", {"model": "llama-example"}, {**_LOADED, "response": ""}
        ),
        "unload": other(
            "https://provider.example/api/generate",
            {"model": "llama-example", "keep_alive": 0},
            {**_LOADED, "response": "", "done_reason": "unload"},
        ),
        "options": _sent("OPTIONS", "https://api.example.com/v1/chat/completions", {}),
    },
)

_PLAIN = plain(ask(), said("The Loire."))


def _batch(texts: list[str], request: Json, ids: list[int] | None = None) -> Conversation:
    choices = [
        {"index": number, "text": text, "logprobs": None, "finish_reason": "stop"}
        for number, text in zip(ids or range(len(texts)), texts, strict=True)
    ]
    usage = {"prompt_tokens": 6, "completion_tokens": 8, "total_tokens": 14}
    asked = {key: value for key, value in native.COMPLETIONS_REQUEST.items() if key != "logprobs"}
    return other(
        native.COMPLETIONS,
        {**asked, **request},
        {**native.copied(native.COMPLETION), "choices": choices, "usage": usage},
    )


def _n_stream(*, same_id: bool) -> Conversation:
    chunks = [
        *spoken("The", " Loire", finish=None),
        *spoken("The", " Rhône", finish=None, index=1),
        piece({}, "stop"),
        piece({}, "stop", index=1),
    ]
    ids = [item | {"id": f"chatcmpl-{item['choices'][0]['index']}"} for item in chunks]
    return (stream(ask(n=2), chunks if same_id else ids),)


def _twins(first: str, second: str, finish: str = "stop", **body: Any) -> Conversation:
    return numbered(
        plain(ask("Write on rivers.", **body), said(first)),
        stream(ask("Write on rivers.", **body), spoken(*second.split(" "), finish=finish), reply_id="c2"),
    )


_EMPTY_STREAM = replace(
    _n_stream(same_id=True)[0],
    response=Response(200, {"content-type": "text/event-stream"}, b"", "unknown"),
    fidelity="parsed",
)

TWINS = kind(
    "unseen alarms: batches, n, twins and recorders",
    "Choices that were not asked for, or twins that differ where they must not; n times the prompts and sampled texts are legal.",
    "n.honoured choice.index stream.parity_with_nonstream stream.truncated_without_finish envelope.id_stable schema.choice",
    {
        "batch-short": _batch([" a", " b", " c"], {"prompt": ["x", "y"], "n": 2}),
        "n-short": (plain(ask(n=3), said("A"), said("B", index=1)),),
        "same-index": (plain(ask(n=2), said("A"), said("B")),),
        "greedy-twins": _twins("Rivers flow to the sea.", "Mountains stand above the clouds.", temperature=0, seed=4),
        "cut-stream": (stream(ask(), spoken("The", finish=None)),),
    },
    {
        "batch-n": _batch([" a", " b", " c", " d"], {"prompt": ["x", "y"], "n": 2}),
        "batch-of-tokens": _batch([" a", " b"], {"prompt": [[1, 2], [3, 4]]}),
        "best-of": _batch([" a"], {"prompt": "x", "n": 1, "best_of": 3}),
        "ids-per-choice": _n_stream(same_id=False),
        "sampled": _twins("Rivers flow to the sea.", "Water falls.", temperature=1),
        "sampled-length": _twins("Rivers flow.", "Rivers are long and wide and", "length", temperature=1, max_tokens=9),
        "never-read": (_EMPTY_STREAM,),
        "recorded-twice": (_PLAIN, replace(_PLAIN, id="x2")),
        "newline-trimmed": (
            replace(
                stream(ask(), spoken("Loire")),
                response=Response(
                    200,
                    {"content-type": "text/event-stream"},
                    stream(ask(), spoken("Loire")).response.body.rstrip(b"\n"),
                    "unknown",
                ),
                fidelity="normalised",
            ),
        ),  # type: ignore[union-attr]
    },
)

_PARAM: Json = {"param": "max_tokens", "code": "invalid_value"}
INVALID = kind(
    "unseen alarms: requests that are invalid in themselves",
    "An invalid request is failed as the server's fault or answered as if it were right; a refusal of it is legal.",
    "error.bad_request_status error.honest_answer params.invalid_refused error.status_class error.auth_status error.unknown_model_status response_format.accepted",
    {
        "max-tokens-zero-500": envelope("The server had an error.", 500, ask(max_tokens=0), type="server_error"),
        "top-logprobs-30-answered": (
            plain(
                ask(logprobs=True, top_logprobs=30),
                said(
                    "Loire",
                    logprobs={
                        "content": [{"token": "Loire", "logprob": -0.1, "bytes": None, "top_logprobs": []}],
                        "refusal": None,
                    },
                ),
            ),
        ),
        "temperature-nine-500": envelope("Failed.", 500, ask(temperature=9), type="server_error"),
        "key-as-404": envelope("Incorrect API key provided.", 404, code="invalid_api_key"),
        "n-negative-answered": (plain(ask(n=-1), said("Loire")),),
    },
    {
        "max-tokens-zero": envelope("max_tokens must be at least 1.", 400, ask(max_tokens=0), **_PARAM),
        "max-tokens-negative": envelope("max_tokens must be at least 1, got -5.", 400, ask(max_tokens=-5), **_PARAM),
        "negative-ollama": ollama({"content": "It rains on and on."}, {"options": {"num_predict": -1}}),
        "negative-two-ollama": ollama({"content": "It rains."}, {"options": {"num_predict": -2}}),
        "top-logprobs-alone": envelope(
            "'logprobs' must be true when 'top_logprobs' is set.", 400, ask(top_logprobs=2), param="top_logprobs"
        ),
        "five-stops": envelope(
            "Invalid 'stop': array too long. Expected at most 4.", 400, ask(stop=list("abcde")), param="stop"
        ),
        "stream-options-alone": envelope(
            "'stream_options' is only allowed when 'stream' is enabled.",
            400,
            ask(stream_options={"include_usage": True}),
            param="stream_options",
        ),
        "choice-without-tools": envelope(
            "'tool_choice' is only allowed when 'tools' are specified.",
            400,
            ask(tool_choice="required"),
            param="tool_choice",
        ),
        "json-word": envelope(
            "'messages' must contain the word 'json' to use 'response_format' of type 'json_object'.",
            400,
            ask(response_format={"type": "json_object"}),
            param="messages",
        ),
        "key": envelope("Incorrect API key provided: sk-0.", 401, code="invalid_api_key"),
        "cooldown": headed(
            envelope(
                "No deployments available for selected model, try again in 5 seconds.",
                429,
                type="rate_limit_error",
                code="cooldown",
            ),
            retry_after="5",
        ),
        "thinking-budget": other(
            native.ANTHROPIC,
            {**native.ANTHROPIC_REQUEST, "thinking": {"type": "enabled", "budget_tokens": 4000}},
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "`max_tokens` must be greater than `thinking.budget_tokens`.",
                },
            },
            status=400,
        ),
    },
)

_LOOSE = {
    "type": "json_schema",
    "json_schema": {
        "name": "t",
        "strict": False,
        "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
    },
}
_STRICT = {
    "type": "json_schema",
    "json_schema": {
        "name": "t",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": ["a"],
            "additionalProperties": False,
        },
    },
}
CHOICES = kind(
    "unseen alarms: schemas, tool choice and budgets",
    "A schema, tool_choice or budget is not kept; strict false, what must be refused, asked markup and used-up budgets are legal.",
    "response_format.schema_valid response_format.json_parses response_format.accepted tool_choice.honoured content.nonempty_when_cut content.nonempty_completion tool_call.not_in_content max_tokens.honoured tool_call.arguments_schema",
    {
        "strict-broken": answer('{"a": 5}', "Give a as JSON.", response_format=_STRICT),
        "none-called": (
            plain(
                ask(tool_choice="none", **TOOLS),
                said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Tours"}')]),
            ),
        ),
        "empty-at-200": (plain(ask(max_tokens=200), said("", "length"), usage=counted(completion=200)),),
        "above-the-limit": tokens(
            "The Loire rises in the Ardèche and flows west for a thousand kilometres.",
            used=90,
            finish="length",
            max_tokens=10,
        ),
        "none-markup": talk(
            '<tool_call>{"name": "get_weather", "arguments": {"town": "Nantes"}}</tool_call>', tool_choice="none"
        ),
    },
    {
        "loose": answer('{"a": "b", "c": 1}', "Give a as JSON.", response_format=_LOOSE),
        "none-markup-asked": talk(
            '```json\n{"name": "get_weather", "arguments": {"town": "Nantes"}}\n```',
            "Write, as text only, the JSON of a get_weather call for Nantes.",
            tool_choice="none",
        ),
        "budget-used": (
            plain(
                ask(max_tokens=200),
                said("", "length", reasoning_content="First, " * 3 + "one river must be picked among many."),
                usage=counted(completion=200, completion_tokens_details={"reasoning_tokens": 200}),
            ),
        ),
        "gemini-budget": gemini(
            [{"text": "They want", "thought": True}],
            {"generationConfig": {"maxOutputTokens": 20}},
            candidate={"finishReason": "MAX_TOKENS"},
            usageMetadata={"promptTokenCount": 20, "thoughtsTokenCount": 20, "totalTokenCount": 40},
        ),
        "responses-budget": responses(
            [{"type": "reasoning", "id": "rs_1", "summary": []}],
            {"max_output_tokens": 30},
            status="incomplete",
            incomplete_details={"reason": "max_output_tokens"},
            usage={
                "input_tokens": 20,
                "output_tokens": 30,
                "total_tokens": 50,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 30},
            },
        ),
        "must-be-refused": envelope(
            "Invalid schema for response_format 't': 'required' is required to be supplied and to be an array including every key in properties.",
            400,
            ask(
                "JSON.",
                response_format={
                    "type": "json_schema",
                    "json_schema": {
                        "name": "t",
                        "strict": True,
                        "schema": {
                            "type": "object",
                            "properties": {"a": {"type": "string"}},
                            "additionalProperties": False,
                        },
                    },
                },
            ),
            param="response_format",
            code="invalid_json_schema",
        ),
        "name-with-space": envelope(
            "Invalid 'response_format.json_schema.name': string does not match pattern.",
            400,
            ask(
                "JSON.",
                response_format={"type": "json_schema", "json_schema": {"name": "a b", "schema": {"type": "object"}}},
            ),
            param="response_format.json_schema.name",
        ),
        "message-budget": message_stream(
            "They want",
            thinking=True,
            request={"max_tokens": 30, "thinking": {"type": "enabled", "budget_tokens": 1024}},
            delta={"stop_reason": "max_tokens", "stop_sequence": None},
        ),
    },
)

KINDS = [TOOLS_OF_OTHERS, ASKED_TEXT, METHODS, TWINS, INVALID, CHOICES]
