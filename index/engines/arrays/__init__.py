"""Searches by arrays: engines that return the postings of a word whole share their evaluation."""
