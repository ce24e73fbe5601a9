"""The Jinja environment of our pages, and the few forms that a text of a provider may take in them."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

_MARK = re.compile(r"(?P<url>https?://[^\s<>\"'`;)]*[^\s<>\"'`;).,:])|`(?P<code>[^`]+)`")
_TEMPLATES = resources.files("conformance.report") / "templates"


def anchor(*parts: str) -> str:
    """Return an id of ASCII letters that need no escaping in a URL: the same text as `id` and behind `#`."""
    return "!".join(re.sub(r"[^\w./@:-]", lambda char: f"~{ord(char[0]):x}", part, flags=re.ASCII) for part in parts)


def page_of(target: str) -> str:
    """Return the path of a target's page, as a link from index.html has it: the file's name is percent-encoded once, the link twice."""
    return f"targets/{quote(file_of(target))}"


def file_of(target: str) -> str:
    """Return the file's name of a target's page. A lone surrogate has no name in a file system, and becomes its escape."""
    return quote(target, safe="@=,+ ", errors="backslashreplace") + ".html"


def marked(text: str) -> Markup:
    """Escape a text, and mark http addresses as links and `code` as code."""
    parts, end = [], 0
    for mark in _MARK.finditer(text):
        form = '<a href="{0}" rel="noreferrer">{0}</a>' if mark["url"] else "<code>{0}</code>"
        parts += [escape(text[end : mark.start()]), Markup(form).format(mark["url"] or mark["code"])]  # noqa: S704 - our own two forms
        end = mark.end()
    return Markup().join([*parts, escape(text[end:])])


@cache
def environment() -> Environment:
    """Return the environment: everything is escaped, a missing value is an error, and every page has the one style."""
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(_text)
    )
    made.filters.update(marked=marked, sha256=_sha256)
    made.globals.update(anchor=anchor, page_of=page_of, style=Markup(_text("style.css")))  # noqa: S704 - our own style
    return made


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _sha256(script: str) -> str:
    """Return a script's hash for the page's content security policy: no other script runs, whatever a finding quotes."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
