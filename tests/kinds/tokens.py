"""Kinds: logprobs, repetition, and how an answer ends."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import answer, anthropic, completion, gemini, ollama, other, responses_text, tokens, typed
from tests.mutation.answers import LONG, TOOLS
from tests.mutation.wire import Json, ask, call, counted, piece, plain, said, spoken, stream, with_usage

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def _token(text: str, raw: object = 0, **more: object) -> Json:
    return {
        "token": text,
        "logprob": -0.2,
        "bytes": list(text.encode()) if raw == 0 else raw,
        "top_logprobs": [],
        **more,
    }


def _scored(text: str, *items: Json, **message: object) -> Conversation:
    request = ask(logprobs=True, max_tokens=50, **({"stop": ["END"]} if "END" in str(items) else {}))
    return (plain(request, said(text, logprobs={"content": list(items), "refusal": None}, **message)),)


def _legacy(text: str, names: list[str], values: list[object], offsets: list[int] | None = None) -> Conversation:
    logprobs: Json = {"tokens": names, "token_logprobs": values, "top_logprobs": None, "text_offset": offsets}
    return completion(text, {"logprobs": 1}, logprobs=logprobs)


def _scored_stream(*pairs: tuple[str, list[str]]) -> Conversation:
    chunks = [
        piece({"content": text}, logprobs={"content": [_token(name) for name in names], "refusal": None})
        for text, names in pairs
    ]
    return (stream(ask(logprobs=True), [piece({"role": "assistant", "content": ""}), *chunks, piece({}, "stop")]),)


LOGPROBS = kind(
    "logprobs that are not the content's",
    "The tokens, bytes, offsets or lengths of logprobs do not fit the text that they are of.",
    "logprobs.tokens_are_content logprobs.bytes_are_token logprobs.shape logprobs.honoured completions.text_offset "
    "completions.choice_shape completions.tokens_are_text completions.logprobs_aligned completions.logprobs_shape",
    {
        "last-token-only": _scored("The Loire.", _token(".")),
        "middle-token-lost": _scored("The Loire flows.", _token("The"), _token(" flows"), _token(".")),
        "reasoning-too": _scored(
            "Loire.", _token("They want one."), _token("Loire"), _token("."), reasoning_content="They want one."
        ),
        "byte-pair-letters-inside": _scored("The Loire.", _token("The"), _token("\u0120Loire", None), _token(".")),
        "byte-pair-newline": _scored("A\nB", _token("A"), _token("\u010a", None), _token("B")),
        "sentencepiece": _scored("The Loire", _token("\u2581The", None), _token("\u2581Loire", None)),
        "bytes-of-letters": _scored("caf\u00e9", _token("caf\u00e9", list("caf\u00c3\u00a9".encode()))),
        "bytes-as-text": _scored("Loire", _token("Loire", "Loire")),
        "token-ids": _scored("Loire.", _token("token_id:5012", None), _token("token_id:13", None)),
        "byte-fallback-names": _scored(
            "\u5929", _token("<0xE5>", None), _token("<0xA4>", None), _token("<0xA9>", None)
        ),
        "streamed-one-late": _scored_stream(("The", []), (" Loire", ["The"]), (".", [" Loire"])),
        "streamed-last-missing": _scored_stream(("The", ["The"]), (" Loire", [" Loire"]), (" flows.", [])),
        "streamed-twice": _scored_stream(("The", ["The", "The"]), (" Loire", [" Loire", " Loire"])),
        "legacy-lengths": _legacy(" Paris.", [" Paris", "."], [-0.1], [0, 6]),
        "legacy-offset-lengths": _legacy(" Paris.", [" Paris", "."], [-0.1, -0.1], [0]),
        "legacy-offsets-fall": _legacy(" Paris is.", [" Paris", " is", "."], [-0.1, -0.1, -0.1], [7, 3, 5]),
        "legacy-tokens-of-another-text": _legacy(" Paris.", [" Lyon", "."], [-0.1, -0.1], [0, 5]),
        "legacy-byte-pair": _legacy(" Paris.", ["\u0120Paris", "."], [-0.1, -0.1], [0, 6]),
        "tokens-as-words": _scored("The Loire", {"token": 5, "logprob": -0.1, "bytes": None, "top_logprobs": []}),
    },
    {
        "whole": _scored("The Loire.", _token("The"), _token(" Loire"), _token(".")),
        "end-token": _scored("The Loire.", _token("The"), _token(" Loire."), _token("<|im_end|>")),
        "stop-string": _scored("The Loire.", _token("The"), _token(" Loire."), _token("END")),
        "half-characters": _scored("\u5929", _token("\\xe5\\xa4", [0xE5, 0xA4]), _token("\\xa9", [0xA9])),
        "bytes-null": _scored("The Loire", _token("The", None), _token(" Loire", None)),
        "asked-about-the-letter": (
            plain(
                ask("Write \u0120.", logprobs=True),
                said("\u0120", logprobs={"content": [_token("\u0120")], "refusal": None}),
            ),
        ),
        "legacy-echo": other(
            native.COMPLETIONS,
            {**native.COMPLETIONS_REQUEST, "echo": True, "prompt": "Rain in"},
            {
                **native.COMPLETION,
                "choices": [
                    {
                        "index": 0,
                        "text": "Rain in Paris",
                        "finish_reason": "length",
                        "logprobs": {
                            "tokens": ["Rain", " in", " Paris"],
                            "token_logprobs": [None, -0.1, -0.2],
                            "top_logprobs": [None, {" in": -0.1}, {" Paris": -0.2}],
                            "text_offset": [0, 4, 7],
                        },
                    }
                ],
            },
        ),
        "streamed-whole": _scored_stream(("The", ["The"]), (" Loire", [" Loire"])),
        "leading-space-stripped": _scored("The Loire", _token(" The"), _token(" Loire")),
    },
)


def _twice(*pieces: str, times: int = 2) -> list[str]:
    return [text for text in pieces for _ in range(times)]


_SENTENCE = ("The", " longest", " river", " in", " France", " is", " the", " Loire", ".")


def _thoughts(*pieces: str) -> list[Json]:
    return [
        piece({"role": "assistant", "content": ""}),
        *(piece({"reasoning_content": text}) for text in pieces),
        *spoken("Loire.")[1:],
    ]


def _deltas(*pieces: str) -> list[Json]:
    events = native.copied(native.ANTHROPIC_EVENTS[:1])
    events += [{"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}]
    events += [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}} for text in pieces
    ]
    events += [{"type": "content_block_stop", "index": 0}]
    events += [
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 30},
        }
    ]
    return [*events, {"type": "message_stop"}]


DOUBLED = kind(
    "deltas sent twice",
    "Neighbouring deltas are the same more often than chance explains: text or reasoning comes doubled.",
    "stream.no_duplicate_content content.no_runaway_repetition",
    {
        "every-delta-twice": (stream(ask(), spoken(*_twice(*_SENTENCE))),),
        "every-delta-three-times": (stream(ask(), spoken(*_twice(*_SENTENCE, times=3))),),
        "most-deltas-twice": (stream(ask(), spoken("The", *_twice(*_SENTENCE[1:8]), ".")),),
        "reasoning-twice": (stream(ask(), _thoughts(*_twice(*_SENTENCE))),),
        "anthropic": typed(native.ANTHROPIC, native.ANTHROPIC_REQUEST, _deltas(*_twice(*_SENTENCE))),
        "chinese": (
            stream(
                ask("\u6cd5\u56fd\u7684\u6cb3\uff1f"),
                spoken(
                    *_twice(
                        "\u6cd5\u56fd", "\u6700\u957f", "\u7684", "\u6cb3", "\u662f", "\u5362\u74e6\u5c14", "\u6cb3"
                    )
                ),
            ),
        ),
        "a-long-delta-twice": (
            stream(
                ask(),
                spoken("The Loire is", " the longest river in France by far.", " the longest river in France by far."),
            ),
        ),
        "half-way-on": (stream(ask(), spoken(*LONG[:20], *_twice(*LONG[20:40]))),),
        "whole-answer-twice": (stream(ask(), spoken(*_SENTENCE, *_SENTENCE)),),
        "whole-reasoning-twice": (stream(ask(), _thoughts(*_SENTENCE, *_SENTENCE)),),
    },
    {
        "no-no-no": (stream(ask("Say no."), spoken("No", " no", " no", ", never", ".")),),
        "asked-for-three-times": (stream(ask('Say " ha" 12 times.'), spoken(*[" ha"] * 12)),),
        "table-rule": (
            stream(ask("A table."), spoken("|", "---", "|", "---", "|", "---", "|", "\n", "| a | b | c |")),
        ),
        "indentation": (
            stream(ask("Python."), spoken("if a:\n", "    ", "if b:\n", "    ", "    ", "return", " 1", "\n")),
        ),
        "digits": (stream(ask("What is a million?"), spoken("1", "0", "0", "0", "0", "0", "0")),),
        "poem": (
            stream(ask("A sad line."), spoken("Nevermore", ",", " never", " never", ",", " never", " more", ".")),
        ),
        "dots": (stream(ask(), spoken("Wait", ".", ".", ".", " The", " Loire", ".")),),
        "binary": (stream(ask("13 as 8 bits, one per token."), spoken("0", "0", "0", "0", "1", "1", "0", "1")),),
        "matrix-of-zeros": (
            stream(ask("A zero matrix."), spoken("[[", "0", ",", " ", "0", "],", " [", "0", ",", " ", "0", "]]")),
        ),
    },
)


def _runs(text: str, *, finish: str = "length", prompt: str = "Name a river in France.") -> Conversation:
    request = ask(prompt, max_tokens=400)
    return (plain(request, said(text, finish), usage=counted(completion=400)),)


def _tool_run(arguments: str) -> Conversation:
    return (
        plain(
            ask(max_tokens=400, **TOOLS),
            said(None, "length", tool_calls=[call("get_weather", arguments)]),
            usage=counted(completion=400),
        ),
    )


RUNAWAY = kind(
    "runaway repetition",
    "The answer repeats a passage, a token or white space until its limit.",
    "content.no_runaway_repetition",
    {
        "spaces": _runs("The Loire." + " " * 700),
        "newlines": _runs("The Loire." + "\n" * 390),
        "newlines-and-tabs": _runs('{"town": "Nantes"' + " \n\t" * 200),
        "exclamation-marks": _runs("!" * 400),
        "one-word": _runs("The Loire" + " river" * 390),
        "one-letter": _runs("a" * 900),
        "sentence": _runs("The Loire is long. " * 60),
        "chinese": _runs("\u5362\u74e6\u5c14\u6cb3\u5f88\u957f\u3002" * 60),
        "chinese-char": _runs("\u6cb3\u662f" + "\u7684" * 380),
        "paragraph": _runs(
            (
                "The Loire rises in the Ardeche, flows north and then west, and reaches the sea near Saint-Nazaire. It is long, wide and wild, and castles stand along it; many visit them in summer when the light is warm.\n\n"
            )
            * 9
        ),
        "numbered": _runs("".join(f"{number}. The Loire is the longest river.\n" for number in range(1, 60))),
        "reasoning": (
            plain(
                ask(max_tokens=400),
                said("", "length", reasoning_content="Wait, let me think again. " * 60),
                usage=counted(completion=400),
            ),
        ),
        "arguments": _tool_run('{"town": "Nantes' + "s" * 900),
        "arguments-white-space": _tool_run('{"town": "Nantes",' + "\n" * 390),
        "ended-by-itself": _runs("The Loire is long. " * 60, finish="stop"),
        "streamed": (stream(ask(max_tokens=400), spoken("The", *[" river"] * 390, finish="length")),),
        "gemini": gemini([{"text": "The Loire is long. " * 60}], candidate={"finishReason": "MAX_TOKENS"}),
        "zero-width": _runs("The Loire." + "\u200b" * 380),
        "number-run": _runs("Pi is 3." + "0" * 900),
    },
    {
        "asked": _runs("The Loire is long. " * 60, prompt='Write "The Loire is long." 60 times.'),
        "asked-without-a-number": _runs("ha " * 200, prompt="Repeat ha until you cannot any more."),
        "table": answer("| a | b |\n|---|---|\n" + "".join(f"| {n} | {n * n} |\n" for n in range(40))),
        "list": answer("".join(f"- item {n}: {'abcdefghij'[n % 10]} is fine\n" for n in range(40))),
        "refrain": answer(
            "Row, row, row your boat,\nGently down the stream,\nMerrily, merrily, merrily, merrily,\nLife is but a dream."
        ),
        "rule-of-dashes": answer(
            "Title\n"
            + "-" * 60
            + "\nThe Loire flows from the Ardeche to the Atlantic, past Orleans, Tours and Nantes, and its valley is known for castles."
        ),
        "json-zeros": answer("[" + ", ".join(["0"] * 60) + "]", "A JSON list of 60 zeros."),
        "ascii-art": answer("\n".join("*" * n for n in range(1, 25)), "Draw a triangle of stars with 24 rows."),
        "trailing-newline": answer("The Loire.\n\n"),
    },
)


def _ended(
    text: str, limit: int = 40, used: int | None = None, prompt: str = "Tell me of the Loire.", **body: object
) -> Conversation:
    return tokens(text, prompt, used=limit if used is None else used, max_tokens=limit, **body)


_CUT = "The Loire is the longest river in France. It rises in the Ardeche and flows north through Nevers, where it mee"
ENDINGS = kind(
    "a cut answer that says stop",
    "The answer took its whole limit or breaks off, and says that it ended by itself.",
    "max_tokens.finish_length anthropic.max_tokens_stop_reason responses.status_consistency",
    {
        "mid-word": _ended(_CUT),
        "mid-sentence": _ended("The Loire is the longest river in France. It rises in the Ardeche and flows"),
        "function-word": _ended("The Loire is the longest river in France and the"),
        "after-a-comma": _ended("The Loire is long, wide,"),
        "german": _ended("Die Loire ist der l\u00e4ngste Fluss Frankreichs und entspringt im"),
        "spanish": _ended("El Loira es el r\u00edo m\u00e1s largo de Francia y nace en el macizo"),
        "chinese": _ended(
            "\u5362\u74e6\u5c14\u6cb3\u662f\u6cd5\u56fd\u6700\u957f\u7684\u6cb3\u6d41\uff0c\u53d1\u6e90\u4e8e\u4e2d\u592e"
        ),
        "russian": _ended(
            "\u041b\u0443\u0430\u0440\u0430 - \u0441\u0430\u043c\u0430\u044f \u0434\u043b\u0438\u043d\u043d\u0430\u044f \u0440\u0435\u043a\u0430 \u0424\u0440\u0430\u043d\u0446\u0438\u0438 \u0438"
        ),
        "open-json": _ended('{"rivers": ["Loire", "Seine"'),
        "open-fence": _ended("Here is the code:\n```python\nfor river in rivers:\n    print(river)"),
        "streamed": (
            stream(
                ask(max_tokens=40, stream_options={"include_usage": True}),
                with_usage(
                    spoken("The Loire is the longest", " river in France and rises in", " the Ardeche whe"),
                    completion=40,
                ),
            ),
        ),
        "gemini": gemini(
            [{"text": "The Loire is the longest river in France and flows"}],
            {"generationConfig": {"maxOutputTokens": 25}},
            usageMetadata={"promptTokenCount": 20, "candidatesTokenCount": 25, "totalTokenCount": 45},
        ),
        "gemini-thoughts": gemini(
            [{"text": "The Loire is the longest river in France and flows"}],
            {"generationConfig": {"maxOutputTokens": 30}},
            usageMetadata={
                "promptTokenCount": 20,
                "candidatesTokenCount": 20,
                "thoughtsTokenCount": 10,
                "totalTokenCount": 50,
            },
        ),
        "ollama": ollama({"content": "The Loire is the longest river in France and"}, {"options": {"num_predict": 9}}),
        "responses": responses_text(
            "The Loire is the longest river in France and the", request={"max_output_tokens": 30}
        ),
        "anthropic": anthropic(
            [{"type": "text", "text": "The Loire is the longest river in France and the"}],
            {"max_tokens": 30},
            stop_reason="end_turn",
        ),
        "completions": completion(" Paris is common in winter and", {"max_tokens": 2}, finish_reason="stop"),
        "empty-at-the-limit": (
            plain(ask(max_tokens=40), said("", "stop", reasoning_content="Let me"), usage=counted(completion=40)),
        ),
    },
    {
        "whole-sentence-at-the-limit": _ended("The Loire is the longest river in France."),
        "one-word": _ended("Loire", limit=1),
        "yes": _ended("Yes", limit=2),
        "quoted-end": _ended('He said: "The Loire."'),
        "closed-json": _ended('{"rivers": ["Loire"]}'),
        "below-the-limit": _ended("The Loire is the longest river in France and the", used=20),
        "number": _ended("1012 km", limit=4),
        "stop-string": _ended("The Loire is the longest river of all, and then", stop=["END"]),
        "list-end": _ended("- Loire\n- Seine\n- Rhone\n", limit=12),
        "thai": _ended(
            "\u0e41\u0e21\u0e48\u0e19\u0e49\u0e33\u0e25\u0e31\u0e27\u0e23\u0e4c\u0e22\u0e32\u0e27\u0e17\u0e35\u0e48\u0e2a\u0e38\u0e14"
        ),
        "hindi-danda": _ended(
            "\u0932\u094d\u0935\u093e\u0930 \u0938\u092c\u0938\u0947 \u0932\u0902\u092c\u0940 \u0928\u0926\u0940 \u0939\u0948\u0964"
        ),
        "length": (plain(ask(max_tokens=9), said("The Loire, which", "length")),),
        "tool-call": (
            plain(
                ask(max_tokens=9, **TOOLS),
                said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Tours"}')]),
            ),
        ),
    },
)

KINDS = [LOGPROBS, DOUBLED, RUNAWAY, ENDINGS]
