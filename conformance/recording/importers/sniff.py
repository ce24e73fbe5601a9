"""What a file holds, told from its beginning and never from its name: one document, a JSON object a line, or another form."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

import orjson

from conformance.recording.importers.httprr import MAGIC
from conformance.recording.importers.raw_http import looks_raw

Layout: TypeAlias = Literal["document", "jsonl", "httprr", "sse", "eventstream", "mitmproxy", "http", "pickle"]

#: A recording's telling key stands near its beginning; more than this is never read to find it.
HEAD: Final = 256 * 1024

#: Keys that only a recording's document has.
_OWN_KEY: Final = re.compile(
    rb"[\"']?\b(?:http_interactions|interactions|RequestUri|recordings|bodyPatterns)[\"']?\s*:"
)
#: A HAR's archive: the first member of a JSON document, or of a YAML one.
_LOG: Final = re.compile(
    rb'\A\s*\{\s*(?:"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[-+.\w]+)\s*,\s*){0,20}"log"\s*:|^log:\s*$|^[ \t\r\f\v]*+"log"\s*:\s*\{',
    re.MULTILINE,
)
_ARCHIVE: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:\s*\{')
#: Members that a request's side and a response's side have; a document with one of each may hold an exchange.
_ASKED: Final = re.compile(rb"[\"']?\b(?:requests?|scope)[\"']?\s*:")
#: Exports of spans, the attributes of a model's call in a dump of one, and rows that say they are one.
_SPANS: Final = re.compile(
    rb'"(?:resource_?(?:[sS]pans|[lL]ogs))"\s*:|"gen_ai\.(?:response|output|completion)[.\w]*"|"llm\.output_messages\.'
    rb'|"type"\s*:\s*"GENERATION"|"run_type"\s*:\s*"llm"'
)
#: The beginning of httpmock's documents.
_WHEN: Final = re.compile(
    rb"^when:[ \t]*\r?\n[ \t]+(?:path|method|query_param|header|body|scheme|host|port)\w*:", re.MULTILINE
)
_ANSWERED: Final = re.compile(rb"[\"']?\b(?:responses?)[\"']?\s*:")
#: Members of a response's body, for files that hold nothing else.
_BODY: Final = re.compile(
    rb'"(?:choices|candidates)"\s*:\s*\[|"object"\s*:\s*"(?:chat\.completion|text_completion|response|interaction)"'
    rb'|"type"\s*:\s*"message"\s*,|"done_reason"\s*:'
)
_LINE: Final = re.compile(
    rb'(?<!\\)"(?:request|response|result)"[ \t]*:[ \t]*[{n]|(?<!\\)"(?:custom_id|call_type)"[ \t]*:|"done"[ \t]*:[ \t]*[tf]'
)
_EVENT: Final = re.compile(rb"\A(?::[^\n]*\r?\n|\s|event:[^\n]*\r?\n|id:[^\n]*\r?\n){0,9}data:\s?[\[{]")
#: A frame of AWS's event streams: its length, that of its headers, a checksum, then the name of the event that opens an answer.
_FRAME: Final = re.compile(rb"\0[\s\S]{11}[\s\S]{0,80}?\x0b:event-type\x07\0\x0cmessageStart")
_FLOW: Final = re.compile(rb"\A\d{1,9}:(?:\d{1,9}:)?[\s\S]{0,400}(?:version;|websocket;|request;|client_conn;)")
#: Python's own objects, alone or in a shelve of `dbm.dumb` (Microsoft's promptflow records so).
_PICKLE: Final = re.compile(
    rb"\A\x80[\x02-\x05][\s\S]*?(?:ChatCompletion|chat\.completion|finish_reason|prompt_tokens|generated_text)"
)
_BEGINNINGS: Final[tuple[tuple[Layout, re.Pattern[bytes]], ...]] = (
    ("sse", _EVENT),
    ("eventstream", _FRAME),
    ("mitmproxy", _FLOW),
    ("pickle", _PICKLE),
)

#: How the files of recorders end.
OFTEN: Final = (
    ".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".har", ".httprr", ".sse", ".flow", ".txtar", ".http", ".cassette", ".log", ".txt",
)  # fmt: skip
#: How files end that speak of models and record none: code, prose, notebooks, pictures, archives, lists of packages.
NEVER: Final = re.compile(
    r"\.(?:pyi?|ipynb|[mc]?jsx?|[mc]?tsx?|vue|svelte|go|rs|rb|java|kts?|scala|cs|fs|php|swift|c|h|cc|cpp|hpp|exs?|erl|hs|lua|pl|r|jl|dart"
    r"|sh|bash|ps1|bat|sql|proto|graphql|mdx?|rst|adoc|html?|css|scss|less|svg|tf|toml|ini|cfg|lock|mod|sum|map|png|jpe?g|gif|webp|pdf"
    r"|zip|tar|tgz|whl|jar|so|dll|dylib|pyc|wasm|ico|woff2?|ttf|mp[34]|wav|bin|pt|onnx|safetensors|gguf)$"
)
#: What only an answer of a model says: a file that holds it and is of no known form is counted, so that nobody takes it for audited.
_TALK: Final = re.compile(
    rb"chat\.completion|\bfinish_reason\b|\bprompt_tokens\b|\binput_tokens\b|\bpromptTokenCount\b|\bstop_reason\b|\bfinishReason\b"
    rb"|\bcontent_block_delta\b|\bchatcmpl-\w|\bmsg_01\w{6}|\bdone_reason\b|\bstopReason\b|\binputTokens\b|\bresponse\.created\b"
    rb"|\beval_count\b|\bgenerated_text\b|\btotal_input_tokens\b|\binteraction\.(?:created|start)\b"
)
_ADDRESSED: Final = re.compile(
    rb"https?:(?:\\?/){2}|\bPOST\b|\bHTTP/[12]|\bstatus(?:_?[cC]ode)?\b|\bresponse\b|^data:", re.MULTILINE
)


def is_talk(head: bytes) -> bool:
    """Whether a file holds an answer of a model beside an address, a method or a status: recorded traffic, of whatever form."""
    return _TALK.search(head) is not None and _ADDRESSED.search(head) is not None


def sniff(head: bytes) -> Layout | None:
    """Return the layout of a file by its first `HEAD` bytes; None where nothing in it looks like a recording."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(MAGIC):
        return "httprr"
    layout = next((layout for layout, pattern in _BEGINNINGS if pattern.match(head)), None)
    if layout is not None:
        return layout
    if looks_raw(head):
        return "http" if _TALK.search(head) else None
    if is_json(head) and _first_line_is_an_object(head):
        return "jsonl" if _LINE.search(head) or _looks_like_document(head) or _TALK.search(head) else None
    return "document" if _looks_like_document(head) else None


