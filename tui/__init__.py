"""The user interfaces of Carrel: the reader and the `carrel` command."""
