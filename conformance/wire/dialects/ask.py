"""What is asked, in terms of no dialect: an `Ask`, which each dialect composes into a request of its own.

`Ask` is the way out and `Asked` (reply.py) the way back: what a request that somebody sent says in the same neutral terms.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conformance.wire.dialects.reply import ToolMode

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
FormatKind: TypeAlias = Literal["text", "json", "json_schema"]


class Text(NamedTuple):
    """Words of a turn."""

    text: str


class Image(NamedTuple):
    """A picture of a turn, by its address; `data:image/png;base64,...` carries the bytes themselves."""

    url: str


class Call(NamedTuple):
    """A tool call that an assistant made; `arguments` are JSON text, as the wire carries them."""

    id: str
    name: str
    arguments: str


class Result(NamedTuple):
    """What a tool gave back for the call with that id, or of that name (Gemini)."""

    id: str
    content: str
    name: str | None = None
    failed: bool = False  # the request says that it is an error


class Other(NamedTuple):
    """A part that somebody sent and that is no words: a file, a sound, a provider's own block. Nothing that we ask has one."""

    kind: str


Part: TypeAlias = Text | Image | Call | Result | Other


class Turn(NamedTuple):
    """One turn of a conversation: who speaks, and the parts in their order.

    Results stand in turns of role `tool`, or where the dialect puts them. A system text that we ask with is `Ask.system`; one that
    somebody sent is a turn.
    """

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The words alone, joined by line breaks."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))


class Tool(NamedTuple):
    """A function that the model may call; `parameters` are a JSON Schema."""

    name: str
    description: str | None = None
    parameters: Any = None
    strict: bool | None = None


class ToolChoice(NamedTuple):
    """Whether a call is demanded; `name` is the function where `mode` is `named`."""

    mode: ToolMode
    name: str | None = None


class Format(NamedTuple):
    """The form of the answer; `name`, `schema` and `strict` belong to `json_schema`."""

    kind: FormatKind
    name: str | None = None
    schema: Any = None
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One request in neutral terms. A field with its default value is not written.

    `history` are items of an earlier exchange in the dialect's own form, from `carry_on`: they stand before the turns.
    `written` are the names of fields in the order in which a request shall write them; those that it leaves out follow in the order
    below. JSON gives no meaning to it, but what was recorded and what is asked again are then the same bytes.
    """

    operation: Literal["chat", "models", "model"] = "chat"
    model: str | None = None  # in place of the target's
    system: str | None = None
    history: tuple[Any, ...] = ()
    turns: tuple[Turn, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tools: bool | None = None
    format: Format | None = None
    stream: bool = False
    include_usage: bool = False
    n: int | None = None
    stop: tuple[str, ...] = ()
    logprobs: bool = False
    top_logprobs: int | None = None
    reasoning: str | None = None  # the effort, in the words of the APIs: low, medium, high, ...
    top_p: float | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    written: tuple[str, ...] = ()

    def members(self) -> list[str]:
        """Return the names of the fields that a request has to write, in order; `system` and `history` stand with the turns."""
        order = dict.fromkeys((*self.written, *FIELDS))
        return [name for name in order if name == "turns" or (name in FIELDS and getattr(self, name) != FIELDS[name])]


#: The fields that each have a word of their own in a request, with the value that is not written.
FIELDS = {
    field.name: field.default
    for field in fields(Ask)
    if field.name not in {"operation", "model", "system", "history", "written"}
}


class Composed(NamedTuple):
    """A request, ready for an address: the path stands below the base URL; `body` is None where a GET has none.

    `media` is the media type that the body is written in: JSON, or a form of fields (`wire/form.py`).
    """

    method: Literal["POST", "GET"]
    path: str
    body: dict[str, Any] | None
    media: str = "application/json"


class NotSayable(NamedTuple):
    """Why a dialect cannot say an `Ask`: a clause that follows the dialect's name, such as `has no word for seed`."""

    reason: str


@dataclass(frozen=True)
class Vocabulary:
    """The closed sets of words that a dialect documents.

    `finishes` maps a raw finish reason to the neutral one (`stop`, `length`, `tool_calls`, `content_filter`, `error`); a raw one that
    is not there is unknown. `roles` are those of the message that answers. `errors` are the types (or codes) of errors; empty where the
    documentation closes no such set.
    `coded_errors` says that errors have a code that names their cause (`model_not_found`).
    `stream_types` are the media types of streams, the usual one first.
    `ordered_turns` says that a history keeps an order of its own: the user ends it, and results follow their calls at once.
    """

    finishes: Mapping[str, str]
    roles: frozenset[str]
    errors: frozenset[str] = frozenset()
    coded_errors: bool = False
    stream_types: tuple[str, ...] = ("text/event-stream",)
    ordered_turns: bool = False


#: Of a dialect that nobody has written.
NO_WORDS = Vocabulary({}, frozenset())


def unsayable(ask: Ask, words: Collection[str]) -> NotSayable | None:
    """Return why an `Ask` cannot be said by a dialect that has words for these fields only; None where it can."""
    missing = [name for name in ask.members() if name not in words]
    return NotSayable(f"has no word for {' and '.join(missing)}") if missing else None
