"""How a provider puts an answer: its headers, its pace, its templates and its refusals."""
