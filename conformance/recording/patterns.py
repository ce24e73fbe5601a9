"""What a secret looks like in bytes, and the same-length filler that replaces it, so that chunk sizes still add up."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.recording.key_formats import PREFIXED

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(NamedTuple):
    """One kind of secret. Where the pattern has a group `secret`, only that is replaced.

    A pattern is tried only where one of the `needles` stands in the text, in any case of letters: most texts have none. Without
    `nested` it is not looked for in what only decoding shows. With `lower` it is written for a text in lower case. `one_word` says that
    the needle and what follows it are a word as `_LONG_WORD` has them: ordinary text has few of those.
    """

    name: str
    source: bytes
    needles: tuple[bytes, ...]
    nested: bool = True
    lower: bool = False
    one_word: bool = False

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """The expression, compiled when a text first needs it: most commands need few."""
        return _compiled(self.source)


class Leak(NamedTuple):
    """A secret that was found: its kind, and the bytes from `start` to `end` that give it away."""

    kind: str
    start: int
    end: int


@cache
def _compiled(source: bytes) -> re.Pattern[bytes]:
    return re.compile(source)


_START = rb"(?<![A-Za-z0-9_-])"
#: Keys hold a digit; slugs such as `sk-learn-based-models` seldom do.
_DIGIT = rb"(?=[A-Za-z_-]{0,200}[0-9])"
#: What stands for the middle of a key that is not shown whole: `...`, an ellipsis, stars, bullets.
_CUT = rb"(?:\.{3,8}|\xe2\x80\xa6|\\u2026|\*{3,60}|(?:\xe2\x80\xa2){3,60})"
#: Names of what is secret: of members, header fields, form fields and variables.
_NAMED = (
    rb"(?:api[-_]?key|apikey|access[-_]?key(?:[-_]?id)?|secret[-_]?(?:access[-_]?)?key|client[-_]?secret|app[-_]?secret"
    rb"|auth[-_]?token|access[-_]?token|refresh[-_]?token|session[-_]?token|security[-_]?token|bearer[-_]?token|id[-_]?token|api[-_]?token"
    rb"|private[-_]?key|signing[-_]?(?:key|secret)|encryption[-_]?key|subscription[-_]?key|account[-_]?key|passw(?:or)?d|passwd|authorization)"
)
_NEEDLES = (b"key", b"secret", b"token", b"pass", b"authorization")


def _prefixed(prefix: str, rest: str) -> Kind:
    digit, mark, tail = rest.partition("#")
    body = digit.encode() + (_DIGIT if mark else b"") + tail.encode() if mark else rest.encode()
    pattern = _START + re.escape(prefix.encode()) + body
    return Kind("api-key", pattern, (prefix.lower().encode(),), one_word=True)


KINDS: Final = (
    *(_prefixed(prefix, rest) for prefix, rest in PREFIXED),
    # What errors echo of a key
    Kind(
        "masked-api-key",
        (_START + rb"(?:sk|gsk|csk|hf)[-_][A-Za-z0-9_-]{0,40}\*{2,60}[A-Za-z0-9_*-]{0,60}"),
        (b"**",),
    ),
    Kind(
        "masked-api-key",
        (
            _START
            + rb"(?:(?:sk|pk|rk|gsk|csk|hf|fw|r8|ghp|pcsk|key)[-_]|xai-|pplx-|nvapi-|AIza|AKIA|ASIA)[A-Za-z0-9_-]{0,40}"
            + _CUT
            + rb"[A-Za-z0-9_-]{2,40}"
        ),
        (b"...", b"\xe2\x80\xa6", b"\\u2026", b"***", b"\xe2\x80\xa2"),
    ),
    Kind(
        "aws-access-key",
        (rb"(?<![A-Za-z0-9/+=_-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9/+=_-])"),
        (b"akia", b"asia", b"abia", b"acca"),
    ),
    Kind(
        "aws-access-key",  # as a signature's scope has it: AKIA.../20261128/eu-west-1/bedrock/aws4_request
        (rb"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?=(?:/|%2F)[0-9]{8})"),
        (b"akia", b"asia", b"abia", b"acca"),
    ),
    Kind(
        "aws-signature",
        (rb"(?i:signature)(?:=|%3D|\\{0,4}\"\s{0,3}:\s{0,3}\\{0,4}\")(?P<secret>[0-9a-f]{64})(?![0-9a-f])"),
        (b"signature",),
    ),
    Kind(
        "jwt",
        (_START + rb"eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,2000}"),
        (b"eyj",),
    ),
    Kind(
        "private-key",
        (
            rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----"
            rb"(?P<secret>(?:[A-Za-z0-9+/=:,.\s-]|\\{1,4}[nrt/])(?:(?!-----)(?:[A-Za-z0-9+/=:,.\s-]|\\{1,4}[nrt/])){0,20000})"
        ),
        (b"private key",),
    ),
    Kind(
        "bearer-token",
        (
            rb"(?<![A-Za-z])[Bb][Ee][Aa][Rr][Ee][Rr]\s{1,8}(?!sk-conformance-)"
            rb"(?P<secret>(?=[A-Za-z._~+/=-]{0,400}[0-9])[A-Za-z0-9._~+/=-]{16,4000})"
        ),
        (b"bearer",),
    ),
    Kind(
        "basic-credentials",
        (
            rb"(?<![A-Za-z])[Aa]uthorization\\{0,4}[\"']?\s{0,3}[:=]\s{0,3}\\{0,4}[\"']?[Bb]asic\s{1,3}(?P<secret>[A-Za-z0-9+/=]{8,400})"
        ),
        (b"basic",),
    ),
    # postgres://user:password@host
    Kind(
        "password-in-url",
        (
            rb"[a-z][a-z0-9+.-]{1,20}://[A-Za-z0-9._%+~-]{0,80}:(?P<secret>[^\s/?#@:\"'<>\\{}$]{3,120})@(?=[A-Za-z0-9\[])"
        ),
        (b"://",),
    ),
    Kind(
        "telegram-bot",
        (_START + rb"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33}(?![A-Za-z0-9_-])"),
        (b":aa",),
    ),
    Kind(
        "discord-bot",
        (rb"[MNO](?<![A-Za-z0-9_-][MNO])[A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"),
        (b".",),
    ),
    Kind("azure-secret", (rb"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"), (b"q~",)),
    Kind("airtable", (_START + rb"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"), (b"pat",)),
    Kind("mailchimp", (_START + rb"[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])"), (b"-us",)),
    Kind("terraform", (_START + rb"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}"), (b".atlasv1.",)),
    # `"api_key": "..."`, `X-Api-Key: ...`, `API_KEY=...`, whatever its form: at least 16 characters, a digit and a letter among them
    Kind(
        "named-secret",
        (
            _NAMED + rb"\\{0,4}[\"']?\s{0,3}(?:=>|:=|[:=])\s{0,3}\\{0,4}[\"']?(?:(?:bearer|basic|token|key)\s{1,3})?"
            rb"(?!sk-conformance-)(?P<secret>(?=[a-z_./+~=-]{0,80}[0-9])(?=[0-9_./+~=-]{0,80}[a-z])[a-z0-9_./+~=-]{16,400})"
        ),
        _NEEDLES,
        nested=False,
        lower=True,
    ),
    # a form field: name="api_key" and, below an empty line, its value
    Kind(
        "form-field",
        (
            rb"name=\"(?:[a-z0-9]{1,30}[-_]){0,3}(?:"
            + _NAMED
            + rb"|key|token|secret)\"(?:\r?\n[^\r\n]{1,200}){0,4}\r?\n\r?\n"
            rb"(?P<secret>[^\r\n]{4,400})"
        ),
        (b"form-data",),
        lower=True,
    ),
    # key=... in the query of an address inside a text
    Kind(
        "url-parameter",
        (
            rb"[?&](?:[a-z0-9]{1,20}[-_]){0,3}(?:key|api[-_]?key|apikey|token|secret|signature|credential|sig|password)="
            rb"(?P<secret>(?=[a-z_%.~+/-]{0,200}[0-9])[a-z0-9_%.~+/=-]{8,2000})"
        ),
        (b"key=", b"token=", b"secret=", b"signature=", b"credential=", b"sig=", b"password="),
        lower=True,
    ),
    # a header line of an HTTP message that is quoted in a body
    Kind(
        "header-line",
        (
            rb"(?:cookie|authorization|api-key|security-token)\\{0,4}\"?\s{0,2}:\s{0,3}\\{0,4}\"?(?!sk-conformance-|bearer sk-conformance-)"
            rb"(?P<secret>(?=[^\r\n\"'\\,{}<>\[\]]{0,200}[0-9])[^\r\n\"'\\,{}<>\[\]]{8,2000})"
        ),
        (b"cookie", b"authorization", b"api-key", b"security-token"),
        lower=True,
    ),
    # OpenAI writes org-..., Groq org_..., OpenRouter and Clerk user_...
    Kind(
        "account-id",
        (_START + rb"(?:org|proj|user)[-_]" + _DIGIT + rb"[A-Za-z0-9]{16,200}(?![A-Za-z0-9_-])"),
        (b"org", b"proj", b"user"),
    ),
    Kind(
        "account-id",
        (
            rb'\\{0,8}"(?:user_id|org_id|organization_id)\\{0,8}"\s{0,8}:\s{0,8}\\{0,8}"(?P<secret>[^"\\\r\n]{1,200})\\{0,8}"'
        ),
        (b"_id",),
        nested=False,
    ),
    # Names under RFC 2606's reserved domains belong to nobody
    Kind(
        "email",
        (
            rb"(?<![A-Za-z0-9._%+-])(?P<secret>[A-Za-z0-9._%+-]{1,64}@"
            rb"(?!(?:[A-Za-z0-9-]+\.)*(?:example\.(?:com|net|org)|(?:[A-Za-z0-9-]+\.)?(?:example|test|invalid|localhost))"
            rb"(?![A-Za-z0-9.-]*[A-Za-z0-9]))(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![A-Za-z0-9-])"
        ),
        (b"@",),
        nested=False,
    ),
)


#: A filled secret may leave a neighbour that now reads as one: `a@b.example` beside `c@d.example` without a space.
_PASSES: Final = 8


#: The shortest key of a known prefix has 15 characters (`xoxb-` and ten).
_LONG_WORD: Final = re.compile(rb"[a-z0-9_.~/=+-]{14,}")


def _by_needle(*, one_word: bool) -> tuple[tuple[bytes, tuple[int, ...]], ...]:
    kinds = [(number, kind) for number, kind in enumerate(KINDS) if kind.one_word is one_word]
    needles = dict.fromkeys(needle for _, kind in kinds for needle in kind.needles)
    return tuple((needle, tuple(number for number, kind in kinds if needle in kind.needles)) for needle in needles)


_IN_TEXT: Final = _by_needle(one_word=False)
_IN_WORDS: Final = _by_needle(one_word=True)


def filler(size: int) -> bytes:
    """Return what replaces a secret of that many bytes."""
    return b"REDACTED".ljust(size, b"X") if size >= len(b"REDACTED") else b"X" * size


def is_filled(text: bytes) -> bool:
    """Whether a text is filler, of one piece or several."""
    return not text.replace(b"REDACTED", b"").strip(b"X \r\n\t")


def leaks(data: bytes, *, nested: bool = False) -> Iterator[Leak]:
    """Yield each secret in the bytes; what is filler already is none.

    Args:
        data: the text.
        nested: whether the text was decoded first: kinds that only mean what stands in the open are left out then.
    """
    lower = data.lower()
    # Most texts hold no needle at all: these comprehensions are what a text costs then.
    near = {number for needle, numbers in _IN_TEXT if needle in lower for number in numbers}
    words = b" ".join(_LONG_WORD.findall(lower))
    near.update(number for needle, numbers in _IN_WORDS if needle in words for number in numbers)
    for kind in (KINDS[number] for number in sorted(near)):
        if nested and not kind.nested:
            continue
        pattern = kind.pattern
        group = "secret" if "secret" in pattern.groupindex else 0
        for match in pattern.finditer(lower if kind.lower else data):
            if not is_filled(data[match.start(group) : match.end(group)]):
                yield Leak(kind.name, match.start(group), match.end(group))


def mask(data: bytes) -> bytes:
    """Return the bytes with every secret that stands in the open replaced by filler of its length."""
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
