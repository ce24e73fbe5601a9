"""`python -m tests.hostile.scanned [--every N]`: plants secrets in every form of a recording, and counts those that the scanner finds.

What redaction would change is what the scanner has to find: the oracle is redaction itself, on the same exchange. Forms: our YAML with a
body as text and as `!!binary`, a HAR with a body as text and in base64, exchange JSONL as it is and gzipped, with `body` and `body_base64`.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from conformance.recording.secrets import scan
from tests.hostile.planted import foreign_keys, planted
from tests.hostile.secrets_matrix import cleaned

if TYPE_CHECKING:
    from collections.abc import Callable

_URL = "https://h.example/v1/chat/completions"


def _vcr(body: Any, headers: dict[str, list[str]] | None = None) -> bytes:
    request = {"method": "POST", "uri": _URL, "body": None, "headers": {}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": headers or {}, "body": {"string": body}}
    return yaml.safe_dump({"version": 1, "interactions": [{"request": request, "response": response}]}).encode()


def _har(content: dict[str, Any]) -> bytes:
    request = {
        "method": "POST",
        "url": _URL,
        "headers": [],
        "queryString": [],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
    }
    response = {
        "status": 200,
        "statusText": "OK",
        "headers": [],
        "content": content,
        "cookies": [],
        "httpVersion": "HTTP/1.1",
    }
    entry = {
        "startedDateTime": "2026-11-21T00:00:00Z",
        "time": 1,
        "request": request,
        "response": response,
        "timings": {},
    }
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry]}}
    ).encode()


def _row(**body: Any) -> bytes:
    exchange = {
        "id": "x1",
        "request": {"method": "POST", "url": _URL, "headers": {}, "body": {}},
        "response": {"status": 200, "headers": {}, "eof": "clean", **body},
    }
    return json.dumps(exchange).encode() + b"\n"


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if "\x00" not in text else None


def _coded(body: bytes) -> str:
    return base64.b64encode(body).decode()


#: What makes a file of a body; None where the form cannot hold it.
FORMS: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    "yaml text": (".yaml", lambda body: _vcr(text) if (text := _text(body)) is not None else None),
    "yaml !!binary": (".yaml", _vcr),
    "har text": (".har", lambda body: _har({"mimeType": "text/plain", "text": text}) if (text := _text(body)) is not None else None),
    "har base64": (".har", lambda body: _har({"mimeType": "text/plain", "encoding": "base64", "text": _coded(body)})),
    "jsonl body": (".jsonl", lambda body: _row(body=text) if (text := _text(body)) is not None else None),
    "jsonl body_base64": (".jsonl", lambda body: _row(body_base64=_coded(body))),
    "jsonl.gz body": (".jsonl.gz", lambda body: gzip.compress(_row(body=text)) if (text := _text(body)) is not None else None),
    "jsonl.gz body_base64": (".jsonl.gz", lambda body: gzip.compress(_row(body_base64=_coded(body)))),
}  # fmt: skip


def figures(every: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return how many secrets were planted and found, by form, and the names of the others; one of `every` is taken."""
    planted_in, found_in, missed = Counter[str](), Counter[str](), list[str]()
    cases = [(name, case) for name, key in foreign_keys().items() for case in planted(key, own=False)]
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        for form, (suffix, make) in FORMS.items():
            for name, case in cases:
                number += 1
                if (
                    number % every or cleaned(case.body, ()) == case.body
                ):  # what redaction would leave is no secret to it
                    continue
                data = make(case.body)
                if data is None:
                    continue
                path = Path(folder, f"one{suffix}")
                path.write_bytes(data)
                planted_in[form] += 1
                if scan([path]):
                    found_in[form] += 1
                else:
                    missed.append(f"{form}: {name}: {case.name}")
    return planted_in, found_in, missed


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=97)
    planted_in, found_in, missed = figures(parser.parse_args().every)
    for form, count in planted_in.items():
        print(f"{form:22} planted {count}, found {found_in[form]}")
    for name in missed[:40]:
        print(f"missed: {name}")
    print(f"planted {planted_in.total()}, found {found_in.total()}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
