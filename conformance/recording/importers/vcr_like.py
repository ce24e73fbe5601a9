"""Documents that hold pairs: alone, in a list, or below `interactions` or `recordings`; and LangChain's parallel lists.

go-vcr (cassette formats 1 and 2, https://github.com/dnaeon/go-vcr), ExVCR, PHP-VCR, Datadog's test agent, Mastra's recorder,
LangChain's VCR serializer (langchain-tests, `requests` and `responses`); read 2026-11-28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers import llama_stack, wiremock
from conformance.recording.importers.pairs import is_pair, read_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange

_LISTS: Final = ("interactions", "recordings", "exchanges")
_LOOKED_AT: Final = 20  # pairs of a list that tell its form


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON or YAML
    """Whether a document holds pairs, and is no stub of WireMock, no recording of Llama Stack and no cassette of vcrpy (`uri`)."""
    if wiremock.claims(document) or llama_stack.claims(document):
        return False
    return is_pair(document) or _pairs(document) is not None or _is_parallel(document)


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON or YAML
    """Yield the exchanges of a document that `claims` took; a list of them is one session."""
    if is_pair(document):
        yield from read_pairs([document], source)
        return
    if _is_parallel(document):
        pairs = zip(document["requests"], document["responses"], strict=False)
        yield from read_pairs(
            [{"request": asked, "response": answered} for asked, answered in pairs], source, session=source
        )
        return
    result = _pairs(document)
    if result is not None:
        name, pairs_of_list = result
        yield from read_pairs(pairs_of_list, source, (name,) if name else (), session=source)


def _pairs(document: Any) -> tuple[str, list[Any]] | None:  # noqa: ANN401
    if isinstance(document, list):
        return ("", document) if any(map(is_pair, document[:_LOOKED_AT])) else None
    if not isinstance(document, dict):
        return None
    lists = ((name, document[name]) for name in _LISTS if isinstance(document.get(name), list))
    return next((result for result in lists if any(_is_addressed(pair) for pair in result[1][:_LOOKED_AT])), None)


def _is_addressed(pair: Any) -> bool:  # noqa: ANN401
    return is_pair(pair) and "uri" not in pair["request"]


def _is_parallel(document: Any) -> bool:  # noqa: ANN401
    if not isinstance(document, dict):
        return False
    asked, answered = document.get("requests"), document.get("responses")
    if not isinstance(asked, list) or not isinstance(answered, list) or not asked:
        return False
    return is_pair({"request": asked[0], "response": answered[0] if answered else None})
