"""One module a step; names begin with the step's number."""
