"""Unseen a fifth time: reports on chat and completions from public trackers, and look-alikes, written before anybody looked at the rules.

No report of these stands in the development sets or in the tables before. At first sight (2026-11-29) 94 of 114 reports were named (.82),
5 caught for another reason, 15 missed; 11 of 72 look-alikes were flagged. Nine of these are forms of one vendor, of which eight had a
deviation and one (DeepSeek's `insufficient_system_resource`) got one; one was wrongly built (calls whose fragments interleave: OpenAI's
own helper loses them); one was a false alarm: running usage that the request had asked for. The figures since are those of this module:
`MISSED` and `ELSEWHERE`.
"""

from __future__ import annotations

from typing import Final

from tests.kinds import (
    unseen_fifth_chat_answers,
    unseen_fifth_chat_calls,
    unseen_fifth_chat_legal,
    unseen_fifth_chat_legal_answers,
    unseen_fifth_chat_rest,
    unseen_fifth_chat_streams,
)

REPORTS = {
    **unseen_fifth_chat_calls.REPORTS,
    **unseen_fifth_chat_streams.REPORTS,
    **unseen_fifth_chat_answers.REPORTS,
    **unseen_fifth_chat_rest.REPORTS,
}
LEGAL = {**unseen_fifth_chat_legal.LEGAL, **unseen_fifth_chat_legal_answers.LEGAL}
#: The rules of which one names a defect.
NAMED_BY: Final[dict[str, str]] = {
    "arguments lost": "tool_call.arguments_json stream.parity_with_nonstream",
    "arguments no JSON": "tool_call.arguments_json",
    "tool_choice not honoured": "tool_choice.honoured",
    "name of the tool": "tool_call.name_declared tool_call.name_pattern",
    "markup in content": "tool_call.not_in_content reasoning.not_in_content content.no_special_tokens",
    "call in content": "tool_call.not_in_content",
    "empty tool_calls": "choice.no_empty_calls",
    "type of arguments": "tool_call.arguments_string",
    "no index": "tool_call.index_required",
    "index reused": "tool_call.index_unique_per_call",
    "arguments against the schema": "tool_call.arguments_schema",
    "no name": "tool_call.first_delta_complete",
    "finish reason": "finish_reason.enum finish_reason.tool_calls_consistency max_tokens.finish_length",
    "call in reasoning": "tool_call.not_in_content",
    "no role": "delta.role_once_first",
    "two ends": "finish_reason.exactly_once_per_choice",
    "created": "envelope.created_unix_seconds",
    "object": "envelope.object_const completions.object_const",
    "id changes": "envelope.id_stable",
    "delta": "chunk.delta_required",
    "index": "choice.index",
    "finish reason absent": "finish_reason.present_nullable",
    "data twice": "sse.payload_json",
    "line without a field": "sse.framing",
    "two [DONE]": "sse.done_terminator",
    "no [DONE]": "sse.done_terminator",
    "no finish reason": "stream.truncated_without_finish",
    "error in the stream": "stream.failed_midway",
    "index of the end": "n.honoured stream.truncated_without_finish",
    "index of the choice": "n.honoured",
    "text repeated": "stream.no_duplicate_content stream.delta_incremental",
    "broken characters": "content.text_integrity",
    "spaces lost": "stream.spaces_kept",
    "content lost": "content.nonempty_completion",
    "usage missing": "usage.final_chunk_when_requested",
    "member of usage": "schema.usage",
    "content type": "http.content_type http.stream_content_type http.error_content_type",
    "stream unasked": "stream.only_when_asked",
    "reasoning in content": "reasoning.not_in_content",
    "content empty": "content.nonempty_completion",
    "special tokens": "content.no_special_tokens",
    "words of the server": "content.no_special_tokens",
    "stop not honoured": "stop.excluded_from_output",
    "stop in the text": "stop.excluded_from_output",
    "no JSON": "response_format.json_parses",
    "schema not honoured": "response_format.schema_valid",
    "number of choices": "n.honoured",
    "limit not honoured": "max_tokens.honoured",
    "cut before the limit": "max_tokens.no_other_limit",
    "object and id": "envelope.object_const envelope.id_nonempty",
    "error under 200": "error.status_nonsuccess",
    "sum of usage": "usage.sum",
    "count of reasoning": "usage.sum",
    "usage of zero": "usage.nonzero",
    "rivals of another token": "logprobs.top_holds_token",
    "no logprob": "logprobs.not_positive",
    "number of rivals": "logprobs.honoured",
    "letters of the tokenizer": "logprobs.bytes_are_token",
    "logprobs missing": "logprobs.honoured completions.logprobs_honoured",
    "logprobs empty": "logprobs.honoured completions.logprobs_honoured",
    "form of logprobs": "completions.logprobs_shape",
    "echo not honoured": "completions.echo_honoured",
    "invalid value accepted": "params.invalid_refused",
    "valid request refused": "params.standard_accepted",
    "client's fault as 5xx": "error.status_class error.context_length_code error.bad_request_status",
    "the server's inside": "error.no_internals error.context_length_code",
    "envelope": "error.envelope_object",
    "model's fault as 4xx": "tool_call.server_rejects_own_output",
    "content encoding": "http.content_encoding",
}
#: Reports that nobody names yet, and why.
MISSED: Final[dict[str, str]] = {
    "exo 2001": "a space behind cut thoughts may be the model's own",
    "vllm 14399": "a stop string may be met by the first word of an answer, too",
    "deepseek2api 43": "words of a client's own ('SEARCHING', 'FINISHED') look like any word",
    "sglang 32290": "OpenAI documents that fewer rivals than asked for may come",
}
#: Reports that a rule of another kind flags alone.
ELSEWHERE: Final[dict[str, str]] = {
    "am17an/llama.cpp 43": "tool_call.server_rejects_own_output",  # it cannot tell who wrote the broken arguments
    "OmniRoute 2291": "http.sse_not_compressed",  # recorders decode bodies and keep the label
}
#: Look-alikes that are forms of one vendor: the provider whose deviations know them.
VENDORS: Final[dict[str, str]] = {
    "processing-of-openrouter": "openrouter",
    "first-chunk-of-azure": "azure",
    "reasoning-of-deepseek": "deepseek",
    "overloaded-in-the-middle": "deepseek",
    "signature-of-gemini": "gemini",
    "parts-of-mistral": "mistral",
    "reasoning-on-top-at-xai": "xai",
    "failed-generation-of-groq": "groq",
    "extras-of-vllm": "vllm",
}
#: Look-alikes that were wrongly built: the finding is right.
WRONG: Final[dict[str, str]] = {
    "interleaved-calls": "tool_call.fragments_in_order",  # openai 3.52.0's helper emits a call when the index changes
}
