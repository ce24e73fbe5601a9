"""A target: provider, model and dialect under test, and the text that names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError, close_words, suggest
from conformance.providers.named_dialects import dialect_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers.hosting import Hosting
    from conformance.providers.provider import Deviation, Model, Provider
    from conformance.providers.tables import Auth, Price


@dataclass(frozen=True)
class Target:
    """Provider, model and dialect under test."""

    provider: Provider
    model: str
    dialect: str

    @property
    def id(self) -> str:
        """The text that `parse_target` reads back; the dialect is named where it is not the provider's default.

        A model id may hold an `@` itself (`@cf/meta/llama`, `claude@20240620`): the dialect is then always named.
        """
        named = self.dialect != self.provider.dialect or "@" in self.model
        return f"{self.provider.name}/{self.model}" + (f"@{self.dialect}" if named else "")

    @property
    def base_url(self) -> str:
        """Where the paths of the dialect start, without a trailing slash."""
        return self.provider.base_urls.get(self.dialect, self.provider.base_url)

    @property
    def known(self) -> Model | None:
        """The model as the provider's TOML lists it, if it does."""
        return self.provider.models.get(self.model)

    @property
    def capabilities(self) -> frozenset[str]:
        """The model's capabilities, or the provider's for a model that is not listed."""
        return self.provider.capabilities_of(self.dialect, self.model)

    @property
    def auth(self) -> Auth | None:
        """Which header carries the key in its dialect."""
        return self.provider.auth_of(self.dialect)

    @property
    def headers(self) -> Mapping[str, str]:
        """The static headers of each request in its dialect."""
        return self.provider.headers_of(self.dialect)

    @property
    def hosting(self) -> Hosting | None:
        """How its requests differ from those of the dialect's own API; None: not at all."""
        return self.provider.hosting_of(self.dialect)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """The provider's deviations that are about this model and dialect."""
        return tuple(entry for entry in self.provider.deviations if entry.applies_to(self.model, self.dialect))

    @property
    def price(self) -> Price | None:
        """USD per million tokens, where known."""
        return self.known.price if self.known else None

    @property
    def silent_on(self) -> tuple[str, ...]:
        """The subjects of rules about which its answers say nothing: those of the model behind a gateway."""
        gateway = self.provider.gateway
        return gateway.silent_on if gateway is not None and self.model in gateway.models else ()

    @property
    def unsupported_params(self) -> frozenset[str]:
        """Request parameters that the provider or this model refuses or ignores."""
        own = self.known.params.unsupported if self.known else frozenset()
        return self.provider.params.unsupported | own

    def __str__(self) -> str:
        """Return the id."""
        return self.id


def parse_target(text: str, providers: Mapping[str, Provider]) -> Target:
    """Return the target that `provider/model` or `provider/model@dialect` names. The model need not be listed.

    Args:
        text: the name of the target.
        providers: all providers by name, as `load_providers` returns them.

    Returns:
        The target: provider, model and dialect.

    Raises:
        UnusableInputError: the provider is unknown or abstract, no model is named, or the provider does not speak the
            dialect.

    Example:
        >>> from conformance import load_providers, parse_target
        >>> target = parse_target("groq/openai/gpt-oss-120b", load_providers())
        >>> target.model, target.dialect
        ('openai/gpt-oss-120b', 'openai-chat')
    """
    name, _, rest = text.partition("/")
    provider = _provider(name, text, providers)
    model, at, suffix = rest.rpartition("@")
    if not at or suffix not in dialect_names():
        _refuse_misspelt(model, suffix, text)
        model, suffix = rest, provider.dialect
    if not model:
        example = next(iter(provider.default_models or provider.models), "MODEL")
        raise UnusableInputError(f"target {text!r} names no model", remedy=f"write {name}/{example}")
    if suffix not in provider.dialects:
        spoken = ", ".join(provider.dialects)
        remedy = f"it speaks {spoken}; add it to `dialects` in {provider.file.name} if it does"
        raise UnusableInputError(f"target {text!r}: {name} does not speak {suffix}", remedy=remedy)
    return Target(provider, model, suffix)


def default_targets(provider: Provider) -> tuple[Target, ...]:
    """Return the targets that a provider named alone stands for."""
    return tuple(Target(provider, model, provider.dialect) for model in provider.default_models)


def stated_targets(provider: Provider) -> tuple[Target, ...]:
    """Return the targets whose answers a provider's TOML states: its first default model, and those of each further dialect in `[wire]`.

    In a further dialect they are the models that list it, else the first default model.
    """
    first = next(iter((*provider.default_models, *provider.models)), None)
    if first is None:
        return ()
    further = [dialect for dialect in provider.wire.dialects if dialect != provider.dialect]
    return (
        Target(provider, first, provider.dialect),
        *(
            Target(provider, model, dialect)
            for dialect in further
            for model in [name for name, known in provider.models.items() if dialect in known.dialects] or [first]
        ),
    )


def _provider(name: str, text: str, providers: Mapping[str, Provider]) -> Provider:
    usable = sorted(key for key, value in providers.items() if not value.abstract)
    if name in usable:
        return providers[name]
    remedy = suggest(name, usable, otherwise=f"known are {', '.join(usable)}; --providers adds yours")
    problem = "is abstract and answers nothing" if name in providers else "is unknown"
    raise UnusableInputError(f"target {text!r}: provider {name!r} {problem}", remedy=remedy)


def _refuse_misspelt(model: str, suffix: str, text: str) -> None:
    """Refuse `model@openai-respones`: as a part of the model id it would only be found out live."""
    close = close_words(suffix, dialect_names(), cutoff=0.8) if model else ""
    if close:
        raise UnusableInputError(f"target {text!r}: dialect {suffix!r} is unknown", remedy=close)
