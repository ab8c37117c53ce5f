"""The configuration file, its settings and the keymap."""
