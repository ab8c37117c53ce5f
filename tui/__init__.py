"""The reader and the `carrel` command: everything of Carrel that is shown."""
