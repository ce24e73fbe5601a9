"""Kinds that were mended after the fifth set, in variants by other means: texts, streams and errors."""

# ruff: noqa: RUF001, SIM905 - answers are written as they read, in any script

from __future__ import annotations

from typing import Any

from tests.kinds.fifth import at
from tests.kinds.kind import kind
from tests.kinds.material import answer, anthropic, envelope, headed, responses_text, talk
from tests.mutation.answers import ASKED_WEATHER, LOIRE, TOOLS
from tests.mutation.wire import (
    Conversation,
    ask,
    call,
    counted,
    piece,
    plain,
    said,
    spoken,
    stream,
)

NANTES = '{"town": "Nantes"}'


def _thought(
    reasoning: str, text: str | None = "", finish: str = "stop", *, field: str = "reasoning_content", **message: Any
) -> Conversation:
    return (
        plain(ask(ASKED_WEATHER, **TOOLS), said(text, finish, **{field: reasoning}, **message), usage=counted(90, 60)),
    )


def _thought_stream(*pieces: str, text: str = "") -> Conversation:
    told = [piece({"content": text})] if text else []
    return (
        stream(
            ask(ASKED_WEATHER, **TOOLS),
            [
                piece({"role": "assistant"}),
                *(piece({"reasoning_content": part}) for part in pieces),
                *told,
                piece({}, "stop"),
            ],
        ),
    )


TRAPPED = kind(
    "mended: calls that stay in the reasoning",
    "A call stands in the reasoning, and neither an answer nor a call follows.",
    "tool_call.not_in_content",
    {
        "function-tag": _thought(f"I need the weather. <function=get_weather>{NANTES}</function>", field="reasoning"),
        "kimi": _thought_stream(
            "I look it up. <|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0",
            f"<|tool_call_argument_begin|>{NANTES}<|tool_call_end|><|tool_calls_section_end|>",
        ),
        "mistral": _thought(f"Let me look.[TOOL_CALLS]get_weather{NANTES}", None),
        "in-the-text": talk(f'<|tool_call|>[{{"name": "get_weather", "arguments": {NANTES}}}]<|/tool_call|>'),
    },
    {
        "then-called": _thought(
            "I write <tool_call> next.", None, "tool_calls", tool_calls=[call("get_weather", NANTES)]
        ),
        "then-answered": _thought("Not <tool_call> here: they ask about me.", "I cannot look outside."),
        "cut": (
            plain(
                ask(ASKED_WEATHER, max_tokens=60, **TOOLS),
                said("", "length", reasoning_content="I could write <tool_call> or"),
                usage=counted(90, 60),
            ),
        ),
        "in-code": _thought("The form is `<tool_call>`. They did not ask for it.", "It is mild."),
    },
)

HALVES = kind(
    "mended: half a mark of thoughts",
    "The text begins or ends with a piece of a mark of thoughts, of which the other piece was cut off.",
    "reasoning.not_in_content",
    {
        "without-bracket": answer("think>\n\nThe Loire."),
        "slash": (stream(ask(), spoken("/think", ">\n\n", "The", " Loire", ".")),),
        "thinking": answer("/thinking> The Loire is the longest."),
        "at-the-end": answer("The Loire.\n</think"),
        "second-thoughts": answer("The Seine. Hmm, but the user wants one in the south. The Rhône.\n\nThe Rhône."),
    },
    {
        "comparison": answer("a > b and b > c, so a > c.", "Is a above c?"),
        "quotation": answer("> The Loire is long.\n\nThat is a quotation.", "Quote a sentence."),
        "asked-for": answer(
            "Write </think> behind the thoughts and <think> before them.", "How do I write think tags?"
        ),
        "arrow": answer("rethink -> plan -> act", "Name three steps of a retro."),
        "wait": answer("Wait for the green light. Then go.", "How do I cross a street?"),
    },
)

AGAIN = kind(
    "mended: what was said comes again",
    "A chunk begins with all the text before it and goes on, or the first pieces of the text come once more.",
    "stream.delta_incremental stream.no_duplicate_content",
    {
        "one-snapshot": (stream(ask(), spoken(*LOIRE[:6], "".join(LOIRE[:7]), *LOIRE[7:])),),
        "german": (
            stream(
                ask("Nenne einen Fluss."),
                spoken("Die", " Loire", " ist", "Die Loire ist der", " längste", " Fluss", "."),
            ),
        ),
        "first-pieces": (stream(ask(), spoken(*LOIRE[:5], *LOIRE)),),
        "first-thoughts": _thought_stream(
            "They",
            " want",
            " a river",
            " in France",
            "They",
            " want",
            " a river",
            " in France",
            ", so",
            " the Loire.",
            text="The Loire.",
        ),
    },
    {
        "refrain": (
            stream(
                ask("Sing: row, row, row your boat, twice."),
                spoken("Row", ", row", ", row", " your boat", "Row", ", row", ", row", " your boat", "!"),
            ),
        ),
        "laughter": (stream(ask("Laugh."), spoken("Ha", " ha", " ha", " ha", " ha", " ha", "!")),),
        "list": (stream(ask("Three rivers."), spoken("1. ", "Loire", "\n", "2. ", "Seine", "\n", "3. ", "Rhône")),),
        "same-beginning": (
            stream(ask(), spoken("The", " Loire", " is", " long", ".", " The", " Loire", " is", " wide", ".")),
        ),
    },
)

