"""What do we keep? Takes and returns model objects, never rows. The store is the truth; the index is a copy."""
