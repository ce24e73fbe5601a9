"""Unseen when the rules were written: logprobs, repetition, and answers that were cut and say that they ended."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, completion, responses, responses_text, tokens
from tests.kinds.wire_forms import (
    cohere,
    cohere_stream,
    converse_stream,
    gemini_stream,
    message_stream,
    ollama_stream,
    response_stream,
)
from tests.mutation.answers import ROLE
from tests.mutation.wire import Json, ask, piece, plain, said, spoken, stream, with_usage

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def _score(text: str, **more: Any) -> Json:
    return {"token": text, "logprob": -0.2, "bytes": list(text.encode()), "top_logprobs": [], **more}


def _chat(text: str, *scored: Json, prompt: str = "Name a river in France.") -> Conversation:
    return (plain(ask(prompt, logprobs=True), said(text, logprobs={"content": list(scored), "refusal": None})),)


def _stream(*pairs: tuple[str, list[Json]]) -> Conversation:
    chunks = [piece({"content": text}, logprobs={"content": scored, "refusal": None}) for text, scored in pairs]
    return (stream(ask(logprobs=True), [ROLE, *chunks, piece({}, "stop")]),)


def _part(text: str, *scored: Json) -> Conversation:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": list(scored)}
    item = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
    request = {**native.RESPONSES_REQUEST, "include": ["message.output_text.logprobs"]}

    return responses([item], request)


LOGPROBS = kind(
    "unseen: logprobs that are not the content's",
    "The tokens, bytes, offsets or lengths of logprobs do not fit the text that they are of.",
    "logprobs.tokens_are_content logprobs.bytes_are_token completions.logprobs_aligned completions.tokens_are_text completions.text_offset completions.logprobs_shape responses.logprobs_are_text",
    {
        "first-token-lost": _chat("The Loire.", _score(" Loire"), _score(".")),
        "spaces-lost": _chat("The Loire flows.", _score("The"), _score("Loire"), _score("flows"), _score(".")),
        "bytes-of-another": _chat("Loire", _score("Loire", bytes=list(b"Seine"))),
        "umlaut-byte-pair": _chat("Grüße", _score("GrÃ¼ÃŁe", bytes=None)),
        "reasoning-first-streamed": _stream(
            ("The", [_score("They"), _score(" want"), _score("The")]), (" Loire", [_score(" Loire")])
        ),
        "same-token-each-chunk": _stream(("The", [_score("The")]), (" Loire", [_score("The")]), (".", [_score("The")])),
        "responses-other-text": _part("The Loire.", _score("A"), _score(" river")),
        "legacy-offset-from-one": completion(
            " Paris is.",
            {"logprobs": 1},
            logprobs={
                "tokens": [" Paris", " is", "."],
                "token_logprobs": [-0.1] * 3,
                "top_logprobs": None,
                "text_offset": [8, 15, 18],
            },
        ),
        "legacy-top-short": completion(
            " Paris.",
            {"logprobs": 1},
            logprobs={
                "tokens": [" Paris", "."],
                "token_logprobs": [-0.1, -0.1],
                "top_logprobs": [{" Paris": -0.1}],
                "text_offset": [7, 13],
            },
        ),
    },
    {
        "emoji-in-parts": _chat(
            "\U0001f30a", _score("\\xf0\\x9f", bytes=[0xF0, 0x9F]), _score("\\x8c\\x8a", bytes=[0x8C, 0x8A])
        ),
        "thought-tokens-kept-out": (
            plain(
                ask(logprobs=True),
                said("Loire", logprobs={"content": [_score("Loire")], "refusal": None}, reasoning_content="One."),
            ),
        ),
        "responses-same-text": _part("The Loire.", _score("The"), _score(" Loire"), _score(".")),
        "letter-talked-of": _chat("Ġ", _score("Ġ"), prompt="Print the letter Ġ."),
    },
)

_LINE = ("The", " Loire", " rises", " in", " the", " Ardèche", " and", " flows", " west", ".")


def _double(*texts: str) -> list[str]:
    return [text for text in texts for _ in range(2)]


REPEATED = kind(
    "unseen: repetition",
    "Neighbouring deltas come twice, or the answer repeats a passage or white space until its end.",
    "stream.no_duplicate_content content.no_runaway_repetition stream.parity_with_nonstream stream.delta_incremental",
    {
        "gemini-twice": gemini_stream(*_double(*_LINE)),
        "ollama-twice": ollama_stream(*_double(*_LINE)),
        "cohere-twice": cohere_stream(*_double(*_LINE)),
        "converse-twice": converse_stream(*_double(*_LINE)),
        "responses-twice": response_stream(*_double(*_LINE)),
        "thinking-twice": message_stream(*_double(*_LINE), thinking=True),
        "ollama-thinking-twice": ollama_stream(*_double(*_LINE), member="thinking"),
        "pairs": (stream(ask(), spoken(*_LINE[:4], *_LINE[:4], *_LINE[4:], *_LINE[4:])),),
        "tabs": tokens("a:" + "\t" * 500, finish="length", used=500, max_tokens=500),
        "two-words": tokens("A river" + " and on" * 250, finish="length", used=500, max_tokens=500),
        "cyrillic": tokens("Луара длинная. " * 50, finish="length", used=300, max_tokens=300),
        "quotes": tokens('{"river": "' + '\\"' * 300, finish="length", used=300, max_tokens=300),
        "message": anthropic(
            [{"type": "text", "text": "I am sorry. " * 60}],
            {"max_tokens": 240},
            stop_reason="max_tokens",
            usage={"input_tokens": 20, "output_tokens": 240},
        ),
    },
    {
        "chorus": (stream(ask("Sing."), spoken("La", " la", " la", " la", ",", " sang", " the", " river", ".")),),
        "gemini-asked": gemini_stream(
            *["ha "] * 20, request={"contents": [{"role": "user", "parts": [{"text": "Write ha 20 times."}]}]}
        ),
        "german-asked": tokens("Ja. " * 100, 'Schreibe hundertmal "Ja."', used=300),
        "log-lines": tokens(
            "".join(f"12:{n:02d} GET /health 200\n" for n in range(50)), "A fake log of 50 lines.", used=600
        ),
        "chess": tokens(
            "\n".join(["♜♞♝♛♚♝♞♜", "♟" * 8, *["." * 8] * 4, "♙" * 8, "♖♘♗♕♔♗♘♖"]), "Draw a chess board.", used=90
        ),
        "hex-dump": (
            stream(ask("Eight zero bytes in hex."), spoken("00", " 00", " 00", " 00", " 00", " 00", " 00", " 00")),
        ),
    },
)


def _cut(text: str, used: int = 12, **body: Any) -> Conversation:
    return tokens(text, used=used, **({"max_tokens": used} | body))


_HALF = "Der Fluss entspringt in den Bergen und fließt nach Westen, wo er bei"
ENDINGS = kind(
    "unseen: a cut answer that says stop",
    "The answer took its whole limit or breaks off, and says that it ended by itself.",
    "max_tokens.finish_length anthropic.max_tokens_stop_reason",
    {
        "half-german": _cut(_HALF),
        "open-bracket": _cut("Rivers of France (the Loire, the Seine"),
        "open-list": _cut("1. Loire\n2. Seine\n3."),
        "max-completion-tokens": tokens("It flows through Orléans, Tours and", used=10, max_completion_tokens=10),
        "italian": _cut("La Loira nasce nel Massiccio Centrale e sfocia nell'"),
        "japanese": _cut("ロワール川はフランスで最も長い川であり、その"),
        "streamed-usage": (
            stream(
                ask(max_tokens=8, stream_options={"include_usage": True}),
                with_usage(spoken("It", " rises", " in", " the"), completion=8),
            ),
        ),
        "cohere": cohere("The Loire rises in the", {"max_tokens": 9}),
        "gemini-streamed": gemini_stream("It rises ", "in the", request={"generationConfig": {"maxOutputTokens": 4}}),
        "ollama-streamed": ollama_stream("It rises", " in the", request={"options": {"num_predict": 9}}),
        "responses-50": responses_text("The Loire rises in the", request={"max_output_tokens": 30}),
        "message-streamed": message_stream("It rises", " in the", request={"max_tokens": 30}),
    },
    {
        "emoji-end": _cut("The Loire 🌊"),
        "ellipsis": _cut("And so it flows…"),
        "url-end": _cut("See https://rivers.example/loire"),
        "table-end": _cut("| a | b |\n|---|---|\n| 1 | 2 |"),
        "cohere-below": cohere("The Loire.", {"max_tokens": 64}),
        "code-closed": _cut("```sh\nls\n```"),
    },
)

KINDS = [LOGPROBS, REPEATED, ENDINGS]
