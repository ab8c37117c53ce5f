"""Papers as values: `Paper`, identifiers, identity, and the JSON record."""
