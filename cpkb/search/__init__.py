"""What did they ask, and what do we show? From a request to a page of results."""
