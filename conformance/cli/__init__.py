"""The command line. A verb is one module of this package: it holds its arguments and its main."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from conformance import __version__
from conformance.errors import CONFORMS, INTERRUPTED, UNUSABLE, UnusableInputError
from conformance.knowledge.latency.extra import require
from conformance.runs.options import OPTIONS, PYTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Every verb with its sentence. The module is imported when the verb is called: pytest and the rule table are slow to import.
VERBS: Final = {
    "run": "run the suites: replay cassettes, or ask the provider with --live",
    "record": "ask a target and write its cassettes",
    "audit": "judge recorded traffic: files or folders",
    "rules": "list the rules, or explain one",
    "providers": "validate the providers, and list the facts known of each",
    "errors": "show how each provider reports a failure, and how that is known",
    "serve": "answer as a provider does, or replay recordings, for any client",
    "clients": "try real SDKs on every provider, fault and recording",
    "models": "show when models retire: of targets, of files, or of the whole registry",
    "grounding": "label answers to prompts that carry a URL: made up, disclosed, grounded",
    "latency": "say whether a candidate is slower than its baseline: from files, recorded runs, or asked now",
    "explain": "show the evidence behind a cell's verdict",
}
EXIT_CODES: Final = (
    "exit codes: 0 conforms, 1 a cell fails, 2 a cell is undecided, a named target is only emulated or nothing was judged,"
    " 3 the input cannot be used"
)
#: Verbs whose words pytest parses.
_OF_PYTEST: Final = ("run", "record")
#: Verbs that print a list: a reader may stop early. A judgement that nobody read to the end did not pass.
_LISTS: Final = ("rules", "providers", "errors")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code (0 conforms, 1 fails, 2 undecided, 3 the input cannot be used)."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an answer may hold a character that this terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _call(words)
        sys.stdout.flush()
    except UnusableInputError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("conformance: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `conformance rules | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CONFORMS if words[:1] and words[0] in _LISTS else UNUSABLE
    return code


def parser(verb: str = "") -> ArgumentParser:
    """Return a parser that knows every verb, and the arguments of `verb`."""
    whole = _Parser(
        prog="conformance", description="Conformance and regression tests for LLM providers.", epilog=EXIT_CODES
    )
    whole.add_argument("--version", action="version", version=f"conformance {__version__}")
    verbs = whole.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb", parser_class=_Parser)
    for name, sentence in VERBS.items():
        below = verbs.add_parser(name, help=sentence)
        if name == verb:
            import_module(f"{__name__}.{name}").arguments(below)
    return whole


def _call(words: list[str]) -> int:
    if not words:  # a script that lost its verb has checked nothing
        parser().print_help(sys.stderr)
        return UNUSABLE
    if words[0] in _OF_PYTEST and not {"-h", "--help"} & set(words):
        options = Namespace(verb=words[0], words=words[1:])
    else:
        options = parser(words[0]).parse_args(words)
    code: int = import_module(f"{__name__}.{options.verb}").main(options)
    return code


class _Parser(ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the problem on one line; argparse would exit 2, which means undecided here."""
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(UNUSABLE)


