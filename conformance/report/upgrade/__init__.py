"""A comparison of two sides as people and programs read it: terminal, Markdown, JSON and one HTML page."""
