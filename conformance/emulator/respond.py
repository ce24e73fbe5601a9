"""A request becomes an answer: which endpoint it means, whether its key is good, the model's answer, and its dialect's form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from conformance.emulator.checks import refuse
from conformance.emulator.dialects import Memory, emulated_dialect, hosted_endpoints, is_emulated
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.pace import waits
from conformance.emulator.dress.refusals import rate_limited, refused
from conformance.emulator.hosted import unhosted
from conformance.emulator.mind.answer import answer
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.own_checks import own_refusal
from conformance.emulator.pictures import picture_refused
from conformance.providers import Model
from conformance.wire.dialects import dialect_named
from conformance.wire.exchange import media_type
from conformance.wire.form import FORM
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.emulator.allowance import Allowance
    from conformance.emulator.dialects import EmulatedDialect, Endpoint
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.mind.tool_calls import CallTools
    from conformance.emulator.response import Outgoing
    from conformance.providers import Params, Target
    from conformance.wire.exchange import Request

#: The scheme of AWS's Signature Version 4, which stands in the header of the key.
_SIGNED = "AWS4-HMAC-SHA256 "


def respond(
    target: Target,
    request: Request,
    *,
    seed: int = 0,
    turn: int = 0,
    now: float = 0.0,
    memory: Memory | None = None,
    allowance: Allowance | None = None,
    call_tools: CallTools = "auto",
    refusal: Refusal | None = None,
) -> Outgoing:
    """Return what the emulated provider answers.

    Args:
        target: who answers, in any emulated dialect of its provider, and the model that a listing always holds.
        request: what was asked, under the path of the provider's base URL.
        seed: of everything that is drawn. The same seed, request and turn bring the same answer.
        turn: how often the same was asked before.
        now: Unix seconds.
        memory: answers of earlier requests; None: there were none.
        allowance: what is left of the server's rate limits; None: it has none.
        call_tools: whether the model calls tools that a request leaves to it.
        refusal: how the request is refused whatever it asks; None: as it deserves.

    Raises:
        UnusableInputError: the target's dialect is not emulated.
    """
    memory = Memory() if memory is None else memory
    target, fitting = _fitting(target, request.path)
    dialect = emulated_dialect(target.dialect)
    result = next(((endpoint, name) for endpoint, name in fitting if endpoint.method == request.method), None)
    addressed: Mapping[str, Any] = {}
    hosting = target.hosting
    if result is not None and hosting is not None:
        addressed = hosting.stated(result[0].path.replace("{id}", "{model}"), unquote(result[1]))
    elif result is not None and dialect.addressed is not None:
        addressed = dialect.addressed(request, result[0], unquote(result[1]))
    context = answer_context(
        _asked(target, request),
        request,
        seed=seed,
        turn=turn,
        now=now,
        defaults=dialect.wire,
        addressed=addressed,
    )
    context = replace(context, allowance=allowance)
    if not fitting:
        return refused(context, Refusal("not_found", f"Invalid URL ({request.method} {request.path})"))
    if result is None:
        answered = refused(context, Refusal("not_found", f"Invalid method for URL ({request.method} {request.path})"))
        # An error whose body holds its status is the dialect's own: it has no 405.
        return answered if dialect.failure is not None else replace(answered, status=405)
    refusal = refusal or _key_refused(target, request)
    if refusal is not None:
        return refused(context, refusal)
    endpoint, name = result
    if endpoint.operation == "chat":
        return _chat(context, request, dialect, addressed, seed=seed, memory=memory, call_tools=call_tools)
    if endpoint.operation == "stored" and dialect.stored is not None:
        kept = dialect.stored(context, endpoint, unquote(name), memory)
        return refused(context, kept) if isinstance(kept, Refusal) else kept
    return _models(context, dialect, unquote(name))


def _fitting(target: Target, path: str) -> tuple[Target, list[tuple[Endpoint, str]]]:
    """Return the target in the dialect whose endpoint a path is, and those endpoints with the path's id.

    The target's own dialect comes first, then the others that its provider speaks: a server answers them all.
    """
    emulated_dialect(target.dialect)
    for name in (target.dialect, *target.provider.dialects):
        spoken = replace(target, dialect=name)
        for url in (spoken.base_url, *target.provider.other_base_urls.get(name, ())):
            base = urlsplit(url).path.rstrip("/") + "/"
            own = emulated_dialect(name).endpoints if is_emulated(name) and path.startswith(base) else ()
            endpoints = own if spoken.hosting is None or not own else hosted_endpoints(spoken.hosting)
            below = path[len(base) :]
            fitting = [(endpoint, result) for endpoint in endpoints if (result := endpoint.match(below)) is not None]
            if fitting:
                return spoken, fitting
    return target, []


def answer_body(
    body: Mapping[str, Any],
    target: Target,
    *,
    seed: int,
    path: str = "",
    memory: Memory | None = None,
    system: str = "",
    call_tools: CallTools = "auto",
) -> Completion | Refusal:
    """Return the completion of a request's body, or why it is refused, in the words of the target's dialect.

    Args:
        body: the request's JSON object, sound or not.
        target: whose model answers; another model of the same provider is answered as well.
        seed: of all that is drawn.
        path: of the request's URL: some hosts name the model there.
        memory: answers of earlier requests.
        system: the texts that stand above the conversation.
        call_tools: whether the model calls tools that a request leaves to it.
    """
    dialect = emulated_dialect(target.dialect)
    refusal = refuse(body, target, path)
    if refusal is not None:
        return refusal
    if dialect.read is None:
        return Refusal("unsupported_feature", f"{target.dialect} answers with no words.")
    request = dialect.read({"model": target.model, **body}, Memory() if memory is None else memory)
    if isinstance(request, Refusal):
        return request
    request = replace(request, talk=replace(request.talk, system=system))
    completion = answer(request, target, seed=seed, call_tools=call_tools)
    if not isinstance(completion, Refusal):
        return completion
    param = dialect.params.get(completion.param or "", completion.param)
    message = completion.message or f"'{param}' with this value is not supported by this model."
    return Refusal(completion.when, message, param)


def _models(context: AnswerContext, dialect: EmulatedDialect, name: str) -> Outgoing:
    listing = dialect.listing(context, name or None)
    if listing is not None:
        return listing
    return refused(context, Refusal("unknown_model", f"The model '{name}' does not exist", "model"))


def _chat(
    context: AnswerContext,
    request: Request,
    dialect: EmulatedDialect,
    addressed: Mapping[str, Any],
    *,
    seed: int,
    memory: Memory,
    call_tools: CallTools,
) -> Outgoing:
    reached = context.allowance.admit(context.now) if context.allowance is not None else None
    parsed = rate_limited(context, reached) if reached is not None else _parsed(request)
    if isinstance(parsed, dict) and context.target.hosting is not None:
        parsed = unhosted(parsed, context.target.hosting)
    if isinstance(parsed, Refusal):
        return refused(context, parsed)
    body = {**parsed, **addressed}
    own = own_refusal(body, context.target) or _param_refused(context, body, request.path)
    if own is not None:
        return refused(context, own)
    body = _without_ignored(context.target, body)
    if dialect.reply is not None:
        result = refuse(body, context.target, request.path) or dialect.reply(replace(context, body=body), request, seed)
        return refused(context, result) if isinstance(result, Refusal) else result
    turns = dialect_named(context.target.dialect).asked(request).turns
    completion = answer_body(
        body,
        context.target,
        seed=seed,
        path=request.path,
        memory=memory,
        # The texts that stand above the conversation, in whichever dialect.
        system="\n".join(turn.text for turn in turns if turn.role == "system"),
        call_tools=call_tools,
    )
    if not isinstance(completion, Refusal):
        completion = picture_refused(turns, context.target) or completion
    if isinstance(completion, Refusal):
        return refused(context, completion)
    assert dialect.encode is not None  # noqa: S101 - a dialect has a reply of its own, or writes what the model says
    return dialect.encode(context, completion, waits(context.target.provider.pace, context.rng), memory)


def _param_refused(context: AnswerContext, body: Mapping[str, Any], path: str) -> Refusal | None:
    """Refuse the first parameter that the provider or the model does not take: what is malformed is refused for that."""
    for params in _params(context.target, body):
        named = next((name for name in sorted(params.unsupported) if _given(body, name, params)), None)
        if named and params.handling == "refused":
            malformed = refuse(body, context.target, path)
            return malformed if malformed and malformed.param == named else _unsupported(context, named)
    return None


def _without_ignored(target: Target, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body without the parameters that the provider or the model ignores."""
    ignored = {name for params in _params(target, body) if params.handling == "ignored" for name in params.unsupported}
    return {name: value for name, value in body.items() if name not in ignored}


