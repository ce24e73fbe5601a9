"""Whose traffic an exchange is, and why one is not judged: told from its address, and never with an id in it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from conformance.wire.exchange import UNRECORDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.providers import Provider
    from conformance.wire.case import Case
    from conformance.wire.exchange import Request

_PLAIN_WORD: Final = re.compile(r"[a-z]+(?:[_-][a-z]+)*|[a-z]{3,}(?:[A-Z][a-z]{2,})+")
_METHOD: Final = re.compile(r"[a-z][A-Za-z]*")  # after a colon: `models/x:generateContent`
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
#: Words that name an operation although they follow a plural, where REST puts an id.
_OPERATIONS: Final = re.compile(
    r"batches|cancel|compact|completions|content|count_tokens|edits|embeddings|generations|ingest|input_tokens|jobs|messages|models|results"
    r"|runs|search|speech|steps|transcriptions|translations|variations"
)


def provider_of(
    request: Request, providers: Iterable[Provider], named_hosts: Mapping[str, str] | None = None
) -> str | None:
    """Return the provider whose host was asked; where several share it, the one whose base path fits best.

    A host that a provider's TOML states in full is more than one that only a pattern of another fits. `named_hosts` comes first:
    names by host, or by a pattern of hosts, as a user gives them.
    """
    host = host_of(request.url)
    for pattern, name in (named_hosts or {}).items():
        if fnmatchcase(host, pattern) or fnmatchcase(host.partition(":")[0], pattern):
            return name
    fits = []
    for provider in providers:
        if provider.abstract or not provider.base_url:
            continue
        bases = [path for base_host, path in _bases(_base_urls(provider)) if base_host == host]
        if bases:
            fits.append((2, *max((request.path.startswith(base), len(base)) for base in bases), provider.name))
        elif provider.hosts and any(fnmatchcase(host, pattern) for pattern in provider.hosts):
            fits.append((1, True, 0, provider.name))
    return max(fits)[3] if fits else None


_NEAR = 4  # parts of a path: the file, and three folders


@lru_cache(maxsize=1024)
def _words(source: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_SEPARATORS.split(part.lower())) for part in reversed(source.split("/")))


def provider_in(source: str, providers: Mapping[str, Provider]) -> str | None:
    """Return the provider that a recording's path names, for traffic whose address was withheld.

    A folder near the file that has a provider's name and no other word comes first; else the nearest folder or file with one in its
    name. Further up, a folder is a checkout's or a user's, and says less than the file's own name.
    """
    near = reversed(source.lower().split("/")[-_NEAR:])
    folder = next((part for part in near if part in providers and not providers[part].abstract), None)
    if folder is not None:
        return folder
    for words in _words(source):
        named = [name for name in providers if name in words and not providers[name].abstract]
        if len(named) == 1:
            return named[0]
    return None


@lru_cache(maxsize=1024)
def named(text: str, known: frozenset[str]) -> str | None:
    """Return the provider that a name in a log means: itself, or the first of its words that is one (`aws.bedrock`, `mistral_ai`)."""
    if text in known:
        return text
    words = [word for word in _SEPARATORS.split(text.lower()) if word]
    return next((word for word in ("".join(words), *words) if word in known), None)


def _base_urls(provider: Provider) -> tuple[str, ...]:
    """Return the base URLs of a provider, in whichever dialect."""
    return (provider.base_url, *provider.base_urls.values())


@lru_cache(maxsize=1024)
def _bases(urls: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((host_of(url), urlsplit(url).path) for url in urls)


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """Return a URL's host and port in lower case; `localhost` is the loopback address, however it is written."""
    host = urlsplit(url).netloc.lower().rpartition("@")[2]
    name, colon, port = host.partition(":")
    return f"127.0.0.1{colon}{port}" if name in {"localhost", "0.0.0.0"} else host  # noqa: S104 - compared, not bound


def why_skipped(case: Case) -> str | None:
    """Say why an exchange is not judged: it has no dialect that we know, or no answer; None where it is."""
    if case.dialect is None:
        return f"{case.exchange.dialect or endpoint(case.exchange.request)}: no dialect"
    if case.exchange.response is not None:
        return None
    return str(case.exchange.meta.get(UNRECORDED, "no response"))


def endpoint(request: Request) -> str:
    """Return the word that names the operation: `embeddings`, `generateContent`; the method where the path has none.

    An id is none, however it looks: what follows a plural is one (`files/report`, `models/llama`), unless the word is an operation's.
    """
    word, before = request.method, ""
    for segment in request.path.split("/"):
        _, colon, method = segment.rpartition(":")
        if colon and _METHOD.fullmatch(method):
            word = method
        elif _PLAIN_WORD.fullmatch(segment) and (not before.endswith("s") or _OPERATIONS.fullmatch(segment)):
            word = segment
        before = segment
    return word
