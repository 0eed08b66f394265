"""The embedded engine: a Whoosh index with mapped columns beside it, scored with numpy. The only importer of whoosh.

Writing, from the passage to the disk:
    writer           puts and drops; flushes, keeps, commits
    building         many passages at once, in processes beside this one
    batch            passages gathered as numbers → the arrays of a segment
    runs             runs of characters → the grams they hold
    inverted         occurrences as sortable numbers → a dictionary with its postings
    columns          arrays as one mapped file
    whoosh_files     the same arrays as Whoosh's own files; schema names its fields
    commits          which segments count: one line, replaced atomically
    merging          which segments become one, and how

Asking, from the disk to the page:
    engine           the port: opens what is committed
    segment          one segment: postings, phrases, values
    generation       all segments as one space of rows and one of records
    scoring          what a term is worth in each row (BM25F); kept keeps it
    parts            a ranked question as the sum of its parts
    topk             the best rows of plain terms, without looking at all of them
    kernels          the innermost loops
    matching         a query → its rows and scores
    ordering         as much of their order as a page needs
    searcher         a query → a page of hits and counts
"""
