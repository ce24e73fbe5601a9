"""Other people's suites as tests of the emulator: each runs in its own environment against emulated providers (`make peers`)."""
