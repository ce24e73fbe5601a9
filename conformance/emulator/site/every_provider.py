"""Every emulated provider on one port, each below its own name: `/groq/openai/v1/chat/completions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import is_emulated
from conformance.emulator.server import base_path, emulator, served_target
from conformance.emulator.site.page import Listed, page
from conformance.emulator.site.plain import header_of, send_plain
from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from conformance.emulator.app import Emulator
    from conformance.providers import Provider, Target


@dataclass(frozen=True)
class EveryProvider:
    """An ASGI app of many emulators; `/` lists them."""

    emulators: Mapping[str, Emulator]

    @property
    def listed(self) -> list[Listed]:
        """The providers as the page shows them: name, base path, model and dialect."""
        return [listed(name, app.target) for name, app in self.emulators.items()]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Hand a request to the emulator whose name opens its path."""
        if scope["type"] != "http":
            return
        name, _, rest = scope["path"].removeprefix("/").partition("/")
        if not name:
            host = header_of(scope, b"host") or "127.0.0.1"
            await send_plain(send, 200, page(f"http://{host}", self.listed), "text/html; charset=utf-8")
            return
        app = self.emulators.get(name)
        if app is None:
            known = ", ".join(sorted(self.emulators))
            await send_plain(send, 404, f"no provider {name[:100]!r} is served here; / lists them: {known}\n")
            return
        raw = scope.get("raw_path") or scope["path"].encode()
        await app({**scope, "path": f"/{rest}", "raw_path": raw[len(name) + 1 :] or b"/"}, receive, send)


def every_provider(providers: Mapping[str, Provider], **how: Any) -> EveryProvider:  # noqa: ANN401 - passed on
    """Return the app of all providers that have a model and speak an emulated dialect.

    Args:
        providers: by name.
        how: what `emulator` takes: faults, seed, speed, ...

    Raises:
        UnusableInputError: a fault is unknown.
    """
    targets = {name: target for name in sorted(providers) if (target := _target(name, providers)) is not None}
    return EveryProvider({name: emulator(target, **how) for name, target in targets.items()})


def listed(name: str, target: Target) -> Listed:
    """Return a provider as the page shows it."""
    dialects = tuple(dialect for dialect in target.provider.dialects if is_emulated(dialect))
    return Listed(name, f"/{name}{base_path(target)}", target, dialects)


def _target(name: str, providers: Mapping[str, Provider]) -> Target | None:
    try:
        return served_target(name, None, providers)
    except UnusableInputError:  # abstract, without a model, or of a dialect that is not emulated
        return None
