"""Requests that are not honoured: parameters ignored, refused or answered although they are wrong."""

from __future__ import annotations

from typing import Any

from tests.mutation.answers import AS_OBJECT, AS_TOWN
from tests.mutation.catalogue.envelope import CALL
from tests.mutation.event_operators import text
from tests.mutation.legal import CALLED, RETURNED
from tests.mutation.mutant import mutant
from tests.mutation.operators import GONE, asked, drop, edit, put, sent, status, then
from tests.mutation.wire import dumped

#: Answers in prose whose request leaves room for one more parameter.
PROSE = "plain plain-system plain-multi-turn plain-cached stream stream-long stream-usage"
COUNTED = "plain plain-system plain-multi-turn plain-tool plain-reasoning stream-usage"
ONE_CHOICE = "plain plain-tool plain-json-schema stream stream-tool stream-usage"
OFFERED = "plain-tools-unused plain-tool-result stream-tools-unused"
CALLS = f"{CALL} stream-tool stream-tools-parallel stream-tool-no-arguments"
JSON_MODES = "plain-json-object plain-json-schema stream-json-object stream-json-schema"
SCORES = "/choices/0/logprobs"
IGNORED = "tool_choice.honoured"
FAULTY: dict[str, Any] = {
    "max_tokens": "many",
    "temperature": 9,
    "top_p": -1,
    "top_logprobs": 90,
    "presence_penalty": 3,
    "n": "two",
    "seed": "x",
}


#: Bytes in the place of a picture's: with a foreign character, and our own text.
NO_PICTURES = {"no-base64": "iVBOR!w0KGgo=", "no-picture": "Y29uZm9ybWFuY2Utbm8tc3VjaC1waWN0dXJl"}


def _shown(data: str) -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    return {"role": "user", "content": [{"type": "text", "text": "Describe this."}, picture]}


def _choose(choice: Any) -> Any:
    return asked(tool_choice=choice)


def _refused(message: str, param: str | None = None, code: str | None = None, **more: Any) -> Any:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code, **more}
    return then(status(400), sent(dumped({"error": error}), "application/json"))


