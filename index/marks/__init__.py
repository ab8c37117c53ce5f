"""Marks as values: changes and their facts, and how the marks of two libraries merge."""
