"""`conformance providers [PROVIDER]`: every TOML validated, and what is known of each provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError
from conformance.ledger import CONFORMS
from conformance.project import Project, suggest
from conformance.providers import load_providers

if TYPE_CHECKING:
    from argparse import Namespace

    from conformance.providers import Provider


def main(options: Namespace) -> int:
    """Print a line a provider, or one provider with its models and deviations.

    Raises:
        UnusableInputError: a TOML is wrong, or the provider is unknown.
    """
    every = load_providers(*Project.here().paths("providers", options.providers))
    providers = {name: provider for name, provider in every.items() if not provider.abstract}
    name = options.provider
    if name is None:
        for provider in providers.values():
            models = ", ".join(provider.models)
            print(f"{provider.name:14} {provider.dialect:12} {len(provider.deviations):2} deviations  {models}")
        return CONFORMS
    if name not in providers:
        raise UnusableInputError(f"provider {name!r} is unknown", remedy=suggest(name, providers))
    _show(providers[name])
    return CONFORMS


def _show(provider: Provider) -> None:
    key = f"key in {provider.auth.env}" if provider.auth else "no key"
    print(f"{provider.name}: {provider.base_url}, {provider.dialect}, {key}")
    print(f"  capabilities: {', '.join(sorted(provider.capabilities))}")
    for model in provider.models.values():
        price = model.price
        cost = f"${price.input} in, ${price.output} out per million tokens" if price else "price unknown"
        print(f"  model {model.id}: {cost}")
    for each in provider.deviations:
        print(f"  deviation {each.rule} ({each.occurs}, until {each.expires}): {each.reason} [{each.source}]")
