"""The services that papers are fetched from, with their addresses."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its name, its base URL, and the pause between requests in seconds.

    `key` is the user's own key, or for Crossref the user's mail address; "" if there is none.
    """

    name: str
    url: str
    pause: float = 1.0
    key: str = ""

    def at(self, path: str, **parameters: str | int) -> str:
        """Return the URL of a path with its parameters."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.url.rstrip('/')}{path}{query}"


@dataclass(frozen=True, slots=True)
class Services:
    """All services, which mirrors and tests can replace."""

    huggingface: Service = Service("Hugging Face", "https://huggingface.co")
    arxiv: Service = Service("arXiv", "https://export.arxiv.org", 3.0)
    """Three seconds: https://info.arxiv.org/help/api/tou.html."""
    crossref: Service = Service("Crossref", "https://api.crossref.org")
    semantic_scholar: Service = Service("Semantic Scholar", "https://api.semanticscholar.org")
    openalex: Service = Service("OpenAlex", "https://api.openalex.org")


PUBLIC = Services()
"""The public services."""
