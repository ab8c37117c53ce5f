"""The Whoosh engine: a full-text index with array posting lists."""
