"""Lookup services: `base` is their protocol, `registry` lists them in order."""
