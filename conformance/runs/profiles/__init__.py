"""Profiles of the kinds of application that people build, one TOML file a kind."""
