"""Navigation, menus and dates of the Daily Papers site, which must not become papers.

The site: https://huggingface.co/papers.
"""

import datetime
import re
from contextlib import suppress

from index.text.months import MONTHS

DATE = re.compile(
    rf"(?:[a-z]{{3,9}}, )?({'|'.join(MONTHS)})[a-z]{{0,6}}\.? (\d{{1,2}})(?:,? (\d{{4}}))?", re.I
)
# Texts that only the site uses count anywhere; menu words only next to them or at either end of the
# page.
SITE = re.compile(
    r"(?:Subscribe ?)?(?:Get trending papers in your email inbox\b.{0,20}"
    r"|by ?.{0,20}AK(?:haliq)?,? ?(?:and|&) the research community"
    r"|Trending Papers ranked by GitHub stars activity|Daily Papers(?: - Hugging Face)?)",
    re.I,
)
_MENU = frozenset(
    "new|subscribe|by ak|byak|ak|daily|weekly|monthly|daily weekly monthly|dailyweeklymonthly"
    "|papers|trending papers|previous|next|previous next|previousnext|company|tos|privacy|about"
    "|careers|website|models|datasets|spaces|buckets|buckets new|pricing|docs|enterprise|community"
    "|solutions|log in|sign up|hugging face|hugging face's logo|system theme|© hugging face".split(
        "|"
    )
)


def is_menu(text: str) -> bool:
    """Return whether a line is a menu word of the site."""
    return text[:40].casefold() in _MENU


def is_site(text: str) -> bool:
    """Return whether a line belongs to the site: menu, header or date."""
    return is_menu(text) or bool(SITE.fullmatch(text) or DATE.fullmatch(text))


def day(match: re.Match[str], year: str = "") -> str:
    """Return the date that `DATE` matched: ISO 8601, `--MM-DD` without a year; "" if invalid."""
    year = match[3] or year
    month = MONTHS.index(match[1].lower()) + 1
    with suppress(ValueError):
        return f"{year or '-'}-{datetime.date(int(year or 2000), month, int(match[2])):%m-%d}"
    return ""
