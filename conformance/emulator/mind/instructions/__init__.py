"""What a prompt asks for in so many words: a text to say, keys of an object, a step of ReAct. Phrases are data, by language."""
