"""A streamed completion as a whole: its end, its errors, its increments."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.http import HttpMessage, unasked_stream
from conformance.rules.views.lost_spaces import joined_without_spaces
from conformance.rules.views.repeats import asks_for_repeats, doubled_beginning, doubled_piece
from conformance.rules.views.stream import ChatStream, chat_stream, failed_stream, failed_within
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import Success
    from conformance.wire.dialects.reply import Reply

_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"
_REPEAT = 24  # characters: below it, models repeat themselves (lists, refrains); a re-sent buffer is longer
_WORDS = 4  # fewer may well follow one another (a refrain, a table)


@rule(
    "stream.truncated_without_finish",
    over=chat_stream,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21): finish_reason is null until the end; https://github.com/anomalyco/opencode/issues/39968",
    breaks="openai-python 3.52.0 ends the iteration as if the answer were whole",
    example="the connection ends after a chunk with finish_reason null",
)
def truncated_without_finish(stream: ChatStream) -> Iterator[Finding]:
    """A stream ends only after every choice has its finish reason."""
    if not stream.choices:
        events = stream.last_event + 1
        yield Finding(
            "", f"the stream ends (eof: {stream.eof}) after {events} events without a choice", "a finished choice"
        )
    for choice in stream.unfinished:
        where = f"choice {choice.index} has no finish_reason when the stream ends (eof: {stream.eof})"
        yield Finding("", where, "a finish_reason", stream.last_event)


@rule(
    "stream.error_event_shape",
    over=failed_stream,
    when_seen="an error inside a stream",
    severity=Severity.ERROR,
    source="openai 3.52.0 _streaming.py (read 2026-11-21): an `error` object in a payload raises APIError with its message",
    breaks="openai-python 3.52.0: an error that is no object loses message and code",
    example='data: {"error": "overloaded"}',
    conforming='data: {"error": {"message": "overloaded", "type": "server_error", "param": null, "code": null}}',
)
def error_event_shape(reply: Reply) -> Iterator[Finding]:
    """A failure inside a stream is one event with an error object that has a message, and no output follows it."""
    first = reply.errors[0]
    error = first.value.get("error", MISSING) if isinstance(first.value, dict) else None
    if not isinstance(error, dict):
        yield Finding("/error", shown(error), "an object with a message", first.event)
    elif not isinstance(error.get("message"), str):
        yield Finding("/error/message", shown(error.get("message", MISSING)), "a string", first.event)
    for choice in reply.choices:
        if first.event is not None and choice.last_output is not None and choice.last_output > first.event:
            yield Finding("", f"output after the error of event {first.event}", "nothing", choice.last_output)


@rule(
    "stream.failed_midway",
    over=failed_within,
    when_seen="an error inside a stream",
    severity=Severity.WARNING,
    source="openai 3.52.0 _streaming.py (read 2026-11-21): raises APIError in the middle of the iteration",
    breaks="whoever has shown the first half: the answer is lost, and asking again begins anew",
    example='two deltas, then data: {"error": {...}}',
)
def failed_midway(stream: Success) -> Iterator[Finding]:
    """A stream that has begun comes to its end."""
    if not stream.begun:
        return
    first = stream.reply.errors[0]
    error = first.value.get("error") if isinstance(first.value, dict) else None
    text = error.get("message") if isinstance(error, dict) else error
    yield Finding("/error", f"ends a stream that had begun: {str(text)[:100]!r}", "the rest of the answer", first.event)


@rule(
    "stream.only_when_asked",
    over=unasked_stream,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21): stream is false by default",
    breaks="openai-python 3.52.0 returns the raw text: AttributeError on .choices",
    example='text/event-stream for {"stream": false}',
)
def only_when_asked(message: HttpMessage) -> Iterator[Finding]:
    """A request without stream is answered in one body."""
    if message.content_type == "text/event-stream" and not message.is_one_text:
        yield Finding("", "an event stream for a request without stream", "one JSON body")
    elif message.content_type == message.stream_type and len(message.reply.chunks) > 1:  # one line is one body
        count = len(message.reply.chunks)
        yield Finding("", f"a stream of {count} pieces for a request without stream", "one JSON body")


@rule(
    "stream.delta_incremental",
    over=chat_stream,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21): delta holds what was generated since the last chunk",
    breaks="openai-python 3.52.0 and every client that joins deltas: text repeats itself",
    example='"He", "Hello", "Hello wor" as successive contents',
    conforming='"He", "llo", " wor" as successive contents',
)
def delta_incremental(stream: ChatStream) -> Iterator[Finding]:
    """Text and reasoning are increments: never the text so far, in all chunks or in some, and no chunk carries a message object."""
    for event, position, item in stream.items:
        if "message" in item:
            yield Finding(f"/choices/{position}/message", "stands in a chunk", "a delta only", event)
            return
    for choice in stream.choices:
        for field, pieces in (("content", choice.texts), ("reasoning", choice.reasoned)):
            growing = all(_extends(before, after) for (_, before), (_, after) in pairwise(pieces))
            if len(pieces) > 2 and growing:  # noqa: PLR2004 - two texts may extend one another by chance
                yield Finding(choice.at(field), "repeats the text so far", "the increment", pieces[1][0])
            elif (event := _snapshot(pieces, stream.asked.prompt)) is not None:
                yield Finding(choice.at(field), "repeats the text so far and goes on", "the increment", event)


def _snapshot(texts: list[tuple[int | None, str]], prompt: str) -> int | None:
    """Return the event of a chunk that begins with all the text before it, and goes on."""
    said = ""
    for event, text in texts:
        if len(text) > len(said) >= _REPEAT // 2 and text.startswith(said) and not asks_for_repeats(prompt, said):
            return event
        said += text
    return None


def _extends(before: str, after: str) -> bool:
    return len(after) > len(before) and after.startswith(before)


@rule(
    "stream.no_duplicate_content",
    over=chat_stream,
    severity=Severity.ERROR,
    source="https://github.com/BerriAI/litellm/issues/39965 (read 2026-11-21): the whole text came once more before the end",
    breaks="every client that joins deltas shows the text twice",
    example="one chunk repeats all the text that came before it",
)
def no_duplicate_content(stream: ChatStream) -> Iterator[Finding]:
    """No part of a stream sends again all the text that came before it, and no piece after piece comes twice.

    Seen are, in text and in reasoning: one chunk that repeats everything so far, a second half that repeats the first piece by piece,
    the first four pieces or more one after the other once more, a chunk of four words or more that comes twice in a row, and five
    neighbouring pieces that each come twice. A text of a prompt that asks for it several times is left alone, and so are texts below
    24 characters in all; a model that says the same twice of its own accord is flagged.
    """
    for choice in stream.choices:
        for field, pieces in (("content", choice.texts), ("reasoning", choice.reasoned)):
            at = choice.at(field)
            fewest = _REPEAT // 2 if field == "content" else _REPEAT  # thoughts begin alike: "Thinking... "
            prompt = stream.asked.prompt
            repeat = (
                _whole_again(pieces, prompt, fewest) or _piece_again(pieces, prompt) or _begun_again(pieces, prompt)
            )
            if repeat is not None:
                yield Finding(at, repeat[1], "new text", repeat[0])


def _whole_again(pieces: list[tuple[int | None, str]], prompt: str, fewest: int) -> tuple[int | None, str] | None:
    whole = "".join([text for _, text in pieces])
    lengths = [len(text) for _, text in pieces]
    starts = list(accumulate(lengths, initial=0))
    for number in [at for at, length in enumerate(lengths) if starts[at] == length or 2 * starts[at] == len(whole)]:
        length = starts[number]
        again = whole[length : 2 * length]
        if length >= fewest and whole.startswith(again) and not asks_for_repeats(prompt, again):
            return pieces[number][0], f"repeats all {length} characters"
    return None


def _begun_again(pieces: list[tuple[int | None, str]], prompt: str) -> tuple[int | None, str] | None:
    again = doubled_beginning(pieces)
    if again is None or len(again[1]) < _REPEAT // 2 or asks_for_repeats(prompt, again[1]):
        return None
    return again[0], f"{shown(again[1], 50)} again, piece by piece"


def _piece_again(pieces: list[tuple[int | None, str]], prompt: str) -> tuple[int | None, str] | None:
    for (_, before), (event, after) in pairwise(pieces):
        twice = before == after and len(after) >= _REPEAT and len(after.split()) >= _WORDS
        if twice and not asks_for_repeats(prompt, after):
            return event, f"{shown(after, 50)} again"
    doubled = doubled_piece(pieces)
    if doubled is not None and not asks_for_repeats(prompt, doubled[1]):
        return doubled[0], f"{shown(doubled[1], 50)} again, and so are the pieces after it"
    return None


@rule(
    "stream.spaces_kept",
    over=chat_stream,
    severity=Severity.ERROR,
    source="https://github.com/EricLBuehler/mistral.rs/issues/39 (read 2026-11-29): each token was decoded alone, and stripped",
    breaks="every client that joins deltas, which is what they are for: thetextreadslikethis",
    example='"The", "Loire", "is", "the", "longest" as successive contents',
    conforming='"The", " Loire", " is", " the", " longest" as successive contents',
)
def spaces_kept(stream: ChatStream) -> Iterator[Finding]:
    """The pieces of a text hold the spaces between its words.

    Looks for fourteen words and more in a row without any space, four of them small ones ("the", "und", "les").
    """
    for choice in stream.choices:
        for field, pieces in (("content", choice.texts), ("reasoning", choice.reasoned)):
            joined = joined_without_spaces(pieces, stream.asked.prompt)
            if joined is not None:
                yield Finding(choice.at(field), f"spell {joined[1]!r}", "spaces between words", joined[0])
