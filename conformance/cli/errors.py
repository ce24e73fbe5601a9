"""`conformance errors [PROVIDER...]`: how each provider reports a failed request, and how that is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.errors import CONFORMS, UnusableInputError, suggest
from conformance.providers import load_providers
from conformance.report.errors_pages import as_html, as_markdown, as_text
from conformance.report.errors_table import as_json, error_rows
from conformance.runs.options import add_options
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Add the providers and the format."""
    parser.add_argument("provider", nargs="*", metavar="PROVIDER", help="these providers, e.g. groq (default: all)")
    parser.add_argument("--format", choices=("text", "md", "html", "json"), default="text", help="md is docs/errors.md")
    add_options(parser, "--cassettes", "--providers")


def main(options: Namespace) -> int:
    """Print the table of the named providers; without a name, of all.

    Raises:
        UnusableInputError: a provider is unknown, or a TOML or a cassette cannot be read.
    """
    project = Project.here()
    every = load_providers(*project.paths("providers", options.providers))
    known = {name: provider for name, provider in every.items() if not provider.abstract}
    for name in options.provider:
        if name not in known:
            raise UnusableInputError(f"provider {name!r} is unknown", remedy=suggest(name, known))
    chosen = [known[name] for name in options.provider or known]
    rows = error_rows(chosen, project.path("cassettes", options.cassettes) or project.root / "cassettes")
    if options.format == "json":
        print(json.dumps(as_json(rows), indent=1))
    elif options.format == "md":
        from conformance.report.refusals_page import refusal_rows, refusals_as_markdown  # noqa: PLC0415 - it emulates

        refusals = refusals_as_markdown(refusal_rows({provider.name: provider for provider in chosen}))
        print("\n".join([as_markdown(rows), refusals]).rstrip("\n"))
    else:
        print({"text": as_text, "html": as_html}[options.format](rows), end="")
    return CONFORMS
