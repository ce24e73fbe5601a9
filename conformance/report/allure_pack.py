"""The data inside Allure's single file, packed: it keeps every file as base64, and a browser unpacks gzip by itself.

The page waits until `window.allureReportDataReady` is true (web-commons of allure 3.18.0, read 2026-11-29), so that its data
may come a moment later. `DecompressionStream` is in every browser since May 2023, and works over file://.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Final

_ENTRY: Final = r'd\("[^"]*","[A-Za-z0-9+/=]*"\)'
_DATA: Final = re.compile(rf"Promise\.allSettled\(\[{_ENTRY}(?:,{_ENTRY})*\]\)")
_PAIR: Final = re.compile(r'd\("([^"]*)","([A-Za-z0-9+/=]*)"\)')
_PACKED: Final = re.compile(r'\.call\(null, "([A-Za-z0-9+/=]+)"\)')
#: A value becomes base64 again when the page reads it, which is what the page expects.
_UNPACK: Final = """(async function unpacked(packed){
          const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
          const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
          for (const [name, value] of Object.entries(await new Response(stream).json())) {
            Object.defineProperty(window.allureReportData, name, {enumerable: true, get: () => btoa(value)});
          }
        }).call(null, "%s")"""


def pack(html: str) -> str:
    """Pack the data of a page of Allure's. A page that keeps its data in another way stays as it is."""
    return _DATA.sub(lambda block: _packed(block[0]), html, count=1)


def unpack(html: str) -> dict[str, bytes]:
    """Return the files inside a packed page, by name; empty where it holds none."""
    packed = _PACKED.search(html)
    if packed is None:
        return {}
    files: dict[str, str] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return {name: text.encode("latin-1") for name, text in files.items()}


def _packed(block: str) -> str:
    # One character a byte, as btoa takes it: an attachment may be no text.
    files = {name: base64.b64decode(value).decode("latin-1") for name, value in _PAIR.findall(block)}
    data = gzip.compress(json.dumps(files, ensure_ascii=False).encode(), 9, mtime=0)
    return _UNPACK % base64.b64encode(data).decode()
