"""Values that meet a JSON Schema. No library draws them with a seed for each call (jsf, hypothesis-jsonschema: read 2026-11-21)."""
