"""`conformance providers [PROVIDER]`: validates every TOML, and lists the facts known of each provider with source and date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.errors import CONFORMS, UnusableInputError, counted, suggest
from conformance.providers import load_providers
from conformance.providers.facts import PRICE_UNKNOWN, UNKNOWN, facts_of
from conformance.report.providers_page import as_json, page
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from conformance.providers import Provider


def arguments(parser: ArgumentParser) -> None:
    """Add the provider and the format."""
    parser.add_argument(
        "provider",
        nargs="?",
        metavar="PROVIDER",
        help="one provider with all its facts, e.g. groq (default: a line for each)",
    )
    formats = "md is docs/providers.md; json has every fact with its source"
    parser.add_argument("--format", choices=("text", "md", "json"), default="text", help=formats)
    add_options(parser, "--providers")


def main(options: Namespace) -> int:
    """Print one line for each provider, one provider with its facts, or the table of all as Markdown or JSON.

    Raises:
        UnusableInputError: a TOML is wrong, or the provider is unknown.
    """
    every = load_providers(*Project.here().paths("providers", options.providers))
    providers = {name: provider for name, provider in every.items() if not provider.abstract}
    name = options.provider
    if name is not None and name not in providers:
        raise UnusableInputError(f"provider {name!r} is unknown", remedy=suggest(name, providers))
    chosen = providers if name is None else {name: providers[name]}
    if options.format == "json":
        print(json.dumps(as_json(chosen, every), indent=2))
    elif options.format == "md":
        print(page(chosen, every), end="")
    elif name is not None:
        _show(providers[name], every)
    else:
        for provider in providers.values():
            models = ", ".join(provider.models)
            print(
                f"{provider.name:14} {provider.dialect:12} {counted(len(provider.deviations), 'deviation'):13}  {models}"
            )
    return CONFORMS


def _show(provider: Provider, every: Mapping[str, Provider]) -> None:
    key = f"key in {provider.auth.env}" if provider.auth else "no key"
    print(f"{provider.name}: {provider.base_url}, {provider.dialect}, {key}")
    for fact in facts_of(provider, every):
        priced = fact.group == "models"
        name = f"model {fact.name}" if priced else f"{fact.group}: {fact.name}"
        if fact.value is None:
            print(f"  {name}: {PRICE_UNKNOWN if priced else UNKNOWN}")
        else:
            sure = f", {fact.confidence} confidence" if fact.confidence else ""
            print(f"  {name}: {fact.value} ({fact.how}{sure}, read {fact.read}) [{fact.source}]")
    for deviation in provider.deviations:
        print(
            f"  deviation {deviation.rule} ({deviation.occurs}, until {deviation.expires}): {deviation.reason} [{deviation.source}]"
        )
