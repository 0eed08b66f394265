"""The embedded engine: postings in a Whoosh index, scored exhaustively with numpy. The only importer of whoosh.

Whoosh's own searcher skips blocks and can lose the best hit; here every posting of every asked term is scored.
"""