MUTANTS = [
    # limits
    mutant("limit-passed", asked(max_tokens=4), COUNTED, "max_tokens.honoured"),
    mutant(
        "limit-passed-by-one", asked(max_completion_tokens=8), "plain plain-system stream-usage", "max_tokens.honoured"
    ),
    mutant("cut-called-stop", put("/choices/0/finish_reason", "stop"), "plain-length", "max_tokens.finish_length"),
    mutant("cut-called-stop", put("/choices/0/finish_reason", "stop", -1), "stream-length", "max_tokens.finish_length"),
    mutant(
        "stop-in-the-text",
        asked(stop=["Loire"]),
        "plain stream stream-usage stream-tools-unused",
        "stop.excluded_from_output",
    ),
    mutant(
        "stop-across-chunks",
        asked(stop=["oire i"]),
        "stream stream-usage stream-tools-unused",
        "stop.excluded_from_output",
    ),
    mutant(
        "one-of-the-stops-in-the-text",
        asked(stop=["zebra", "river"]),
        "stream stream-usage stream-tools-unused",
        "stop.excluded_from_output",
    ),
    mutant(
        "half-of-the-stop-at-the-end",
        then(asked(stop=["</answer>"]), text("The Loire.</answ")),
        "plain plain-system",
        "stop.excluded_from_output",
    ),
    mutant("choices-fewer-than-asked", asked(n=3), f"{ONE_CHOICE} plain-n stream-n", "n.honoured"),
    mutant("choices-more-than-asked", asked(n=GONE), "plain-n stream-n", "n.honoured"),
    # logprobs
    mutant("logprobs-ignored", asked(logprobs=True), PROSE, "logprobs.honoured"),
    mutant("logprobs-dropped", drop(SCORES), "plain-logprobs stream-logprobs", "logprobs.honoured"),
    mutant("logprobs-null", put(SCORES, None), "plain-logprobs stream-logprobs", "logprobs.honoured"),
    mutant(
        "logprobs-empty",
        put(SCORES, {"content": [], "refusal": None}),
        "plain-logprobs stream-logprobs",
        "logprobs.honoured",
    ),
    mutant(
        "logprobs-of-the-legacy-shape",
        put(SCORES, {"tokens": ["The"], "token_logprobs": [-0.2]}),
        "plain-logprobs stream-logprobs",
        "logprobs.honoured",
        "logprobs.shape",
        "schema.unknown_field",
    ),
    mutant("logprobs-list", put(SCORES, []), "plain-logprobs stream-logprobs", "logprobs.honoured", "logprobs.shape"),
    mutant(
        "logprob-positive",
        put(f"{SCORES}/content/0/logprob", 0.7),
        "plain-logprobs stream-logprobs",
        "logprobs.not_positive",
    ),
    mutant(
        "logprob-text", put(f"{SCORES}/content/0/logprob", "-0.2"), "plain-logprobs stream-logprobs", "logprobs.shape"
    ),
    mutant("logprob-dropped", drop(f"{SCORES}/content/0/logprob"), "plain-logprobs stream-logprobs", "logprobs.shape"),
    mutant(
        "logprob-token-dropped", drop(f"{SCORES}/content/0/token"), "plain-logprobs stream-logprobs", "logprobs.shape"
    ),
    mutant(
        "logprob-alternatives-dropped",
        drop(f"{SCORES}/content/0/top_logprobs"),
        "plain-logprobs stream-logprobs",
        "logprobs.shape",
    ),
    mutant(
        "logprob-alternatives-object",
        put(f"{SCORES}/content/0/top_logprobs", {"The": -0.2}),
        "plain-logprobs stream-logprobs",
        "logprobs.shape",
    ),
    mutant(
        "logprob-bytes-text",
        put(f"{SCORES}/content/0/bytes", "VGhl"),
        "plain-logprobs stream-logprobs",
        "logprobs.shape",
    ),
    mutant(
        "logprob-bytes-too-large",
        put(f"{SCORES}/content/0/bytes", [300]),
        "plain-logprobs stream-logprobs",
        "logprobs.shape",
    ),
    # response_format
    mutant("json-object-ignored", asked(**AS_OBJECT), PROSE, "response_format.json_parses"),
    mutant("json-schema-ignored", asked(**AS_TOWN), PROSE, "response_format.json_parses"),
    mutant("json-fenced", text('```json\n{"town": "Nantes"}\n```'), JSON_MODES, "response_format.json_parses"),
    mutant("json-after-prose", text('Here it is: {"town": "Nantes"}'), JSON_MODES, "response_format.json_parses"),
    mutant("json-cut", text('{"town": "Nan'), JSON_MODES, "response_format.json_parses"),
    mutant("json-twice", text('{"town": "Nantes"}{"town": "Nantes"}'), JSON_MODES, "response_format.json_parses"),
    mutant("json-nan", text('{"town": NaN}'), "plain-json-object stream-json-object", "response_format.json_parses"),
    mutant(
        "json-of-another-type",
        text('{"town": 44}'),
        "plain-json-schema stream-json-schema",
        "response_format.schema_valid",
    ),
    mutant(
        "json-of-another-key",
        text('{"city": "Nantes"}'),
        "plain-json-schema stream-json-schema",
        "response_format.schema_valid",
    ),
    mutant("json-list", text('["Nantes"]'), "plain-json-object stream-json-object", "response_format.json_parses"),
    mutant("json-list", text('["Nantes"]'), "plain-json-schema stream-json-schema", "response_format.schema_valid"),
    mutant(
        "json-empty",
        put("/choices/0/message/content", ""),
        "plain-json-object plain-json-schema",
        "response_format.json_parses",
        "content.nonempty_completion",
    ),
    mutant(
        "json-schema-refused",
        then(asked(**AS_TOWN), _refused("response_format json_schema is not supported")),
        PROSE,
        "response_format.accepted",
    ),
    mutant(
        "json-object-refused-beside-tools",
        then(asked(**AS_OBJECT), _refused("json mode cannot be combined with tool calling")),
        OFFERED,
        "response_format.accepted",
    ),
    # tool_choice
    mutant("required-ignored", _choose("required"), OFFERED, IGNORED),
    mutant("none-ignored", _choose("none"), CALLS, IGNORED),
    mutant("named-ignored", _choose({"type": "function", "function": {"name": "clock"}}), OFFERED, IGNORED),
    mutant(
        "named-swapped",
        _choose({"type": "function", "function": {"name": "clock"}}),
        "plain-tool stream-tool plain-tools-parallel",
        IGNORED,
    ),
    mutant("single-ignored", asked(parallel_tool_calls=False), "plain-tools-parallel stream-tools-parallel", IGNORED),
    mutant(
        "required-refused",
        then(_choose("required"), _refused("tool_choice 'required' is not supported")),
        OFFERED,
        "tool_choice.forms_accepted",
    ),
    mutant(
        "auto-refused",
        _refused("tool choice 'auto': start with --with-tools"),
        OFFERED,
        "tool_choice.forms_accepted",
        "error.status_class",
    ),
    mutant(
        "named-refused",
        then(
            _choose({"type": "function", "function": {"name": "clock"}}),
            _refused("tool_choice: must be a string", "tool_choice"),
        ),
        OFFERED,
        "tool_choice.forms_accepted",
    ),
    mutant(
        "schema-keyword-refused",
        _refused("Unsupported JSON schema fields: {'minimum'}"),
        OFFERED,
        "tool_call.schema_keywords_accepted",
    ),
    # what should have been refused, and what should not
    *(
        mutant(f"faulty-{name}-answered", asked(**{name: value}), f"{PROSE} stream-tool", "params.invalid_refused")
        for name, value in FAULTY.items()
        if name != "max_tokens"
    ),
    mutant("faulty-limit-answered", asked(max_tokens="many"), f"{PROSE} stream-tool", "params.invalid_refused"),
    mutant(
        "faulty-role-answered", asked(messages=[{"role": "wizard", "content": "Hi"}]), PROSE, "params.invalid_refused"
    ),
    *(
        mutant(f"{name}-answered", asked(messages=[_shown(data)]), PROSE, "params.invalid_refused")
        for name, data in NO_PICTURES.items()
    ),
    mutant("no-messages-answered", asked(messages=[]), PROSE, "params.invalid_refused"),
    mutant("no-model-answered", asked(model=GONE), PROSE, "params.invalid_refused"),
    mutant(
        "no-such-model-answered",
        asked(model="conformance-no-such-model"),
        PROSE,
        "error.unknown_model_status",
        "model.echo_served",
    ),
    mutant(
        "own-history-refused",
        then(
            asked(messages=[{"role": "user", "content": "Hi"}, RETURNED]),
            _refused("messages[1]: unknown field reasoning_content"),
        ),
        PROSE,
        "reasoning.roundtrip_accepted",
    ),
    mutant(
        "own-null-content-refused",
        then(
            asked(messages=[{"role": "user", "content": "Hi"}, CALLED]),
            _refused("messages[1].content: expected a string, got null"),
        ),
        PROSE,
        "reasoning.roundtrip_accepted",
    ),
    mutant(
        "own-call-refused",
        _refused(
            "Failed to call a function. Adjust your prompt.",
            code="tool_use_failed",
            failed_generation="<function=clock>",
        ),
        CALLS,
        "tool_call.server_rejects_own_output",
        "error.status_class",
    ),
    mutant(
        "own-json-refused",
        _refused("The model's answer did not fit.", code="json_validate_failed"),
        JSON_MODES,
        "tool_call.server_rejects_own_output",
    ),
    mutant(
        "seed-refused",
        then(asked(seed=7), _refused("Unrecognized request argument supplied: seed")),
        PROSE,
        "params.standard_accepted",
    ),
    mutant(
        "limit-refused",
        then(asked(max_tokens=99), _refused("max_tokens is not supported by this model", "max_tokens", "bad_request")),
        PROSE,
        "params.standard_accepted",
    ),
    mutant(
        "tools-forgotten",
        edit("/choices/0/finish_reason", lambda _: "stop"),
        CALL,
        "finish_reason.tool_calls_consistency",
    ),
]
