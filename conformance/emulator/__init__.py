"""The emulator: a server that answers as a provider does, from its TOML alone."""
