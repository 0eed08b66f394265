"""cpkb: a knowledge base and consultation service for cleaner production (清洁生产)."""

__version__ = "0.1.0"
