"""Secrets that we made up, in every form in which a provider, a proxy or an SDK may write one back."""

from __future__ import annotations

import base64
import gzip
import json
import random
import string
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEX = "0123456789abcdef"
_ALNUM = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_URL = f"{_ALNUM}-_"
#: Formats as gitleaks, detect-secrets and vendors describe them: prefix, alphabet, length, tail (facts read 2026-11-28).
_FORMATS = {
    "openai": ("sk-proj-", _URL, 120, ""), "openai-old": ("sk-", _ALNUM, 48, ""), "openai-service": ("sk-svcacct-", _URL, 100, ""),
    "anthropic": ("sk-ant-api03-", _URL, 93, "AA"), "openrouter": ("sk-or-v1-", _HEX, 64, ""), "deepseek": ("sk-", _HEX, 32, ""),
    "groq": ("gsk_", _ALNUM, 52, ""), "cerebras": ("csk-", _ALNUM, 48, ""), "xai": ("xai-", _ALNUM, 80, ""),
    "perplexity": ("pplx-", _ALNUM, 48, ""), "nvidia": ("nvapi-", _URL, 64, ""), "huggingface": ("hf_", _ALNUM, 34, ""),
    "fireworks": ("fw_", _ALNUM, 24, ""), "together": ("tgp_v1_", _URL, 43, ""), "replicate": ("r8_", _ALNUM, 37, ""),
    "voyage": ("pa-", _URL, 43, ""), "jina": ("jina_", _ALNUM, 60, ""), "tavily": ("tvly-", _ALNUM, 32, ""),
    "firecrawl": ("fc-", _HEX, 32, ""), "pinecone": ("pcsk_", _ALNUM, 70, ""), "langsmith": ("lsv2_pt_", _HEX, 32, "_0a1b2c3d4e"),
    "langfuse": ("sk-lf-", _HEX, 36, ""), "runpod": ("rpa_", _UPPER, 40, ""), "elevenlabs": ("sk_", _HEX, 48, ""),
    "google": ("AIza", _URL, 35, ""), "google-oauth": ("ya29.", _URL, 120, ""), "google-client": ("GOCSPX-", _URL, 28, ""),
    "aws-id": ("AKIA", string.ascii_uppercase + "234567", 16, ""), "aws-session-id": ("ASIA", string.ascii_uppercase + "234567", 16, ""),
    "bedrock": ("ABSK", _ALNUM, 128, ""), "azure-storage": ("AccountKey=", _ALNUM, 86, "=="),
    "github": ("ghp_", _ALNUM, 36, ""), "github-fine": ("github_pat_", _ALNUM, 82, ""), "gitlab": ("glpat-", _URL, 20, ""),
    "gitlab-runner": ("glrt-", _URL, 20, ""), "npm": ("npm_", _ALNUM, 36, ""), "pypi": ("pypi-AgEIcHlwaS5vcmc", _URL, 80, ""),
    "rubygems": ("rubygems_", _HEX, 48, ""), "docker": ("dckr_pat_", _URL, 27, ""), "slack-bot": ("xoxb-", string.digits, 24, "-aZ09bY18cX27dW36"),
    "slack-app": ("xapp-1-A0", _UPPER, 40, ""), "stripe": ("sk_live_", _ALNUM, 24, ""), "stripe-restricted": ("rk_live_", _ALNUM, 24, ""),
    "sendgrid": ("SG.", _URL, 22, "." + "aB3-" * 10 + "aB3"), "mailgun": ("key-", _HEX, 32, ""), "twilio": ("SK", _HEX, 32, ""),
    "brevo": ("xkeysib-", _HEX, 64, "-" + "aB3d" * 4), "shopify": ("shpat_", _HEX, 32, ""), "square": ("sq0atp-", _URL, 22, ""),
    "digitalocean": ("dop_v1_", _HEX, 64, ""), "databricks": ("dapi", _HEX, 32, ""), "heroku": ("HRKU-", _URL, 60, ""),
    "alibaba": ("LTAI", _ALNUM, 20, ""), "vault": ("hvs.", _URL, 90, ""), "doppler": ("dp.pt.", _ALNUM, 43, ""),
    "newrelic": ("NRAK-", _UPPER, 27, ""), "grafana": ("glsa_", _ALNUM, 32, "_0a1b2c3d"), "sentry": ("sntryu_", _HEX, 64, ""),
    "fly": ("fo1_", _URL, 43, ""), "pulumi": ("pul-", _HEX, 40, ""), "planetscale": ("pscale_tkn_", _URL, 43, ""),
    "supabase": ("sbp_", _HEX, 40, ""), "tailscale": ("tskey-auth-k", _ALNUM, 40, ""), "linear": ("lin_api_", _ALNUM, 40, ""),
    "notion": ("ntn_", string.digits, 11, "aB3d" * 9), "figma": ("figd_", _URL, 40, ""), "postman": ("PMAK-", _HEX, 24, "-" + "0a" * 17),
    "readme": ("rdme_", string.ascii_lowercase + string.digits, 70, ""), "contentful": ("CFPAT-", _URL, 43, ""),
    "netlify": ("nfp_", _ALNUM, 36, ""), "adafruit": ("aio_", _ALNUM, 28, ""), "openshift": ("sha256~", _URL, 43, ""),
    "telegram": ("123456789:AA", _URL, 33, ""), "age": ("AGE-SECRET-KEY-1", _UPPER, 58, ""),
}  # fmt: skip


