"""`carrel fetch`, against a service on this machine."""

import signal
import subprocess
import sys
import threading

import pytest

from tests.services import Answer, FakeService, Request, arxiv, daily, known, work

from .command import ROOT, Carrel, Run

DOI = "10.1145/3292500.3330701"


class Fetching:
    """The command, set up to ask the service."""

    def __init__(self, carrel: Carrel, service: FakeService) -> None:
        self.carrel = carrel
        self.service = service
        folder = carrel.home / "config" / "carrel"
        folder.mkdir(parents=True)
        addresses = ("huggingface_url", "arxiv_url", "crossref_url")
        lines = [f'{name} = "{service.url}"' for name in addresses]
        (folder / "config.toml").write_text("\n".join([*lines, "arxiv_pause = 0"]))

    def __call__(self, *words: str) -> Run:
        return self.carrel("fetch", *words)


@pytest.fixture
def fetch(carrel: Carrel, service: FakeService) -> Fetching:
    return Fetching(carrel, service)


def test_fetch_huggingface_day_adds_papers(fetch: Fetching, carrel: Carrel) -> None:
    fetch.service.in_turn(daily(known(3)))
    done = fetch("huggingface", "--date", "2026-11-19")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == "3 papers read: 3 added"
    assert fetch.service.requests[0].parameters["date"] == "2026-11-19"
    assert sorted(carrel.ids("watermark")) == ["2611.00001", "2611.00002", "2611.00003"]
    (source,) = carrel("source", "list", "--json").json
    assert source["name"] == "huggingface 2026-11-19"
    assert source["path"] == f"{fetch.service.url}/api/daily_papers?date=2026-11-19"


def test_fetch_report_matches_import_report(fetch: Fetching, carrel: Carrel) -> None:
    fetch.service.answers = arxiv(known(3))
    report = fetch("arxiv", "speech", "diffusion", "--max", "2", "--json").json
    assert {name: report[name] for name in ("read", "added", "merged", "unchanged", "skipped")} == {
        "read": 2, "added": 2, "merged": 0, "unchanged": 0, "skipped": 0
    }  # fmt: skip
    (file,) = report["files"]
    assert (file["format"], file["source"]) == ("arxiv", "arxiv: speech diffusion")
    assert file["path"].startswith(f"{fetch.service.url}/api/query?")
    asked = fetch.service.requests[0].parameters
    assert asked["search_query"] == "all:speech AND all:diffusion"
    assert asked["max_results"] == "2"


def test_fetch_dry_run_changes_nothing(fetch: Fetching, carrel: Carrel) -> None:
    fetch.service.in_turn(daily(known(3)))
    done = fetch("huggingface", "--week", "2026-W47", "--dry-run")
    assert done.err.splitlines()[-1] == "3 papers read: 3 added; dry run, nothing changed"
    assert carrel.ids() == []


@pytest.mark.parametrize("words", [(), ("paper",), ("doi",)])
def test_fetch_accepts_ids_without_service(fetch: Fetching, words: tuple[str, ...]) -> None:
    found = arxiv(known(1))
    fetch.service.answers = lambda request: (
        found(request) if request.path == "/api/query" else work(DOI, "On Engines")
    )
    done = fetch(*words, "2611.00001", DOI, "--json")
    assert done.json["added"] == 2
    assert fetch.carrel("show", DOI, "--json").json[0]["title"] == "On Engines"


def test_fetch_reads_ids_from_stdin(fetch: Fetching, carrel: Carrel) -> None:
    fetch.service.answers = arxiv(known(2))
    assert carrel("fetch", "-", stdin="2611.00001\n2611.00002\n").code == 0
    assert len(carrel.ids()) == 2


def test_fetch_new_lists_papers(fetch: Fetching, carrel: Carrel) -> None:
    papers = known(2)
    fetch.service.answers = arxiv(papers)
    fetch("arxiv", "watermark")
    papers[:0] = known(1, 500)
    done = fetch("new")
    assert done.code == 0
    assert done.out.split()[1] == "2611.00500"
    assert "1 paper read: 1 added" in done.err
    assert carrel.ids('source:"new"') == ["2611.00500"]
    done = fetch("new")
    assert (done.code, done.out) == (0, "")
    assert done.err == "no new papers for arxiv: watermark\n"


