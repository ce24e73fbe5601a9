"""Error classes and their hints: the failure, the side at fault, and the time to retry."""

from typing import TYPE_CHECKING

from conformance.knowledge.lazily import loader

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy.classes import CLASSES, UNKNOWN, Class, ErrorClass
    from conformance.knowledge.taxonomy.classifying import classify, classify_error
    from conformance.knowledge.taxonomy.hints import Hint, header_hints, hints_of, longest_wait

__all__ = [
    "CLASSES",
    "UNKNOWN",
    "Class",
    "ErrorClass",
    "Hint",
    "classify",
    "classify_error",
    "header_hints",
    "hints_of",
    "longest_wait",
]

__getattr__ = loader(
    __name__,
    {
        **dict.fromkeys(("CLASSES", "UNKNOWN", "Class", "ErrorClass"), "classes"),
        **dict.fromkeys(("classify", "classify_error"), "classifying"),
        **dict.fromkeys(("Hint", "header_hints", "hints_of", "longest_wait"), "hints"),
    },
)
