"""Papers as values: the record, its identifiers and identity, the JSON record."""
