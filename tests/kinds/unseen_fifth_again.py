"""The kinds that were mended after the fifth set, once more by other means, written before anything of it was run.

At first sight (2026-11-29) 16 of 20 variants were named, one was caught for another reason, 3 were missed; 2 of 21 look-alikes were
flagged. The one who wrote it had mended the rules, so the figure is no blind one. All of it was mended since.
"""

# ruff: noqa: RUF001, SIM905 - answers are written as they read, in any script

from __future__ import annotations

from typing import Any

from tests import native
from tests.kinds.fifth import Report, at
from tests.kinds.material import answer, envelope, headed, ollama, other, responses
from tests.mutation.answers import ASKED_WEATHER, TOOLS
from tests.mutation.wire import (
    Conversation,
    Json,
    ask,
    counted,
    piece,
    plain,
    refused,
    said,
    spoken,
    stream,
    with_usage,
)

NANTES = '{"town": "Nantes"}'
_LONG = "the quick brown fox jumps over the lazy dog. " * 2600
_STORY = (
    "First we build the list of hosts. Then we ask each of them for its name, and write it down in the order in which"
)


def _token(text: str, logprob: float, *rivals: tuple[str, float]) -> Json:
    listed = [{"token": name, "logprob": value, "bytes": list(name.encode())} for name, value in rivals]
    return {"token": text, "logprob": logprob, "bytes": list(text.encode()), "top_logprobs": listed}


def _scored(text: str, *tokens: Json) -> Conversation:
    logprobs = {"content": list(tokens), "refusal": None}
    return (
        plain(ask(logprobs=True, top_logprobs=2), said(text, logprobs=logprobs), usage=counted(14, len(tokens) + 1)),
    )


def _legacy(text: str, scores: Any, usage: Any = None, **asked: Any) -> Conversation:
    choice = {"index": 0, "text": text, "logprobs": scores, "finish_reason": "stop"}
    body = native.copied(native.COMPLETION) | {"choices": [choice], "usage": counted(2, 3) if usage is None else usage}
    return other(native.COMPLETIONS, {"model": "gpt-example", "prompt": "Rain in", **asked}, body)


def _thought(*pieces: str, finish: str = "stop", text: str = "") -> Conversation:
    told = [piece({"content": text})] if text else []
    thoughts = [piece({"reasoning_content": part}) for part in pieces]
    chunks = [piece({"role": "assistant"}), *thoughts, *told, piece({}, finish)]
    return (stream(ask(ASKED_WEATHER, **TOOLS), chunks),)


_SHIFTED = {
    "tokens": ["Rain", " in", " Paris"],
    "token_logprobs": [None, -0.5, -0.3],
    "top_logprobs": [{" in": -0.5, " on": -1.4}, {" Paris": -0.3, " Oslo": -1.9}, {".": -0.2, ",": -2.0}],
    "text_offset": [0, 4, 7],
}
_LOWEST = {
    "tokens": [" Paris"],
    "token_logprobs": [0.0],
    "top_logprobs": [{" Paris": 0.0, " Oslo": -3.4028234663852886e38}],
    "text_offset": [0],
}

