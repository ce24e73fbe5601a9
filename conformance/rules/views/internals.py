"""What an error tells of the server's inside: an interpreter's exception, a stack trace, a path of its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from conformance.rules.views.errors import Failure

#: An exception or a stack frame as each runtime prints one, and the path of a source file on a server's disk.
_FORMS: Final = (
    r"Traceback \(most recent call last\)|File \"[^\"\n]+\.py\", line \d+",  # Python
    r"'?NoneType'? object (?:has no|is not)|object has no attribute '\w+'|(?:list|string|tuple) index out of range",
    r"(?:takes|missing|got an unexpected) (?:\d+ )?(?:required )?(?:positional|keyword) arguments?",
    r"\b(?:KeyError|AttributeError|IndexError|UnboundLocalError|ZeroDivisionError|AssertionError|ModuleNotFoundError)\b\s*[:(]",
    r"unsupported operand type\(s\)|can only concatenate (?:str|list)|unhashable type: '\w+'|Event loop is closed",
    r"goroutine \d+ \[|panic: |runtime error: |nil pointer dereference|cannot unmarshal \w+ into Go ",  # Go
    r"\bat [\w$.]+\([\w$]+\.(?:java|kt|scala):\d+\)|\bjava\.(?:lang|util|io)\.\w+Exception",  # JVM
    r"Cannot read propert(?:y|ies) of (?:undefined|null)|\bat (?:\w+ )?\(?(?:file://)?/[\w./-]+\.(?:js|mjs|ts):\d+:\d+",  # JS
    r"undefined is not (?:a function|an object)",
    r"thread '[\w-]+' panicked at|called `(?:Option|Result)::unwrap\(\)`",  # Rust
    r"std::(?:out_of_range|bad_alloc|runtime_error|logic_error|invalid_argument)|\[json\.exception\.\w+\.\d+\]",  # C++
    r"CUDA error:|CUDA out of memory|torch\.\w+\.OutOfMemoryError|NCCL error",
    r"SQLSTATE\[|psycopg2?\.\w+|sqlalchemy\.exc\.|ORA-\d{5}|Duplicate entry '.{1,60}' for key",  # data bases
    r"(?<![\w./:-])/(?:usr|opt|app|srv|home|root|var|workspace|mnt)/[\w./-]+\.(?:py|go|js|ts|rs|cpp|cc|java|rb|php)\b",
)
_INTERNALS: Final = re.compile("|".join(_FORMS))


def internals(failure: Failure) -> str:
    """Return the first piece of the server's inside in an error's text; empty where there is none, or the request holds it too."""
    text = failure.message if isinstance(failure.message, str) else ""
    match = _INTERNALS.search(f"{text}\n{failure.body.text}"[:20_000])
    if match is None or match[0].encode("utf-8", "surrogatepass") in failure.request.body:
        return ""
    return match[0]
