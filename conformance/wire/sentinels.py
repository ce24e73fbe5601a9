"""What our probes send in order to be refused: nobody serves the model, has the key or the guardrail, takes the parameter, keeps the
response, or sees the picture; what an emulated filter blocks, and what our client looks at again and again.
"""

from typing import Final

NO_SUCH_MODEL: Final = "conformance-no-such-model"
INVALID_KEY: Final = "sk-conformance-invalid-key"
#: Lower case and digits, as the ids of guardrails are.
NO_SUCH_GUARDRAIL: Final = "conformance0none"
NO_SUCH_PARAMETER: Final = "conformance_no_such_parameter"
NO_SUCH_PICTURE: Final = b"conformance-no-such-picture"
NO_SUCH_RESPONSE: Final = "resp_conformance_no_such_response"
#: The metadata of a response in the background that we look at with pauses in between.
LOOKED_AT: Final = {"conformance": "background"}
BLOCKED_PROMPT: Final = "conformance-blocked-prompt"
