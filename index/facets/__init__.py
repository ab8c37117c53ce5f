"""Facets: the table of fields, columns of values, counting, topics."""
