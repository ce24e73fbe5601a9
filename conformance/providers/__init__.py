"""Providers: one TOML file each, and the registry that loads them. No provider has code of its own."""

from conformance.providers.named_dialects import dialect_names
from conformance.providers.provider import Deviation, Model, Provider
from conformance.providers.registry import load_providers
from conformance.providers.tables import Auth, ErrorCase, Errors, Params, Price, Server, Speed, Stream, Unit
from conformance.providers.target import Target, default_targets, parse_target

__all__ = [
    "Auth",
    "Deviation",
    "ErrorCase",
    "Errors",
    "Model",
    "Params",
    "Price",
    "Provider",
    "Server",
    "Speed",
    "Stream",
    "Target",
    "Unit",
    "default_targets",
    "dialect_names",
    "load_providers",
    "parse_target",
]
