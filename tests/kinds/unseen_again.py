"""Unseen a second time: the kinds that were mended after the first unseen set, by other servers, languages and fields.

Written after the mending and before it was run; run once. The figures stand in `unseen.py`.
"""

# ruff: noqa: E501, RUF001 - what stands in an answer stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import (
    answer,
    anthropic,
    completion,
    envelope,
    headed,
    numbered,
    ollama,
    other,
    responses_text,
    tokens,
)
from tests.kinds.unseen_members import gemini_models, ollama_models
from tests.kinds.wire_forms import (
    cohere,
    converse_stream,
    gemini_stream,
    message_stream,
    ollama_stream,
    response_stream,
)
from tests.mutation.answers import ROLE, ROUND_TRIP, TOOLS
from tests.mutation.wire import Json, ask, counted, piece, plain, said, spoken, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def _server(text: str, status: int = 500, **fields: Any) -> Conversation:
    return envelope(text, status, type="server_error", **fields)


INSIDE = kind(
    "unseen again: the server's inside",
    "An error holds exception text, a stack trace, a path or a module of the server.",
    "error.no_internals",
    {
        "ray-actor": _server(
            "The actor died unexpectedly before finishing this task. class_name: ServeReplica:LLM pid=4411, ip=10.4.12.9"
        ),
        "triton-cpp": _server(
            "[StatusCode.INTERNAL] in ensemble 'ensemble', Failed to process the request(s) for model instance 'preprocessing_0', message: TypeError: argument 'text': 'NoneType'"
        ),
        "llama-cpp-slot": other(
            native.COMPLETIONS,
            native.COMPLETIONS_REQUEST,
            {
                "error": {
                    "message": "llama_decode: failed to decode, ret = -3",
                    "type": "server_error",
                    "param": None,
                    "code": None,
                }
            },
            status=500,
        ),
        "sglang": _server("Scheduler hit an exception: Traceback (most recent call last):"),
        "pydantic-v2": _server(
            "Input should be a valid dictionary or instance of Message [type=model_type, input_value=None, input_type=NoneType]"
        ),
        "aiohttp": _server("Cannot connect to host vllm-worker:8000 ssl:default [Name or service not known]", 502),
        "deno": _server("TypeError: Cannot read properties of null (reading 'choices')"),
        "worker-limit": _server("Worker exceeded memory limit."),
        "lambda": other(
            native.CONVERSE,
            native.CONVERSE_REQUEST,
            {
                "message": "Task timed out after 29.03 seconds: /var/task/handler.py",
                "__type": "InternalServerException",
            },
            status=500,
        ),
        "spring": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "error": {
                    "code": 500,
                    "message": "Failed to convert value of type 'java.lang.String' to required type 'int'",
                    "status": "INTERNAL",
                }
            },
            status=500,
        ),
        "go-gateway": _server("http: proxy error: read tcp 172.18.0.3:44512->172.18.0.7:8000: i/o timeout", 502),
        "rust-axum": _server("Failed to buffer the request body: hyper::Error(IncompleteMessage)"),
        "elixir": _server("** (MatchError) no match of right hand side value: {:error, :timeout}"),
        "keras": other(native.OLLAMA, native.OLLAMA_REQUEST, {"error": "unable to allocate CUDA0 buffer"}, status=500),
        "sqlite": _server("(sqlite3.OperationalError) database is locked"),
        "python-key-in-german": other(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {
                "type": "error",
                "error": {
                    "type": "api_error",
                    "message": "Fehler bei der Verarbeitung: 'choices' (KeyError in /srv/gateway/router.py)",
                },
            },
            status=500,
        ),
        "streamed-responses": other(
            native.RESPONSES,
            {**native.RESPONSES_REQUEST, "stream": True},
            native.sse(
                [
                    *native.RESPONSES_EVENTS[:4],
                    {
                        "type": "error",
                        "code": "server_error",
                        "message": "AttributeError: 'Chunk' object has no attribute 'delta'",
                        "param": None,
                        "sequence_number": 4,
                    },
                ]
            ),
        ),
        "streamed-message": other(
            native.ANTHROPIC,
            {**native.ANTHROPIC_REQUEST, "stream": True},
            native.sse(
                [
                    *native.ANTHROPIC_EVENTS[:3],
                    {
                        "type": "error",
                        "error": {
                            "type": "api_error",
                            "message": "upstream connect failed: dial tcp 10.1.1.4:443: connect: connection refused",
                        },
                    },
                ]
            ),
        ),
    },
    {
        "image-fetch": envelope(
            "Timeout while downloading https://pictures.example/a.png.", param="messages[0].content"
        ),
        "their-file": envelope(
            "notes/2026/plan.py: files of this type cannot be uploaded here.", request=ask("notes/2026/plan.py")
        ),
        "no-capacity": _server("No capacity is left for this model in the region. Try again later.", 503),
        "broken-json": envelope("Your request's body ends too early: it is no whole JSON."),
        "argument-of-theirs": envelope(
            "The argument 'temprature' is not known. Did you mean 'temperature'?", request=ask(temprature=1)
        ),
        "model-family": envelope("Models of the family org.example/large take no images."),
        "safety": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "error": {
                    "code": 400,
                    "message": "The prompt was blocked by safety settings.",
                    "status": "INVALID_ARGUMENT",
                }
            },
            status=400,
        ),
    },
    missed="worker-limit",
)

