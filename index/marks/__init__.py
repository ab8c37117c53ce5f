"""Marks as values: changes and their facts, and merging the marks of two libraries."""
