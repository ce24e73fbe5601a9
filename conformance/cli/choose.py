"""`conformance choose`: rank the targets of the last run by what was measured, with a fallback of another provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from conformance.cli.baseline import results_path
from conformance.errors import CONFORMS, FAILS, UNDECIDED
from conformance.knowledge.latency.runs import BASELINES, RUNS, read_runs
from conformance.providers import load_providers, parse_target
from conformance.report.results import read_results
from conformance.runs.choose import choose, reasons
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping

    from conformance.providers import Provider
    from conformance.runs.choose import Candidate, Choice

PRIORITIES: Final = ("quality", "latency", "speed", "cost", "balanced")
FORMATS: Final = ("text", "json", "toml", "litellm-config", "env")


def arguments(parser: ArgumentParser) -> None:
    """Add the priority, the needs and the form."""
    parser.epilog = (
        "Emulated evidence never ranks.\n\nexit codes: 0 a target is chosen, 1 the best has a failing rule,"
        " 2 none was judged on real answers, 3 the input cannot be used"
    )
    parser.add_argument(
        "--priority", choices=PRIORITIES, default="balanced", help="the dimension that decides (default balanced)"
    )
    parser.add_argument("--need", default="", metavar="LIST", help="capabilities that it must have: tools,json_schema")
    parser.add_argument("--fallback", action="store_true", help="exit 2 where no other provider's target can stand in")
    parser.add_argument("--results", metavar="FILE", help="results.json of the run (default: reports/results.json)")
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="toml, litellm-config and env are for routers"
    )
    add_options(parser, "--as-of", "--reports", "--providers")


def main(options: Namespace) -> int:
    """Print the ranking, or the choice for a router; return the exit code.

    Raises:
        UnusableInputError: the results, a run or a provider cannot be read.
    """
    project = Project.here()
    providers = load_providers(*project.paths("providers", options.providers))
    reports = project.path("reports", options.reports) or project.root / "reports"
    choice = choose(
        read_results(results_path(options, project)),
        providers,
        read_runs(reports / BASELINES, reports / RUNS),
        project.as_of(options.as_of),
        priority=options.priority,
        needs=[need.strip() for need in options.need.split(",") if need.strip()],
    )
    print("\n".join(_printed(choice, options.format, providers)))
    if not choice.ranked or (options.fallback and choice.fallback is None):
        return UNDECIDED
    return FAILS if choice.ranked[0].failing else CONFORMS


def _printed(choice: Choice, form: str, providers: Mapping[str, Provider]) -> Iterator[str]:
    first, second = (choice.ranked[0] if choice.ranked else None), choice.fallback
    chosen = {name: one for name, one in (("model", first), ("fallback", second)) if one is not None}
    if form == "json":
        yield json.dumps(_as_json(choice), indent=1)
    elif form == "toml":
        yield "[llm]"
        yield from (f"{name} = {json.dumps(one.target)}" for name, one in chosen.items())
    elif form == "env":
        yield from (f"LLM_{name.upper()}={one.target}" for name, one in chosen.items())
    elif form == "litellm-config":
        yield json.dumps(_as_litellm(list(chosen.values()), providers), indent=1)
    else:
        yield from _text(choice)


def _text(choice: Choice) -> Iterator[str]:
    if not choice.ranked:
        yield "nothing to choose from: no target was judged on real answers and measured"
    for place, one in enumerate(choice.ranked, 1):
        yield f"{place}. {one.target}: {'; '.join(reasons(one))}"
    if choice.ranked:
        fallback = choice.fallback
        yield (
            f"fallback: {fallback.target}"
            if fallback
            else "fallback: none; no judged target of another provider outlives the first"
        )
    for target, why, remedy in choice.left_out:
        yield f"not ranked: {target}: {why}" + (f"; `{remedy}`" if remedy else "")


def _as_json(choice: Choice) -> dict[str, object]:
    def fields(one: Candidate | None) -> dict[str, object] | None:
        return (
            None
            if one is None
            else {**vars(one), "retires": str(one.retires) if one.retires else None, "reasons": list(reasons(one))}
        )

    return {
        "priority": choice.priority,
        "ranked": [fields(one) for one in choice.ranked],
        "fallback": fields(choice.fallback),
        "left_out": [{"target": target, "reason": why, "remedy": remedy} for target, why, remedy in choice.left_out],
    }


def _as_litellm(chosen: list[Candidate], providers: Mapping[str, Provider]) -> dict[str, object]:
    """Return `model_list` and `fallbacks` of a LiteLLM proxy's configuration (docs.litellm.ai, read 2026-11-28); JSON is YAML."""
    models = []
    for name, one in zip(("main", "fallback"), chosen, strict=False):
        target = parse_target(one.target, providers)
        # Its `openai/` speaks chat to any address; a native protocol goes by the provider's own prefix.
        chat = target.dialect == DEFAULT_DIALECT
        prefix = target.dialect.partition("-")[0] if chat else target.provider.name
        parameters = {"model": f"{prefix}/{target.model}", "api_base": target.base_url}
        if target.provider.auth is not None and target.provider.auth.env:
            parameters["api_key"] = f"os.environ/{target.provider.auth.env}"
        models.append({"model_name": name, "litellm_params": parameters})
    fallbacks = {"litellm_settings": {"fallbacks": [{"main": ["fallback"]}]}} if len(models) > 1 else {}
    return {"model_list": models, **fallbacks}
