"""The services in the order in which they are asked."""

from collections.abc import Collection

from index.enrich.services.arxiv import ArxivLookup
from index.enrich.services.base import LookupService
from index.enrich.services.crossref import CrossrefSearch
from index.enrich.services.huggingface import HuggingFaceSearch
from index.enrich.services.openalex import OpenAlexSearch
from index.enrich.services.semantic_scholar import SemanticScholarLookup, SemanticScholarMatch
from index.fetch import Services

LOOKUPS = (
    HuggingFaceSearch,
    ArxivLookup,
    SemanticScholarLookup,
    SemanticScholarMatch,
    CrossrefSearch,
    OpenAlexSearch,
)

SERVICE_NAMES = tuple(dict.fromkeys(lookup.name for lookup in LOOKUPS))
"""The names of all services."""


def lookup_services(services: Services, names: Collection[str]) -> list[LookupService]:
    """Return the services with some names, in order."""
    return [lookup(services) for lookup in LOOKUPS if lookup.name in names]