def _parser() -> argparse.ArgumentParser:  # noqa: PLR0915 - one block a verb
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

    audit = verbs.add_parser(
        "audit",
        help="judge recorded traffic: files or folders",
        epilog="exit codes: 0 no finding fails, 1 one does, 2 no exchange was judged, 3 something cannot be read",
    )
    audit.add_argument("paths", nargs="+", metavar="PATH")
    audit.add_argument("--provider", metavar="NAME", help="whose traffic it is, for its known deviations")
    audit.add_argument("--format", choices=("text", "jsonl"), default="text")
    _add(audit, "--fail-on", "--as-of", "--providers", "--rules")

    rules = verbs.add_parser("rules", help="list the rules, or explain one")
    rules.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id, or a subject")
    rules.add_argument("--matrix", action="store_true", help="show in which dialects each rule is judged")
    rules.add_argument("--format", choices=("text", "md"), default="text", help="text, or the page docs/rules.md")
    _add(rules, "--rules")

    providers = verbs.add_parser("providers", help="validate and list the providers, and what is known of each")
    providers.add_argument("provider", nargs="?", metavar="PROVIDER")
    how = "md is docs/providers.md; json has every fact with its source"
    providers.add_argument("--format", choices=("text", "md", "json"), default="text", help=how)
    _add(providers, "--providers")

    errors = verbs.add_parser("errors", help="how each provider says that a request failed, and how that is known")
    errors.add_argument("provider", nargs="*", metavar="PROVIDER")
    errors.add_argument("--format", choices=("text", "md", "html", "json"), default="text", help="md is docs/errors.md")
    _add(errors, "--cassettes", "--providers")

    serve = verbs.add_parser("serve", help="answer as a provider does, or replay recordings, for any client")
    serve.add_argument("--as", dest="provider", metavar="PROVIDER", help="emulate this provider from its TOML")
    serve.add_argument("--model", metavar="MODEL", help="a model that the TOML does not list, to be answered too")
    serve.add_argument("--replay", action="append", metavar="PATH", help="serve recordings in place of an emulation")
    serve.add_argument("--fault", action="append", default=[], metavar="NAME", help="break every answer in this way")
    serve.add_argument("--list-faults", action="store_true", help="list the faults and the rule that each one breaks")
    serve.add_argument("--speed", type=float, default=1.0, metavar="X", help="divide every wait by X (default 1)")
    serve.add_argument("--seed", type=int, default=0, metavar="N", help="draw other ids and texts (default 0)")
    serve.add_argument("--host", default="127.0.0.1", help="where to listen (default 127.0.0.1: this machine only)")
    serve.add_argument("--port", type=int, default=0, help="where to listen (default: a free port)")
    _add(serve, "--providers")

    clients = verbs.add_parser("clients", help="try real SDKs on every provider, fault and recording")
    clients.add_argument("--client", action="append", default=[], metavar="NAME", help="only this client")
    clients.add_argument("--provider", action="append", default=[], metavar="NAME", help="only this emulated provider")
    clients.add_argument("--fault", action="append", default=[], metavar="NAME", help="only this fault")
    clients.add_argument("--replay", action="append", default=[], metavar="PATH", help="only these recorded answers")
    what = "try this version, e.g. openai==3.60.0, and say what it makes worse (it is downloaded)"
    clients.add_argument("--with", dest="wanted", metavar="PACKAGE==VERSION", help=what)
    clients.add_argument(
        "--install", action="store_true", help="make the clients' environments first (they are downloaded)"
    )
    clients.add_argument("--format", choices=("text", "md", "json"), default="text", help="md is docs/clients.md")
    clients.add_argument("--json", metavar="FILE", help="write the JSON here too")
    _add(clients, "--providers")

    _add_models(
        verbs.add_parser("models", help="what retires when: targets, model names in files, or the whole registry")
    )

    grounding = verbs.add_parser(
        "grounding",
        help="label answers to prompts that carry a URL: made up, disclosed, grounded",
        epilog="exit codes: 1 an answer is made up (FABRICATED, FABRICATED_LINKS) and the judge is sure; 2 none is, but of some"
        " the judge is unsure; 0 neither; 3 a line or the file cannot be used (the other lines are judged all the same);"
        " with --judge an answer that its target decides is no longer unsure",
    )
    grounding.add_argument("file", metavar="FILE.jsonl", help="rows {id, prompt, url, context, response}")
    grounding.add_argument("--format", choices=("text", "jsonl"), default="text")
    grounding.add_argument("--explain", action="store_true", help="sentence by sentence, why")
    how = "ask this target, yes or no, about each answer that the offline judge is unsure of (sends it prompt and answer, costs money)"
    grounding.add_argument("--judge", metavar="TARGET", help=how)
    _add(grounding, "--max-requests", "--base-url", "--header", "--proxy", "--ca", "--providers")

    _add_latency(
        verbs.add_parser(
            "latency", help="is a candidate slower than its baseline? of files, recorded runs, or asked now"
        )
    )

    explain = verbs.add_parser("explain", help="show what a cell's verdict rests on")
    explain.add_argument("cell", metavar="CELL", help="as pytest names it: groq/openai/gpt-oss-120b-usage.sum")
    _add(explain, "--fail-on", "--as-of", "--cassettes", "--providers", "--probes", "--rules")
    return parser