class Planted(NamedTuple):
    """A secret in one form: its name, the text as it was planted, and the whole body around it."""

    name: str
    secret: str
    spelt: bytes
    body: bytes


def foreign_keys(seed: int = 1) -> dict[str, str]:
    """Return a key of each format, which nobody has."""
    lot = random.Random(seed)
    keys = {
        name: prefix + "".join(lot.choice(letters) for _ in range(size)) + tail
        for name, (prefix, letters, size, tail) in _FORMATS.items()
    }
    part = base64.urlsafe_b64encode(lot.randbytes(30)).decode().rstrip("=")
    keys["jwt"] = f"eyJhbGciOiJIUzI1NiJ9.eyJ{part}.{part}"
    return {name: key if any(map(str.isdigit, key)) else key[:-1] + "7" for name, key in keys.items()}


def _mime(key: str) -> str:
    coded = base64.b64encode(f"{key} ".encode() * 4).decode()
    return "\r\n".join(coded[start : start + 76] for start in range(0, len(coded), 76))


#: What a coding makes of a key, as text.
CODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "json-unicode": lambda key: "".join(f"\\u{ord(char):04x}" for char in key),
    "json-unicode-twice": lambda key: "".join(f"\\\\u{ord(char):04X}" for char in key),
    "json-some": lambda key: "".join(f"\\u{ord(char):04X}" if number % 3 else char for number, char in enumerate(key)),
    "html": lambda key: "".join(f"&#{ord(char)};" for char in key),
    "html-hex": lambda key: "".join(f"&#x{ord(char):x};" for char in key),
    "html-some": escape,
    "percent": lambda key: quote(key, safe=""),
    "percent-all": lambda key: "".join(f"%{ord(char):02X}" for char in key),
    "percent-lower": lambda key: "".join(f"%{ord(char):02x}" for char in key),
    "percent-twice": lambda key: "".join(f"%25{ord(char):02X}" for char in key),
    "backslash-x": lambda key: "".join(f"\\x{ord(char):02x}" for char in key),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64-1": lambda key: base64.b64encode(f"u{key}:".encode()).decode(),
    "base64-2": lambda key: base64.b64encode(f"me{key}".encode()).decode(),
    "base64-url": lambda key: base64.urlsafe_b64encode(f"?>{key}".encode()).decode().rstrip("="),
    "base64-mime": _mime,
    "base64-mime-escaped": lambda key: _mime(key).replace("\r\n", "\\r\\n"),
    "base64-twice": lambda key: base64.b64encode(base64.b64encode(key.encode())).decode(),
    "base64-json": lambda key: base64.b64encode(json.dumps({"k": key}).encode()).decode(),
    "base64-gzip": lambda key: base64.b64encode(gzip.compress(f"bad key {key}".encode(), mtime=0)).decode(),
    "base64-utf16": lambda key: base64.b64encode(f"key {key}".encode("utf-16-le")).decode(),
    "hex": lambda key: key.encode().hex(),
    "hex-upper": lambda key: key.encode().hex().upper(),
    "hex-colons": lambda key: key.encode().hex(":"),
    "cut-dots": lambda key: f"{key[:10]}...{key[-4:]}",
    "cut-ellipsis": lambda key: f"{key[:7]}\u2026{key[-4:]}",
    "cut-stars": lambda key: f"{key[:8]}{'*' * 20}{key[-4:]}",
}
#: Codings that only a known key can be looked for in: what is cut or in another case has no format any more.
_OWN_ONLY = frozenset(
    {"upper", "lower", "cut-dots", "cut-ellipsis", "cut-stars", "hex-colons", "base64-1", "base64-2", "base64-url"}
)


