"""`conformance serve` around its app: every provider on one port, a page that lists them, a health check, a log line a request."""