REASONING = kind(
    "unseen again: reasoning in the text",
    "The text opens with a chain of thought, in marks, under a heading, or in prose.",
    "reasoning.not_in_content gemini.thoughts_marked content.no_special_tokens",
    {
        "first-the-user": answer(
            "First, the user is asking for a river. France has the Loire, the Seine and the Rhône. I'll choose the Loire.\n\nThe Loire."
        ),
        "so-we-have": answer("So we have a simple request. The user wants one river; no need for details.\n\nLoire."),
        "i-should": answer("I should respond with a single river, since the prompt asks for one.\n\nThe Loire."),
        "let-me-analyze": answer("Let me analyze the request: they want a river in France.\n\n---\n\nThe Loire."),
        "german-prose": answer(
            "Okay, der Nutzer möchte einen Fluss in Frankreich wissen. Die Loire passt gut.\n\nDie Loire.",
            "Nenne einen Fluss in Frankreich.",
        ),
        "french-prose": answer(
            "L'utilisateur demande un fleuve français. La Loire convient.\n\nLa Loire.", "Un fleuve français ?"
        ),
        "chinese-prose": answer("好的，用户想知道法国的一条河。卢瓦尔河最长。\n\n卢瓦尔河。", "法国的一条河？"),
        "korean-heading": answer(
            "생각: 프랑스의 강 하나를 말하면 된다.\n\n답: 루아르강.", "프랑스의 강 하나만 말해 줘."
        ),
        "capital-tag": answer("<THINKING>One river is enough.</THINKING>\nThe Loire."),
        "attribute": answer('<think type="hidden">One river is enough.</think>\nThe Loire.'),
        "command-a": cohere("<|START_THINKING|>They want rain.<|END_THINKING|><|START_RESPONSE|>Mild."),
        "magistral-stream": message_stream("[THI", "NK]They want rain.", "[/THINK]", "Mild."),
        "converse-closing": converse_stream("They want rain.", "</thought>", "Mild."),
        "gemini-stream": gemini_stream("thought\nThe user", " wants the weather.\n\n", "It is mild."),
        "ollama-done": ollama_stream("Thinking...\n", "They want rain.\n", "...done thinking.\n\n", "Mild."),
        "responses-heading": responses_text("**Thought process:** They ask for the weather.\n\nIt is mild."),
        "timer": answer("Thought for 3 seconds\n\nThe Loire."),
        "second-thoughts": answer(
            "The Loire. Wait, the user asked for one in the south, so maybe the Rhône. Yes, the Rhône.\n\nThe Rhône."
        ),
        "unclosed": tokens(
            "<think>They want one river, and there are many of them, so", finish="length", max_tokens=16, used=16
        ),
        "response-stream": response_stream(
            "Okay, so the user ", "wants the weather in Paris. I don't have it.\n\n", "It is mild."
        ),
    },
    {
        "ticket": answer(
            "The user wants a refund for order 7.", "Sum up this ticket: I want my money back for order 7."
        ),
        "docs": answer("The user is sent a code.\n\nThen they type it in.", "How does a login with a code work?"),
        "we-must": answer("We must protect our rivers.\n\nThey give us water.", "Write a short speech on rivers."),
        "let-us": answer("Let us go then, you and I.\n\nThat is how Prufrock begins.", "How does Prufrock begin?"),
        "okay": answer("Okay, the Loire it is!\n\nIt is the longest."),
        "think-tank": answer("A think tank is an institute.", "What is a think tank?"),
        "i-need": answer("I need two eggs and flour.\n\nThen I bake.", "Pretend to be a baker."),
        "thinking-fast": answer('"Thinking, Fast and Slow": a book by Kahneman.', "Name a book by Kahneman."),
        "french-user": answer(
            "L'utilisateur saisit son nom.\n\nPuis il valide.", "Décris un formulaire pour utilisateurs."
        ),
        "bold": answer("**Considering the Loire**\n\nThe Loire is long."),
    },
    missed="so-we-have",
)

