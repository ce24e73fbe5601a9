"""Write docs/dialects.md from the providers' files, the cassettes and the schemas: `python -m tools.dialects_page > docs/dialects.md`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance import load_providers
from conformance.recording.cassette import EMULATED_SUFFIX, REFUSED_SUFFIX, SUFFIX
from conformance.schemas import schema_names
from conformance.wire.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT: Final = Path(__file__).parents[1]
_LEAD: Final = """# Dialects

A dialect is the protocol of an API. Each target is asked in a dialect: `conformance run --target PROVIDER/MODEL@DIALECT`.
This page is made by `python -m tools.dialects_page > docs/dialects.md`.

## Target and dialect

- **recorded**: a real server answered, and its cassettes are committed.
- **emulated**: the emulator answered in the provider's wire form. Such cassettes prove the suite, and not the provider.
- **documented**: the provider's file names the dialect with its source. No cassette is committed: `conformance record` makes one.
- An empty field: the provider's file does not name the dialect.

"""
_SCHEMAS: Final = """
## Schemas

A schema is strict where clients need a member, and open to new members. `python -m tests.spec_coverage` holds the schemas against
the vendors' published specifications, where the specifications' paths lie beside the checkout: a path is covered, left out for a
reason, or open. No path is open.

"""


def page() -> str:
    """Return the page."""
    return _LEAD + "\n".join(_targets()) + "\n" + _SCHEMAS + "\n".join(_schemas()) + "\n"


def _targets() -> Iterator[str]:
    yield "| provider | " + " | ".join(DIALECTS) + " |"
    yield "|---" * (len(DIALECTS) + 1) + "|"
    for name, provider in sorted(load_providers().items()):
        if not provider.abstract:
            cells = (evidence(name, dialect, declared=dialect in provider.dialects) for dialect in DIALECTS)
            yield f"| {name} | " + " | ".join(cells) + " |"


def evidence(provider: str, dialect: str, *, declared: bool) -> str:
    """Say how a provider's answers in a dialect are known.

    Args:
        provider: its name, which is its folder's in `cassettes/`.
        dialect: such as `openai-chat`.
        declared: whether its file names the dialect.
    """
    files = [path.name for path in (_ROOT / "cassettes" / provider).glob(f"*/{dialect}/*{SUFFIX}")]
    emulated = any(file.endswith(EMULATED_SUFFIX) for file in files)
    recorded = any(not file.endswith((EMULATED_SUFFIX, REFUSED_SUFFIX)) for file in files)
    if recorded or emulated:
        return " and ".join(word for word, known in (("recorded", recorded), ("emulated", emulated)) if known)
    return "documented" if declared else ""


def _schemas() -> Iterator[str]:
    yield "| dialect | schemas |"
    yield "|---|---|"
    for dialect in DIALECTS:
        names = [f"`{name.partition('/')[2]}`" for name in schema_names(dialect)]
        yield f"| {dialect} | {', '.join(names) or 'none: `audit` decodes it'} |"


if __name__ == "__main__":
    sys.stdout.write(page())
