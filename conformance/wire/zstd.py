"""Zstandard as Python 3.14 has it (PEP 784, read 2026-11-29); older ones take the same module from `backports.zstd`, 1 MB."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError, ZstdFile
else:
    _zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    DecompressionParameter, ZstdDecompressor = _zstd.DecompressionParameter, _zstd.ZstdDecompressor
    ZstdError, ZstdFile = _zstd.ZstdError, _zstd.ZstdFile

__all__ = ["DecompressionParameter", "ZstdDecompressor", "ZstdError", "ZstdFile"]
