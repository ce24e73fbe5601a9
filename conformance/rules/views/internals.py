"""What an error tells of the server's inside: an interpreter's exception, a stack trace, a path of its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import Failure

#: An exception or a stack frame as each runtime prints one, and the path of a source file on a server's disk.
_FORMS: Final = (
    r"Traceback \(most recent call last\)|File \"[^\"\n]+\.py\", line \d+",  # Python
    r"'?NoneType'? object (?:has no|is not)|'\w+' object (?:has no attribute|is not (?:subscriptable|iterable|callable))",
    r"object has no attribute '\w+'|(?:list|string|tuple) index out of range",
    r"(?:takes|missing|got an unexpected) (?:\d+ )?(?:required )?(?:positional|keyword) arguments?",
    r"(?:not enough|too many) values to unpack|is not JSON serializable|cannot pickle |object at 0x[0-9a-f]{6,}",
    r"unsupported operand type\(s\)|can only concatenate (?:str|list)|unhashable type: '\w+'|Event loop is closed",
    r"\d+ validation errors? for [A-Z]\w+|\[type=\w+, input_value=",  # pydantic
    r"\braise_exception\(|\brow \d+, column \d+:\n",  # chat templates
    # An exception by its class, before its message or with its package: `TypeError: ...`, `httpx.ConnectError`.
    r"(?<![\w.])(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)\b\s?[:(](?!\w+\.\w+/)",
    r"(?<![\w./])[a-z_]\w*(?:\.[a-z_]\w*)*\.[A-Z]\w*(?:Error|Exception)\b",
    r"goroutine \d+ \[|panic: |runtime error: |nil pointer dereference|cannot unmarshal \w+ into Go ",  # Go
    r"\bat [\w$.]+\([\w$]+\.(?:java|kt|scala):\d+\)|\b(?:java|javax|kotlin|org\.\w+)(?:\.\w+)+Exception",  # JVM
    r"Cannot read propert(?:y|ies) of (?:undefined|null)|\bat (?:\w+ )?\(?(?:file://)?/[\w./-]+\.(?:js|mjs|ts):\d+:\d+",  # JS
    r"undefined is not (?:a function|an object)|\b\w+ is not a function\b",
    r"thread '[\w-]+' panicked at|called `(?:Option|Result)::unwrap\(\)`",  # Rust
    r"\bSystem\.\w+Exception|Object reference not set to an instance",  # .NET
    r"undefined method `|for nil:NilClass|undefined local variable or method|Uncaught \w*Error: ",  # Ruby, PHP
    r"std::(?:out_of_range|bad_alloc|runtime_error|logic_error|invalid_argument)|\[json\.exception\.\w+\.\d+\]",  # C++
    r"interface conversion: |slice bounds out of range|rpc error: code = ",  # Go, Rust
    r"\bcannot be cast to class\b|attempt to (?:index|call|compare|perform arithmetic on) a \w+ value",  # JVM, Lua
    r"\*\* \(\w+Error\)|no function clause matching|\bEngine(?:Core|DeadError)\b",  # Elixir, inference engines
    r"Undefined (?:array key|index|variable|offset|property)|Call to (?:a member|undefined) function|Unexpectedly found nil",  # PHP, Swift
    r"^fatal error: |\{(?:badmatch|badarg|badarith|function_clause|case_clause|noproc)\b",  # Go, Erlang
    r"WRONGTYPE Operation|MISCONF Redis|\bE11000 duplicate key|\bMongo\w*Error\b",  # more data bases
    r"[Bb]ackground loop has|\bAssertion (?:failed|`)|\bCheck failed: |google\.rpc\.DebugInfo|\[ORIGINAL ERROR\]",  # engines
    r"(?<![\w/.-])[\w-]+\.(?:cpp|cc|cu|cuh|hpp|rs|go|py|java|kt|scala|rb|php|exs?|cs):\d+\b",  # a line of a source file
    r"\.(?:svc(?:\.cluster\.local)?|cluster\.local)\b|[\w-]\.(?:internal|consul|localdomain):\d{2,5}\b",  # hosts of a cluster
    r"basic_string::|vector::_M_|Segmentation fault|core dumped",
    r"CUDA error:|CUDA out of memory|torch\.\w+\.OutOfMemoryError|NCCL error|size of tensor \w|mat1 and mat2 shapes",  # accelerators
    r"SQLSTATE\[|psycopg2?\.\w+|sqlalchemy\.exc\.|ORA-\d{5}|Duplicate entry '.{1,60}' for key",  # data bases
    r"duplicate key value violates|relation \"\w+\" does not exist|no such table: \w+|deadlock detected",
    r"\bdial tcp\b|\[Errno \d+\]|\bECONN(?:REFUSED|RESET)\b|\bENOENT\b|getaddrinfo \w+",  # sockets
    r"(?<![\d.])(?:10|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}:\d{2,5}|(?<![\d.])(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}:\d{2,5}",
    r"(?<![\w./:-])/(?:usr|opt|app|srv|home|root|var|workspace|mnt|tmp|models|data|code|build|etc)/[\w./-]+\.[a-z]\w{0,7}\b",  # files
    r"(?<![\w])[A-Z]:\\[\w\\. -]+\.\w{1,8}\b",
)
#: Words of JSON parsers: of the client's body they say what is wrong there, of a body that is sound they speak of the server's.
_PARSER: Final = re.compile(
    r"Expecting (?:value|property name|',' delimiter|':' delimiter)\b.{0,40}\(char \d+\)"
    r"|Extra data: line \d+ column|Unterminated string starting at: line"
)
#: A message that is nothing but a quoted name: what Python prints of a KeyError.
_BARE_KEY: Final = re.compile(r"'[\w.-]{1,40}'")
_INTERNALS: Final = re.compile("|".join(_FORMS), re.MULTILINE)


def internals(failure: Failure) -> str:
    """Return the first piece of the server's inside in an error's text; empty where there is none, or the request holds it too."""
    text = failure.message if isinstance(failure.message, str) else ""
    if _BARE_KEY.fullmatch(text.strip()):
        return text.strip()
    whole = "\n".join([text, *_texts(failure.body.value), failure.body.text])[:20_000]
    match = _INTERNALS.search(whole) or (_PARSER.search(whole) if failure.request.json else None)
    if match is None or match[0].strip(":( ").encode("utf-8", "surrogatepass") in failure.request.body:
        return ""
    return match[0]


def _texts(value: object, depth: int = 5) -> Iterator[str]:
    """Yield the texts of a JSON value, as they read without JSON's escapes."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item, depth - 1)
