"""The Whoosh engine, which stores posting lists as arrays."""
