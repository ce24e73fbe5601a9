"""A secret as a value: it goes into headers as it is, and shows itself to nobody who prints it."""

from __future__ import annotations

from typing import ClassVar, Final, Self

STARS: Final = "***"


class Secret(str):
    """A text whose `repr`, `str` and format are stars, so that no traceback, log line or f-string holds it.

    As a `str` it is encoded into a header as it is; `reveal` returns it as a plain one. What was made stays known for as long as the
    process lives: redaction looks for every secret in use, whoever wrote the text.

    Example:
        >>> key = Secret("sk-0123456789")
        >>> f"{key} {key!r}", key == "sk-0123456789", key.reveal()[:3]
        ('*** ***', True, 'sk-')
    """

    __slots__ = ()
    _known: ClassVar[dict[str, None]] = {}

    def __new__(cls, text: str) -> Self:
        """Keep the text in mind."""
        plain = str.__str__(text) if isinstance(text, Secret) else text
        cls._known[plain] = None
        return super().__new__(cls, plain)

    def __repr__(self) -> str:
        """Return stars."""
        return STARS

    def __str__(self) -> str:
        """Return stars."""
        return STARS

    def __format__(self, specification: str) -> str:
        """Return stars."""
        return format(STARS, specification)

    def reveal(self) -> str:
        """Return the text, to be sent."""
        return str.__str__(self)

    def behind(self, word: str) -> Secret:
        """Return the secret behind a word and a space, as `Authorization: Bearer` has it."""
        return type(self)(f"{word} {self.reveal()}")

    @classmethod
    def passing(cls, text: str) -> Self:
        """Return a secret of one request, such as a signature: it shows itself to nobody, and is not looked for later."""
        return super().__new__(cls, text)

    @classmethod
    def in_use(cls) -> tuple[str, ...]:
        """Return every secret that was made in this process."""
        return tuple(cls._known)
