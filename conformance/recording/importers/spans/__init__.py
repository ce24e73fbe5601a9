"""Spans of model calls as exchanges: OpenTelemetry's OTLP JSON and plain dumps of spans, in the spellings of three conventions."""
