"""Captured pages of papers: HTML, Markdown and plain text, taken apart into what they show."""
