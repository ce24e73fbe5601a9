"""What a verdict rests on, sentence by sentence: for a person who doubts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.knowledge.grounding.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.knowledge.grounding.model import Answer, Judged, Question

#: What a unit does, in words.
DOES = {
    "disclose": "admits that the page was not seen, or that it is not known",
    "ask": "asks for the text",
    "infer": "guesses, and says so",
    "assert": "states what the page says",
    "claim": "claims to have read the page",
    "general": "general knowledge, marked as such",
    "wait": "announces an answer",
    "closing": "polite words",
    "offer": "asks what is wanted",
    "question": "asks",
    "advice": "says what the reader can do",
    "refuse": "refuses for another reason",
    "error": "reports an error",
    "silent": "says what the page leaves out",
    "slot": "an open slot of a form",
    "fiction": "an example that is called invented",
    "suppose": "says what would follow if the page held something",
    "content": "states something that nobody owns up to",
}


def sentences(question: Question, answer: Answer) -> list[dict[str, Any]]:
    """Return every clause of an answer: `{start, end, text, does, cues, unsupported}`, offsets in characters."""
    reading = read(question, answer)
    return [
        {
            "start": unit.start,
            "end": unit.end,
            "text": answer.text[unit.start : unit.end],
            "does": unit.does,
            "cues": {name: answer.text[low:high] for name, (low, high) in sorted(unit.cues.items())},
            "unsupported": [entry.text for entry in reading.unsupported if unit.start <= entry.start < unit.end],
        }
        for unit in reading.units
    ]


def lines(question: Question, answer: Answer, judged: Judged) -> Iterator[str]:
    """Yield an explanation as text: the clauses, what stands outside them, and what decided."""
    for entry in sentences(question, answer):
        text = " ".join(entry["text"].split())
        yield f"    {entry['does']:>9} | {text}"
        yield f"              {DOES[entry['does']]}" + (
            f"; not supplied: {', '.join(map(repr, entry['unsupported']))}" if entry["unsupported"] else ""
        )
        shown = {name: cue for name, cue in entry["cues"].items() if name not in {"me", "you", "page"}}
        if shown:
            yield "              cues: " + ", ".join(f"{name} {' '.join(cue.split())!r}" for name, cue in shown.items())
    for span in judged.evidence:
        if span.cue in {"call", "link"}:
            yield f"    {span.cue:>9} | {' '.join(span.text.split())}"
    yield f"    decided by: {'; '.join(judged.reasons)}"
