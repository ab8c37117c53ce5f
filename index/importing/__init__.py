"""Importing: files and folders become papers, with a report that leaves nothing out."""
