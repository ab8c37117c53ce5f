"""The table of fields, columns of values, facet counts and topics."""
