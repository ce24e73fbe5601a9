"""Files at an address (`s3://`, `gs://`, `az://`, `https://`): listed, and read from a copy, through fsspec."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEDY: Final = (
    'install the extra: pip install "llm-provider-conformance[cluster]", and s3fs, gcsfs or adlfs for the store'
)


def is_address(path: str | Path) -> bool:
    """Whether a path is an address and no file of this machine."""
    return isinstance(path, str) and "://" in path


def objects_at(address: str) -> list[str]:
    """Return the addresses of all objects at and below an address, sorted.

    Raises:
        UnusableInputError: nobody can read there.
    """
    files, root = _store(address)
    scheme = address.partition("://")[0]
    try:
        if scheme in {"http", "https"} or files.isfile(root):
            return [address]
        names = sorted(files.find(root))
    except Exception as error:
        raise UnusableInputError(f"cannot be read: {error}", where=address) from error
    return [f"{scheme}://{name.removeprefix('/') if scheme != 'file' else name}" for name in names]


@contextmanager
def local_copy(address: str) -> Iterator[Path]:
    """Give a copy of an object for as long as it is read.

    Raises:
        UnusableInputError: it cannot be read.
    """
    files, root = _store(address)
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        path = Path(folder) / (root.rstrip("/").rpartition("/")[2] or "object")
        try:
            files.get_file(root, str(path))
        except Exception as error:
            raise UnusableInputError(f"cannot be read: {error}", where=address) from error
        yield path


def _store(address: str) -> tuple[Any, str]:
    try:
        import fsspec  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UnusableInputError(f"{address} needs fsspec, which is not installed", remedy=_REMEDY) from error
    try:
        files, root = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UnusableInputError(f"{address}: {error}", remedy=_REMEDY) from error
    return files, root
