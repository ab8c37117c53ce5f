"""Importing of files and folders."""
