"""A local server that answers as the services do, correctly or not."""

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from index.fetch.services import PUBLIC, Services

JSON = "application/json; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request; `body` is that of a POST."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Answer:
    """A response: `length` is that of the header, `hold` is waited for in the middle."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    hold: threading.Event | None = None

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Answers = Callable[[Request], Answer]


class FakeService:
    """The server: `answers` returns its responses; each request is recorded in `requests`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: Answers = lambda request: Answer("nothing here", 404)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def services(self) -> Services:
        """Carrel's services, all at this server, with arXiv's delay of three seconds."""
        every = {each.name: getattr(PUBLIC, each.name) for each in fields(PUBLIC)}
        return Services(**{name: replace(service, url=self.url) for name, service in every.items()})

    def in_turn(self, *answers: Answer) -> None:
        """Return the answers one after another for any request, then repeat the last one."""
        left = list(answers)
        self.answers = lambda request: left.pop(0) if len(left) > 1 else left[0]

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Answer over TLS from now on."""
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        ignore_refusals: Callable[..., None] = lambda *_: None  # noqa: E731
        self._server.handle_error = ignore_refusals  # type: ignore[method-assign]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                size = int(self.headers.get("Content-Length", 0))
                request = Request(
                    unquote(parts.path),
                    dict(parse_qsl(parts.query)),
                    dict(self.headers),
                    self.rfile.read(size),
                )
                service.requests.append(request)
                answer = service.answers(request)
                body = answer.bytes
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                length = len(body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(length))
                self.end_headers()
                try:
                    if answer.hold:
                        self.wfile.write(body[:10])
                        self.wfile.flush()
                        answer.hold.wait(20)
                        body = body[10:]
                    self.wfile.write(body)
                except OSError:
                    pass
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


# -- responses of the services ---------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A paper that a service knows."""

    id: str
    title: str
    day: str = "2026-11-19"


def known(count: int, first: int = 1) -> list[Known]:
    """Return papers, the latest first."""
    return [
        Known(f"2611.{number:05}", f"Paper Number {number} on Watermarks")
        for number in range(first + count - 1, first - 1, -1)
    ]


def daily(papers: Iterable[Known]) -> Answer:
    """Return papers as Hugging Face lists those of a day."""
    listed = [
        {
            "paper": {
                "id": paper.id,
                "authors": [
                    {"_id": "65a1", "name": "Ada Lovelace", "hidden": False},
                    {"_id": "65a2", "name": "Grace Hopper", "hidden": False},
                ],
                "publishedAt": f"{paper.day}T17:59:59.000Z",
                "submittedOnDailyAt": f"{paper.day}T23:10:00.000Z",
                "title": paper.title,
                "summary": f"We write of {paper.title} and of what follows from it.",
                "upvotes": 42,
                "discussionId": "65b0",
                "ai_keywords": ["watermarking"],
            },
            "publishedAt": f"{paper.day}T17:59:59.000Z",
            "title": paper.title,
            "summary": f"We write of {paper.title} and of what follows from it.",
            "numComments": 2,
            "isAuthorParticipating": False,
        }
        for paper in papers
    ]
    return Answer(json.dumps(listed), headers={"Content-Type": JSON})


def atom(papers: Sequence[Known], total: int | None = None, start: int = 0) -> Answer:
    """Return papers as arXiv's export API answers with them."""
    entries = "".join(
        f"""
  <entry>
    <id>http://arxiv.org/abs/{paper.id}v1</id>
    <title>{paper.title}</title>
    <updated>{paper.day}T18:00:00Z</updated>
    <link href="https://arxiv.org/abs/{paper.id}v1" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{paper.id}v1" rel="related" type="application/pdf"/>
    <summary>We write of {paper.title} and of what follows from it.</summary>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <published>{paper.day}T18:00:00Z</published>
    <arxiv:primary_category term="cs.CL"/>
    <author><name>Ada Lovelace</name></author>
    <author><name>Grace Hopper</name></author>
  </entry>"""
        for paper in papers
    )
    count = len(papers) if total is None else total
    feed = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/abc</id>
  <title>arXiv Query</title>
  <updated>2026-11-20T00:00:00Z</updated>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
  <opensearch:totalResults>{count}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>{entries}
</feed>
"""
    return Answer(feed, headers={"Content-Type": ATOM})


def arxiv(papers: Sequence[Known]) -> Answers:
    """Return the answers of an arXiv with these papers, to searches and requests by id."""

    def answer(request: Request) -> Answer:
        asked = request.parameters
        if "id_list" in asked:
            ids = asked["id_list"].split(",")
            return atom([paper for paper in papers if paper.id in ids])
        start, size = int(asked.get("start", 0)), int(asked.get("max_results", 10))
        return atom(papers[start : start + size], len(papers), start)

    return answer


def work(doi: str, title: str) -> Answer:
    """Return a work as Crossref answers with it."""
    message = {
        "DOI": doi,
        "type": "proceedings-article",
        "title": [title],
        "container-title": ["Proceedings of the Analytical Society"],
        "author": [{"given": "Ada", "family": "Lovelace", "sequence": "first", "affiliation": []}],
        "issued": {"date-parts": [[2019, 7, 25]]},
        "abstract": f"<jats:p>We write of {title}.</jats:p>",
        "URL": f"https://doi.org/{doi}",
    }
    body = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}
    return Answer(json.dumps(body), headers={"Content-Type": JSON})


def packed(answer: Answer) -> Answer:
    """Return a response compressed with gzip."""
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return Answer(gzip.compress(answer.bytes), answer.status, headers)
