"""What every dialect decodes an exchange into: the request as asked, and the reply with its assembled choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from conformance.wire.rolled import Rolled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.wire.dialects.ask import Turn
    from conformance.wire.dialects.tape import Envelope, TapePart
    from conformance.wire.dialects.vectors import VectorList
    from conformance.wire.sse import EventStream

Operation: TypeAlias = Literal["chat", "embed", "transcribe", "models", "model", "running", "unknown"]
ToolMode: TypeAlias = Literal["auto", "none", "required", "named"]

#: The operations that ask a model itself: for words, for vectors, for the words of a sound.
_OF_MODELS: Final = frozenset({"chat", "embed", "transcribe"})


class Chunk(NamedTuple):
    """One JSON object of a reply: the body (`event` is None) or the payload of the event with that index."""

    event: int | None
    value: dict[str, Any]


class Copies(NamedTuple):
    """Chunks that differ from the one before them in one text alone: where they stand in `chunks`, the way to the text, and the texts."""

    start: int
    stop: int
    path: tuple[str | int, ...]
    texts: list[str]
    events: range


class Unreadable(NamedTuple):
    """A payload that is no JSON object, and why."""

    event: int | None
    data: bytes
    why: str


class Fragment(NamedTuple):
    """One piece of a tool call as it stood in a chunk."""

    event: int | None
    pointer: str
    value: dict[str, Any]


class CallPaths(NamedTuple):
    """Where the parts of a tool call stand below its pointer, in its dialect's words."""

    id: str = "id"
    name: str = "function/name"
    arguments: str = "function/arguments"


_OPENAI_PATHS = CallPaths()


@dataclass(slots=True)
class ToolCall:
    """A tool call, assembled the way clients do: by index, ids and names from the first fragment, arguments joined."""

    pointer: str
    event: int | None
    id: Any = None
    name: Any = None
    pieces: list[str] = field(default_factory=list)  # what `arguments` is joined from
    fragments: Rolled[Fragment] = field(default_factory=Rolled)
    paths: CallPaths = _OPENAI_PATHS

    @property
    def arguments(self) -> str:
        """The arguments as text, joined when asked for: adding to a text at each piece would copy it each time."""
        return "".join(self.pieces)


