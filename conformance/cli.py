"""The command line: thin verbs over the code that the plugin and the library share."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import __version__
from conformance.errors import UnusableInputError
from conformance.ledger import CONFORMS, UNUSABLE

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (0 conforms, 1 fails, 2 undecided, 3 the input cannot be used)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] in (["run"], ["record"]):
            return _run(arguments[0], arguments[1:])
        options = _parser().parse_args(arguments)
        code: int = options.verb(options)
    except UnusableInputError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # `conformance rules | head`
        sys.stderr.close()
        return CONFORMS
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Say what is wrong on one line; argparse would exit 2, which means undecided here."""
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(UNUSABLE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="conformance", description="Conformance and regression tests for LLM providers.")
    parser.add_argument("--version", action="version", version=f"conformance {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", parser_class=_Parser)
    verbs.add_parser("run", help="run the suites: takes pytest's arguments and ours (pytest --help)", add_help=False)
    verbs.add_parser(
        "record", help="ask TARGET and write cassettes: conformance record TARGET [--missing]", add_help=False
    )

    audit = verbs.add_parser("audit", help="judge recorded traffic: files or folders")
    audit.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    audit.add_argument("--provider", help="whose traffic it is, for its known deviations")
    audit.add_argument("--fail-on", choices=("error", "warning"), default="error")
    audit.add_argument("--as-of", metavar="DATE")
    audit.add_argument("--format", choices=("text", "jsonl"), default="text")
    audit.add_argument("--providers", action="append", default=[], type=Path, metavar="DIR")
    audit.set_defaults(verb=_audit)

    rules = verbs.add_parser("rules", help="list the rules, or explain one")
    rules.add_argument("rule", nargs="?", metavar="RULE")
    rules.set_defaults(verb=_rules)

    providers = verbs.add_parser("providers", help="validate and list the providers")
    providers.add_argument("provider", nargs="?", metavar="PROVIDER")
    providers.add_argument("--providers", action="append", default=[], type=Path, metavar="DIR")
    providers.set_defaults(verb=_providers)

    explain = verbs.add_parser("explain", help="show a cell's evidence: conformance explain TARGET-RULE")
    explain.add_argument("cell", metavar="CELL", help="as pytest names it, e.g. groq/openai/gpt-oss-120b-usage.sum")
    explain.add_argument("--cassettes", default=None, metavar="DIR")
    explain.add_argument("--as-of", metavar="DATE")
    explain.set_defaults(verb=_explain)
    return parser


def _run(verb: str, arguments: list[str]) -> int:
    from conformance.verbs.run import run_suites  # noqa: PLC0415 - pytest is slow to import, and other verbs need none of it

    return run_suites(arguments, record=verb == "record")


def _audit(options: argparse.Namespace) -> int:
    from conformance.audit import audit  # noqa: PLC0415 - see _run
    from conformance.providers import load_providers  # noqa: PLC0415
    from conformance.rules.registry import Severity  # noqa: PLC0415
    from conformance.settings import load_rules, read_date, read_table  # noqa: PLC0415

    load_rules(read_table(Path.cwd()).get("rules", ()))
    return audit(
        options.paths,
        provider=options.provider,
        fail_on=Severity(options.fail_on),
        as_of=read_date(options.as_of),
        format=options.format,
        providers=load_providers(*options.providers),
    )


def _rules(options: argparse.Namespace) -> int:
    from conformance.verbs.rules import show_rules  # noqa: PLC0415 - see _run

    return show_rules(options.rule)


def _providers(options: argparse.Namespace) -> int:
    from conformance.verbs.providers import show_providers  # noqa: PLC0415 - see _run

    return show_providers(options.provider, options.providers)


def _explain(options: argparse.Namespace) -> int:
    from conformance.verbs.explain import explain_cell  # noqa: PLC0415 - see _run

    return explain_cell(options.cell, {"cassettes": options.cassettes, "as_of": options.as_of})


if __name__ == "__main__":
    sys.exit(main())