def _event(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"


def _streamed(text: str, size: int) -> bytes:
    return b"".join(_event(text[start : start + size]) for start in range(0, len(text), size)) + b"data: [DONE]\n\n"


def _anthropic(text: str) -> bytes:
    events = (
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}}
        for piece in ('{"note": "', *(text[start : start + 3] for start in range(0, len(text), 3)), '"}')
    )
    return b"".join(b"event: content_block_delta\ndata: " + json.dumps(event).encode() + b"\n\n" for event in events)


def _logprobs(text: str) -> bytes:
    tokens = [text[start : start + 3] for start in range(0, len(text), 3)]
    content = [
        {
            "token": token,
            "bytes": list(token.encode()),
            "top_logprobs": [{"token": token, "bytes": list(token.encode())}, {"token": "x", "bytes": [120]}],
        }
        for token in tokens
    ]
    return json.dumps({"choices": [{"index": 0, "logprobs": {"content": content}}]}).encode()


#: Where a text stands: what makes a body of it.
PLACES: dict[str, Callable[[str], bytes]] = {
    "text": lambda text: f"Incorrect key: {text} was given.".encode(),
    "json": lambda text: b'{"error": {"message": "you sent ' + text.encode() + b' to us", "code": 401}}',
    "json-in-json": lambda text: json.dumps({"arguments": '{"note": "' + text + ' ."}'}).encode(),
    "html-page": lambda text: f"<html><body>Your key: <b>{text}</b></body></html>".encode(),
    "utf-16": lambda text: f"your key: {text} .".encode("utf-16"),
    "gzip": lambda text: gzip.compress(f'{{"key is": "{text} "}}'.encode() * 3, mtime=0),
    "zstd": lambda text: zstd.compress(f'{{"key is": "{text} "}}'.encode() * 3),
    "ndjson": lambda text: b'{"a": 1}\n{"message": {"content": "' + text.encode() + b'"}}\n',
    "stream-3": lambda text: _streamed(text, 3),
    "stream-1": lambda text: _streamed(f"It is {text}.", 1),
    "stream-20": lambda text: _streamed(f"It is {text}.", 20),
    "tool-pieces": _anthropic,
    "logprobs": _logprobs,
    "multipart": lambda text: f'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n{text}\r\n--b--\r\n'.encode(),
}
_SEEN = {"stream-3", "stream-1", "stream-20", "tool-pieces", "logprobs", "json-in-json"}


def planted(key: str, *, own: bool, places: tuple[str, ...] = tuple(PLACES)) -> Iterator[Planted]:
    """Yield a key in each coding and place."""
    for coding, spell in CODINGS.items():
        if not own and coding in _OWN_ONLY:
            continue
        text = spell(key)
        for place in places:
            yield Planted(f"{coding} in {place}", key, text.encode(), PLACES[place](text))


def read_back(body: bytes) -> str:
    """Return all that a reader can make of a body: its text, decompressed, and the strings of its events joined."""
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    elif body.startswith(b"\x28\xb5\x2f\xfd"):
        body = zstd.decompress(body)
    texts = [
        body.decode("utf-16", "replace")
        if body.startswith((b"\xff\xfe", b"\xfe\xff"))
        else body.decode("utf-8", "replace")
    ]
    joined: dict[str, list[str]] = {}
    for line in [body, *body.split(b"\n")]:
        try:
            value = json.loads(line.removeprefix(b"data: "))
        except ValueError:
            continue
        _walk(value, "", joined)
    texts += ["".join(pieces) for pieces in joined.values()]
    return "\n".join(texts)


def _walk(value: object, name: str, joined: dict[str, list[str]]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _walk(item, f"{name}.{key}", joined)
    elif isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        joined.setdefault(name, []).append(bytes(item & 255 for item in value).decode("latin-1"))
    elif isinstance(value, list):
        for item in value:
            _walk(item, name, joined)
    elif isinstance(value, str):
        joined.setdefault(name, []).append(value)
        if name.endswith(".arguments"):
            joined.setdefault(f"{name} read", []).append(value)


def leaked(case: Planted, body: bytes) -> bool:
    """Whether a body still holds a half and more of what was planted, in any order of reading."""
    text = read_back(body)
    spelt = case.spelt.decode()
    half = max(8, len(spelt) // 2)
    if spelt in text:
        return True
    if len(spelt) < 2 * half:
        return False
    return any(spelt[start : start + half] in text for start in range(0, len(spelt) - half + 1, 2))
