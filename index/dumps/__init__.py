"""Dumps: marks and saved searches as JSON lines, restored and merged."""
