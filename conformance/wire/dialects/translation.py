"""A recorded request in another protocol: read into an `Ask`, and composed anew; what has no word there is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.wire.dialects.ask import FIELDS, Ask, Composed, Format, NotSayable, Text, Tool, ToolChoice, Turn
from conformance.wire.dialects.conversations import tidied
from conformance.wire.dialects.declared_tools import client_tools, provider_tools
from conformance.wire.dialects.reading import mapping, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.face import Dialect

#: Fields that tune an answer: a request without them still asks the same. They are left out one by one, and named.
_TUNING: Final = ("seed", "logprobs", "top_logprobs", "include_usage", "parallel_tools", "reasoning", "top_p", "n")
#: Members that name a state which the provider keeps: nobody else can go on from there.
KEPT_ELSEWHERE: Final = ("previous_response_id", "conversation", "previous_interaction_id", "cachedContent")
#: Members that hold the conversation, which is read into turns, under every name of every dialect.
_CONVERSATION: Final = frozenset(
    {
        "messages", "message", "chat_history", "preamble", "input", "instructions", "contents", "prompt", "system",
        "systemInstruction", "system_instruction",
    }
)  # fmt: skip
#: Values that ask for nothing.
_NOTHING: Final[tuple[Any, ...]] = (None, False, "", [], {})
_PLAIN: Final = Ask(turns=(Turn("user", (Text("Hello"),)),))


class Translated(NamedTuple):
    """A request for another address, or why there is none, and what of the recorded one it leaves out, in words."""

    request: Composed | NotSayable
    lost: tuple[str, ...] = ()


def translated(case: Case, dialect: Dialect, model: str, refused: frozenset[str] = frozenset()) -> Translated:
    """Return a recorded chat request as a dialect writes it. In the same dialect it stays as it was, but for the model.

    Args:
        case: the recorded exchange.
        dialect: the one to write.
        model: the one to ask.
        refused: parameters that the target does not take.
    """
    body = case.exchange.request.json
    kept = next((name for name in KEPT_ELSEWHERE if body.get(name)), None)
    if kept is not None:
        return Translated(NotSayable(f"cannot go on from a state that another provider keeps ({kept})"))
    if case.dialect is None:
        return Translated(NotSayable("cannot say what no dialect reads"))
    if dialect.name == case.dialect.name:
        return Translated(_readdressed(body, dialect, model, stream=case.asked.stream))
    ask, lost = ask_of(case)
    composed, left_out = _composed(ask, dialect, model, refused)
    gone = (*lost, *_wordless(body, ask, case.dialect, free=case.asked.tool_mode == "auto"), *left_out)
    if isinstance(composed, Composed) and composed.body is not None:
        untaken = refused & composed.body.keys()
        composed = composed._replace(body={name: item for name, item in composed.body.items() if name not in untaken})
        gone = (*gone, *sorted(untaken))
    return Translated(composed, tuple(dict.fromkeys(gone)))


def ask_of(case: Case) -> tuple[Ask, tuple[str, ...]]:
    """Return a recorded request in neutral terms, and what of it these cannot hold, in words."""
    body, asked = case.exchange.request.json, case.asked
    system, turns, lost = tidied(asked.turns)
    hosted = [f"the provider's own tool {kind}" for kind in provider_tools(body)]
    own = client_tools(body)
    tools = tuple(
        Tool(name, word(own[name].get("description")) or None, schema, strict if isinstance(strict, bool) else None)
        for name, schema in asked.tools.items()
        if name in own
        for strict in (own[name].get("strict"),)
    )
    # To choose freely is what every dialect does unasked, and not every one has a word for it.
    chosen = asked.tool_mode not in {None, "auto"} and bool(tools)
    choice = ToolChoice(asked.tool_mode, asked.tool_name) if asked.tool_mode is not None and chosen else None
    top_p = body.get("top_p")
    ask = Ask(
        system=system,
        turns=turns,
        tools=tools,
        tool_choice=choice,
        parallel_tools=asked.parallel_tools if tools else None,
        format=_format(case),
        stream=asked.stream,
        include_usage=asked.stream and asked.include_usage is True,
        n=asked.n if asked.n > 1 else None,
        stop=asked.stop,
        logprobs=asked.logprobs,
        top_logprobs=asked.top_logprobs,
        reasoning=word(body.get("reasoning_effort")) or word(mapping(body, "reasoning").get("effort")) or None,
        top_p=top_p if isinstance(top_p, int | float) else None,
        max_tokens=asked.max_tokens,
        temperature=asked.temperature,
        seed=asked.seed,
    )
    return ask, (*lost, *hosted)


def _composed(
    ask: Ask, dialect: Dialect, model: str, refused: frozenset[str]
) -> tuple[Composed | NotSayable, tuple[str, ...]]:
    """Return the request, without the tuning that the dialect has no word for; else the first reason why there is none."""
    first = composed = dialect.compose(ask, model, refused)
    left_out: list[str] = []
    for name in _TUNING:
        if isinstance(composed, Composed):
            break
        usual: Any = {name: FIELDS[name]}
        plain = replace(ask, **usual)
        if plain == ask:
            continue
        without = dialect.compose(plain, model, refused)
        if isinstance(without, Composed) or without.reason != composed.reason:
            ask, composed = plain, without
            left_out.append(name)
    return (composed, tuple(left_out)) if isinstance(composed, Composed) else (first, ())


def _readdressed(body: dict[str, Any], dialect: Dialect, model: str, *, stream: bool) -> Composed | NotSayable:
    usual = dialect.compose(replace(_PLAIN, stream=stream), model)
    if isinstance(usual, NotSayable):
        return usual
    named = {"model": model} if "model" in (usual.body or {}) else {}
    rest = {name: value for name, value in body.items() if name != "model"}
    return usual._replace(body={**named, **rest})


def _wordless(body: dict[str, Any], ask: Ask, dialect: Dialect, *, free: bool) -> Iterator[str]:
    """Yield the members of a request that do not come back when its own dialect writes it anew: no neutral word holds them.

    `free` says that the model chooses freely whether to call a tool, which needs no word.
    """
    anew = dialect.compose(ask, word(body.get("model")) or None)
    written = anew.body or {} if isinstance(anew, Composed) else None
    if written is None:
        return
    skipped = {*dialect.limits, *_CONVERSATION, "model"}
    if ask.n is None:
        skipped |= {"n", "candidateCount"}
    if free or not ask.tools:
        skipped |= {"tool_choice", "toolConfig"}
    if not ask.tools:
        skipped |= {"tools", "parallel_tool_calls"}
    within = {limit.partition(".")[::2] for limit in dialect.limits}
    holders = {holder for holder, member in within if member}
    for name, value in body.items():
        if value in _NOTHING or name in skipped:
            continue
        if isinstance(value, dict) and (name in holders or isinstance(written.get(name), dict)):
            there = written.get(name, {})
            rest = (key for key, item in value.items() if key not in there and item not in _NOTHING)
            yield from (f"{name}.{key}" for key in rest if key not in skipped and (name, key) not in within)
        elif name not in written:
            yield name


def _format(case: Case) -> Format | None:
    asked, body = case.asked, case.exchange.request.json
    if asked.response_format in {"json", "json_object"}:
        return Format("json")
    if asked.response_format != "json_schema":
        return None
    holder = mapping(mapping(body, "response_format"), "json_schema") or mapping(mapping(body, "text"), "format")
    strict = holder.get("strict")
    name = word(holder.get("name")) or "answer"
    return Format("json_schema", name, asked.response_schema, strict if isinstance(strict, bool) else None)
