"""Files that are kept current with a query."""
