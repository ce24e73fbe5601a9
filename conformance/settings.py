"""What a run was told: command line options over `[tool.conformance]` of pyproject.toml, validated before anything runs."""

from __future__ import annotations

import importlib
import os
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError
from conformance.probes import Probe, load_probes
from conformance.providers import Provider, Target, default_targets, load_providers, parse_target
from conformance.rules.registry import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KEYS = {
    "rules": list,
    "providers": list,
    "probes": list,
    "cassettes": str,
    "reports": str,
    "base_url": str,
    "headers": dict,
    "fail_on": str,
    "max_requests": int,
}
DEFAULT_MAX_REQUESTS = 200


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know. Paths are absolute."""

    root: Path
    cassettes: Path
    reports: Path
    providers: Mapping[str, Provider]
    probes: Mapping[str, Probe]
    targets: tuple[Target, ...]
    named: bool
    as_of: date
    fail_on: Severity
    live: bool = False
    record: bool = False
    only_missing: bool = False
    only_stale: bool = False
    rerun_inconclusive: bool = False
    max_requests: int = DEFAULT_MAX_REQUESTS
    base_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    only_probes: frozenset[str] = frozenset()


def read_table(root: Path) -> dict[str, Any]:
    """Return `[tool.conformance]` of the project at `root`; empty where there is none.

    Raises:
        UnusableInputError: pyproject.toml cannot be read, or a key is unknown or of the wrong type.
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        return {}
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("conformance", {})
    except tomllib.TOMLDecodeError as error:
        raise UnusableInputError(f"no TOML: {error}", where=path, remedy="mend the file") from error
    for key, value in table.items():
        if key not in KEYS:
            known = ", ".join(KEYS)
            raise UnusableInputError(f"[tool.conformance] has no key {key!r}", where=path, remedy=f"known are {known}")
        if not isinstance(value, KEYS[key]):
            kind = KEYS[key].__name__
            raise UnusableInputError(f"[tool.conformance] {key} is {value!r}", where=path, remedy=f"write a {kind}")
    return table


def load_rules(modules: Sequence[str]) -> None:
    """Import the modules that register a user's rules.

    Raises:
        UnusableInputError: a module cannot be imported, or registers a rule that the table refuses.
    """
    import conformance.rules  # noqa: F401, PLC0415 - the built-in table comes first, so that a taken id is the user's

    for name in modules:
        try:
            importlib.import_module(name)
        except (ImportError, ValueError) as error:
            remedy = "it must be importable from where you run, and its ids must be new"
            raise UnusableInputError(f"rules module {name!r}: {error}", remedy=remedy) from error


def read_date(text: str | None) -> date:
    """Return the date that --as-of names, today without one.

    Raises:
        UnusableInputError: the text is no ISO date.
    """
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInputError(f"--as-of {text!r} is no date", remedy="write YYYY-MM-DD") from error


def key_of(target: Target) -> str | None:
    """Return the API key of a target's provider, from the variable that its TOML names.

    Raises:
        UnusableInputError: the variable is not set.
    """
    auth = target.provider.auth
    if auth is None:
        return None
    key = os.environ.get(auth.env, "")
    if not key and not auth.optional:
        raise UnusableInputError(f"the variable {auth.env} is not set", remedy=f"export {auth.env}=... to ask {target}")
    return key or None


def auth_headers(target: Target, key: str | None) -> dict[str, str]:
    """Return the headers that carry a key, in the provider's own form."""
    auth = target.provider.auth
    if auth is None or key is None:
        return {}
    return {auth.header.lower(): f"{auth.scheme} {key}" if auth.scheme else key}


