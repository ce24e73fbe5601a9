"""What an emulated provider does over many answers: phases, a catalogue of them, and scenarios that a user writes."""
