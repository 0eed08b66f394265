"""What does this file say? Bytes in, `Extracted` texts out. Imports model and errors; wraps the file readers."""
