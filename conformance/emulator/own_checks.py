"""Requests that the provider itself refuses, by `[[refusal]]` of its TOML, with the provider's own status, members and message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.own_keywords import (
    lone_reasoning,
    missing_outputs,
    missing_results,
    strict_response_format,
    strict_tools,
    too_many_unions,
)
from conformance.emulator.own_words import Site, combined, role_of, worded
from conformance.schemas.validators import exact_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.emulator.mind.completion import Refusal
    from conformance.providers import Target
    from conformance.providers.refused_requests import RefusedRequest
    from conformance.schemas.request_schema import Path, RequestProblem


def own_refusal(body: Mapping[str, Any], target: Target) -> Refusal | None:
    """Return why the provider refuses a request, the first reason in the order of its TOML; None where it states none."""
    model = str(body.get("model", target.model))
    entries = [entry for entry in _entries(target, model) if not entry.keyword]
    for position, entry in enumerate(entries):
        sites = [site for site in _departures(entry, body) if entry.role in {"", role_of(site.path, body)}]
        if sites:
            # An answer that lists what is wrong lists all of it.
            listing = [item for item in entries[position + 1 :] if entry.detail and item.detail]
            further = [worded(item, site, body, model) for item in listing for site in _departures(item, body)]
            return combined(entry, [*(worded(entry, site, body, model) for site in sites), *further])
    return None


def refusal_by_keyword(problem: RequestProblem, body: Mapping[str, Any], target: Target) -> Refusal | None:
    """Return how the provider words a departure from its dialect's schema; None where its TOML does not state that."""
    model = str(body.get("model", target.model))
    place = _place_of(problem.path)
    for entry in _entries(target, model):
        fits = entry.keyword == problem.keyword and (not any(entry.at) or place in entry.at)
        kinds = {kind.partition(" ")[0] for kind in problem.declared}
        fits &= entry.role in {"", role_of(problem.path, body)}
        if fits and (not entry.declared or kinds & entry.declared):
            wanted = problem.wanted if isinstance(problem.wanted, str) else ""
            return combined(entry, [worded(entry, Site(problem.path, problem.value, wanted, problem), body, model)])
    return None


def _entries(target: Target, model: str) -> Iterator[RefusedRequest]:
    for entry in target.provider.refused_requests:
        if (entry.dialect or target.provider.dialect) == target.dialect and entry.concerns(model):
            yield entry


def _place_of(path: Path) -> str:
    """Return a path as `at` writes places: `messages[].content`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _departures(entry: RefusedRequest, body: Mapping[str, Any]) -> Iterator[Site]:
    if entry.check is not None:
        for path, value, problem in _CHECKS[entry.check](body):
            yield Site(path, value, problem)
    for site in (site for place in entry.at for site in _sites(place, body)):
        if entry.known is not None and isinstance(site.value, dict):
            for name in site.value:
                if name not in entry.known:
                    yield Site((*site.path, name), site.value[name])
        if entry.schema is not None:
            broken = next(iter(exact_part(entry.schema).iter_errors(site.value)), None)
            if broken is not None:
                yield replace(site, wanted=broken.validator_value)


def _sites(at: str, body: Mapping[str, Any]) -> Iterator[Site]:
    """Yield the values at a place; none where a member on the way is missing or null."""
    sites = [Site((), body)]
    for step in filter(None, at.split(".")):
        name = step.removesuffix("[]")
        inner = [
            Site((*site.path, name), site.value[name])
            for site in sites
            if isinstance(site.value, dict) and site.value.get(name) is not None
        ]
        sites = [item for site in inner for item in _items(site)] if step.endswith("[]") else inner
    yield from sites


def _items(site: Site) -> Iterator[Site]:
    for position, item in enumerate(site.value if isinstance(site.value, list) else ()):
        yield Site((*site.path, position), item)


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[tuple[Path, Any, str]]]]] = {
    "strict-response-format": strict_response_format,
    "strict-tools": strict_tools,
    "tool-results": missing_results,
    "call-outputs": missing_outputs,
    "reasoning-followed": lone_reasoning,
    "union-parameters": too_many_unions,
}
