"""What a well-behaved model says, in no dialect."""
