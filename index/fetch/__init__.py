"""Bringing papers from the network: what a service answers is read as a file of its format is.

The one part of Carrel that asks anything of another machine, and only when it is told to. `wanted`
says what can be asked for, a module a service says how, `client` asks, `fetching` brings it in.
"""

from index.fetch.services import PUBLIC, Services
from index.fetch.wanted import ArxivSearch, ByIdentifier, Daily, New, Wanted

__all__ = ["PUBLIC", "ArxivSearch", "ByIdentifier", "Daily", "New", "Services", "Wanted"]
