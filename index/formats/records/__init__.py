"""Shared parts of record formats: decoding, JSON and XML streams, names and dates."""
