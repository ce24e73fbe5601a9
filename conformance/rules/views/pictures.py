"""A view of a target that is said to see: what became of the pictures that it was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.views.catalogue import entries, listed_name, plain_name
from conformance.rules.views.chat import requested
from conformance.rules.views.errors import failure
from conformance.rules.views.invalid_requests import request_fault
from conformance.wire.dialects.ask import Image
from conformance.wire.picture import content_of, fault_of_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.standing import TargetOnDay
    from conformance.rules.views.errors import Failure
    from conformance.wire.case import Case

#: Statuses of a refusal of the request itself. OpenRouter has a 404 where no host of a model takes pictures.
_REFUSED: Final = frozenset({400, 404, 415, 422, 501})
#: Where a refusal is about pictures, and where it is about one of them: its size, its number, its address, its content.
_OF_PICTURES: Final = re.compile(r"\b(image\w*|pictures?|vision|visual|multi-?modal\w*|modalit\w+)\b", re.IGNORECASE)
_OF_ONE: Final = re.compile(
    r"too (?:large|big|small|many)|exceed|at least|at most|maximum|minimum|pixels?|\bsize|dimension|resolution"
    r"|download|fetch|process|decod|corrupt|safety|policy|moderat",
    re.IGNORECASE,
)
#: Members of a model's own entry that list what it takes (OpenRouter, Groq and Cerebras; Ollama; Cohere), with the word for pictures,
#: and those that say it with true (Mistral; Cohere). Read 2026-11-29 in recorded listings.
_LISTS: Final = {"input_modalities": "image", "capabilities": "vision", "features": "vision"}
_SAYS: Final = ("vision", "supports_vision")


@dataclass(frozen=True)
class ShownPictures:
    """The requests that showed a target a sound picture: the ids of all, and the refusals that say it takes none."""

    name: str
    exchanges: frozenset[str]
    refusals: tuple[tuple[str, Failure], ...]

    why_undecided = ""
    notices: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """How many pictures were taken, and who says that the model sees."""
        return f"{len(self.exchanges) - len(self.refusals)} requests with a picture answered, as {self.name} says"


def shown_pictures(on_day: TargetOnDay) -> ShownPictures | str:
    """A target that sees, as its provider's file or its own listing says, and that was shown a picture which is one."""
    model = on_day.target.model
    listed = any(_says_it_sees(entry) for case in on_day.cases for entry in _entries_of(case, model))
    if not listed and "vision" not in on_day.target.capabilities:
        return f"nothing says that {model} takes pictures: no listing, and not the provider's file"
    answered, refusals = set[str](), list[tuple[str, "Failure"]]()
    for case in filter(_shows_a_picture, on_day.cases):
        refusal = case.view(failure)
        if refusal is not None and refusal.status in _REFUSED and _takes_none(refusal):
            refusals.append((case.exchange.id, refusal))
        elif case.view(requested) is not None:
            answered.add(case.exchange.id)
    if not answered and not refusals:
        return "no request with a picture was answered, or refused for it"
    name = "its listing" if listed else "the provider's file"
    return ShownPictures(name, frozenset(answered | {exchange for exchange, _ in refusals}), tuple(refusals))


def _shows_a_picture(case: Case) -> bool:
    """Whether a request is sound and holds pictures, each of them as bytes that are one."""
    if case.dialect is None or case.reply.operation != "chat" or b"image" not in case.exchange.request.body:
        return False
    urls = [part.url for turn in case.asked.turns for part in turn.parts if isinstance(part, Image)]
    sound = all(content_of(url) and fault_of_picture(url) is None for url in urls)
    return bool(urls) and sound and case.view(request_fault) is None


def _takes_none(refusal: Failure) -> bool:
    text = f"{refusal.message} {refusal.error.get('param')}"
    return _OF_PICTURES.search(text) is not None and _OF_ONE.search(text) is None and refusal.kind.id != "moderated"


def _entries_of(case: Case, model: str) -> Iterator[dict[str, Any]]:
    """Yield what listings hold of a model, and its own entry."""
    reply = case.reply
    if reply.errors or not reply.chunks or reply.operation not in {"models", "model"}:
        return
    if reply.operation == "model":
        if isinstance(reply.chunks[0].value, dict):
            yield reply.chunks[0].value
        return
    for entry in entries(reply)[1]:
        if plain_name(listed_name(entry) or "") == plain_name(model):
            yield entry


def _says_it_sees(entry: dict[str, Any]) -> bool:
    for holder in (entry, entry.get("architecture"), entry.get("capabilities")):
        if isinstance(holder, dict):
            lists = any(isinstance(holder.get(key), list) and word in holder[key] for key, word in _LISTS.items())
            if lists or any(holder.get(key) is True for key in _SAYS):
                return True
    return False