_TWO_TURNS: list[Json] = [
    {"role": "user", "content": "A river?"},
    {"role": "assistant", "content": "The Loire."},
    {"role": "user", "content": "Another?"},
]


def _history(text: str, messages: list[Json], status: int = 400, **fields: Any) -> Conversation:
    return envelope(text, status, ask("", history=messages, **TOOLS), **fields)


HISTORY = kind(
    "unseen again: a legal history is refused",
    "A history that the API's own schema allows is refused, in whatever words.",
    "params.history_accepted reasoning.roundtrip_accepted tool_call.roundtrip_accepted error.status_class",
    {
        "tool-role-unknown": _history("Role 'tool' is not one of user, assistant, system", ROUND_TRIP),
        "prefix": _history("The conversation must not contain an assistant turn before the last user turn", _TWO_TURNS),
        "german": _history("Nachricht 2: Feld 'content' fehlt", ROUND_TRIP, 422),
        "portuguese": _history("A mensagem do assistente deve ter conteúdo", ROUND_TRIP),
        "arguments-form": _history("messages[1].tool_calls[0].function.arguments: expected object", ROUND_TRIP),
    },
    {
        "seed": _history("seed must be a positive number; see the documentation of messages", _TWO_TURNS, param="seed"),
        "image-turn": _history(
            "The message holds an image, and this model takes none.",
            [
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.example/a.png"}}]},
                *_TWO_TURNS[1:],
            ],
        ),
        "busy": headed(
            _history(
                "Too many messages per minute.", _TWO_TURNS, 429, code="rate_limit_exceeded", type="rate_limit_error"
            ),
            retry_after="9",
        ),
    },
)


_GEMINI_410 = other(
    native.GEMINI,
    native.GEMINI_REQUEST,
    {
        "error": {
            "code": 404,
            "message": "This model models/gemini-example is no longer available.",
            "status": "NOT_FOUND",
        }
    },
    status=404,
)[0]
LISTINGS = kind(
    "unseen again: a listing that misleads",
    "A listing has an id twice, or lists a model that is gone or cannot be retrieved.",
    "model.list_ids_unique model.listed_is_served",
    {
        "gemini-no-longer": numbered(gemini_models("gemini-example", "b"), _GEMINI_410),
        "ollama-three-times": (ollama_models("a:latest", "a:latest", "a:latest"),),
        "gone-before": numbered(_GEMINI_410, gemini_models("gemini-example")),
    },
    {
        "ollama-sizes": (ollama_models("a:1b", "a:1b-q4", "b:1b"),),
        "gemini-answers": numbered(gemini_models("gemini-example"), replace(gemini_stream("Mild.")[0], id="g")),
        "other-model": numbered(gemini_models("gemini-other"), _GEMINI_410),
    },
)