def settings_from(options: Mapping[str, Any], root: Path) -> Settings:
    """Put a run's settings together.

    Args:
        options: the command line's values by option name; None or empty where not given.
        root: the project's folder.

    Raises:
        UnusableInputError: anything given cannot be used.
    """
    table = read_table(root)
    load_rules([*table.get("rules", ()), *(options.get("rules") or ())])
    providers = load_providers(*_paths(root, table.get("providers"), options.get("providers")))
    probes = load_probes(*_paths(root, table.get("probes"), options.get("probes")))
    cassettes = root / (options.get("cassettes") or table.get("cassettes") or "cassettes")
    names = list(options.get("target") or ())
    targets = _targets(names, cassettes, providers)
    record = bool(options.get("record"))
    settings = Settings(
        root=root,
        cassettes=cassettes,
        reports=root / (options.get("reports") or table.get("reports") or "reports"),
        providers=providers,
        probes=probes,
        targets=targets,
        named=bool(names),
        as_of=read_date(options.get("as_of")),
        fail_on=Severity(options.get("fail_on") or table.get("fail_on") or "error"),
        live=bool(options.get("live")) or record,
        record=record,
        only_missing=bool(options.get("missing")),
        only_stale=bool(options.get("stale")),
        rerun_inconclusive=bool(options.get("rerun_inconclusive")),
        max_requests=options.get("max_requests") or table.get("max_requests") or DEFAULT_MAX_REQUESTS,
        base_url=options.get("base_url") or table.get("base_url"),
        headers={**table.get("headers", {}), **_headers(options.get("header") or ())},
        only_probes=_known_probes(options.get("probe") or (), probes),
    )
    _check(settings, options)
    return settings


def _paths(root: Path, configured: Sequence[str] | None, given: Sequence[str] | None) -> list[Path]:
    return [root / name for name in (*(configured or ()), *(given or ()))]


def _targets(names: Sequence[str], cassettes: Path, providers: Mapping[str, Provider]) -> tuple[Target, ...]:
    if not names:
        return recorded_targets(cassettes, providers)
    found: list[Target] = []
    for name in names:
        provider = providers.get(name)
        found.extend(
            default_targets(provider) if provider and not provider.abstract else [parse_target(name, providers)]
        )
    return tuple(dict.fromkeys(found))


def recorded_targets(cassettes: Path, providers: Mapping[str, Provider]) -> tuple[Target, ...]:
    """Return the targets that have cassettes, in order.

    Raises:
        UnusableInputError: a folder of cassettes belongs to no provider.
    """
    from conformance.recording.cassette import decode_model  # noqa: PLC0415 - settings are read before recordings

    found = []
    for folder in sorted(path for path in cassettes.glob("*/*/*") if path.is_dir() and any(path.glob("*.yaml"))):
        provider, model, dialect = folder.relative_to(cassettes).parts
        if provider not in providers:
            remedy = "add its TOML with --providers DIR, or move the folder away"
            raise UnusableInputError(f"cassettes of the unknown provider {provider!r}", where=folder, remedy=remedy)
        found.append(Target(providers[provider], decode_model(model), dialect))
    return tuple(found)


def _headers(lines: Sequence[str]) -> dict[str, str]:
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise UnusableInputError(f"--header {line!r} is no header", remedy="write 'Name: value'")
        headers[name.strip().lower()] = value.strip()
    return headers


def _known_probes(names: Sequence[str], probes: Mapping[str, Probe]) -> frozenset[str]:
    for name in names:
        if name not in probes:
            raise UnusableInputError(f"--probe {name!r} is unknown", remedy=f"known are {', '.join(sorted(probes))}")
    return frozenset(names)


def _check(settings: Settings, options: Mapping[str, Any]) -> None:
    if not settings.targets:
        where = settings.cassettes
        raise UnusableInputError(
            "no target: there are no cassettes", where=where, remedy="name one with --target PROVIDER/MODEL"
        )
    if settings.live and not settings.named:
        raise UnusableInputError(
            "--live and --record spend money", remedy="name what to ask with --target PROVIDER/MODEL"
        )
    if settings.live and options.get("numprocesses"):
        raise UnusableInputError(
            "-n cannot pace one provider from several processes", remedy="leave -n out with --live and --record"
        )
    if (settings.only_missing or settings.only_stale) and not settings.record:
        raise UnusableInputError("--missing and --stale choose what to record", remedy="add --record")
    if settings.live:
        for target in settings.targets:
            if target.provider.server is None:  # a server that we start ourselves needs no key of the user's
                key_of(target)
