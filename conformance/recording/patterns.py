"""What a secret looks like in bytes, and the same-length filler that replaces it, so that chunk sizes still add up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(NamedTuple):
    """One kind of secret. Where the pattern has a group `secret`, only that is replaced."""

    name: str
    pattern: re.Pattern[bytes]


class Leak(NamedTuple):
    """A secret that was found: its kind, and the bytes from `start` to `end` that give it away."""

    kind: str
    start: int
    end: int


_START = rb"(?<![A-Za-z0-9_-])"
#: Keys hold a digit; slugs such as `sk-learn-based-models` seldom do.
_DIGIT = rb"(?=[A-Za-z_-]*[0-9])"

KINDS: Final = (
    # OpenAI, Anthropic, OpenRouter, DeepSeek, and what their errors echo of a key
    Kind("api-key", re.compile(_START + rb"sk-(?!conformance-)" + _DIGIT + rb"[A-Za-z0-9_-]{16,}")),
    Kind("masked-api-key", re.compile(_START + rb"(?:sk|gsk|csk|hf)[-_][A-Za-z0-9_-]{0,40}\*{2,}[A-Za-z0-9_*-]*")),
    # Groq, Cerebras, Hugging Face, xAI, Perplexity, NVIDIA, GitHub
    Kind(
        "api-key",
        re.compile(_START + rb"(?:gsk_|csk-|hf_|xai-|pplx-|nvapi-|gh[pousr]_)" + _DIGIT + rb"[A-Za-z0-9_-]{20,}"),
    ),
    Kind("google-api-key", re.compile(_START + rb"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")),
    Kind("aws-access-key", re.compile(rb"(?<![A-Za-z0-9/+=_-])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9/+=_-])")),
    Kind("jwt", re.compile(_START + rb"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")),
    Kind(
        "private-key",
        re.compile(rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?-----END [A-Z ]{0,20}PRIVATE KEY-----"),
    ),
    Kind(
        "bearer-token",
        re.compile(
            rb"(?<![A-Za-z])[Bb][Ee][Aa][Rr][Ee][Rr]\s+(?!sk-conformance-)"
            rb"(?P<secret>(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{16,})"
        ),
    ),
    # OpenAI writes org-..., Groq org_..., OpenRouter and Clerk user_...
    Kind("account-id", re.compile(_START + rb"(?:org|proj|user)[-_]" + _DIGIT + rb"[A-Za-z0-9]{16,}(?![A-Za-z0-9_-])")),
    Kind(
        "account-id",
        re.compile(rb'\\*"(?:user_id|org_id|organization_id)\\*"\s*:\s*\\*"(?P<secret>[^"\\\r\n]{1,200})\\*"'),
    ),
    # Names under RFC 2606's reserved domains belong to nobody
    Kind(
        "email",
        re.compile(
            rb"(?<![A-Za-z0-9._%+-])(?P<secret>[A-Za-z0-9._%+-]{1,64}@"
            rb"(?!(?:[A-Za-z0-9-]+\.)*(?:example\.(?:com|net|org)|(?:[A-Za-z0-9-]+\.)?(?:example|test|invalid|localhost))"
            rb"(?![A-Za-z0-9.-]*[A-Za-z0-9]))(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![A-Za-z0-9-])"
        ),
    ),
)


#: A filled secret may leave a neighbour that now reads as one: `a@b.example` beside `c@d.example` without a space.
_PASSES: Final = 8


def filler(size: int) -> bytes:
    """Return what replaces a secret of that many bytes."""
    return b"REDACTED".ljust(size, b"X") if size >= len(b"REDACTED") else b"X" * size


def leaks(data: bytes) -> Iterator[Leak]:
    """Yield each secret in the bytes; what is filler already is none."""
    for kind in KINDS:
        group = "secret" if "secret" in kind.pattern.groupindex else 0
        for match in kind.pattern.finditer(data):
            if match[group] != filler(len(match[group])):
                yield Leak(kind.name, match.start(group), match.end(group))


def mask(data: bytes) -> bytes:
    """Return the bytes with every secret replaced by filler of its length."""
    for _ in range(_PASSES):
        masked = _masked_once(data)
        if masked == data:
            break
        data = masked
    return data


def _masked_once(data: bytes) -> bytes:
    result = list(leaks(data))
    if not result:
        return data
    masked = bytearray(data)
    for _, start, end in result:
        masked[start:end] = filler(end - start)
    return bytes(masked)
