"""What can we answer, and from which passages? Imports search and below."""
