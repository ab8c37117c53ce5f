"""Tables of papers with a header: rows, cells and the names of columns."""
