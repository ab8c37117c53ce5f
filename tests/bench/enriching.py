"""How many papers an enrichment completes correctly, and how fast it reads a file.

Papers of the corpus are stripped to a title and an abstract, as a listing page has them, and looked
up at stand-ins of the services. The services do not know half of them, and answer with the papers
whose titles are nearest.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch

from index import Library, Paper
from index.enrich.run import EnrichRequest
from index.enrich.services.registry import SERVICE_NAMES
from index.fetch.client import Client, Pacing
from index.papers.json_record import from_json
from index.papers.json_values import Shape
from index.papers.matching.families import families, shared
from tests.bench.clock import timed
from tests.bench.corpus import Corpus
from tests.bench.libraries import open_library
from tests.bench.memory import Peak
from tests.bench.table import Row
from tests.enrich_services import Shelf, StandIns
from tests.services import FakeService

MAX_SHELF = 10_000
"""Papers that the stand-ins know."""

MAX_SAMPLE = 200
"""Papers that are looked up; every other one is known."""

LARGE_FILE_BYTES = 500_000_000
SMALL_FILE_BYTES = 5_000_000
LARGE_PAPERS = 50_000
"""Papers from which the file is made; of a smaller corpus, a small file is."""


def completing(folder: Path, corpus: Corpus) -> Iterator[Row]:
    """Complete papers from services, and from a file."""
    lines = [line for file in corpus.files for line in _lines(file)]
    papers = [_paper(line) for line in lines[:MAX_SHELF]]
    sample = random.Random(5).sample(papers, min(MAX_SAMPLE, len(papers) // 2))
    bare = {f"bare-{at}": paper for at, paper in enumerate(sample)}
    with open_library(folder / "bare") as library:
        library.add([_stripped(paper, name, at) for at, (name, paper) in enumerate(bare.items())],
                    "page")  # fmt: skip
        hidden = {id(paper) for paper in sample[1::2]}
        shelf = [paper for paper in papers if id(paper) not in hidden]
        yield from _from_services(library, bare, shelf, len(sample[::2]))
        library.undo()
        large = LARGE_FILE_BYTES if len(lines) >= LARGE_PAPERS else SMALL_FILE_BYTES
        yield from _from_file(library, folder / "large.jsonl", lines, large)


def _from_services(
    library: Library, bare: dict[str, Paper], shelf: Sequence[Paper], known: int
) -> Iterator[Row]:
    service = FakeService()
    every = Shelf(shelf)
    on_arxiv = Shelf([paper for paper in shelf if paper.arxiv_id])
    service.answers = StandIns(on_arxiv, on_arxiv, every, every, every)
    services = service.services
    services = replace(services, openalex=replace(services.openalex, key="key"))
    request = EnrichRequest(tuple(library.keys(bare)), services=SERVICE_NAMES)
    pacing = Pacing(sleep=lambda seconds: None)
    connect = staticmethod(lambda say: Client(say, pacing))
    try:
        with (
            patch.object(type(library.enrichment), "_connect", connect),
            patch.object(Pacing, "turn", lambda self, service: 0.0),
        ):
            library.enrichment.run(request, services)
    finally:
        service.close()
    completed = [paper for paper in library.papers(bare) if paper.authors]
    right = sum(_is_right(paper, bare[paper.id]) for paper in completed)
    precision = right / len(completed) if completed else None
    yield Row("completed from services: precision", "of 1", precision, bar=1.0)
    yield Row("completed from services: recall", "of 1", right / max(1, known), bar=0.95)


def _is_right(paper: Paper, original: Paper) -> bool:
    """Return whether a paper has the authors of the one that it was stripped of."""
    return bool(shared(families(paper), families(original))) or not original.authors


def _from_file(library: Library, file: Path, lines: Sequence[str], size: int) -> Iterator[Row]:
    count = _write(file, lines, size)
    request = EnrichRequest(tuple(library.keys(f"bare-{at}" for at in range(5))), (str(file),))
    with Peak() as peak:
        seconds, _ = timed(lambda: library.enrichment.run(request, dry_run=True))
    bar = 20_000 if size == LARGE_FILE_BYTES else None  # a small file takes as long to open
    yield Row("records of a file looked up", "/s", count / seconds, bar=bar)
    name = f"memory that a file of {size // 1_000_000} MB takes"
    yield Row(name, "MB", peak.megabytes, bar=200)
    file.unlink()


def _write(file: Path, lines: Sequence[str], size: int) -> int:
    """Write lines again and again until a file has a size; return their number."""
    written = count = 0
    with file.open("w", encoding="utf-8") as stream:
        for line in cycle(lines):
            written += stream.write(line)
            count += 1
            if written >= size:
                return count
    return count


def _lines(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as stream:
        return list(islice(stream, LARGE_PAPERS))


def _paper(line: str) -> Paper:
    shape: Shape = json.loads(line)
    return from_json(shape)


def _stripped(paper: Paper, name: str, at: int) -> Paper:
    """Return a paper as a listing page has it: some titles in capitals, some abstracts cut off."""
    title = paper.title.upper() if at % 5 == 0 else paper.title
    abstract = paper.abstract
    if at % 3 == 0 and len(abstract) > 200:
        abstract = abstract[:200].rpartition(" ")[0] + "…"
    return Paper(title, abstract, id=name)
