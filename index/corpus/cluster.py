"""The cluster that holds a corpus: its address, credentials, deadlines and errors."""

import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from math import ceil, inf
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from index.errors import CarrelError
from index.progress import Stop
from index.text.cleaning import clean, one_line

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

log = logging.getLogger(__name__)

USER, PASSWORD = "CARREL_CORPUS_USER", "CARREL_CORPUS_PASSWORD"
CERTIFICATES = "CARREL_CORPUS_CA"
"""Names of the environment variables with the user, the password, and a file of certificates."""

SEARCH_S = 2.0
"""Seconds in which the nodes answer a search; those that do not are left out of the answer."""

TIMEOUT_STEP_MS = 100

REQUEST_S = 4.0
"""Seconds after which a request to the cluster fails."""

ANSWER_S = 4.0
"""Seconds for all requests of an answer; see `limited`."""

FAIR_S = 1.0
"""Seconds after which a cluster that is silent has failed, rather than been asked too late."""

WRITE_S = 60.0

RETRY_S = 5.0
"""Seconds without any request after one that failed, so that no key waits for a dead cluster."""

MAX_SILENT_HOSTS = 2
"""Hosts that share the time of a search if the first does not answer."""

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

Json = dict[str, Any]


class _Limit(NamedTuple):
    stop: Stop
    deadline: float

    def left(self) -> float:
        return min(self.stop.left(), self.deadline - time.monotonic())


NO_LIMIT = _Limit(Stop(), inf)
_limit = ContextVar("limit", default=NO_LIMIT)


@contextmanager
def limited(stop: Stop) -> Iterator[None]:
    """Give the requests of a block `ANSWER_S` together, or less if a search is stopped earlier.

    Those that are left fail with CorpusUnavailable.
    """
    before = _limit.set(_Limit(stop, time.monotonic() + ANSWER_S))
    try:
        yield
    finally:
        _limit.reset(before)


class CorpusUnavailable(CarrelError):
    """The corpus cannot be reached, or it failed."""


class CorpusRefused(CorpusUnavailable):
    """The corpus refused a request, as it would again."""


class FirstHost:
    """Chooses the same host until it fails, since scores differ a little between copies.

    Readers begin with different ones, as the client shuffles them.
    """

    def __init__(self, _: object) -> None: ...

    def select(self, connections: Sequence[object]) -> object:
        """Return the host to ask; those that failed come last."""
        return connections[0]


