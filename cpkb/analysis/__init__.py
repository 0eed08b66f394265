"""Which words is this text made of? The same answer for documents and for questions, in every engine."""