def is_json(head: bytes) -> bool:
    """Whether a document is JSON rather than YAML."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def begins_archive(head: bytes) -> bool:
    """Whether a text is an HTTP archive in JSON: its first member is `log`."""
    return _ARCHIVE.match(head) is not None


def _looks_like_document(head: bytes) -> bool:
    if _OWN_KEY.search(head) or _WHEN.search(head) or _LOG.search(head) or _SPANS.search(head):
        return True
    # A request with a picture may fill all that is looked at: its answer stands behind it.
    if _ASKED.search(head) and (_ANSWERED.search(head) or (len(head) >= HEAD and is_json(head))):
        return True
    return is_json(head) and (_BODY.search(head) is not None or _TALK.search(head) is not None)


def _first_line_is_an_object(head: bytes) -> bool:
    """Whether the first line is a JSON object by itself: then each line is one. A line longer than the head is taken as one."""
    first, newline, _ = head.lstrip().partition(b"\n")
    if not newline and len(head) >= HEAD:
        return first.startswith(b"{") and not _LOG.search(first) and not _OWN_KEY.search(first)
    try:
        return isinstance(orjson.loads(first), dict)
    except orjson.JSONDecodeError:
        # What orjson is too strict for, lone surrogates and NaN, stands in lines that begin and end as an object does.
        return first.startswith(b"{") and first.rstrip().endswith(b"}") and first.count(b'"') > 1