@dataclass(slots=True)
class Choice:
    """One assembled answer. `finishes` holds every non-null finish reason, in neutral words, with the event it came in."""

    index: int
    pointer: str
    text: str = ""
    tool_calls: list[ToolCall] = field(default_factory=list)
    streamed_calls: dict[int, ToolCall] = field(default_factory=dict)  # those of them that have an index, by it
    finishes: list[tuple[int | None, Any]] = field(default_factory=list)
    texts: list[tuple[int | None, str]] = field(default_factory=list)  # the increments that `text` was joined from
    reasoned: list[tuple[int | None, str]] = field(default_factory=list)  # those of `reasoning`
    refused: list[tuple[int | None, str]] = field(default_factory=list)  # those of `refusal`
    structured: bool = False  # other output: a legacy function_call, audio
    last_output: int | None = None  # the event that brought the last output
    raw: list[tuple[int | None, Any]] | None = (
        None  # the finish reasons as sent; None: the neutral words are the dialect's own
    )
    finish_at: str = (
        "finish_reason"  # where below its pointer the finish reason stands; from the root with a slash before it
    )
    pieces_at: str = "/delta"  # where below its pointer the pieces of a stream stand
    said_at: str = ""  # the pointer, from the root, to the first words of the text
    thought_at: str = ""  # to those of the reasoning
    calls_at: str = ""  # to where tool calls stand, or would

    def say(self, event: int | None, text: object, at: str = "") -> None:
        """Take words of the answer, which stand at a pointer; what is no text, or empty, is none."""
        if isinstance(text, str) and text:
            self.said_at = self.said_at or at
            self.texts.append((event, text))
            self.last_output = event

    def think(self, event: int | None, text: object, at: str = "") -> None:
        """Take thoughts, which stand at a pointer."""
        if isinstance(text, str) and text:
            self.thought_at = self.thought_at or at
            self.reasoned.append((event, text))
            self.last_output = event

    def refuse(self, event: int | None, text: object) -> None:
        """Take words of a refusal."""
        if isinstance(text, str) and text:
            self.refused.append((event, text))
            self.last_output = event

    def call(self, call: ToolCall) -> None:
        """Take a tool call."""
        self.tool_calls.append(call)
        self.last_output = call.event

    def finish(self, event: int | None, raw: object, neutral: object) -> None:
        """Take a finish reason as sent, and in neutral words; one that there is no word for stays as it is."""
        if self.raw is None:
            self.raw = []
        self.raw.append((event, raw))
        self.finishes.append((event, neutral))

    def close(self) -> None:
        """Join the increments, once all have come."""
        self.text = "".join([text for _, text in self.texts])

    def at(self, field: str) -> str:
        """Return the pointer to an output: `content`, `reasoning`, `tool_calls`, another member below the choice, or a pointer as it is."""
        if field.startswith("/"):
            return field
        known = {"content": self.said_at, "reasoning": self.thought_at, "tool_calls": self.calls_at}.get(field)
        return known or f"{self.pointer}/{field}"

    @property
    def raw_finishes(self) -> list[tuple[int | None, Any]]:
        """Every finish reason as it was sent, one for each of `finishes`."""
        return self.finishes if self.raw is None else self.raw

    @property
    def finish_pointer(self) -> str:
        """The pointer to the finish reason, in the dialect's words."""
        return self.finish_at if self.finish_at.startswith("/") else f"{self.pointer}/{self.finish_at}"

    @property
    def reasoning(self) -> str:
        """What the model thought aloud."""
        return "".join([text for _, text in self.reasoned])

    @property
    def refusal(self) -> str:
        """What the model said in place of an answer."""
        return "".join([text for _, text in self.refused])

    @property
    def finish_reason(self) -> Any:  # noqa: ANN401 - a provider may send anything
        """The last finish reason, or None; what is no word, as its text."""
        reason = self.finishes[-1][1] if self.finishes else None
        return reason if isinstance(reason, str | None) else repr(reason)


class ErrorBody(NamedTuple):
    """An error as it stood in a body or an event; `value` is the whole JSON value, or None for text that is no JSON."""

    event: int | None
    value: Any
    text: str


class UsageReport(NamedTuple):
    """A non-null usage object and where it stood. Its counts have the openai-chat names; `names` gives the dialect's own."""

    event: int | None
    pointer: str
    value: Any
    with_choices: bool
    names: Mapping[str, str] = MappingProxyType({})
    sums: Mapping[str, Mapping[str, int]] = MappingProxyType({})  # the wire's counts that a count was added up from

    def at(self, path: str) -> str:
        """Return the pointer to a count, in the dialect's words; of one that was added up, to the first that is there."""
        name = next(iter(self.sums.get(path, ())), self.names.get(path, path))
        return f"{self.pointer}/{name}"

    def is_sum(self, path: str) -> bool:
        """Whether a count stands nowhere on the wire: it was added up from several."""
        return len(self.sums.get(path, ())) > 1

    def told(self, path: str) -> str:
        """Return a count, with those of the wire that it was added up from."""
        count = str(self.value.get(path))
        if not self.is_sum(path):
            return count
        return f"{count} ({' + '.join(f'{name} {value}' for name, value in self.sums[path].items())})"


class NeutralForm(NamedTuple):
    """How a dialect tells a reply in terms of none: its envelopes, and its parts in order."""

    envelopes: Callable[[Reply], Iterable[Envelope]]
    tape: Callable[[Reply], Iterable[TapePart]]


