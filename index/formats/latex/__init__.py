"""LaTeX in what papers say: text written for it, and read out of it."""
