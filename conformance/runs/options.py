"""Our options, once: pytest takes them, `conformance run --help` and `conformance explain` show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SWITCH: Final = {"action": "store_true"}
_SEVERAL: Final = {"action": "append", "default": []}

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--target": {
        **_SEVERAL,
        "metavar": "PROVIDER/MODEL[@DIALECT]",
        "help": "what to test; without it, all that have cassettes",
    },
    "--live": {**_SWITCH, "help": "ask the provider instead of replaying cassettes"},
    "--record": {**_SWITCH, "help": "ask the provider and write cassettes"},
    "--emulated": {
        **_SWITCH,
        "help": "with --live or --record: ask the emulator of the provider's TOML, without a key; with --base-url, that address is one",
    },
    "--evidence": {
        **_SEVERAL,
        "choices": ("recorded", "emulated", "imported", "live"),
        "help": "judge only answers that came to be in this way",
    },
    "--clients": {
        **_SWITCH,
        "help": "try the SDKs that are installed here too, as clients of each target's emulated provider",
    },
    "--missing": {**_SWITCH, "help": "with --record: only probes without a good cassette"},
    "--stale": {**_SWITCH, "help": "with --record: only probes that changed since they were recorded"},
    "--latency": {
        **_SEVERAL,
        "metavar": "WORKLOAD",
        "help": "with --live: take a run of this latency workload too, e.g. short",
    },
    "--rerun-inconclusive": {**_SWITCH, "help": "only the cells that the last run could not decide"},
    "--max-requests": {"type": int, "metavar": "N", "help": "send at most N requests (default 300)"},
    "--probe": {**_SEVERAL, "metavar": "NAME", "help": "only this probe"},
    "--fail-on": {"choices": ("error", "warning"), "help": "the severity that fails a cell (default error)"},
    "--as-of": {"metavar": "DATE", "help": "the day that dates are held against (default today)"},
    "--base-url": {"metavar": "URL", "help": "ask this address in place of the provider's, e.g. a gateway"},
    "--header": {**_SEVERAL, "metavar": "'NAME: VALUE'", "help": "send this header too"},
    "--proxy": {"metavar": "URL", "help": "ask through this proxy (default: HTTPS_PROXY and the like)"},
    "--ca": {"metavar": "FILE", "help": "trust the certificates in this PEM file too"},
    "--cassettes": {"metavar": "DIR", "help": "where cassettes are (default cassettes)"},
    "--reports": {"metavar": "DIR", "help": "where results.json and index.html go (default reports)"},
    "--providers": {**_SEVERAL, "metavar": "DIR", "help": "your own providers' TOML files"},
    "--probes": {**_SEVERAL, "metavar": "DIR", "help": "your own probes' YAML files"},
    "--rules": {**_SEVERAL, "metavar": "MODULE", "help": "import your own rules from this module"},
}
#: What the suites take besides.
PYTEST: Final = "all other arguments are pytest's: -k tool_call, -m streaming, -n auto, -x, --alluredir DIR, -vv"
#: What a command needs to see the same again. Not --header: it may hold a secret, and a report repeats the command.
REPEATED: Final = (
    "--fail-on",
    "--as-of",
    "--evidence",
    "--emulated",
    "--base-url",
    "--cassettes",
    "--providers",
    "--probes",
    "--rules",
)


def repeated(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those of the values given, by option name, that a command needs to see the same again."""
    return tuple(_repeated(values))


def _repeated(values: Mapping[str, Any]) -> Iterable[str]:
    for flag in REPEATED:
        given = values.get(flag[2:].replace("-", "_")) or []
        for value in given if isinstance(given, list) else [given]:
            if value is True:
                yield flag
            elif flag != "--base-url" or "@" not in value:  # user:password@host
                yield from (flag, str(value))
