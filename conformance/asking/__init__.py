"""The only room that reaches a provider, or a cassette in its place."""