REPORTS: dict[str, Report] = {
    "rivals-shifted": Report(
        "completions.top_holds_token", _legacy("Rain in Paris", _SHIFTED, echo=True, logprobs=2, max_tokens=1)
    ),
    "rivals-of-the-other-choice": Report(
        "logprobs.top_holds_token",
        (
            plain(
                ask(n=2, logprobs=True, top_logprobs=2),
                said(
                    "Loire",
                    logprobs={"content": [_token("Loire", -0.2, ("Loire", -0.2), ("Seine", -1.9))], "refusal": None},
                ),
                said(
                    "Rhône",
                    index=1,
                    logprobs={"content": [_token("Rhône", -0.6, ("Loire", -0.2), ("Seine", -1.9))], "refusal": None},
                ),
                usage=counted(14, 4),
            ),
        ),
    ),
    "lowest-of-a-completion": Report("completions.logprobs_shape", _legacy(" Paris", _LOWEST, logprobs=2)),
    "line-feed-letter": Report(
        "logprobs.bytes_are_token", _scored("The", _token("The", -0.1, ("The", -0.1), ("\u010aThe", -2.9)))
    ),
    "negative-count": Report(
        "schema.usage", _legacy(" Paris", None, {"prompt_tokens": 2, "completion_tokens": -1, "total_tokens": 1})
    ),
    "usage-list": Report("schema.usage", _legacy(" Paris", None, [2, 3, 5])),
    "call-as-json-in-thoughts": Report(
        "tool_call.not_in_content",
        _thought("I call the tool. ", '{"name": "get_weather", "arguments": ' + NANTES + "}"),
    ),
    "invoke-in-thoughts": Report(
        "tool_call.not_in_content",
        _thought(
            "Let me see. ",
            '<invoke name="get_weather"><parameter name="town">Nantes</parameter></invoke>',
            finish="tool_calls",
        ),
    ),
    "half-mark-streamed": Report(
        "reasoning.not_in_content", (stream(ask(), spoken("thought", ">\n", "The", " Loire", ".")),)
    ),
    "half-mark-behind": Report(
        "reasoning.not_in_content", (stream(ask(), spoken("The", " Loire", ".", "</reasoning")),)
    ),
    "snapshot-of-thoughts": Report(
        "stream.delta_incremental",
        _thought(
            "They want",
            " the weather",
            " in Nantes",
            "They want the weather in Nantes, so I",
            " ask.",
            text="Which day?",
        ),
    ),
    "chinese-snapshot": Report(
        "stream.delta_incremental",
        (
            stream(
                ask("法国的河？"),
                spoken("卢瓦尔河是法国", "最长的河流", "，", "卢瓦尔河是法国最长的河流，全长", "一千公里", "。"),
            ),
        ),
    ),
    "spanish-without-spaces": Report(
        "stream.spaces_kept",
        (
            stream(
                ask("¿Y el Loira?"),
                spoken(*"El Loira es el río de los reyes en el centro del país y va por los valles".split(), "."),
            ),
        ),
    ),
    "pieces-without-spaces": Report(
        "stream.spaces_kept",
        (stream(ask(), spoken(*"The Lo ire is the long est riv er in Fr ance and it flow s to the sea".split(), ".")),),
    ),
    "responses-cut-early": Report(
        "max_tokens.no_other_limit",
        responses(
            [
                {
                    "type": "message",
                    "id": "msg_1",
                    "role": "assistant",
                    "status": "incomplete",
                    "content": [{"type": "output_text", "text": _STORY, "annotations": []}],
                }
            ],
            {"max_output_tokens": 8000},
            status="incomplete",
            incomplete_details={"reason": "max_output_tokens"},
            usage={
                "input_tokens": 22,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 1024,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 1046,
            },
        ),
    ),
    "ollama-cut-early": Report(
        "max_tokens.no_other_limit",
        ollama(
            {"content": _STORY},
            {"options": {"num_predict": 2000}},
            done_reason="length",
            eval_count=128,
            prompt_eval_count=22,
        ),
    ),
    "two-over-streamed": Report(
        "max_tokens.honoured",
        (
            stream(
                ask("Write a story.", max_tokens=64, stream_options={"include_usage": True}),
                with_usage(spoken("First", " we", finish="length"), prompt=22, completion=66),
            ),
        ),
    ),
    "completion-labelled-stream": Report(
        "http.content_type", headed(_legacy(" Paris", None), content_type="text/event-stream")
    ),
    "larger-than-the-cache": Report(
        "error.context_length_code",
        envelope("Prompt length (26014 tokens) is larger than the KV cache (16384 tokens).", 400, ask(_LONG)),
    ),
    "cache-slots": Report(
        "error.context_length_code", envelope("Sequence needs 900 cache slots, which no worker has.", 500, ask(_LONG))
    ),
}

