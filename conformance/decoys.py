"""What our probes send in order to be refused: nobody serves the model, and nobody has the key."""

from typing import Final

NO_SUCH_MODEL: Final = "conformance-no-such-model"
INVALID_KEY: Final = "sk-conformance-invalid-key"
