"""Reports on what chat completions answer and count: what users of servers and gateways filed in public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import Any

from tests.kinds.kind import kind
from tests.kinds.material import answer, body_of, numbered, tokens
from tests.mutation.answers import ASKED_WEATHER, TOOLS
from tests.mutation.wire import (
    Conversation,
    Json,
    ask,
    call,
    counted,
    plain,
    said,
    spoken,
    stream,
)

NANTES = '{"town": "Nantes"}'
THOUGHT = "The user asks for a river in France. The Loire is the longest one."


def _used(used: Json, text: str = "The Loire.", finish: str = "stop", **message: Any) -> Conversation:
    return (plain(ask(), said(text, finish, **message), usage=used),)


def _greedy_twins(whole: str, *pieces: str, **asked: Any) -> Conversation:
    request = ask("Ask me any question.", temperature=0, **asked)
    return numbered(plain(request, said(whole)), stream(request, spoken(*pieces), reply_id="chatcmpl-s2Ky"))


COUNTS = kind(
    "reports: counts of chat",
    "The counts of an answer contradict one another or the answer.",
    "usage.sum usage.nonzero schema.usage",
    {
        # vercel/ai 18614
        "reasoning-above-completion": _used(
            {
                "prompt_tokens": 951,
                "completion_tokens": 6000,
                "total_tokens": 6952,
                "completion_tokens_details": {"reasoning_tokens": 6001},
            },
            "",
            "length",
            reasoning_content=THOUGHT,
        ),
        # CLIProxyAPI 5733
        "completion-zero": _used(
            {
                "prompt_tokens": 21,
                "completion_tokens": 0,
                "total_tokens": 81,
                "completion_tokens_details": {"reasoning_tokens": 60},
            },
            reasoning_content=THOUGHT,
        ),
        # Rapid-MLX 453
        "all-of-it-reasoning": _used(
            {
                "prompt_tokens": 14,
                "completion_tokens": 300,
                "total_tokens": 314,
                "completion_tokens_details": {"reasoning_tokens": 300},
            },
            "I do not have access to real-time data, but the Loire is a river in France.",
            reasoning_content=THOUGHT,
        ),
        # opencode 26073
        "reasoning-apart": _used(
            {
                "prompt_tokens": 12,
                "completion_tokens": 20,
                "total_tokens": 32,
                "completion_tokens_details": {"reasoning_tokens": 66},
            },
            reasoning_content=THOUGHT,
        ),
    },
    {
        "reasoning-below-completion": _used(
            counted(completion=40, completion_tokens_details={"reasoning_tokens": 30}), reasoning_content=THOUGHT
        ),
        "all-reasoning-no-text": _used(
            counted(completion=64, completion_tokens_details={"reasoning_tokens": 64}),
            "",
            "length",
            reasoning_content=THOUGHT,
        ),
        "details-null": _used(counted(prompt_tokens_details=None, completion_tokens_details=None)),
        "cached-all-but-one": _used(counted(prompt=129, prompt_tokens_details={"cached_tokens": 128})),
        "reasoning-zero": _used(counted(completion_tokens_details={"reasoning_tokens": 0, "audio_tokens": 0})),
    },
)

SCHEMA: Json = {
    "type": "json_schema",
    "json_schema": {
        "name": "river",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "km": {"type": "integer"}},
            "required": ["name", "km"],
            "additionalProperties": False,
        },
    },
}
OBJECT: Json = {"type": "json_object"}

ANSWERS = kind(
    "reports: what chat answers",
    "The text is not what the request asked for, or not there.",
    "response_format.json_parses response_format.schema_valid content.nonempty_completion content.string_or_null stop.excluded_from_output "
    "stream.parity_with_nonstream error.status_nonsuccess schema.completion chunk.choices_required n.honoured schema.message choice.message_required",
    {
        # FastFlowLM 554
        "object-and-prose": answer(
            '{"languages": [{"name": "Java", "year": 1995}]}\n\nThis JSON object contains a list of languages.',
            "Languages as a JSON object.",
            response_format=OBJECT,
        ),
        # llama.cpp 11847
        "text-for-a-schema": answer("Hello! How can I assist you today?", "A river as JSON.", response_format=SCHEMA),
        # litellm 29604
        "schema-not-enforced": answer(
            '{"name": "Loire", "km": 1006, "mouth": "Atlantic"}', "A river as JSON.", response_format=SCHEMA
        ),
        # ai-sdk-ollama 440
        "object-in-quotes": answer(
            '"{\\"name\\": \\"Loire\\", \\"km\\": 1006}"', "A river as JSON.", response_format=SCHEMA
        ),
        # amx 112
        "list-of-parts": (
            body_of(
                plain(ask(), said("x")),
                lambda body: body["choices"][0]["message"].update(
                    content=[
                        {"type": "reasoning", "summary": [{"type": "summary_text", "text": THOUGHT}]},
                        {"type": "text", "text": "The Loire."},
                    ]
                ),
            ),
        ),
        # ollama 15288
        "all-in-reasoning": _used(counted(completion=34), "", reasoning=THOUGHT + " Answer: the Loire."),
        # promptfoo 10203
        "no-choice-at-all": (plain(ask()),),
        # llama.cpp 9867
        "end-lost-before-stop": _greedy_twins(
            "What colour is the sky on Mars?", "What colour is", " the sky on Mars", stop=["\n"]
        ),
        # vllm 3672
        "stop-string-kept": (
            stream(
                ask("Reason and act.", stop=["Observation:"]),
                spoken("Thought: look it up.\n", "Action: search\n", "Observ", "ation", ":"),
            ),
        ),
    },
    {
        "schema-kept": answer('{"name": "Loire", "km": 1006}', "A river as JSON.", response_format=SCHEMA),
        "object-over-lines": answer(
            '{\n  "name": "Loire",\n  "km": 1006\n}\n', "A river as JSON.", response_format=OBJECT
        ),
        "object-cut": tokens(
            '{"name": "Loi', "A river as JSON.", finish="length", used=9, max_tokens=9, response_format=OBJECT
        ),
        "refusal-for-a-schema": (plain(ask(response_format=SCHEMA), said(None, refusal="I cannot help with that.")),),
        "call-for-a-schema": (
            plain(
                ask(ASKED_WEATHER, response_format=SCHEMA, **TOOLS),
                said(None, "tool_calls", tool_calls=[call("get_weather", NANTES)]),
            ),
        ),
        "stop-string-as-a-part": answer(
            "Observations are what one sees.", "What are observations?", stop=["Observation:"]
        ),
        "greedy-and-equal": _greedy_twins("What colour is the sky?", "What colour", " is the sky?"),
        "without-a-seed": numbered(
            plain(ask("Ask me any question."), said("What is your name?")),
            stream(ask("Ask me any question."), spoken("How", " are", " you?"), reply_id="chatcmpl-s2Ky"),
        ),
    },
)

KINDS = [COUNTS, ANSWERS]
