"""Crossref's API for works by DOI: https://api.crossref.org/swagger-ui/index.html."""

from collections.abc import Iterator
from urllib.parse import quote

from index.errors import FetchFailed, NotFound
from index.fetch.client import Client
from index.fetch.listing import Items, Listing, read
from index.fetch.services import Service
from index.papers.entries import Skipped

FORMAT = "crossref"


def named(service: Service, dois: tuple[str, ...]) -> Listing:
    """Return the listing of works with some DOIs, each requested separately."""

    def url(doi: str) -> str:
        return service.at(f"/works/{quote(doi, safe='')}")

    def pages(client: Client) -> Iterator[Items]:
        for number, doi in enumerate(dois, 1):
            try:
                body = client.get(service, url(doi), "JSON")
            except NotFound:
                reason = (
                    f"Crossref has no work {doi}; check the DOI, or import the publisher's page"
                )
                yield [Skipped(0, reason)]
                continue
            except FetchFailed as error:
                rest = ", ".join(dois[number:])
                raise FetchFailed(
                    f"{error}; not requested: {rest}" if rest else f"{error}"
                ) from error
            yield read(FORMAT, body) or [Skipped(0, f"Crossref has no data on {doi}")]

    return Listing(FORMAT, FORMAT, url(dois[0]), pages)
