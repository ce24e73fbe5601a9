"""Kinds told by other means: what else of a server's inside, and of the reasoning, reaches the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import (
    answer,
    anthropic,
    envelope,
    error,
    gemini,
    ollama,
    other,
    responses_text,
    streamed_talk,
)
from tests.mutation.answers import ROLE
from tests.mutation.wire import ask, piece, plain, said, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation


def _leak(text: str, status: int = 500, **fields: Any) -> Conversation:
    return envelope(text, status, type="server_error", **fields)


def _converse(text: str) -> Conversation:
    message = {"role": "assistant", "content": [{"text": text}]}
    body = {**native.copied(native.CONVERSE_MESSAGE), "output": {"message": message}, "stopReason": "end_turn"}
    return other(native.CONVERSE, native.CONVERSE_REQUEST, body)


INSIDE = kind(
    "the server's inside, by other means",
    "An error holds words of a runtime, a data base, a cluster or an engine that only its operators know.",
    "error.no_internals",
    {
        "php-array-key": _leak('Undefined array key "choices"'),
        "swift-nil": other(
            native.RESPONSES,
            native.RESPONSES_REQUEST,
            {
                "error": {
                    "message": "Fatal error: Unexpectedly found nil while unwrapping an Optional value",
                    "type": "server_error",
                    "param": None,
                    "code": None,
                }
            },
            status=500,
        ),
        "erlang-badmatch": _leak("{{badmatch,{error,closed}},[{inference,call,2}]}"),
        "redis-wrongtype": other(
            native.ANTHROPIC,
            native.ANTHROPIC_REQUEST,
            {
                "type": "error",
                "error": {
                    "type": "api_error",
                    "message": "WRONGTYPE Operation against a key holding the wrong kind of value",
                },
            },
            status=500,
        ),
        "cluster-host": _leak(
            'Post "http://inference.default.svc.cluster.local:8080/generate": context deadline exceeded', 502
        ),
        "background-loop": _leak("Background loop has errored already."),
        "assertion-cpp": _leak("Assertion failed: mNextBlock != nullptr (kvCacheManager.cpp:512)"),
        "google-debug-info": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "error": {
                    "code": 500,
                    "message": "Internal error encountered.",
                    "status": "INTERNAL",
                    "details": [
                        {
                            "@type": "type.googleapis.com/google.rpc.DebugInfo",
                            "detail": "[ORIGINAL ERROR] generic::internal: serving.cc:88 backend unreachable",
                        }
                    ],
                }
            },
            status=500,
        ),
        "beside-the-message": _leak("The request failed.", details='  File "server.py", line 31, in generate'),
        "streamed": (
            stream(
                ask(),
                [
                    ROLE,
                    piece({"content": "The"}),
                    {
                        "error": {
                            "message": "UnboundLocalError: local variable 'out' referenced before assignment",
                            "type": "server_error",
                            "param": None,
                            "code": None,
                        }
                    },
                ],
            ),
        ),
        "mongo-on-cohere": other(
            native.COHERE,
            native.COHERE_REQUEST,
            {"id": "c1", "message": "E11000 duplicate key error collection: prod.requests index: _id_"},
            status=500,
        ),
        "go-map": _leak("fatal error: concurrent map writes"),
    },
    {
        "image-index": envelope("Image index out of range: 3 images were sent and number 5 was named."),
        "sandbox-trace": envelope("The code in your container failed; its stack trace stands in the tool's output."),
        "deadline": _leak("The request was cancelled: deadline exceeded.", 504),
        "overloaded-engine": _leak("The engine is currently overloaded, please try again later.", 503),
        "undeclared-tool": envelope("You attempt to call a tool that was not declared: get_river."),
        "value-error-words": envelope("Value error: temperature must be at most 2.", param="temperature"),
        "stop-type": envelope("'stop' must be a string or a list of strings.", param="stop"),
        "limit-with-figures": envelope(
            "Request too large in org-1 on tokens per min (TPM): Limit 10000, Requested 19000.", 413, type="tokens"
        ),
        "file-address": envelope("We could not fetch https://files.example/app/data/x.png: it answered 404."),
        "forbidden-folder": envelope("file_path must not lie under /etc/."),
        "key-collection": envelope("A duplicate key stands in your JSON: temperature.", param="temperature"),
        "google-help": error(
            {
                "error": {
                    "message": "Invalid value at 'messages[0].content' (oneof).",
                    "type": "invalid_request_error",
                    "param": "messages[0].content",
                    "code": "invalid_value",
                }
            }
        ),
    },
)

THOUGHTS = kind(
    "reasoning in the text, by other means",
    "The text opens with a chain of thought in marks of another template, another language or another protocol.",
    "reasoning.not_in_content gemini.thoughts_marked content.no_special_tokens",  # marks that are tokens are told as such
    {
        "pipes": answer("<|think|>They want a river.<|/think|>The Loire."),
        "german": answer("Überlegung: Der Nutzer möchte einen Fluss in Frankreich.\n\nAntwort: Die Loire."),
        "chinese": answer("思考过程\uff1a用户想要法国的一条河。\n\n回答\uff1a卢瓦尔河。", "请说出法国的一条河。"),
        "terminal": ollama(
            {"content": "Thinking...\nThe user wants a river.\n...done thinking.\n\nThe Loire."}, {"tools": []}
        ),
        "streamed-in-pieces": streamed_talk("<", "thin", "king>", "They want rain.", "</", "thinking>", "It rains."),
        "start-thinking": other(
            native.COHERE,
            native.COHERE_REQUEST,
            {
                "id": "c1",
                "finish_reason": "COMPLETE",
                "message": {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "text",
                            "text": "<|START_THINKING|>They want the weather.<|END_THINKING|>It is mild.",
                        }
                    ],
                },
                "usage": {"tokens": {"input_tokens": 20, "output_tokens": 9}},
            },
        ),
        "responses": responses_text("<think>They want the weather.</think>It is mild."),
        "process-and-response": answer(
            "Here is my thought process:\nThe user wants one river.\n\nHere is my response:\nThe Loire."
        ),
        "plan": answer("<plan>They want one river, so I name the longest.</plan>The Loire."),
        "fenced": answer("```thinking\nThey want one river.\n```\nThe Loire."),
        "converse": _converse("<thinking>They want the weather.</thinking>\nIt is mild."),
        "json-members": answer('{"thought": "The user wants one river.", "answer": "The Loire."}'),
    },
    {
        "html": answer("<details><summary>Answer</summary>The Loire.</details>", "Name a river, as HTML to unfold."),
        "stage-direction": answer("[thinking] The Loire, aye!", "Play a sailor on a stage and name a river."),
        "xml-by-name": answer(
            "<summary>A river.</summary><analysis>It is long.</analysis>",
            "Return XML with the tags summary and analysis on the Loire.",
        ),
        "a-cot": answer("No, HTML has no <cot> element.", "Is there a cot tag?"),
        "topic": answer("Reasoning is the power of the mind to draw conclusions.", "Define the word."),
        "german-topic": answer("Überlegungen zur Loire gibt es viele: Sie ist lang.", "Schreib etwas zur Loire."),
        "user-manual": answer("Okay, the user manual is on page 3."),
        "own-block": anthropic(
            [
                {"type": "thinking", "thinking": "They want the weather.", "signature": "c2ln"},
                {"type": "text", "text": "It is mild."},
            ],
            stop_reason="end_turn",
        ),
        "in-code": answer("The template ends it with `</think>`.", "How does the template end it?"),
        "painter": answer("My process is simple: first colour, then line.", "How do you paint?"),
        "own-member": (plain(ask(), said("The Loire.", reasoning_content="They want one river; I name the Loire.")),),
        "thinking-of": gemini([{"text": "I am thinking of the Loire, which is mild today."}]),
    },
    missed="json-members",  # a model may answer in JSON of its own accord
)

KINDS = [INSIDE, THOUGHTS]
