"""The `carrel` command, with one module for each subcommand."""
