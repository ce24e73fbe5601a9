"""Fields at the top of a completion, of its choices and messages: dropped, renamed, retyped, emptied."""

from __future__ import annotations

from tests.mutation.mutant import mutant
from tests.mutation.operators import add, drop, edit, put, rename, swap
from tests.mutation.wire import CREATED, MODEL

ANSWERS = "plain* stream*"
#: Plain answers with one choice of text that ended by itself.
TEXT = "plain plain-system plain-multi-turn plain-reasoning plain-unicode plain-cached plain-tools-unused plain-tool-none plain-tool-result"
#: Plain answers whose only output is a call that the model was free to make.
CALL = "plain-tool plain-tools-parallel plain-tool-no-arguments plain-tool-single"
#: Streams of one choice of text.
TEXT_STREAM = "stream stream-long stream-unicode stream-usage stream-tools-unused stream-tool-none stream-timed"

NO_OUTPUT = "content.nonempty_completion"

MUTANTS = [
    mutant("id-dropped", drop("/id"), ANSWERS, "envelope.id_nonempty"),
    mutant("id-empty", put("/id", ""), ANSWERS, "envelope.id_nonempty"),
    mutant("id-null", put("/id", None), ANSWERS, "envelope.id_nonempty"),
    mutant("id-number", put("/id", 7), ANSWERS, "envelope.id_nonempty"),
    mutant("id-renamed", rename("/id", "uuid"), ANSWERS, "envelope.id_nonempty", "schema.unknown_field"),
    mutant("id-changes", put("/id", "chatcmpl-z9", 1), "stream*", "envelope.id_stable"),
    mutant("id-empty-on-one-chunk", put("/id", "", 1), "stream*", "envelope.id_nonempty"),
    mutant("object-dropped", drop("/object"), ANSWERS, "envelope.object_const"),
    mutant("object-of-the-other-mode", put("/object", "chat.completion"), "stream*", "envelope.object_const"),
    mutant("object-of-the-other-mode", put("/object", "chat.completion.chunk"), "plain*", "envelope.object_const"),
    mutant("object-case", edit("/object", str.upper), ANSWERS, "envelope.object_const"),
    mutant("object-null", put("/object", None), ANSWERS, "envelope.object_const"),
    mutant("created-dropped", drop("/created"), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-null", put("/created", None), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-zero", put("/created", 0), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-milliseconds", put("/created", CREATED * 1000), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-fraction", put("/created", CREATED + 0.25), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-float", put("/created", float(CREATED)), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-text", put("/created", str(CREATED)), ANSWERS, "envelope.created_unix_seconds"),
    mutant("created-changes", put("/created", CREATED + 1, -1), "stream*", "envelope.created_stable"),
    mutant("model-dropped", drop("/model"), ANSWERS, "envelope.model_nonempty"),
    mutant("model-empty", put("/model", ""), ANSWERS, "envelope.model_nonempty"),
    mutant("model-null", put("/model", None), ANSWERS, "envelope.model_nonempty"),
    mutant("model-another", put("/model", "zephyr-nano"), ANSWERS, "model.echo_served"),
    mutant("model-changes", put("/model", "aurora-2-mini", 1), "stream*", "envelope.model_stable"),
    mutant("fingerprint-number", add("/system_fingerprint", 7), "plain*", "schema.completion"),
    mutant("fingerprint-number", add("/system_fingerprint", 7), "stream*", "schema.chunk"),
    mutant("service-tier-list", add("/service_tier", []), "plain*", "schema.completion"),
    mutant("service-tier-list", add("/service_tier", [], 0), "stream*", "schema.chunk"),
    mutant("extension-retyped", add("/x_groq", "r1"), ANSWERS, "vendor.extension_schema"),
    mutant("native-reason-retyped", add("/choices/0/native_finish_reason", 1), ANSWERS, "vendor.extension_schema"),
    mutant("field-unknown", add("/frobnicated", 1), ANSWERS, "schema.unknown_field"),
    mutant("field-unknown-in-the-choice", add("/choices/0/frobnicated", 1), ANSWERS, "schema.unknown_field"),
    mutant("key-twice", swap(b'"model": ', b'"model": "aurora-1", "model": '), ANSWERS, "schema.unique_keys"),
    mutant(
        "key-twice-equal", swap(b'"model": ', f'"model": "{MODEL}", "model": '.encode()), ANSWERS, "schema.unique_keys"
    ),
    # choices
    mutant("choices-dropped", drop("/choices"), "plain*", "chunk.choices_required", "error.status_nonsuccess"),
    mutant("choices-null", put("/choices", None), "plain*", "chunk.choices_required", "error.status_nonsuccess"),
    mutant("choices-object", put("/choices", {}), "plain*", "chunk.choices_required", "error.status_nonsuccess"),
    mutant("choices-text", put("/choices", ["The Loire."]), "plain*", "schema.choice", "error.status_nonsuccess"),
    mutant("choices-empty", put("/choices", []), "plain*", "error.status_nonsuccess"),
    mutant(
        "choices-renamed",
        rename("/choices", "outputs"),
        "plain*",
        "chunk.choices_required",
        "error.status_nonsuccess",
        "schema.unknown_field",
    ),
    mutant("choices-dropped", drop("/choices"), "stream*", "chunk.choices_required", "stream.truncated_without_finish"),
    mutant("choices-dropped-once", drop("/choices", 2), TEXT_STREAM, "chunk.choices_required"),
    mutant("choices-text-once", put("/choices", [" big"], 2), TEXT_STREAM, "schema.choice"),
    mutant("choices-null-once", put("/choices", None, 2), TEXT_STREAM, "chunk.choices_required"),
    mutant("choices-dropped-on-usage", drop("/choices", -1), "stream-usage stream-length", "chunk.choices_required"),
    mutant("choices-null-on-usage", put("/choices", None, -1), "stream-usage stream-length", "chunk.choices_required"),
    mutant("choice-index-dropped", drop("/choices/0/index"), "plain* stream* !stream-n", "choice.index"),
    mutant("choice-index-null", put("/choices/0/index", None), "plain* stream* !stream-n", "choice.index"),
    mutant("choice-index-text", put("/choices/0/index", "0"), "plain* stream* !stream-n", "choice.index"),
    mutant("choice-index-shifted", put("/choices/0/index", 1), "plain* stream* !*-n", "choice.index"),
    mutant("choice-index-reused", put("/choices/1/index", 0), "plain-n", "n.honoured"),
    mutant("choice-index-skips", put("/choices/1/index", 2), "plain-n", "choice.index"),
    mutant("choice-index-swapped", put("/choices/0/index", -1), "plain", "choice.index"),
    # message
    mutant("message-dropped", drop("/choices/0/message"), TEXT, "choice.message_required", NO_OUTPUT),
    mutant("message-null", put("/choices/0/message", None), TEXT, "choice.message_required", NO_OUTPUT),
    mutant("message-text", put("/choices/0/message", "The Loire."), TEXT, "choice.message_required", NO_OUTPUT),
    mutant(
        "message-dropped",
        drop("/choices/0/message"),
        CALL,
        "choice.message_required",
        NO_OUTPUT,
        "finish_reason.tool_calls_consistency",
    ),
    mutant(
        "message-is-a-delta",
        rename("/choices/0/message", "delta"),
        TEXT,
        "choice.message_required",
        NO_OUTPUT,
        "schema.unknown_field",
    ),
    mutant("role-dropped", drop("/choices/0/message/role"), "plain*", "choice.message_role"),
    mutant("role-null", put("/choices/0/message/role", None), "plain*", "choice.message_role"),
    mutant("role-empty", put("/choices/0/message/role", ""), "plain*", "choice.message_role"),
    mutant("role-case", put("/choices/0/message/role", "Assistant"), "plain*", "choice.message_role"),
    mutant("role-user", put("/choices/0/message/role", "user"), "plain*", "choice.message_role"),
    mutant("refusal-false", add("/choices/0/message/refusal", False), "plain* !plain-refusal", "schema.message"),  # noqa: FBT003
    mutant("annotations-object", add("/choices/0/message/annotations", {}), "plain*", "schema.message"),
    mutant("reasoning-number", add("/choices/0/message/reasoning_content", 7), "plain*", "schema.message"),
    mutant("refusal-false", add("/choices/0/delta/refusal", False, 1), TEXT_STREAM, "schema.delta"),  # noqa: FBT003
    mutant("reasoning-number", add("/choices/0/delta/reasoning_content", 7, 1), TEXT_STREAM, "schema.delta"),
]
