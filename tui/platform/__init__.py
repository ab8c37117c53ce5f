"""What differs by terminal and system: clipboard, browser, signals, dropped files."""
