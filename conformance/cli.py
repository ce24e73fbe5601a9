"""The command line: thin verbs over the code that the plugin and the library share."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.errors import UnusableInputError
from conformance.ledger import CONFORMS, UNUSABLE
from conformance.options import OPTIONS, PYTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXIT_CODES = (
    "exit codes: 0 conforms, 1 a cell fails, 2 a cell is undecided or only emulated, 3 the input cannot be used"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (0 conforms, 1 fails, 2 undecided, 3 the input cannot be used)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = arguments[0] if arguments else ""
    try:
        code = _call(arguments)
        sys.stdout.flush()
    except UnusableInputError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("conformance: interrupted", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # `conformance rules | head`: whoever left has seen enough of a list, not of a judgement
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CONFORMS if verb in {"rules", "providers"} else UNUSABLE
    return code


def _call(arguments: list[str]) -> int:
    parser = _parser()
    if arguments[:1] not in (["run"], ["record"]) or {"-h", "--help"} & set(arguments):
        options = parser.parse_args(arguments)
        # Imported when called: pytest and the rule table are slow to import, and no verb needs all.
        code: int = import_module(f"conformance.verbs.{options.verb}").main(options)
        return code
    from conformance.verbs.run import run_suites  # noqa: PLC0415 - see above

    return run_suites(arguments[1:], record=arguments[0] == "record")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Say what is wrong on one line; argparse would exit 2, which means undecided here."""
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(UNUSABLE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="conformance",
        description="Conformance and regression tests for LLM providers.",
        epilog=_EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=f"conformance {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb", parser_class=_Parser)

    run = verbs.add_parser(
        "run", help="run the suites: replay cassettes, or ask with --live", epilog=f"{PYTEST}; {_EXIT_CODES}"
    )
    _add(run, *OPTIONS)

    record = verbs.add_parser("record", help="ask a target and write its cassettes", epilog=PYTEST)
    record.add_argument("targets", nargs="+", metavar="TARGET", help="PROVIDER/MODEL[@DIALECT]")
    _add(record, *(flag for flag in OPTIONS if flag not in {"--target", "--live", "--record"}))

    audit = verbs.add_parser("audit", help="judge recorded traffic: files or folders")
    audit.add_argument("paths", nargs="+", metavar="PATH")
    audit.add_argument("--provider", metavar="NAME", help="whose traffic it is, for its known deviations")
    audit.add_argument("--format", choices=("text", "jsonl"), default="text")
    _add(audit, "--fail-on", "--as-of", "--providers", "--rules")

    rules = verbs.add_parser("rules", help="list the rules, or explain one")
    rules.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id, or a subject")
    _add(rules, "--rules")

    providers = verbs.add_parser("providers", help="validate and list the providers")
    providers.add_argument("provider", nargs="?", metavar="PROVIDER")
    _add(providers, "--providers")

    explain = verbs.add_parser("explain", help="show what a cell's verdict rests on")
    explain.add_argument("cell", metavar="CELL", help="as pytest names it: groq/openai/gpt-oss-120b-usage.sum")
    _add(explain, "--fail-on", "--as-of", "--cassettes", "--providers", "--probes", "--rules")
    return parser


def _add(parser: argparse.ArgumentParser, *flags: str) -> None:
    for flag in flags:
        how: dict[str, Any] = OPTIONS[flag]
        parser.add_argument(flag, **how)


if __name__ == "__main__":
    sys.exit(main())
