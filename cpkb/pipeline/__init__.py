"""How does knowledge get in? Files → records → store (`ingest`, `shipped`), store → engine (`reindex`)."""
