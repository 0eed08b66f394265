"""How do people change what is known? May import search and below."""
