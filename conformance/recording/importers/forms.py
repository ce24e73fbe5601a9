"""The forms of recordings that are one document, in the order in which they are asked; none is taken for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers import (
    azure_test_proxy,
    har,
    httpmock,
    llama_stack,
    logs,
    nock,
    one_body,
    pieces,
    ruby_vcr,
    seinfeld,
    vcr_like,
    vcrpy,
    wiremock,
)
from conformance.recording.importers.spans import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange


@dataclass(frozen=True)
class Form:
    """One recorder's form: `claims` knows a parsed document of it, `read` yields its exchanges."""

    name: str
    claims: Callable[[Any], bool]
    read: Callable[[Any, str], Iterator[Exchange | Malformed]]


def _is_vcrpy(document: Any) -> bool:  # noqa: ANN401 - any JSON or YAML
    """Whether a document has vcrpy's list of interactions: each names its address `uri`."""
    listed = document.get("interactions") if isinstance(document, dict) else None
    if "interactions" not in (document if isinstance(document, dict) else ()):
        return False
    if isinstance(listed, list) and listed and not any(map(_has_side, listed)):
        return False
    requests = [item.get("request") for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    addressed = [request for request in requests if isinstance(request, dict) and "url" in request]
    return not addressed or any("uri" in request for request in addressed)


def _has_side(item: Any) -> bool:  # noqa: ANN401 - any JSON or YAML
    return isinstance(item, dict) and bool({"request", "response"} & item.keys())


def _is_archive(document: Any) -> bool:  # noqa: ANN401 - any JSON or YAML
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and bool({"entries", "version", "creator"} & log.keys())


def _has(name: str) -> Callable[[Any], bool]:
    return lambda document: isinstance(document, dict) and name in document


#: One line a form. Those that a key of their own tells come first.
FORMS: Final = (
    Form("vcrpy", _is_vcrpy, vcrpy.read),
    Form("ruby-vcr", _has("http_interactions"), ruby_vcr.read),
    Form("har", _is_archive, har.read),
    Form("azure-test-proxy", azure_test_proxy.claims, azure_test_proxy.read),
    Form("seinfeld", seinfeld.claims, seinfeld.read),
    Form("httpmock", httpmock.claims, httpmock.read),
    Form("nock", nock.claims, nock.read),
    Form("llama-stack", llama_stack.claims, llama_stack.read),
    Form("wiremock", wiremock.claims, wiremock.read),
    Form("pairs", vcr_like.claims, vcr_like.read),
    Form("spans", calls.claims, calls.read),
    Form("log", logs.claims, logs.read),
    Form("pieces", pieces.claims, pieces.read),
    Form("body", one_body.claims, one_body.read),
)


def form_of(document: Any) -> Form | None:  # noqa: ANN401 - any JSON or YAML
    """Return the form of a parsed document; None where no recorder that we know writes it."""
    return next((form for form in FORMS if form.claims(document)), None)
