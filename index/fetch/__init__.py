"""Fetching of papers from the network; responses are read like files of the same format.

Only this package accesses the network, and only on request. `wanted` defines the possible requests,
one module for each service their URLs, `client` sends them, and `fetching` imports the results.
"""

from index.fetch.services import PUBLIC, Services
from index.fetch.wanted import ArxivSearch, ByIdentifier, Daily, New, Wanted

__all__ = ["PUBLIC", "ArxivSearch", "ByIdentifier", "Daily", "New", "Services", "Wanted"]
