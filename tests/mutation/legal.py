"""Exchanges that are legal although a naive reader would object. Each says in its name what a rule must not mistake it for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from conformance.wire.exchange import Exchange, Request, Timing
from tests.mutation.answers import ASKED_WEATHER, LOIRE, LONG, NAMED, ROLE, STREAM, TOOLS, WEATHER_CALL
from tests.mutation.wire import (
    BASE,
    CREATED,
    MODEL,
    Json,
    answered,
    ask,
    call,
    chunk,
    counted,
    dumped,
    piece,
    plain,
    refused,
    said,
    spoken,
    sse,
    steady,
    stream,
    timed,
)

TABLE = "English: river; Ελληνικά: ποτάμι; Русский: река; 日本語: 川; العربية: نهر"
FENCE = "A template writes it so:\n```\n<|im_start|>user\n<tool_call>{}</tool_call></think>\n```\nThat is all."
CALLED: Json = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}],
}
RETURNED: Json = {
    "role": "assistant",
    "content": "Loire.",
    "reasoning_content": "One word.",
    "refusal": None,
    "annotations": [],
}
SCORES: Json = {"content": [{"token": "Hi", "logprob": -9999.0, "bytes": None, "top_logprobs": []}]}


def _whole(text: str) -> Json:
    return {"token": text, "logprob": -0.1, "bytes": list(text.encode()), "top_logprobs": []}


def _half(escape: str, byte: int) -> Json:
    return {
        "token": escape,
        "logprob": -0.1,
        "bytes": [byte],
        "top_logprobs": [{"token": escape, "logprob": -0.1, "bytes": [byte]}],
    }


def _headed(exchange: Exchange, **headers: str) -> Exchange:
    assert exchange.response is not None
    fields = {**exchange.response.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return replace(exchange, response=replace(exchange.response, headers=fields))


def _silent_but_alive() -> Exchange:
    """Fourteen seconds before the first output, with comments that say the server is at work."""
    chunks = spoken(*LOIRE)
    body = b": waiting\n\n: waiting\n\n" + sse(chunks)
    return timed(stream(ask(), [], body=body), lambda number: [5.0, 10.0][number] if number < 2 else 14.0 + number / 50)


def _thinks_aloud() -> Exchange:
    """Thirty seconds of reasoning, streamed as it is made: the connection is never idle and the user sees it think."""
    thoughts = [piece({"reasoning_content": f" step {number}"}) for number in range(30)]
    chunks = [piece({"role": "assistant", "content": ""}), *thoughts, *spoken("Loire.")[1:]]
    return timed(stream(ask(), chunks), steady(first=0.5, step=1.0))


def _in_two_reads(exchange: Exchange, at: float) -> Exchange:
    body = exchange.response.body if exchange.response else b""
    return replace(exchange, timing=Timing(sent=0.01, headers=0.1, end=at, chunks=((at, len(body) - 9), (at, 9))))


PAGE = "https://weekly.example/essays/the-cold-harbour"
ASKED_PAGE = f"Summarise {PAGE} in two sentences."
UNOPENED = ("I cannot", " open links, so I have not", " seen that page. Please paste", " its text here.")
SEARCHED: Json = {"citations": [PAGE]}
CITATION: Json = {"url": PAGE, "title": "Ice", "start_index": 0, "end_index": 3}

ANSWERS: dict[str, Exchange] = {
    "legal-page-not-opened": plain(ask(ASKED_PAGE), said("".join(UNOPENED))),
    "legal-page-not-opened-stream": stream(ask(ASKED_PAGE, stream=True), spoken(*UNOPENED)),
    "legal-url-in-passing": plain(
        ask(f"Extract the host from {PAGE}"), said("The host is `weekly.example`, with 14 letters.")
    ),
    "legal-citation-of-a-search": plain(
        ask("Was it cold?"),
        said("It was.", annotations=[{"type": "url_citation", "url_citation": CITATION}]),
        **SEARCHED,
    ),
    "legal-quoted-markup": plain(ask("How do templates mark turns?", **TOOLS), said(FENCE)),
    "legal-asked-for-control-token": plain(ask("What does <|im_end|> mean?"), said("<|im_end|> ends a turn.")),
    "legal-asked-for-think-tag": plain(ask("What is </think>?"), said("</think> closes a block of reasoning.")),
    "legal-asked-for-replacement-character": plain(
        ask("What is \ufffd?"), said("\ufffd stands for bytes that are no text.")
    ),
    "legal-asked-for-byte-symbols": plain(
        ask("Why does GPT-2 write HelloĠworld?"), said("In HelloĠworld, Ġ stands for a space.")
    ),
    "legal-asked-for-in-a-part": plain(
        ask("", history=[{"role": "user", "content": [{"type": "text", "text": "Repeat: река 川 نهر \ufffd </s>"}]}]),
        said("река 川 نهر \ufffd </s>"),
    ),
    "legal-half-character-at-the-cut": plain(ask(max_tokens=9), said("Look: \ufffd", "length")),
    "legal-maltese": plain(
        ask("Say it in Maltese."), said("Ċetta u Ġanni marru l-għajn, fejn iċ-ċirasa tagħmel il-ġmied.")
    ),
    "legal-greek-letters": plain(ask("Which angle?"), said("The angle is α = 30°, and µ is small.")),  # noqa: RUF001
    "legal-table-of-languages": plain(ask("River in five languages?"), said(TABLE)),
    "legal-refrain": plain(ask("Sing."), said("row, row, row your boat\n" * 6)),
    "legal-ruler": plain(ask("Write on rivers."), said(f"Rivers\n{'=' * 60}\n{''.join(LONG)}")),
    "legal-empty-after-stop": plain(ask(stop=["The"]), said("")),
    "legal-empty-at-a-tiny-limit": plain(ask(max_tokens=8), said("", "length"), usage=counted(completion=8)),
    "legal-ends-on-its-last-token": plain(ask(max_tokens=9), said("The longest river of France is the Loire.")),
    "legal-budget-gone-in-thought": plain(
        ask(max_completion_tokens=256),
        said("", "length"),
        usage=counted(completion=256, completion_tokens_details={"reasoning_tokens": 256}),
    ),
    "legal-markup-asked-for-as-text": plain(
        ask("Show me a call as <tool_call>{}</tool_call>.", **{**TOOLS, "tool_choice": "none"}),
        said('<tool_call>{"name": "clock", "arguments": {}}</tool_call>'),
    ),
    "legal-value-in-the-answer": plain(
        ask(ASKED_WEATHER, **TOOLS),
        said("Nantes", "tool_calls", tool_calls=[call("get_weather", '{"town": "Nantes"}')]),
    ),
    "legal-json-that-calls-nothing": plain(
        ask("The two towns as JSON?", **TOOLS), said('[{"name": "Nantes", "parameters": "none"}, {"name": "Brest"}]')
    ),
    "legal-call-that-is-explained": plain(
        ask("How is a call written?", **TOOLS),
        said('A call has this form: {"name": "...", "arguments": {}}. Its name is one of the tools.'),
    ),
    "legal-react-that-was-asked-for": plain(
        ask("The time? Answer as Thought:, Action:, Action Input:", **TOOLS),
        said("Thought: the time.\nAction: clock\nAction Input: {}"),
    ),
    "legal-new-id-in-a-conversation": plain(
        ask(
            "And now?",
            history=[
                {"role": "user", "content": "The time?"},
                CALLED,
                {"role": "tool", "tool_call_id": "call_1", "content": "12:00"},
            ],
            **TOOLS,
        ),
        said(None, "tool_calls", tool_calls=[call("clock", "{}", "call_2")]),
    ),
    "legal-entities-in-markup": plain(
        ask(ASKED_WEATHER, **TOOLS),
        said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "<b>Nantes &amp; Brest</b>"}')]),
    ),
    "legal-entities-that-the-prompt-speaks-of": plain(
        ask("The weather in the town whose HTML name is Nantes &amp; Brest?", **TOOLS),
        said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Nantes &amp; Brest"}')]),
    ),
    "legal-half-a-character-a-token": plain(
        ask("A river?", logprobs=True, top_logprobs=1),
        said("\u00e9", logprobs={"content": [_half("\\xc3", 0xC3), _half("\\xa9", 0xA9)]}),
    ),
    "legal-logprobs-with-the-end-token": plain(
        ask(logprobs=True),
        said("Hi", logprobs={"content": [_whole("Hi"), _whole("<|im_end|>")]}),
    ),
    "legal-logprobs-of-stripped-space": plain(
        ask(logprobs=True), said("Hi", logprobs={"content": [_whole("\n\n"), _whole("Hi"), _whole(" ")]})
    ),
    "legal-lowest-logprob": plain(ask(logprobs=True), said("Hi", logprobs=SCORES)),
    "legal-function-call": plain(
        ask(functions=[TOOLS["tools"][1]["function"]]),
        said(None, "function_call", function_call={"name": "clock", "arguments": "{}"}),
    ),
    "legal-text-beside-a-call": plain(
        ask(ASKED_WEATHER, **TOOLS), said("Let me look.", "tool_calls", tool_calls=[call("clock", "{}")])
    ),
    "legal-null-tool-calls": plain(ask(**TOOLS), said("The Loire.", tool_calls=None)),
    "legal-index-in-a-plain-call": plain(
        ask(ASKED_WEATHER, **TOOLS), said(None, "tool_calls", tool_calls=[call("clock", "{}", index=0)])
    ),
    "legal-forced-call-cut": plain(ask(**NAMED), said(None, "length", tool_calls=[call("get_weather", '{"to')])),
    "legal-refused-schema": plain(
        ask(response_format={"type": "json_object"}), said(None, refusal="I cannot help with that.")
    ),
    "legal-snapshot": plain(ask(), said("The Loire."), model=f"{MODEL}-2026-01-15"),
    "legal-route": plain(ask(model=f"lumen/{MODEL}:free"), said("The Loire.")),
    "legal-service-tier": plain(ask(), said("The Loire.", annotations=[], audio=None), service_tier="default"),
    "legal-vendor-fields": plain(
        ask(), said("The Loire."), x_groq={"id": "r1"}, time_info={"queue": 0.1}, citations=None
    ),
    "legal-history-of-its-own": plain(
        ask(history=[{"role": "user", "content": "A river?"}, RETURNED]), said("The Seine.")
    ),
    "legal-json-label": _headed(plain(ask(), said("The Loire.")), content_type="application/json; charset=UTF-8"),
    "legal-coding-that-a-recorder-undid": _headed(
        plain(ask(), said("The Loire.")), content_encoding="gzip", content_length="187"
    ),
    "legal-escaped-emoji": answered(ask("A face?"), b""),
    "legal-retry-date": refused(
        ask(),
        429,
        "Rate limit reached.",
        "rate_limit_exceeded",
        "requests",
        retry_after="Wed, 21 Oct 2026 07:28:00 GMT",
    ),
    "legal-retry-milliseconds": refused(
        ask(), 429, "Rate limit reached.", "rate_limit_exceeded", "requests", retry_after_ms="1500"
    ),
    "legal-no-credit": refused(
        ask(), 429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"
    ),
    "legal-error-that-quotes-the-request": refused(
        ask("Explain: 'NoneType' object has no attribute 'get'"),
        400,
        "Unsupported text: 'NoneType' object has no attribute 'get'",
        None,
        "invalid_request_error",
    ),
    "legal-error-with-a-path-of-the-api": refused(
        ask(), 404, "Unknown request URL: POST /v1/chat/completion.", "unknown_url", "invalid_request_error"
    ),
    "legal-retired": refused(
        ask(), 410, "The model aurora-2 has been retired.", "model_decommissioned", "invalid_request_error"
    ),
    "legal-model-before-its-end": replace(
        plain(ask(model="llama-3.3-70b-versatile"), said("The Loire."), model="llama-3.3-70b-versatile"),
        provider="groq",
        recorded_at=datetime(2026, 8, 15, 23, 0, tzinfo=UTC),
    ),
    "legal-model-that-outlived-its-end": replace(
        plain(ask(model="o1-preview"), said("The Loire."), model="o1-preview-2024-09-12"),
        provider="openai",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "legal-snapshot-before-its-end": replace(
        plain(ask(model="gpt-4"), said("The Loire."), model="gpt-4-0613"),
        provider="openai",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "legal-warning-of-another-kind": _headed(
        plain(ask(), said("The Loire.")), x_api_warning="unknown field: parameter 'model' is not a valid field"
    ),
    "legal-listed-with-its-end": answered(
        Request("GET", f"{BASE}/models"),
        {
            "object": "list",
            "data": [
                {"id": name, "object": "model", "created": CREATED, "owned_by": "example", "shutdown_date": day}
                for name, day in ((MODEL, "2027-01-14"), ("aurora-2-mini", None))
            ],
        },
    ),
    "legal-problem-json": _headed(
        refused(ask(), 401, "Incorrect API key.", None, "invalid_request_error"),
        content_type="application/problem+json",
    ),
    "legal-error-label-charset": _headed(
        refused(ask(), 400, "Bad stop.", None, "invalid_request_error", "stop"),
        content_type="application/json; charset=utf-8",
    ),
}
_FACE: Json = {
    "id": "chatcmpl-r7Qx",
    "object": "chat.completion",
    "created": CREATED,
    "model": MODEL,
    "choices": [said('\U0001f600 "quoted": yes\u2028')],
    "usage": counted(),
}
ANSWERS["legal-escaped-emoji"] = answered(ask("A face?"), dumped(_FACE))

STREAMS: dict[str, Exchange] = {
    "legal-filter-chunk": stream(ask(), [chunk([], prompt_filter_results=[{"prompt_index": 0}]), *spoken(*LOIRE)]),
    "legal-usage-beside-the-finish": stream(ask(), [*spoken(*LOIRE)[:-1], piece({}, "stop") | {"usage": counted()}]),
    "legal-null-content-first": stream(ask(), [piece({"role": "assistant", "content": None}), *spoken("Loire")[1:]]),
    "legal-text-with-the-role": stream(
        ask(), [piece({"role": "assistant", "content": "The Loire."}), piece({}, "stop")]
    ),
    "legal-text-with-the-finish": stream(
        ask(), [piece({"role": "assistant", "content": "The"}), piece({"content": " Loire."}, "stop")]
    ),
    "legal-obfuscation": stream(
        ask(), [item | {"obfuscation": "w3k", "service_tier": "default"} for item in spoken(*LOIRE)]
    ),
    "legal-growing-by-chance": stream(ask("Laugh."), spoken("ha", "haha", " ", "ha")),
    "legal-line-asked-for-twice": stream(
        ask("Write 'The river is long and wide.' twice."),
        spoken("The river is long", " and wide. ", "The river is long", " and wide. "),
    ),
    "legal-repeated-words": stream(ask("How good?"), spoken("very ", "very ", "very ", "very ", "good")),
    "legal-repeated-line": stream(ask("Sing."), spoken("la la la ", "la la la ", "la")),
    "legal-whole-call-in-one-chunk": stream(
        ask(ASKED_WEATHER, **TOOLS),
        [
            piece({"role": "assistant", "tool_calls": [{"index": 0, **call("get_weather", '{"town": "Nantes"}')}]}),
            piece({}, "tool_calls"),
        ],
    ),
    "legal-two-calls-in-one-chunk": stream(
        ask(ASKED_WEATHER, **TOOLS),
        [
            ROLE,
            piece(
                {"tool_calls": [{"index": 0, **call("clock", "{}")}, {"index": 1, **call("clock", "{}", "call_p8Zu")}]}
            ),
            piece({}, "tool_calls"),
        ],
    ),
    "legal-text-before-a-call": stream(
        ask(ASKED_WEATHER, **TOOLS), [*spoken("Let me", " look.", finish=None), *WEATHER_CALL, piece({}, "tool_calls")]
    ),
    "legal-stream-label": _headed(STREAM["stream"], content_type='Text/Event-Stream; charset="UTF-8"'),
    "legal-line-separator": stream(ask("Two lines."), spoken("one\u2028", "two\u0085", "three")),
    "legal-coding-flushed": _headed(STREAM["stream-timed"], content_encoding="br"),
    "legal-comments-in-silence": _silent_but_alive(),
    "legal-thinks-aloud": _thinks_aloud(),
    "legal-short-burst": _in_two_reads(STREAM["stream"], 2.5),
    "legal-fast-burst": _in_two_reads(STREAM["stream-long"], 0.6),
    "legal-blank-lines": stream(ask(), [], body=b"\n\n" + sse(spoken(*LOIRE)).replace(b"\n\n", b"\n\n\n\n")),
}

LEGAL = ANSWERS | STREAMS