@dataclass(slots=True)
class Reply:
    """An exchange, decoded. `chunks` are the readable JSON objects in order (one for a plain body).

    `envelopes` and `tape` are told when somebody looks at them: most rules of a chat stream do not.
    """

    operation: Operation
    streamed: bool
    stream: EventStream | None = None
    chunks: Rolled[Chunk] = field(default_factory=Rolled)
    unreadable: list[Unreadable] = field(default_factory=list)
    done: list[int] = field(default_factory=list)  # events that held the end-of-stream sentinel
    choices: list[Choice] = field(default_factory=list)
    usages: list[UsageReport] = field(default_factory=list)
    vectors: list[VectorList] = field(default_factory=list)  # of an answer of vectors, a list for each type of numbers
    errors: list[ErrorBody] = field(default_factory=list)
    duplicates: list[tuple[int | None, str]] = field(default_factory=list)  # keys that one object held twice
    complete: bool = False  # the dialect's own end was seen
    plain_text: bool = False  # the request asked for a body that is no JSON, and one came
    line_arrivals: list[float | None] = field(
        default_factory=list
    )  # of a stream in lines: when each had come, in seconds
    copies: list[Copies] = field(default_factory=list)
    neutral_form: NeutralForm | None = None
    errs_as: str = ""  # the dialect whose form its errors have, where that is another than the request's
    _envelopes: tuple[Envelope, ...] | None = field(default=None, repr=False, compare=False)
    _tape: tuple[TapePart, ...] | None = field(default=None, repr=False, compare=False)

    def arrival(self, event: int) -> float | None:
        """When an event or a line of a stream had come, in seconds from the start of the attempt; None where nobody measured."""
        if self.stream is not None:
            return self.stream.events[event].arrival
        return self.line_arrivals[event] if event < len(self.line_arrivals) else None

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """What each chunk says of the answer as a whole (id, model, date, kind), of the chunks that say it."""
        if self._envelopes is None:
            self._envelopes = tuple(self.neutral_form.envelopes(self)) if self.neutral_form else ()
        return self._envelopes

    @property
    def tape(self) -> tuple[TapePart, ...]:
        """The parts in the order in which they came: opened, grown, closed, and the end."""
        if self._tape is None:
            self._tape = tuple(self.neutral_form.tape(self)) if self.neutral_form else ()
        return self._tape

    @property
    def telling(self) -> list[Chunk]:
        """The chunks without those that differ from the two before them in one text alone: enough for who looks at anything else."""
        return self.chunks.told

    @property
    def tops(self) -> list[Chunk]:
        """Enough chunks for who looks at their top members: the telling ones, where all the others differ below the top."""
        return self.telling if all(len(copies.path) > 1 for copies in self.copies) else self.chunks.whole

    @property
    def asks_model(self) -> bool:
        """Whether the model itself was asked, for words, for vectors or for a transcript: no listing, and nothing unknown."""
        return self.operation in _OF_MODELS

    @property
    def succeeded(self) -> bool:
        """Whether the provider answered with a completion and no error."""
        return self.operation == "chat" and bool(self.chunks) and not self.errors


@dataclass(frozen=True, slots=True)
class Asked:
    """The request in dialect-neutral terms. Absent parameters are None."""

    operation: Operation
    model: str | None = None
    stream: bool = False
    include_usage: bool | None = None
    tools: dict[str, Any] = field(default_factory=dict)  # name -> JSON Schema of the parameters
    tool_mode: ToolMode | None = None
    tool_name: str | None = None
    parallel_tools: bool | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    n: int = 1
    candidates: int = 0  # made in all, where a request says so (best_of): the best of them are the choices
    response_format: str | None = None  # "text", "json" (of any root), "json_object", "json_schema"
    response_schema: Any = None
    logprobs: bool = False
    top_logprobs: int | None = None
    temperature: float | None = None
    seed: int | None = None
    inputs: tuple[Any, ...] = ()  # to embed: a text each, or the numbers of its tokens; None for what is no text
    dimensions: int | None = None  # of the vectors
    number_types: tuple[str, ...] = ()  # of the vectors, in the words that answers name them by
    purpose: str = ""  # what the vectors are for, where the request says it: it changes them
    prompt: str = ""  # all the text the model was given, for rules that compare scripts and languages
    read_turns: Callable[[], list[Turn]] = field(default=list, repr=False, compare=False)

    @property
    def wants_json(self) -> bool:
        """Whether the answer is to be JSON, of a schema or not."""
        return self.response_format in {"json", "json_object", "json_schema"}

    @property
    def turns(self) -> list[Turn]:
        """The conversation as it was sent, system texts first: read when somebody looks at it."""
        return self.read_turns()