class Cluster:
    """The index of a corpus on a cluster, at an address such as `https://host:9200/papers`.

    Several nodes are separated by commas: `https://one:9200,two:9200/papers`. Thread-safe. Raises
    CarrelError for an address that is not one.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.scheme, self.hosts, self.index = parse_address(address)
        self._client: OpenSearch | None = None
        self._failed = -RETRY_S
        self._error = ""

    @property
    def name(self) -> str:
        """The name of the corpus and its first host, for messages."""
        return f"{self.index} on {self.hosts[0][0]}"

    def search(self, body: Mapping[str, object], **options: Any) -> Json:
        """Return the answer to a search; raises CorpusUnavailable."""
        if "pit" not in body:
            options["index"] = self.index
            if len(self.hosts) > 1:  # the node asked, which answers, rather than another
                options.setdefault("preference", "_local")
        # A part of the time, so that an answer without the slow nodes arrives before the deadline.
        parts = 1 + min(len(self.hosts), MAX_SILENT_HOSTS)
        seconds = min(SEARCH_S, max(0.0, min(_limit.get().left(), REQUEST_S)) / parts)
        # Rounded, since the cluster caches counts by the whole request.
        steps = max(1, ceil(round(seconds * 1000) / TIMEOUT_STEP_MS))
        asked = {"timeout": f"{steps * TIMEOUT_STEP_MS}ms", **body}
        found: Json = self.ask("search", body=asked, **options)
        return found

    def ask(
        self, method: str, *, seconds: float | None = None, patient: bool = False, **options: Any
    ) -> Any:
        """Return the answer of a method of the client, such as `indices.create`.

        A request takes `REQUEST_S` at most, or other `seconds`.
        After a failure, requests that are not `patient` fail for `RETRY_S`. Raises
        CorpusUnavailable.
        """
        if time.monotonic() - self._failed < RETRY_S and not patient:
            raise CorpusUnavailable(self._error)
        seconds = min(REQUEST_S if seconds is None else seconds, _limit.get().left())
        if seconds <= 0:
            raise CorpusUnavailable(f"{self.name} does not answer in time")
        found: Any = self.client
        from opensearchpy import exceptions

        for part in method.split("."):
            found = getattr(found, part)
        try:
            # A second write may find that of a first one, whose answer did not arrive.
            silent = MAX_SILENT_HOSTS if method == "search" else 1
            return self._from_any_host(found, seconds, silent, options)
        except exceptions.ConnectionError as error:
            self._error = f"{self.name} does not answer: {_reason(error)}"
            if seconds >= FAIR_S or not isinstance(error, exceptions.ConnectionTimeout):
                self._failed = time.monotonic()
            raise CorpusUnavailable(self._error) from error
        except exceptions.TransportError as error:
            code = error.status_code
            is_refused = isinstance(code, int) and 400 <= code < 500 and code not in (408, 429)
            kind = CorpusRefused if is_refused else CorpusUnavailable
            raise kind(f"{self.name} refused: {_refusal(error)}") from error
        except exceptions.OpenSearchException as error:
            raise CorpusUnavailable(f"{self.name} cannot be asked: {error}") from error

    def _from_any_host(self, request: Any, seconds: float, silent: int, options: Json) -> Any:
        """Return the answer of a host; those that cannot be reached share the time with it.

        So do `silent` hosts that are reached, one of which must answer.
        """
        from opensearchpy import exceptions
        from urllib3 import Timeout

        deadline = time.monotonic() + seconds
        for hosts in range(len(self.hosts), 0, -1):
            left = max(0.001, deadline - time.monotonic())
            limit = Timeout(connect=left / hosts, total=left / min(hosts, silent))
            try:
                return request(**options, request_timeout=limit)
            except exceptions.ConnectionError as error:
                silent -= isinstance(error, exceptions.ConnectionTimeout)
                if hosts == 1 or not silent:
                    raise

    @property
    def client(self) -> "OpenSearch":
        """The client, which is imported when it is first needed."""
        if self._client is None:
            try:
                from opensearchpy import OpenSearch
            except ImportError as error:
                raise CarrelError(
                    "cannot read a corpus: opensearch-py is not installed; try "
                    "pip install 'carrel[team]'"
                ) from error
            credentials = self._credentials()
            if credentials and self.scheme == "http" and self._is_remote:
                raise CarrelError(
                    "cannot send a password over http; use an address that begins with https://"
                )
            self._client = OpenSearch(
                hosts=[{"host": host, "port": port} for host, port in self.hosts],
                http_auth=credentials,
                use_ssl=self.scheme == "https",
                verify_certs=True,
                ca_certs=os.environ.get(CERTIFICATES) or None,
                selector_class=FirstHost,
                max_retries=0,  # `ask` tries all hosts, within its deadline
                retry_on_timeout=True,  # and a silent one last
            )
        return self._client

    @property
    def _is_remote(self) -> bool:
        return any(host not in LOCAL_HOSTS for host, _ in self.hosts)

    def _credentials(self) -> tuple[str, str] | None:
        """Return user and password of the environment, else of the keyring if it is installed."""
        user, password = os.environ.get(USER), os.environ.get(PASSWORD)
        if user and not password:
            password = _kept_password(f"carrel {self.hosts[0][0]}", user)
        return (user, password) if user and password else None


def _kept_password(service: str, user: str) -> str | None:
    try:
        keyring = import_module("keyring")
    except ImportError:
        return None
    try:
        password: str | None = keyring.get_password(service, user)
    except Exception as error:  # that of any backend, which may need a desktop
        reason = one_line(clean(str(error)), 200)
        raise CarrelError(f"cannot read the keyring: {reason}; set {PASSWORD} instead") from error
    return password


def parse_address(address: str) -> tuple[str, list[tuple[str, int]], str]:
    """Return the scheme, the hosts with their ports, and the index of a corpus's address.

    Raises CarrelError if it is not such an address, or has a user or password in it. Those are not
    printed, wherever a character such as "/" in a password puts them.
    """
    example = "use one such as https://host:9200/papers"
    if "@" in unquote(address):
        raise CarrelError(
            f"the address of a corpus has no user or password; set {USER} and {PASSWORD} instead"
        )
    try:
        parts = urlsplit(address.strip())
        hosts = [
            (each.hostname or "", each.port or 9200)
            for name in parts.netloc.split(",")
            if (each := urlsplit(f"//{name}"))
        ]
    except ValueError:
        raise CarrelError(f"{address!r} is not the address of a corpus; {example}") from None
    index = unquote(parts.path.strip("/"))
    is_valid = (
        index and index == index.lower() and not set(index) & set('/\\*?"<>| ,#:')
        and not (parts.query or parts.fragment)
    )  # fmt: skip
    if parts.scheme not in ("http", "https") or not all(host for host, _ in hosts) or not is_valid:
        raise CarrelError(f"{address!r} is not the address of a corpus; {example}")
    return parts.scheme, hosts, index


def _reason(error: Exception) -> str:
    """Return why a connection failed in a few words."""
    cause = getattr(error, "info", error)
    text = str(cause)
    for words, reason in (
        ("timed out", "timed out"),
        ("mismatch", "its certificate is that of another host"),
        ("CERTIFICATE", f"its certificate is not trusted; set {CERTIFICATES} to a file with it"),
        ("refused", "connection refused"),
        ("resolve", "no such host"),
        ("Name or service", "no such host"),
    ):
        if words in text:
            return reason
    return type(cause).__name__


def _refusal(error: Any) -> str:
    """Return what a cluster answered to a request that it refused."""
    match error.status_code:
        case 401 | 403:
            return f"user or password is wrong; set {USER} and {PASSWORD}"
        case 404:
            return "there is no such corpus; see carrel corpus create --help"
        case 429:
            return "it has too much to do now"
        case 503:
            return "its shards are not ready"
    info = error.info if isinstance(getattr(error, "info", None), dict) else {}
    detail = info.get("error", {})
    causes = detail.get("root_cause") if isinstance(detail, dict) else None
    reason = causes[0].get("reason") if causes else error.error
    return f"{error.status_code} {one_line(clean(str(reason)), 200)}"
