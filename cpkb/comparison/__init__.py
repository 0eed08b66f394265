"""What changed between two texts, and which texts are versions (版本) of one document? May import store and below."""
