"""The daily papers of Hugging Face: https://huggingface.co/docs/hub/api#get-apidailypapers."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import BinaryIO

from index.fetch.client import Client
from index.fetch.listing import Items, Listing, read, unseen
from index.fetch.services import Service
from index.fetch.wanted import Daily
from index.store import Source

FORMAT = "huggingface"
PAGE_PAPERS = 100
MAX_PAGES = 100

LOOK_BACK_DAYS = 7
"""Days before today that are searched for the latest list; there is none on weekends."""

MAX_NEW_DAYS = 31
"""Days before today in a fetch of new papers."""

_NAME = re.compile(rf"{FORMAT} (\d{{4}})-(?:(\d\d)-(\d\d)|W(\d\d)|(\d\d))", re.ASCII)


def listing(service: Service, wanted: Daily) -> Listing:
    """Return the list of a day, week or month."""
    name, value = next(
        (name, value)
        for name, value in (("date", wanted.day), ("week", wanted.week), ("month", wanted.month))
        if value
    )
    parameters: dict[str, str | int] = {name: value, "limit": PAGE_PAPERS}
    path = "/api/daily_papers"

    def answer(client: Client, page: int) -> BinaryIO:
        more = {"p": page} if page else {}
        return client.get(service, service.at(path, **parameters, **more), "JSON")

    def pages(client: Client) -> Iterator[Items]:
        seen: set[str] = set()
        for page in range(MAX_PAGES):
            items = read(FORMAT, answer(client, page), wanted.day or wanted.month)
            fresh = unseen(items, seen)
            yield fresh
            # Pages other than the last may have fewer papers than requested.
            if not fresh or not seen or len(items) < PAGE_PAPERS // 2:
                return

    url = service.at(path, **{name: value})
    return Listing(f"{FORMAT} {value}", FORMAT, url, pages, wanted.day or wanted.month)


def latest(today: date) -> Iterator[Daily]:
    """Yield the days to request, until one has papers."""
    for back in range(LOOK_BACK_DAYS + 1):
        yield Daily(day=str(today - timedelta(back)))


def since(sources: Iterable[Source], today: date) -> Iterator[Daily]:
    """Yield the days from the last one fetched, whose list may have grown, to today."""
    last = max(
        (day for source in sources if source.format == FORMAT and (day := _last_day(source.name))),
        default=None,
    )
    if last:
        first = max(min(last, today), today - timedelta(MAX_NEW_DAYS))
        for number in range((today - first).days + 1):
            yield Daily(day=str(first + timedelta(number)))


def _last_day(name: str) -> date | None:
    """Return the last day of a list from the name of its source."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    year, *rest = (int(part) if part else 0 for part in match.groups())
    month, day, week, whole_month = rest
    try:
        if week:
            return date.fromisocalendar(year, week, 7)
        if whole_month:
            return date(year + whole_month // 12, whole_month % 12 + 1, 1) - timedelta(1)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