def _add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="PROVIDER/MODEL; without it and --scan, the registry"
    )
    parser.add_argument(
        "--scan", nargs="+", action="extend", default=[], metavar="PATH", help="find model names in files and folders"
    )
    parser.add_argument(
        "--fail-within", type=int, default=14, metavar="DAYS", help="fail what retires so soon (default 14)"
    )
    parser.add_argument(
        "--warn-within", type=int, default=90, metavar="DAYS", help="tell what retires so soon (default 90)"
    )
    parser.add_argument("--format", choices=("text", "json", "md"), default="text")
    _add(parser, "--as-of", "--cassettes", "--providers", "--probes", "--rules")


def _add_latency(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "exit codes: 1 a metric regressed, 2 one is inconclusive, 0 none is worse, 3 the input cannot be used;"
        " failures count, tails only with --tails"
    )
    what = "BASE and CANDIDATE, each a JSONL file of requests or a target with recorded runs; or one target, against its own past"
    parser.add_argument("sides", nargs="+", metavar="FILE|TARGET", help=what)
    parser.add_argument(
        "--record", action="store_true", help="ask the targets and keep the runs below reports/benchmarks"
    )
    parser.add_argument(
        "--interleave", action="store_true", help="ask BASE and CANDIDATE in turn, now: the surest comparison"
    )
    how = "throughput at these numbers of simultaneous streams, and where it stops growing (default 1,2,4,8,16,32)"
    parser.add_argument("--sweep", nargs="?", const="1,2,4,8,16,32", metavar="N,N,...", help=how)
    parser.add_argument(
        "--speedup", type=int, metavar="N", help="how much faster N requests are at once than one by one"
    )
    how = "ask so many requests a second, answered or not, and measure from when each was due"
    parser.add_argument("--open-loop", type=float, metavar="RATE", help=how)
    parser.add_argument(
        "--claims", action="store_true", help="hold recorded runs against advertised speeds and [tool.conformance.slo]"
    )
    parser.add_argument(
        "--history", metavar="DIR", help="recorded runs (default reports/baselines and reports/benchmarks)"
    )
    parser.add_argument("--workload", action="append", default=[], metavar="NAME", help="what to ask (default short)")
    parser.add_argument("--requests", type=int, default=10, metavar="N", help="requests a run (default 10, at least 8)")
    parser.add_argument("--runs", type=int, default=1, metavar="K", help="runs to record now (default 1)")
    parser.add_argument("--pairs", type=int, default=30, metavar="N", help="most pairs to interleave (default 30)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the order within pairs (default: drawn, and printed)")
    parser.add_argument(
        "--region", default="default", metavar="NAME", help="where you ask from: runs of two regions are not compared"
    )
    parser.add_argument(
        "--label", metavar="NAME", help="what the runs belong to: the newest label is the candidate (default the day)"
    )
    parser.add_argument(
        "--no-calibration", action="store_true", help="do not measure the error of this client's clock first"
    )
    parser.add_argument(
        "--q", type=float, default=0.1, metavar="Q", help="false alarms among the alarms over cells (default 0.1)"
    )
    parser.add_argument("--tails", action="store_true", help="let the 90th percentiles decide too")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    _add(parser, "--max-requests", "--base-url", "--header", "--proxy", "--ca", "--reports", "--providers", "--rules")


def _add(parser: argparse.ArgumentParser, *flags: str) -> None:
    for flag in flags:
        how: dict[str, Any] = OPTIONS[flag]
        parser.add_argument(flag, **how)


if __name__ == "__main__":
    sys.exit(main())
