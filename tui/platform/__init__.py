"""Code that depends on the terminal and the system: clipboard, browser, signals, dropped files."""
