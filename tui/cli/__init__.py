"""The `carrel` command, one module a verb."""