def _asked(target: Target, request: Request) -> Target:
    """Return the target as the model that was asked for, where it is served, with what it can do for this request."""
    model = dialect_named(target.dialect).asked(request).model
    asked = replace(target, model=model) if model in target.provider.models and model is not None else target
    known = asked.known
    if known is None:
        models = {**asked.provider.models, asked.model: Model(asked.model, asked.provider.takes)}
        return replace(asked, provider=replace(asked.provider, models=models))
    if not known.also:
        return asked
    more = {name for entry in known.also if entry.holds(request.json) for name in entry.capabilities}
    models = {**asked.provider.models, known.id: replace(known, capabilities=known.capabilities | more)}
    return replace(asked, provider=replace(asked.provider, models=models))


def _key_refused(target: Target, request: Request) -> Refusal | None:
    auth = target.auth
    if auth is None or "auth" not in target.capabilities:
        return None
    sent = {name.lower(): value for name, value in request.headers.items()}
    schemes = {auth.header: auth.scheme, **auth.also}
    header = next((name for name in schemes if sent.get(name.lower())), auth.header)
    given, scheme = sent.get(header.lower(), ""), schemes[header]
    if auth.sigv4 and given.startswith(_SIGNED):  # any signature is as good as any key
        return None
    key = given.removeprefix(f"{scheme} ").strip()
    if not key:
        return Refusal("no_key", f"You didn't provide an API key. It belongs into the header {auth.header}.")
    if key == INVALID_KEY or (scheme and not given.startswith(f"{scheme} ")):
        return Refusal("bad_key", "Incorrect API key provided.")
    return None


