"""Works by their DOIs from Crossref: https://api.crossref.org/swagger-ui/index.html."""

from collections.abc import Iterator
from urllib.parse import quote

from index.errors import FetchFailed, NotFound
from index.fetch.client import Client
from index.fetch.listing import Items, Listing, read
from index.fetch.services import Service
from index.papers.entries import Skipped

FORMAT = "crossref"


def named(service: Service, dois: tuple[str, ...]) -> Listing:
    """Return the works of some DOIs, each asked for by itself."""

    def url(doi: str) -> str:
        return service.at(f"/works/{quote(doi, safe='')}")

    def pages(client: Client) -> Iterator[Items]:
        for number, doi in enumerate(dois, 1):
            try:
                body = client.get(service, url(doi), "JSON")
            except NotFound:
                told = f"Crossref has no work {doi}; check it, or bring it in from its own page"
                yield [Skipped(0, told)]
                continue
            except FetchFailed as fault:
                left = ", ".join(dois[number:])
                raise FetchFailed(
                    f"{fault}; not asked for: {left}" if left else f"{fault}"
                ) from fault
            yield read(FORMAT, body) or [Skipped(0, f"Crossref says nothing of {doi}")]

    return Listing(FORMAT, FORMAT, url(dois[0]), pages)
