"""Requests that the provider itself refuses, by `[[refusal]]` of its TOML, with the provider's own status, members and message.

A message holds `{param}` (`messages[2].name`), `{dotted}` (`messages.2.assistant.name`), `{parent}` (`messages.2`), `{root}`
(`messages[2]`), `{name}`,
`{role}`, `{model}`, `{value}` as JSON, `{text}` of the value, `{length}` and `{problem}`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.mind.completion import Refusal
from conformance.emulator.own_keywords import missing_results, strict_response_format, strict_tools
from conformance.schemas.request_schema import param_of
from conformance.schemas.validators import exact_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.providers import Target
    from conformance.providers.refused_requests import RefusedRequest
    from conformance.schemas.request_schema import Path


@dataclass(frozen=True)
class _Site:
    """The value at fault, its path, and the role of the message that it stands in."""

    path: Path
    value: Any
    role: str = ""
    problem: str = ""


def own_refusal(body: Mapping[str, Any], target: Target) -> Refusal | None:
    """Return why the provider refuses a request, the first reason in the order of its TOML; None where it states none."""
    model = str(body.get("model", target.model))
    for entry in target.provider.refused_requests:
        if (entry.dialect or target.provider.dialect) == target.dialect and entry.concerns(model):
            site = next(_departures(entry, body), None)
            if site is not None:
                return _refusal(entry, site, model)
    return None


def _departures(entry: RefusedRequest, body: Mapping[str, Any]) -> Iterator[_Site]:
    if entry.check is not None:
        for path, value, problem in _CHECKS[entry.check](body):
            yield _Site(path, value, problem=problem)
    for site in _sites(entry.at, body):
        if entry.known is not None and isinstance(site.value, dict):
            for name in site.value:
                if name not in entry.known:
                    yield _Site((*site.path, name), site.value[name], site.role)
        if entry.schema is not None and not exact_part(entry.schema).is_valid(site.value):
            yield site


def _sites(at: str, body: Mapping[str, Any]) -> Iterator[_Site]:
    """Yield the values at a place; none where a member on the way is missing or null."""
    sites = [_Site((), body)]
    for step in filter(None, at.split(".")):
        name = step.removesuffix("[]")
        inner = [
            _Site((*site.path, name), site.value[name], site.role)
            for site in sites
            if isinstance(site.value, dict) and site.value.get(name) is not None
        ]
        sites = [item for site in inner for item in _items(site)] if step.endswith("[]") else inner
    yield from sites


def _items(site: _Site) -> Iterator[_Site]:
    for position, item in enumerate(site.value if isinstance(site.value, list) else ()):
        role = str(item.get("role", "")) if isinstance(item, dict) else ""
        yield _Site((*site.path, position), item, role or site.role)


def _refusal(entry: RefusedRequest, site: _Site, model: str) -> Refusal:
    steps = [str(step) for step in site.path]
    name = steps[-1] if steps else ""
    loc: list[str | int] = list(site.path)
    if site.role and len(loc) > 1:  # after the message's index
        loc.insert(2, site.role)
    words = {
        "param": param_of(site.path),
        "dotted": ".".join(map(str, loc)),
        "parent": ".".join(steps[:-1]),
        "root": param_of(site.path[:2]),
        "name": name,
        "role": site.role,
        "model": model,
        "text": str(site.value),
        "value": json.dumps(site.value, ensure_ascii=False),
        "length": str(len(site.value)) if isinstance(site.value, list | str) else "",
        "problem": site.problem,
    }
    message, param = _filled(entry.message, words), _filled(entry.case.param or "", words)
    detail: object = None
    if entry.detail:
        entries = [{"type": entry.detail, "loc": ["body", *loc], "msg": message, "input": site.value}]
        detail = {"detail": entries}
    return Refusal(entry.case.when, message, param or None, entry.case, detail)


def _filled(template: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[tuple[Path, Any, str]]]]] = {
    "strict-response-format": strict_response_format,
    "strict-tools": strict_tools,
    "tool-results": missing_results,
}