def _parsed(request: Request) -> dict[str, Any] | Refusal:
    if media_type(request.headers.get("content-type", "")) == FORM:
        return request.json
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        return Refusal("malformed_body", "The body of your request could not be parsed as JSON.")
    if not isinstance(value, dict):
        return Refusal("malformed_body", "The body of your request has to be a JSON object.")
    return value


def _params(target: Target, body: Mapping[str, Any]) -> Iterator[Params]:
    """Yield the provider's parameters and the model's: a model that is not served has none."""
    yield target.provider.params
    if target.known is not None and body.get("model", target.model) == target.model:
        yield target.known.params


def _given(body: Mapping[str, Any], name: str, params: Params) -> bool:
    """Whether a parameter stands in a body with another value than the default that is taken."""
    value: Any = body
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return False
    default = params.defaults.get(name)
    return default is None or value != default or isinstance(value, bool) != isinstance(default, bool)


def _unsupported(context: AnswerContext, name: str) -> Refusal:
    """Return the refusal of a parameter: where the provider has a case for unsupported ones, it is that one."""
    errors, dialect = context.target.provider.errors, context.target.dialect
    sourced = errors.find("unsupported_feature", dialect) or not errors.find("unknown_parameter", dialect)
    when = "unsupported_feature" if sourced else "unknown_parameter"
    return Refusal(when, f"Unsupported parameter: '{name}' is not supported with this model.", name)
