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
PER_PAGE = 100
MOST_PAGES = 100

LOOK_BACK = 7
"""Days before today that are asked for until one has papers: no list appears on weekends."""

MOST_DAYS = 31
"""Days before today that are fetched at most when it is asked what is new."""

_NAME = re.compile(rf"{FORMAT} (\d{{4}})-(?:(\d\d)-(\d\d)|W(\d\d)|(\d\d))", re.ASCII)


def listing(service: Service, wanted: Daily) -> Listing:
    """Return the list of a day, a week or a month."""
    name, value = next(
        (name, value)
        for name, value in (("date", wanted.day), ("week", wanted.week), ("month", wanted.month))
        if value
    )
    asked: dict[str, str | int] = {name: value, "limit": PER_PAGE}
    path = "/api/daily_papers"

    def answer(client: Client, page: int) -> BinaryIO:
        more = {"p": page} if page else {}
        return client.get(service, service.at(path, **asked, **more), "JSON")

    def pages(client: Client) -> Iterator[Items]:
        seen: set[str] = set()
        for page in range(MOST_PAGES):
            items = read(FORMAT, answer(client, page), wanted.day or wanted.month)
            fresh = unseen(items, seen)
            yield fresh
            # A page may hold fewer than were asked for before it is the last.
            if not fresh or not seen or len(items) < PER_PAGE // 2:
                return

    url = service.at(path, **{name: value})
    return Listing(f"{FORMAT} {value}", FORMAT, url, pages, wanted.day or wanted.month)


def latest(today: date) -> Iterator[Daily]:
    """Yield the days to ask for, until one has papers."""
    for back in range(LOOK_BACK + 1):
        yield Daily(day=str(today - timedelta(back)))


def since(sources: Iterable[Source], today: date) -> Iterator[Daily]:
    """Yield the days from the last one fetched to today, since that may have grown meanwhile."""
    last = max(
        (day for source in sources if source.format == FORMAT and (day := _last_day(source.name))),
        default=None,
    )
    if last:
        first = max(min(last, today), today - timedelta(MOST_DAYS))
        for number in range((today - first).days + 1):
            yield Daily(day=str(first + timedelta(number)))


def _last_day(name: str) -> date | None:
    """Return the last day of a list by the name of its source."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    year, *rest = (int(part) if part else 0 for part in match.groups())
    month, day, week, alone = rest
    try:
        if week:
            return date.fromisocalendar(year, week, 7)
        if alone:
            return date(year + alone // 12, alone % 12 + 1, 1) - timedelta(1)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
