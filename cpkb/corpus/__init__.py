"""Is what we ship right? (语料检查) One module a concern; a check gives the faults it finds with file and record.

`checks` lists them all. May import `cpkb/pipeline/` and below.
"""
