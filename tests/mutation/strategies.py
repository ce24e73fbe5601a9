"""Hypothesis strategies: conforming streams in every legal wrapping, and arbitrary JSON in the places that rules look at."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.mutation.wire import Json, ask, called, chunk, counted, piece, stream

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

#: All of Unicode but surrogates, which no UTF-8 has.
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60).filter(lambda text: text.strip())
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(CHARACTERS, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=8), inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(st.text(CHARACTERS, max_size=8), JSON, max_size=3)
ENDINGS = ("\n", "\r\n", "\r")


@st.composite
def split(draw: st.DrawFn, whole: Any) -> list[Any]:
    """Return a text or bytes in arbitrary pieces, none of them empty."""
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(whole) - 1)), max_size=6)))
    return [part for part in (whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)) if part]


@dataclass(frozen=True)
class Wrapping:
    """How events are written: everything here is legal, and none of it may change a verdict."""

    ending: str
    space: bool
    mark: bool
    ascii_only: bool
    comments: list[int]

    def written(self, payloads: list[Json]) -> bytes:
        """Return the stream of these payloads."""
        prefix = "data: " if self.space else "data:"
        lines: list[str] = []
        for number, text in enumerate([*(self._dumped(item) for item in payloads), "[DONE]"]):
            if number in self.comments:
                lines += [": still here", ""]
            lines += [f"{prefix}{text}", ""]
        body = "".join(line + self.ending for line in lines).encode()
        return b"\xef\xbb\xbf" + body if self.mark else body

    def _dumped(self, payload: Json) -> str:
        return json.dumps(payload, ensure_ascii=self.ascii_only)


WRAPPINGS = st.builds(
    Wrapping,
    st.sampled_from(ENDINGS),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 8), max_size=3),
)


def is_cumulative(texts: list[str]) -> bool:
    """Whether increments happen to look like the text so far (0, 00, 000): no reader of the stream can tell."""
    return len(texts) > 2 and all(
        after.startswith(before) and len(after) > len(before) for before, after in itertools.pairwise(texts)
    )


@st.composite
def conforming_streams(draw: st.DrawFn) -> Exchange:
    """Return a stream of text, of tool calls or of both, in any wrapping.

    The prompt asks for the text to be repeated: so whatever Unicode holds is quoted, not garbled.
    """
    text = draw(st.none() | TEXTS)
    texts = draw(split(text).filter(lambda parts: not is_cumulative(parts))) if text else []
    calls = draw(st.lists(ARGUMENTS, min_size=0 if text else 1, max_size=3))
    names = [f"tool_{number}" for number in range(len(calls))]
    dumped = [json.dumps(arguments, ensure_ascii=draw(st.booleans())) for arguments in calls]
    metered = draw(st.booleans())
    tools = [{"type": "function", "function": {"name": name, "parameters": {"type": "object"}}} for name in names]
    options: Json = ({"tools": tools} if tools else {}) | (
        {"stream_options": {"include_usage": True}} if metered else {}
    )
    chunks = [
        piece({"role": "assistant", "content": "" if texts else None}),
        *(piece({"content": part}) for part in texts),
    ]
    for index, (name, arguments) in enumerate(zip(names, dumped, strict=True)):
        chunks += called(name, *draw(split(arguments)), index=index, call_id=f"call_{index}")
    chunks.append(piece({}, "tool_calls" if calls else "stop"))
    if metered:
        chunks = [*(item | {"usage": None} for item in chunks), chunk([], usage=counted())]
    request = ask(
        f"Repeat: {text or ''} {' '.join(dumped)} {calls!r} {json.dumps(calls, ensure_ascii=False)}", **options
    )
    return stream(request, [], body=draw(WRAPPINGS).written(chunks))


#: Names that rules read, so that arbitrary values land where it matters.
_NAMES = st.sampled_from(
    (
        "id",
        "object",
        "created",
        "model",
        "choices",
        "usage",
        "error",
        "message",
        "type",
        "code",
        "param",
        "data",
        "index",
        "delta",
        "finish_reason",
        "logprobs",
        "content",
        "role",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "refusal",
        "reasoning",
        "reasoning_content",
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "prompt_tokens_details",
        "cached_tokens",
        "logprob",
        "token",
        "text",
        "thinking",
        "detail",
    )
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["", "stop", "assistant", "tool_calls"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=14,
)
OBJECTS = st.dictionaries(_NAMES, ANYTHING, max_size=8)
#: Nearer to a chunk: whatever stands in choices, deltas and calls.
ODD_CHOICES = st.lists(
    st.fixed_dictionaries(
        {"delta": OBJECTS, "message": OBJECTS},
        optional={"index": ANYTHING, "finish_reason": ANYTHING, "logprobs": OBJECTS},
    ),
    max_size=2,
)
ODD_CHUNKS = OBJECTS | st.fixed_dictionaries(
    {"choices": ODD_CHOICES | ANYTHING, "usage": OBJECTS | ANYTHING},
    optional={"id": ANYTHING, "error": ANYTHING, "created": ANYTHING, "model": ANYTHING},
)
ODD_REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "model": ANYTHING,
        "messages": ANYTHING | st.lists(OBJECTS, max_size=2),
        "stream": st.booleans() | ANYTHING,
        "n": ANYTHING,
        "stop": ANYTHING,
        "max_tokens": ANYTHING,
        "logprobs": ANYTHING,
        "temperature": ANYTHING,
        "seed": ANYTHING,
        "tools": ANYTHING | st.lists(st.fixed_dictionaries({"function": OBJECTS | ANYTHING}), max_size=2),
        "tool_choice": ANYTHING | st.fixed_dictionaries({"function": OBJECTS}),
        "parallel_tool_calls": ANYTHING,
        "response_format": ANYTHING
        | st.fixed_dictionaries({"type": st.just("json_schema") | ANYTHING, "json_schema": OBJECTS | ANYTHING}),
        "stream_options": ANYTHING | st.fixed_dictionaries({"include_usage": ANYTHING}),
    },
)
