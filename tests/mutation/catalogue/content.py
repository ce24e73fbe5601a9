"""Text: missing, of the wrong type, broken, leaked, repeated."""

from __future__ import annotations

from tests.mutation.catalogue.envelope import NO_OUTPUT, TEXT, TEXT_STREAM
from tests.mutation.event_operators import cumulative, say_again, say_twice, text
from tests.mutation.mutant import mutant
from tests.mutation.operators import drop, put, rename, swap

#: Short texts only: what a stream of one chunk repeats is too short to be told from a refrain.
SAID = "plain plain-system plain-multi-turn stream stream-short stream-usage"
OFFERED = "plain-tools-unused plain-tool-none plain-tool-result stream-tools-unused stream-tool-none"
CONTENT = "/choices/0/message/content"
DELTA = "/choices/0/delta/content"
LOOP = "The Loire rises in the Ardèche. " + "and then it flows on " * 40
NOISE = "The มนุษย์ orthand 撒く Jwt مرحبا Loire"

CALL_IN_TEXT = "tool_call.not_in_content"

MUTANTS = [
    mutant("content-dropped", drop(CONTENT), TEXT, NO_OUTPUT, "choice.message_content"),
    mutant("content-null", put(CONTENT, None), TEXT, NO_OUTPUT),
    mutant("content-empty", put(CONTENT, ""), TEXT, NO_OUTPUT),
    mutant("content-blank", put(CONTENT, " \n"), TEXT, NO_OUTPUT),
    mutant(
        "content-renamed",
        rename(CONTENT, "text"),
        TEXT,
        NO_OUTPUT,
        "schema.unknown_field",
        "choice.message_content",
    ),
    mutant("content-number", put(CONTENT, 7), TEXT, "content.string_or_null", NO_OUTPUT),
    mutant("content-in-parts", put(CONTENT, [{"type": "text", "text": "The Loire."}]), TEXT, "content.string_or_null"),
    mutant("content-dropped", drop(DELTA), TEXT_STREAM, NO_OUTPUT),
    mutant("content-null", put(DELTA, None), TEXT_STREAM, NO_OUTPUT),
    mutant("content-empty", put(DELTA, ""), TEXT_STREAM, NO_OUTPUT),
    mutant("content-renamed", rename(DELTA, "text"), TEXT_STREAM, NO_OUTPUT, "schema.unknown_field"),
    mutant("content-number-once", put(DELTA, 7, 1), TEXT_STREAM, "content.string_or_null"),
    mutant(
        "content-in-parts-once",
        put(DELTA, [{"type": "text", "text": " big"}], 2),
        TEXT_STREAM,
        "content.string_or_null",
    ),
    mutant("content-empty-in-every-choice", put("/choices/1/message/content", ""), "plain-n", NO_OUTPUT),
    mutant(
        "refusal-renamed",
        rename("/choices/0/message/refusal", "refused"),
        "plain-refusal",
        NO_OUTPUT,
        "schema.unknown_field",
    ),
    mutant("refusal-dropped", drop("/choices/0/delta/refusal"), "stream-refusal", NO_OUTPUT),
    mutant("reasoning-only", put(CONTENT, ""), "plain-reasoning", NO_OUTPUT),
    mutant("cut-without-text", put(CONTENT, None), "plain-cut", "content.nonempty_when_cut"),
    mutant("cut-without-text", put(DELTA, ""), "stream-cut", "content.nonempty_when_cut"),
    # broken text
    mutant("replacement-character", text("The Lo\ufffdire."), SAID, "content.text_integrity"),
    mutant("byte-level-spaces", text("TheĠLoireĠisĠlong."), SAID, "content.text_integrity"),
    mutant("byte-level-bytes", text("Itâ\u0122\u013bs the Loire."), SAID, "content.text_integrity"),
    mutant(
        "lone-surrogate",
        swap(b"Loire", b"Lo\\ud83dire"),
        "plain plain-tools-unused plain-cached",
        "content.text_integrity",
        "envelope.json_object",
    ),
    mutant(
        "lone-surrogate",
        swap(b"Loire", b"Lo\\ud83dire"),
        f"{TEXT_STREAM} !stream-long !stream-unicode !stream-timed",
        "content.text_integrity",
        "sse.payload_json",
    ),
    mutant("scripts-mixed", text(NOISE), SAID, "content.no_garble"),
    mutant("runaway", text(LOOP), SAID, "content.no_runaway_repetition"),
    mutant(
        "replacement-character-in-a-refusal",
        swap(b"I cannot", b"I\xef\xbf\xbdcannot"),
        "plain-refusal stream-refusal",
        "content.text_integrity",
    ),
    mutant(
        "replacement-character-in-arguments", swap(b"Na", b"N\xef\xbf\xbd"), "stream-tool", "content.text_integrity"
    ),
    # leaked
    mutant("turn-mark-leaks", text("The Loire.<|im_end|>"), SAID, "content.no_special_tokens"),
    mutant("sentence-mark-leaks", text("The Loire.</s>"), SAID, "content.no_special_tokens"),
    mutant("gemma-mark-leaks", text("The Loire.<end_of_turn>"), SAID, "content.no_special_tokens"),
    mutant("full-width-mark-leaks", text("The Loire.<\uff5cend▁of▁sentence\uff5c>"), SAID, "content.no_special_tokens"),
    mutant("instruction-mark-leaks", text("[INST] The Loire. [/INST]"), SAID, "content.no_special_tokens"),
    mutant(
        "harmony-channels-run-together",
        text("analysisOne river is enough.assistantfinalThe Loire."),
        SAID,
        "content.no_special_tokens",
        "reasoning.not_in_content",
    ),
    mutant("thinking-leaks", text("<think>\nOne is enough.\n</think>\nThe Loire."), SAID, "reasoning.not_in_content"),
    mutant("thinking-end-leaks", text("One is enough.</think>The Loire."), SAID, "reasoning.not_in_content"),
    mutant("thinking-leaks-in-brackets", text("[THINK]One.[/THINK]The Loire."), SAID, "reasoning.not_in_content"),
    # a call written as text
    mutant("call-in-tags", text('<tool_call>{"name": "clock"}</tool_call>'), OFFERED, "tool_call.not_in_content"),
    mutant("call-in-function-tags", text('<function=clock>{"at": 1}</function>'), OFFERED, "tool_call.not_in_content"),
    mutant("call-in-invoke", text('<invoke name="clock"></invoke>'), OFFERED, "tool_call.not_in_content"),
    mutant("call-in-bars", text('<\uff5cDSML\uff5cinvoke name="clock">'), OFFERED, "tool_call.not_in_content"),
    mutant("call-in-argument-tags", text("clock\n<arg_key>at</arg_key>"), OFFERED, "tool_call.not_in_content"),
    mutant("call-without-its-opening-tag", text("1\n</parameter>\n</function>"), OFFERED, "tool_call.not_in_content"),
    mutant("call-by-name-and-json", text('>>>clock\n{"at": 1}'), OFFERED, "tool_call.not_in_content"),
    mutant("call-in-parentheses", text("[clock(at=1)]"), OFFERED, "tool_call.not_in_content"),
    mutant(
        "call-alone-in-a-fence",
        text('```json\n{"name": "clock", "arguments": {}}\n```'),
        OFFERED,
        "tool_call.not_in_content",
    ),
    mutant(
        "calls-in-a-list",
        text('[{"name": "clock", "arguments": {}}, {"name": "clock", "arguments": {}}]'),
        OFFERED,
        CALL_IN_TEXT,
    ),
    mutant(
        "calls-one-after-another",
        text('{"name": "clock", "arguments": {}}\n{"name": "clock", "input": {}}'),
        OFFERED,
        CALL_IN_TEXT,
    ),
    mutant(
        "call-nested",
        text('{"type": "function", "function": {"name": "clock", "arguments": "{}"}}'),
        OFFERED,
        CALL_IN_TEXT,
    ),
    mutant("call-in-a-wrapper", text('{"tool_calls": [{"name": "clock", "arguments": {}}]}'), OFFERED, CALL_IN_TEXT),
    mutant("call-behind-prose", text('I will look:\n{"name": "clock", "parameters": {}}'), OFFERED, CALL_IN_TEXT),
    mutant("call-in-react-lines", text("Thought: the time.\nAction: clock\nAction Input: {}"), OFFERED, CALL_IN_TEXT),
    mutant("call-as-json", text('{"name": "clock", "arguments": {}}'), OFFERED, "tool_call.not_in_content"),
    mutant(
        "call-as-json-parameters", text('{"name": "clock", "parameters": {}}\n'), OFFERED, "tool_call.not_in_content"
    ),
    mutant(
        "call-after-a-mark",
        text('[TOOL_CALLS][{"name": "clock"}]'),
        OFFERED,
        "tool_call.not_in_content",
        "content.no_special_tokens",
    ),
    mutant(
        "call-after-a-python-tag",
        text("<|python_tag|>clock()"),
        OFFERED,
        "tool_call.not_in_content",
        "content.no_special_tokens",
    ),
    # repeated
    mutant("text-so-far", cumulative(), TEXT_STREAM, "stream.delta_incremental"),
    mutant(
        "long-piece-twice",
        say_twice(" It rises far away in the hills."),
        "stream stream-long stream-usage stream-tools-unused",
        "stream.no_duplicate_content",
    ),
    mutant("all-text-again", say_again(), TEXT_STREAM, "stream.no_duplicate_content"),
    mutant(
        "all-pieces-again",
        say_again(whole=False),
        "stream stream-long stream-usage stream-tools-unused",
        "stream.no_duplicate_content",
    ),
]
