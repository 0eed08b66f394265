"""Alembic migrations; `store.database` runs them at start, after a backup."""