ALARMS = kind(
    "unseen again: legal look-alikes of the mended kinds",
    "A defect beside the legal forms of refused parameters, empty answers, broken characters, twins and ids.",
    "params.standard_accepted content.nonempty_completion content.text_integrity stream.parity_with_nonstream envelope.id_stable max_tokens.finish_length tool_call.not_in_content content.no_special_tokens",
    {
        "two-stops": envelope("stop is not accepted", request=ask(stop=["a", "b"])),
        "empty-nothing-else": answer("", "Reply with one river and nothing else."),
        "broken-accent": answer("Le Rh\ufffdne.", "Name a river in the south."),
        "greedy-finish": numbered(
            plain(ask(temperature=0), said("The Loire.")),
            stream(ask(temperature=0), spoken("The Loire.", finish="length"), reply_id="c2"),
        ),
        "ids-within-one-choice": (
            stream(
                ask(n=2), [item | {"id": f"chatcmpl-{number}"} for number, item in enumerate(spoken("The", " Loire"))]
            ),
        ),
        "elided": tokens("Le fleuve prend sa source au pied de l'", used=11, max_tokens=11),
        "yaml-list": (plain(ask("Weather?", **TOOLS), said("- name: get_weather\n  arguments:\n    town: Nantes")),),
        "human-turn": completion(" Paris is mild.\n\nHuman: And Rome?"),
    },
    {
        "six-stops": envelope(
            "At most four stop sequences can be given.", request=ask(stop=list("abcdef")), param="stop"
        ),
        "silence": answer("", "Say nothing."),
        "mojibake-lesson": answer("It shows as \ufffd.", "What does a wrong encoding look like?"),
        "sampled-stop": numbered(
            plain(
                ask("Poem.", temperature=1, max_tokens=5),
                said("Roses are red and", "length"),
                usage=counted(completion=5),
            ),
            stream(ask("Poem.", temperature=1, max_tokens=5), spoken("Sky."), reply_id="c2"),
        ),
        "completion-ids": (
            stream(
                ask(n=2),
                [*(item | {"id": "a"} for item in spoken("A")), *(item | {"id": "b"} for item in spoken("B", index=1))],
            ),
        ),
        "budget": other(
            native.ANTHROPIC,
            {**native.ANTHROPIC_REQUEST, "max_tokens": 1024, "thinking": {"type": "enabled", "budget_tokens": 2048}},
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "max_tokens must be greater than thinking.budget_tokens",
                },
            },
            status=400,
        ),
        "yaml-asked": (
            plain(
                ask("Show get_weather's call for Nantes as YAML.", tool_choice="none", **TOOLS),
                said("name: get_weather\narguments:\n  town: Nantes"),
            ),
        ),
        "unload": ollama({"content": ""}, {"messages": [], "keep_alive": 0}, done_reason="unload"),
        "phi-tokens": answer("Phi ends a turn with <|end|>.", "Which special tokens does Phi use?"),
        "cooling": headed(
            envelope("All deployments are in cooldown.", 429, type="rate_limit_error", code="rate_limit_exceeded"),
            retry_after="9",
        ),
        "piece": (stream(ask(), [ROLE, piece({"content": "Loire"}), piece({}, "stop")]),),
        "own-thinking": anthropic([{"type": "text", "text": "The user guide is on page 2."}], stop_reason="end_turn"),
    },
)

KINDS = [INSIDE, REASONING, HISTORY, LISTINGS, ALARMS]
