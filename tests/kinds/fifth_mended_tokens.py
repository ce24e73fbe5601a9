"""Kinds that were mended after the fifth set, in variants by other means: tokens, counts and limits."""

from __future__ import annotations

from typing import Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, completion, other, responses_text
from tests.mutation.answers import LOIRE
from tests.mutation.wire import Conversation, Json, ask, chunk, counted, piece, plain, said, spoken, stream, with_usage


def _token(text: str, logprob: float, *rivals: tuple[str, float], raw: list[int] | None = None) -> Json:
    listed = [{"token": name, "logprob": value, "bytes": list(name.encode())} for name, value in rivals]
    return {
        "token": text,
        "logprob": logprob,
        "bytes": list(text.encode()) if raw is None else raw,
        "top_logprobs": listed,
    }


def _scored(text: str, *tokens: Json, **asked: Any) -> Conversation:
    logprobs = {"content": list(tokens), "refusal": None}
    return (
        plain(
            ask(**({"logprobs": True, "top_logprobs": 2} | asked)),
            said(text, logprobs=logprobs),
            usage=counted(14, len(tokens)),
        ),
    )


def _scored_stream(*tokens: Json) -> Conversation:
    pieces = [piece({"content": token["token"]}, logprobs={"content": [token], "refusal": None}) for token in tokens]
    return (
        stream(
            ask(logprobs=True, top_logprobs=2),
            [piece({"role": "assistant", "content": ""}), *pieces, piece({}, "stop")],
        ),
    )


def _legacy(text: str, tops: list[Json | None], values: list[float | None], **asked: Any) -> Conversation:
    tokens = [f" {word}" for word in text.split()]
    offsets = [sum(map(len, tokens[:number])) for number in range(len(tokens))]
    logprobs = {"tokens": tokens, "token_logprobs": values, "top_logprobs": tops, "text_offset": offsets}
    return completion("".join(tokens), {"logprobs": 2, **asked}, logprobs=logprobs)