def test_fetch_without_results_exits_0(fetch: Fetching) -> None:
    fetch.service.answers = arxiv([])
    done = fetch("arxiv", "nothing")
    assert (done.code, done.out) == (0, "")
    assert done.err == "no papers for arxiv: nothing\n"


# -- errors ----------------------------------------------------------------------------------------


def test_fetch_unreachable_service_prints_one_line(carrel: Carrel) -> None:
    gone = FakeService()
    fetch = Fetching(carrel, gone)
    gone.close()
    done = fetch("huggingface", "--date", "2026-11-19")
    assert done.code == 1
    start = "carrel: huggingface 2026-11-19: cannot reach Hugging Face: "
    assert done.error.startswith(start)
    assert done.error.endswith("; check the network")


def test_fetch_unreachable_is_not_counted_as_read(carrel: Carrel) -> None:
    gone = FakeService()
    fetch = Fetching(carrel, gone)
    gone.close()
    done = fetch("1706.03762", DOI)
    assert done.code == 1
    lines = [line for line in done.err.splitlines() if "cannot reach " in line]
    assert len(lines) == 2
    assert "read (" not in done.err
    assert "Errno" not in done.err


def test_fetch_html_answer_prints_one_line(fetch: Fetching) -> None:
    fetch.service.in_turn(Answer("<!doctype html><title>Are you human?</title>"))
    done = fetch("arxiv", "watermark")
    assert done.code == 1
    assert "arXiv sent a web page, not XML; try again later" in done.error


def test_fetch_unknown_id_prints_one_line(fetch: Fetching) -> None:
    fetch.service.answers = arxiv([])
    done = fetch("2611.00001")
    assert done.code == 1
    assert done.error == "carrel: arxiv: arXiv has no paper 2611.00001; check the id"


def test_fetch_partial_result_exits_1(fetch: Fetching) -> None:
    papers = arxiv(known(150))
    fetch.service.answers = lambda request: (
        papers(request) if request.parameters["start"] == "0" else Answer("", 403)
    )
    done = fetch("arxiv", "watermark", "--max", "150")
    assert done.code == 1
    assert "arXiv answered 403 Forbidden" in done.err
    assert "100 added, 1 skipped" in done.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("attention",), "'attention' is neither an arXiv id nor a DOI"),
        (("attention",), "or use one of huggingface, arxiv, paper, new"),
        (("huggingface", "--date", "2026-02-30"), "'2026-02-30' is not a day; try 2026"),
        (("huggingface", "--week", "2026-W60"), "is not a week"),
        (("huggingface", "--month", "2026"), "is not a month"),
        (
            ("huggingface", "--week", "2026-W01", "--month", "2026-01"),
            "cannot be combined; give one",
        ),
        (("arxiv",), "Missing argument"),
        (("arxiv", " "), "the query is empty"),
        (("arxiv", "x", "--max", "0"), "--max"),
        ((), "Missing command"),
    ],
)
def test_fetch_usage_error_sends_no_request(
    fetch: Fetching, words: tuple[str, ...], message: str
) -> None:
    done = fetch(*words)
    assert done.code == 2
    assert message in done.error
    assert fetch.service.requests == []


def test_fetch_invalid_address_in_config_is_reported(fetch: Fetching, carrel: Carrel) -> None:
    path = carrel.home / "config" / "carrel" / "config.toml"
    path.write_text(
        'arxiv_url = "file:///etc"\ncrossref_url = "https://u:p@x.org"\narxiv_pause = -1'
    )
    said = carrel("config", "show").err.splitlines()
    assert len(said) == 3
    assert 'arxiv_url = "file:///etc": expected an address such as' in said[0]
    assert "arxiv_pause = -1: expected a number of seconds" in said[1]


