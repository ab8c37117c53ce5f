"""Parsers of captured pages of papers: HTML, Markdown and plain text."""
