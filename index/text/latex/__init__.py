"""LaTeX as text, and text as LaTeX."""