LEGAL: dict[str, Conversation] = {
    "rivals-in-rising-order": _scored("Loire", _token("Loire", -0.3, ("Seine", -1.6), ("Loire", -0.3))),
    "with-and-without-space": _scored("Loire", _token("Loire", -2.4, (" Loire", -0.2), ("The", -2.1))),
    "maltese": _scored(
        "\u0120gantija",
        _token("\u0120", -0.1, ("\u0120", -0.1), ("G", -2.6)),
        _token("gantija", -0.2, ("gantija", -0.2), ("g", -2.9)),
    ),
    "very-unlikely": _scored("The", _token("The", -0.1, ("The", -0.1), ("A", -2000.0))),
    "members-of-logprobs-null": _legacy(
        " Paris",
        {"tokens": [" Paris"], "token_logprobs": [-0.1], "top_logprobs": None, "text_offset": None},
        logprobs=0,
    ),
    "thoughts-then-refusal": _thought("They want <tool_call> misused.", text="I cannot do that."),
    "think-plan-act": answer("Think > plan > act.", "Three steps of an agent, in one line?"),
    "thinking-cap": answer("Put on your <em>thinking</em> cap.", "Say 'think hard' in HTML."),
    "two-paragraphs-alike": (
        stream(ask("Two lines."), spoken("The Loire", " is long", ".\n\n", "The Loire", " is wide", ".")),
    ),
    "code-lines": (
        stream(ask("Two assignments."), spoken("x", " =", " 1", "\n", "x", " =", " 2", "\n", "x", " =", " 3")),
    ),
    "thai": (
        stream(
            ask("แม่น้ำ?"),
            spoken("แม่น้ำ", "ลัวร์", "เป็น", "แม่น้ำ", "ที่", "ยาว", "ที่สุด", "ใน", "ฝรั่งเศส", "และ", "ไหล", "ไป", "ทะเล"),
        ),
    ),
    "camel-case": (
        stream(
            ask("A name?"),
            spoken(
                "get", "The", "Value", "Of", "The", "User", "In", "The", "System", "And", "The", "Group", "To", "Be"
            ),
        ),
    ),
    "long-domain": (
        stream(
            ask("Name a very long domain."),
            spoken(
                "this", "is", "the", "longest", "domain", "name", "in", "the", "world", "and", "then", "some", ".com"
            ),
        ),
    ),
    "base64": (
        stream(
            ask("Encode it."),
            spoken("VG", "hl", "IE", "xv", "aX", "Jl", "IG", "lz", "IG", "xv", "bm", "cu", "Zm", "Yz"),
        ),
    ),
    "context-full": (plain(ask("Write a story.", max_tokens=4096), said(_STORY, "length"), usage=counted(7680, 512)),),
    "two-choices-cut": (
        plain(
            ask("Write.", n=2, max_tokens=128),
            said(_STORY, "length"),
            said(_STORY, "length", index=1),
            usage=counted(22, 256),
        ),
    ),
    "one-over-through-a-gateway": (
        plain(ask("Write a story.", max_tokens=64), said(_STORY, "length"), usage=counted(22, 65)),
    ),
    "cache-full-for-now": (
        refused(ask(), 503, "The KV cache is full. Try again later.", None, "server_error", retry_after="3"),
    ),
    "no-reply-asked": (plain(ask("Do not reply to this message."), said(""), usage=counted(14, 1)),),
    "nothing-to-write": (
        plain(ask("Read this and return without writing anything: the Loire is long."), said(""), usage=counted(20, 1)),
    ),
    "alibaba-by-name-alone": (
        plain(
            at("https://aliyuncs.com.proxy.example/v1", enable_thinking=False),
            said("The Loire.", reasoning_content="They want a river."),
            usage=counted(14, 9),
        ),
    ),
}