_GERMAN = "Die Loire ist der längste Fluss in Frankreich und fließt von den Bergen mit vielen Bögen nach Westen auf das Meer zu".split()
_FRENCH = (
    "La Loire est le plus long fleuve de France et coule dans une vallée que les rois ont aimée pour la chasse".split()
)
SPACES = kind(
    "mended: spaces that were lost",
    "The pieces of a stream hold words, and no spaces between them.",
    "stream.spaces_kept",
    {
        "german": (stream(ask("Erzähle von der Loire."), spoken(*_GERMAN, ".")),),
        "french-thoughts": _thought_stream(*_FRENCH, ".", text="La Loire."),
        "after-a-line": (
            stream(
                ask("Tell of the Loire."),
                spoken(
                    "The Loire\n", *"it is the longest of the rivers in France and it flows to the west".split(), "."
                ),
            ),
        ),
        "russian": (
            stream(
                ask("Расскажи о Луаре."),
                spoken(
                    *"Луара это река в центре страны и она течёт на запад по долине для судов не годится".split(), "."
                ),
            ),
        ),
    },
    {
        "chinese": (stream(ask("卢瓦尔河？"), spoken(*"卢瓦尔河是法国最长的河流它流向西方进入大西洋")),),
        "slug": (
            stream(
                ask("A slug?"),
                spoken(
                    "the",
                    "-",
                    "longest",
                    "-",
                    "of",
                    "-",
                    "the",
                    "-",
                    "rivers",
                    "-",
                    "in",
                    "-",
                    "france",
                    "-",
                    "and",
                    "-",
                    "to",
                    "-",
                    "the",
                    "-",
                    "sea",
                ),
            ),
        ),
        "hex": (
            stream(
                ask("A hash?"),
                spoken(*"dead beef cafe fade face babe 0abe face cede deaf feed bead 1bad fade abed".split()),
            ),
        ),
        "asked-for": (
            stream(
                ask("Write it without spaces: it is the longest of the rivers in France and flows to the west."),
                spoken(*"it is the longest of the rivers in France and flows to the west".split()),
            ),
        ),
        "compound": (
            stream(
                ask("Ein langes Wort?"),
                spoken(
                    "Don",
                    "au",
                    "dampf",
                    "schiff",
                    "fahrts",
                    "gesell",
                    "schafts",
                    "kapit",
                    "äns",
                    "m",
                    "ütze",
                    "n",
                    "band",
                ),
            ),
        ),
    },
)

LABELLED = kind(
    "mended: a JSON text labelled as a stream",
    "A plain answer is labelled as an event stream.",
    "http.content_type",
    {
        "tools": headed(
            (plain(ask(ASKED_WEATHER, **TOOLS), said(None, "tool_calls", tool_calls=[call("get_weather", NANTES)])),),
            content_type="text/event-stream",
        ),
        "messages": headed(anthropic(), content_type="text/event-stream; charset=utf-8"),
        "responses": headed(responses_text("Mild."), content_type="text/event-stream"),
    },
    {
        "json": (plain(ask(), said("The Loire."), usage=counted(14, 4)),),
        "stream": (stream(ask(), spoken(*LOIRE)),),
        "json-with-charset": headed(
            (plain(ask(), said("The Loire."), usage=counted(14, 4)),), content_type="application/json; charset=utf-8"
        ),
    },
)

_LONG = "the quick brown fox jumps over the lazy dog. " * 2600
MEMORY = kind(
    "mended: a prompt that does not fit, told in the words of the memory",
    "A prompt that is too long is refused in words of pages, blocks or caches, and without the code that clients look for.",
    "error.context_length_code",
    {
        "blocks": envelope("The prompt requires 1627 KV cache blocks, but only 1024 are there.", 400, ask(_LONG)),
        "does-not-fit": envelope("Input of 26014 tokens does not fit into the KV cache.", 500, ask(_LONG)),
        "pages": envelope("Request needs 407 pages and cannot be scheduled.", 400, ask(_LONG), code="bad_request"),
    },
    {
        "code": envelope(
            "This model's maximum context length is 8192 tokens.",
            400,
            ask(_LONG),
            code="context_length_exceeded",
            param="messages",
        ),
        "pages-of-a-file": envelope(
            "The document has 407 pages; at most 100 are read.", 400, param="messages[0].content"
        ),
        "cache-key": envelope(
            "prompt_cache_key is longer than 64 characters.",
            400,
            ask(prompt_cache_key="k" * 65),
            param="prompt_cache_key",
        ),
    },
)

ALIBABA = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
OFF = kind(
    "mended: thoughts that were turned off",
    "An answer shows its thoughts although the request turned them off, in a member that its API has.",
    "reasoning.off_honoured",
    {
        "alibaba": (
            plain(
                at(ALIBABA, enable_thinking=False),
                said("The Loire.", reasoning_content="They want a river."),
                usage=counted(14, 9),
            ),
        ),
        "template": (
            plain(
                ask(chat_template_kwargs={"thinking": False}),
                said("The Loire.", reasoning_content="They want a river."),
                usage=counted(14, 9),
            ),
        ),
        "effort": (
            plain(
                ask(reasoning_effort="none"), said("The Loire.", reasoning="They want a river."), usage=counted(14, 9)
            ),
        ),
    },
    {
        "another-vendor's": (
            plain(
                ask(enable_thinking=False),
                said("The Loire.", reasoning_content="They want a river."),
                usage=counted(14, 9),
            ),
        ),
        "on": (
            plain(
                at(ALIBABA, enable_thinking=True),
                said("The Loire.", reasoning_content="They want a river."),
                usage=counted(14, 9),
            ),
        ),
        "off-and-silent": (
            plain(at(ALIBABA, enable_thinking=False), said("The Loire.", reasoning_content=""), usage=counted(14, 4)),
        ),
    },
)

KINDS = [TRAPPED, HALVES, AGAIN, SPACES, LABELLED, MEMORY, OFF]
