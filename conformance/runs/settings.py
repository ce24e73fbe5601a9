"""What a run was told: command line options over `[tool.conformance]`, validated before anything runs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.asking.address import DEFAULT_MAX_REQUESTS, Address
from conformance.asking.cassettes import recorded_targets
from conformance.errors import UnusableInputError, suggest
from conformance.probes import Probe, load_probes
from conformance.providers import Provider, Target, default_targets, load_providers, parse_target
from conformance.providers.keys import key_of
from conformance.rules.table import RULES, Severity
from conformance.runs.options import repeated
from conformance.wire.transport import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.knowledge.latency.slo import Slo
    from conformance.runs.project import Project
    from conformance.wire.exchange import Evidence


@dataclass(frozen=True, kw_only=True)
class Settings(Address):
    """Everything a run needs to know. `options` are those that a command needs to see the same again."""

    reports: Path
    probes: Mapping[str, Probe]
    targets: tuple[Target, ...]
    named: bool
    fail_on: Severity
    live: bool = False
    evidence: frozenset[Evidence] = frozenset()  # all, where it is empty
    only_missing: bool = False
    only_stale: bool = False
    rerun_inconclusive: bool = False
    only_probes: frozenset[str] = frozenset()
    slos: Mapping[str, Slo] = field(default_factory=dict)  # by target
    options: tuple[str, ...] = ()
    field: Path | None = None  # of the user's own field record
    emulated_in_allure: bool = False
    transcripts: bool = False  # in Allure, of cells that pass too


def settings_from(options: Mapping[str, Any], project: Project) -> Settings:
    """Put a run's settings together, over the project's table.

    Args:
        options: the command line's values by option name; None or empty where not given.
        project: whose table it is. Its rules have to be registered before: probes name them.

    Raises:
        UnusableInputError: anything given cannot be used.
    """
    table = project.table
    providers = load_providers(*project.paths("providers", options.get("providers")))
    probes = load_probes(*project.paths("probes", options.get("probes")), rules=RULES)
    cassettes = project.path("cassettes", options.get("cassettes")) or project.root / "cassettes"
    names = options.get("target") or table.get("targets") or ()
    record = bool(options.get("record"))
    emulated = bool(options.get("emulated"))
    evidence: frozenset[Evidence] = frozenset(options.get("evidence") or ())
    settings = Settings(
        cassettes=cassettes,
        reports=project.path("reports", options.get("reports")) or project.root / "reports",
        probes=probes,
        targets=_named_targets(names, providers) if names else recorded_targets(cassettes, providers, evidence),
        named=bool(names),
        as_of=project.as_of(options.get("as_of")),
        fail_on=Severity(options.get("fail_on") or table.get("fail_on") or "error"),
        live=bool(options.get("live")) or record,
        record=record,
        emulated=emulated,
        evidence=evidence,
        only_missing=bool(options.get("missing")),
        only_stale=bool(options.get("stale")),
        rerun_inconclusive=bool(options.get("rerun_inconclusive")),
        max_requests=_max_requests(options.get("max_requests"), table, unbounded=emulated),
        max_seconds=_seconds("--max-seconds", options.get("max_seconds") or table.get("max_seconds")),
        deadline=_seconds("--deadline", options.get("deadline") or table.get("deadline")) or LONGEST,
        base_url=_base_url(options.get("base_url") or table.get("base_url")),
        proxy=_url("--proxy", options.get("proxy") or table.get("proxy")),
        ca=project.path("ca", options.get("ca")),
        headers={
            **{name.lower(): value for name, value in table.get("headers", {}).items()},
            **_headers(options.get("header") or ()),
        },
        only_probes=_known_probes(options.get("probe") or (), probes),
        slos=project.slos,
        options=repeated(options),
        field=project.path("field", None),
        emulated_in_allure=bool(options.get("emulated_in_allure")),
        transcripts=bool(options.get("transcripts")),
    )
    _check(settings, options)
    return settings


def _named_targets(names: Sequence[str], providers: Mapping[str, Provider]) -> tuple[Target, ...]:
    result: list[Target] = []
    for name in names:
        provider = providers.get(name)
        usual = default_targets(provider) if provider and not provider.abstract else ()
        result.extend(usual or [parse_target(name, providers)])
    return tuple(dict.fromkeys(result))


def _max_requests(given: int | None, table: Mapping[str, Any], *, unbounded: bool) -> int:
    if given is not None and given < 1:
        raise UnusableInputError(f"--max-requests {given} asks nothing", remedy="write a number above 0")
    if unbounded and given is None:
        return sys.maxsize  # our own emulator costs nothing
    return given or int(table.get("max_requests", DEFAULT_MAX_REQUESTS))


def _seconds(option: str, given: float | None) -> float | None:
    if given is not None and not 0 < given < float("inf"):
        raise UnusableInputError(f"{option} {given} leaves no time to ask", remedy="write seconds above 0")
    return given


def _base_url(text: str | None) -> str | None:
    url = _url("--base-url", text)
    if url is not None and "@" in urlsplit(url).netloc:  # it is not repeated: it holds a password
        remedy = "leave it out; --header 'Authorization: ...' sends another one than the provider's key"
        raise UnusableInputError("--base-url holds a name or a password, which would replace the key", remedy=remedy)
    return url


def _url(option: str, text: str | None) -> str | None:
    if text is not None and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise UnusableInputError(f"{option} is no URL", remedy="write the whole URL: https://host/path")
    return text


def _headers(lines: Sequence[str]) -> dict[str, str]:
    headers = {}
    for number, line in enumerate(lines, 1):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not (colon and name and line.isascii() and line.isprintable()):
            # The line is not repeated: it may hold a key.
            raise UnusableInputError(f"--header number {number} is no header", remedy="write 'NAME: VALUE' in ASCII")
        headers[name.lower()] = value
    return headers


def _known_probes(names: Sequence[str], probes: Mapping[str, Probe]) -> frozenset[str]:
    for name in names:
        if name not in probes:
            raise UnusableInputError(f"--probe {name!r} is unknown", remedy=suggest(name, probes))
    return frozenset(names)


def _check(settings: Settings, options: Mapping[str, Any]) -> None:
    if (settings.only_missing or settings.only_stale) and not settings.record:
        raise UnusableInputError("--missing and --stale select probes to record", remedy="add --record")
    if settings.emulated and not settings.live:
        raise UnusableInputError("--emulated asks the emulator", remedy="add --live or --record")
    if not settings.live:
        return
    if not settings.named:
        remedy = "name a target with --target PROVIDER/MODEL"
        raise UnusableInputError("--live and --record spend money", remedy=remedy)
    if options.get("numprocesses") or options.get("tx"):
        what = "-n: several processes cannot pace one provider"
        raise UnusableInputError(what, remedy="leave it out with --live and --record")
    for target in () if settings.emulated else settings.targets:
        if target.provider.server is None or settings.base_url:  # a server that we start takes a key of ours
            key_of(target)