def _legacy_stream(*parts: tuple[str, Any], usage: Any = None) -> Conversation:
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1750000000, "model": "gpt-example"}
    events = [
        head | {"choices": [{"index": 0, "text": text, "logprobs": logprobs, "finish_reason": None}]}
        for text, logprobs in parts
    ]
    events.append(head | {"choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}]})
    asked: Json = {"model": "gpt-example", "prompt": "Rain in", "stream": True}
    if any(logprobs is not None for _, logprobs in parts):
        asked["logprobs"] = 2
    if usage is not None:
        asked["stream_options"] = {"include_usage": True}
        events.append(head | {"choices": [], "usage": usage})
    return other(native.COMPLETIONS, asked, native.sse(events, done=True))


RIVALS = kind(
    "mended: rivals of a position",
    "The likely tokens that are listed for a position are those of another one, or leave the likelier token out.",
    "logprobs.top_holds_token completions.top_holds_token",
    {
        "before": _scored(
            "The Loire",
            _token("The", -0.3, (" Loire", -0.2), (" Seine", -2.1)),
            _token(" Loire", -0.2, (" Loire", -0.2), (" Seine", -2.1)),
        ),
        "stream": _scored_stream(
            _token("La", -0.1, ("La", -0.1), ("Le", -3.0)), _token(" Loire", -0.4, ("La", -0.5), ("Le", -3.0))
        ),
        "likeliest-left-out": _scored("Nantes", _token("Nantes", -0.05, ("Brest", -3.4), ("Lille", -4.0))),
        "legacy": _legacy("Paris is", [{" Paris": -0.2, " Lyon": -2.0}, {" Paris": -0.2, " Lyon": -2.0}], [-0.2, -0.6]),
        "legacy-stream": _legacy_stream(
            (
                " Paris",
                {
                    "tokens": [" Paris"],
                    "token_logprobs": [-0.1],
                    "top_logprobs": [{" in": -0.9, " at": -2.2}],
                    "text_offset": [0],
                },
            )
        ),
    },
    {
        "sampled-below-them": _scored("Rhine", _token("Rhine", -7.2, ("Loire", -0.1), ("Seine", -2.8))),
        "same-bytes": _scored(
            "\u00e9",
            _token("bytes:\\xc3", -0.1, raw=[195])
            | {
                "top_logprobs": [
                    {"token": "\\xc3", "logprob": -0.1, "bytes": [195]},
                    {"token": "e", "logprob": -2.9, "bytes": [101]},
                ]
            },
            _token("bytes:\\xa9", -0.1, ("e", -0.05), raw=[169]),
        ),
        "none-listed": _scored("The", _token("The", -0.2), top_logprobs=0),
        "nearly-equal": _scored("Yes", _token("Yes", -1.098, ("No", -1.097), ("Maybe", -1.099))),
        "legacy-first-of-a-prompt": _legacy(
            "Rain in", [None, {" in": -0.4, " on": -1.9}], [None, -0.4], echo=True, prompt=" Rain in", max_tokens=0
        ),
        "legacy-below-them": _legacy("Oslo", [{" Paris": -0.2, " Lyon": -2.0}], [-6.1]),
    },
)

LOWEST = kind(
    "mended: numbers that are no logprob",
    "A token that sampling masked has the lowest number of a type in the place of a logprob.",
    "logprobs.not_positive",
    {
        "double": _scored("The", _token("The", 0.0, ("The", 0.0), ("A", -1.7976931348623157e308))),
        "half": _scored_stream(_token("The", 0.0, ("The", 0.0), ("A", -65504.0))),
        "own": _scored("The", _token("The", -3.3895313892515355e38, ("The", -3.3895313892515355e38))),
        "positive-rival": _scored("The", _token("The", -0.1, ("The", -0.1), ("A", 1.4))),
    },
    {
        "openai": _scored("The", _token("The", -9999.0, ("A", -0.4), ("One", -1.6))),
        "unlikely": _scored("The", _token("The", -0.0, ("The", -0.0), ("A", -104.8))),
        "certain": _scored_stream(_token("The", 0.0, ("The", 0.0), ("A", -23.5))),
    },
)

LETTERS = kind(
    "mended: letters of the tokenizer in rivals",
    "A rival is written in the letters of the vocabulary, or its bytes are not its text.",
    "logprobs.bytes_are_token",
    {
        "sentencepiece": _scored("The", _token("The", -0.1, ("The", -0.1), ("\u2581A", -2.9))),
        "byte-level": _scored_stream(_token("The", -0.1, ("The", -0.1), ("\u0120A", -2.9))),
        "other-bytes": _scored(
            "The",
            _token("The", -0.1)
            | {
                "top_logprobs": [
                    {"token": "A", "logprob": -2.9, "bytes": [226, 150, 129, 65]},
                    {"token": "The", "logprob": -0.1, "bytes": None},
                ]
            },
        ),
    },
    {
        "bytes-null": _scored(
            "The", _token("The", -0.1) | {"top_logprobs": [{"token": "The", "logprob": -0.1, "bytes": None}]}
        ),
        "half-a-character": _scored(
            "The",
            _token("The", -0.1)
            | {
                "top_logprobs": [
                    {"token": "The", "logprob": -0.1, "bytes": [84, 104, 101]},
                    {"token": "\\xe2\\x96", "logprob": -3.0, "bytes": [226, 150]},
                ]
            },
        ),
        "about-the-letter": _scored(
            "\u0120 means space",
            _token("\u0120", -0.1, ("\u0120", -0.1), ("It", -2.0)),
            _token(" means", -0.1, (" means", -0.1), (" is", -2.6)),
            _token(" space", -0.1, (" space", -0.1), (" a", -2.6)),
        ),
    },
)

LEGACY = kind(
    "mended: members of legacy completions",
    "A completion's usage lacks a count or has it in another type, or its logprobs are an object of nothing.",
    "schema.usage completions.logprobs_honoured",
    {
        "prompt-as-text": other(
            native.COMPLETIONS,
            {"model": "gpt-example", "prompt": "Rain in"},
            native.copied(native.COMPLETION)
            | {
                "choices": [{"index": 0, "text": " Paris.", "logprobs": None, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": "2", "completion_tokens": 2, "total_tokens": 4},
            },
        ),
        "stream-without-completion": _legacy_stream((" Paris.", None), usage={"prompt_tokens": 2, "total_tokens": 4}),
        "total-null": _legacy_stream(
            (" Paris.", None), usage={"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": None}
        ),
        "logprobs-of-nothing": completion(" Paris.", {"logprobs": 1}, logprobs={}),
        "logprobs-of-empty-lists": completion(
            " Paris.",
            {"logprobs": 1},
            logprobs={"tokens": [], "token_logprobs": [], "top_logprobs": [], "text_offset": []},
        ),
    },
    {
        "details-null": _legacy_stream((" Paris.", None), usage=counted(2, 2, prompt_tokens_details=None)),
        "usage-null-before-the-end": other(
            native.COMPLETIONS,
            {"model": "gpt-example", "prompt": "Rain in", "stream": True, "stream_options": {"include_usage": True}},
            native.sse(
                [
                    {
                        "id": "cmpl-1",
                        "object": "text_completion",
                        "created": 1750000000,
                        "model": "gpt-example",
                        "choices": [{"index": 0, "text": " Paris.", "logprobs": None, "finish_reason": "stop"}],
                        "usage": None,
                    },
                    {
                        "id": "cmpl-1",
                        "object": "text_completion",
                        "created": 1750000000,
                        "model": "gpt-example",
                        "choices": [],
                        "usage": counted(2, 2),
                    },
                ],
                done=True,
            ),
        ),
        "logprobs-not-asked": completion(" Paris.", logprobs=None),
    },
)

_STORY = "First we build the list of hosts. Then we ask each of them for its name, and write the answers down in the order in which"
DEFAULT = kind(
    "mended: cut at a default",
    "The answer is cut for length at a round number of tokens far below the limit that its request states.",
    "max_tokens.no_other_limit",
    {
        "stream": (
            stream(
                ask("Write a story.", max_tokens=8000, stream_options={"include_usage": True}),
                with_usage(spoken("First", " we", " build", " the", finish="length"), prompt=22, completion=1024),
            ),
        ),
        "legacy": other(
            native.COMPLETIONS,
            {"model": "gpt-example", "prompt": "Rain in", "max_tokens": 100},
            native.copied(native.COMPLETION)
            | {
                "choices": [{"index": 0, "text": " Paris is common in", "logprobs": None, "finish_reason": "length"}],
                "usage": counted(3, 16),
            },
        ),
        "messages": anthropic(
            [{"type": "text", "text": _STORY}],
            {"max_tokens": 16000},
            stop_reason="max_tokens",
            usage={"input_tokens": 41, "output_tokens": 4096},
        ),
        "hundreds": (
            plain(ask("Write a story.", max_completion_tokens=2000), said(_STORY, "length"), usage=counted(22, 500)),
        ),
    },
    {
        "context-full": (
            plain(ask("Write a story.", max_tokens=8000), said(_STORY, "length"), usage=counted(3072, 1024)),
        ),
        "context-full-but-one": (
            plain(ask("Write a story.", max_tokens=3000), said(_STORY, "length"), usage=counted(1535, 512)),
        ),
        "reasoning-in-steps": (
            plain(
                ask("Write a story.", max_completion_tokens=100),
                said("", "length"),
                usage=counted(22, 64, completion_tokens_details={"reasoning_tokens": 64}),
            ),
        ),
        "as-asked": (plain(ask("Write a story.", max_tokens=512), said(_STORY, "length"), usage=counted(22, 512)),),
        "ended-by-itself": (
            plain(ask("Write a story.", max_tokens=4096), said(f"{_STORY} they came."), usage=counted(22, 512)),
        ),
        "odd-number": (plain(ask("Write a story.", max_tokens=4096), said(_STORY, "length"), usage=counted(22, 1337)),),
    },
)

LIMIT = kind(
    "mended: one token more than the limit",
    "An answer takes more tokens than its limit, and not only the one at which it was cut.",
    "max_tokens.honoured",
    {
        "two-more": (plain(ask("Write a story.", max_tokens=40), said(_STORY, "length"), usage=counted(22, 42)),),
        "one-more-and-stop": (
            plain(ask("Write a story.", max_tokens=40), said(f"{_STORY} they came."), usage=counted(22, 41)),
        ),
        "one-of-two": (plain(ask("Write a story.", max_tokens=1), said("First we", "length"), usage=counted(22, 2)),),
    },
    {
        "through-a-gateway": (
            plain(
                ask("Write a story.", max_tokens=40),
                said("", "length", reasoning_content="They want a story."),
                usage=counted(22, 41, completion_tokens_details={"reasoning_tokens": 40}),
            ),
        ),
        "stream": (
            stream(
                ask("Write a story.", max_tokens=32, stream_options={"include_usage": True}),
                with_usage(spoken("First", " we", finish="length"), prompt=22, completion=33),
            ),
        ),
        "as-asked": (plain(ask("Write a story.", max_tokens=40), said(_STORY, "length"), usage=counted(22, 40)),),
    },
)

RUNNING = kind(
    "mended: running usage",
    "Usage stands on many chunks although nobody asked for running counts.",
    "usage.final_chunk_only",
    {
        "unasked": (
            stream(ask(), [item | {"usage": counted(14, number + 1)} for number, item in enumerate(spoken(*LOIRE))]),
        ),
        "declined": (
            stream(
                ask(stream_options={"include_usage": True, "continuous_usage_stats": False}),
                [
                    *(item | {"usage": counted(14, number + 1)} for number, item in enumerate(spoken(*LOIRE))),
                    chunk([], usage=counted(14, 11)),
                ],
            ),
        ),
        "twice": (
            stream(
                ask(stream_options={"include_usage": True}), [*with_usage(spoken(*LOIRE)), chunk([], usage=counted())]
            ),
        ),
    },
    {
        "asked": (
            stream(
                ask(stream_options={"include_usage": True, "continuous_usage_stats": True}),
                [
                    *(item | {"usage": counted(14, number + 1)} for number, item in enumerate(spoken(*LOIRE))),
                    chunk([], usage=counted(14, 11)),
                ],
            ),
        ),
        "once": (stream(ask(stream_options={"include_usage": True}), with_usage(spoken(*LOIRE))),),
        "not-at-all": (stream(ask(), spoken(*LOIRE)),),
    },
)

EMPTY = kind(
    "mended: an empty answer",
    "An answer is empty although nobody asked for none.",
    "content.nonempty_completion",
    {
        "asked-for-an-exit": (plain(ask("Tell me how to exit vim."), said(""), usage=counted(14, 1)),),
        "responses": responses_text("", request={"instructions": "Stop at the first error."}),
        "french": (plain(ask("Nomme un fleuve sans affluent."), said(""), usage=counted(14, 1)),),
    },
    {
        "responses-exit": responses_text(
            "", request={"instructions": "Call the tool. On error, exit without further message."}
        ),
        "say-nothing": (
            plain(
                ask("If the text has no error, do not say anything. Text: The Loire is long."),
                said(""),
                usage=counted(24, 1),
            ),
        ),
        "german": (plain(ask("Wenn alles stimmt, beende ohne weitere Ausgabe."), said(""), usage=counted(14, 1)),),
        "silent": (plain(ask("Stay silent until I say go."), said(""), usage=counted(14, 1)),),
    },
)

KINDS = [RIVALS, LOWEST, LETTERS, LEGACY, DEFAULT, LIMIT, RUNNING, EMPTY]