@pytest.mark.usefixtures("heeded_signals")
def test_fetch_interrupted_retains_papers(fetch: Fetching, carrel: Carrel) -> None:
    papers, hold, asked = known(150), threading.Event(), threading.Event()

    def answer(request: Request) -> Answer:
        found = arxiv(papers)(request)
        if request.parameters["start"] != "0":
            found.hold = hold
            asked.set()
        return found

    fetch.service.answers = answer
    process = subprocess.Popen(
        carrel.command("fetch", "arxiv", "watermark", "--max", "150"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=carrel.environment,
        cwd=ROOT,
        text=True,
    )
    assert asked.wait(30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    hold.set()
    assert (process.returncode, out) == (130, "")
    assert err == "carrel: interrupted; completed work is saved\n"
    assert len(carrel.ids("--limit", "200")) == 100


# -- network access --------------------------------------------------------------------------------

GUARD = """
import socket, sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        if event != "socket.connect" or arguments[0].family != socket.AF_UNIX:
            print("ASKED THE NETWORK", event, arguments[1:], file=sys.stderr, flush=True)
            raise PermissionError("no network here")
sys.addaudithook(guard)
"""


def python(carrel: Carrel, code: str) -> Run:
    """Run Python by itself, in the home of the command."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**carrel.environment, "TEXTUAL_ANIMATIONS": "none"},
        cwd=ROOT,
        timeout=60,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def guarded(carrel: Carrel) -> Carrel:
    """The command in processes that may not speak to any other machine."""
    folder = carrel.home / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    carrel.environment["PYTHONPATH"] = str(folder)
    return carrel


def test_network_guard_detects_fetch(guarded: Carrel, fetch: Fetching) -> None:
    done = guarded.process("fetch", "huggingface", "--date", "2026-11-19")
    assert "ASKED THE NETWORK" in done.err
    assert fetch.service.requests == []


def test_only_fetch_uses_network(guarded: Carrel) -> None:
    page = guarded.file("a.jsonl", '{"title": "Attention", "url": "https://example.org/x"}\n')
    feed = guarded.file("a.xml", arxiv(known(2))(Request("/", {}, {})).body)
    entity = (
        "<!DOCTYPE x [<!ENTITY y SYSTEM 'http://127.0.0.1:9/x'>]><feed><entry>&y;</entry></feed>"
    )
    guarded.file("b.xml", entity)
    commands = (
        ("import", page, feed), ("import", guarded.home / "b.xml", "--format", "arxiv"),
        ("search", "attention"), ("show", "attention"), ("related", "attention"), ("facets",),
        ("bookmark", "attention"), ("export", "--format", "bibtex"), ("stats",), ("doctor",),
        ("duplicates",), ("saved",), ("source",), ("config", "show"), ("search", "papers"),
    )  # fmt: skip
    code = f"""
import sys
from tui.cli import main as cli
for words in {[[str(word) for word in words] for words in commands]!r}:
    print(words[0], cli._run(words), *{{"httpx", "httpcore"}} & set(sys.modules), file=sys.stderr)
"""
    done = python(guarded, code)
    lines = [line for line in done.err.splitlines() if line.split()[0] in {w[0] for w in commands}]
    assert [line.split()[1] for line in lines if line.split()[1] in "01"].count("0") == 14
    assert "httpx" not in done.err
    assert "ASKED THE NETWORK" not in done.err
    assert "2611.00002" in done.out


def test_reader_uses_no_network(guarded: Carrel) -> None:
    guarded.file("a.jsonl", '{"title": "Attention"}\n')
    guarded("import", guarded.home / "a.jsonl")
    code = """
import asyncio, sys
from index import Library
from tui.app import CarrelApp
from tui.config.configuration import Config

async def read():
    with Library.open() as library:
        app = CarrelApp(library, Config())
        async with app.run_test(size=(120, 40)) as pilot:
            for key in ("slash", "a", "t", "enter", "b", "r", "f", "escape", "question_mark"):
                await pilot.press(key)
            await app.workers.wait_for_complete()
asyncio.run(read())
assert "httpx" not in sys.modules
"""
    done = python(guarded, code)
    assert done.code == 0, done.err
    assert "ASKED THE NETWORK" not in done.err
