"""The corpus of the benchmarks: real papers if available, generated ones otherwise."""

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench.recombined import recombined

SHARED = Path(__file__).resolve().parents[3] / "shared"
PAGES = SHARED / "pages"
CORPUS = SHARED / "corpora" / "papers-99k.jsonl.xz"
ALL = 98_830
"""Papers in the corpus."""

WORDS = (
    "language model diffusion speech image neural network learning graph attention translation "
    "retrieval reinforcement policy optimization training robust sparse dense token vision audio "
    "generation evaluation benchmark dataset transformer recurrent convolution gradient sampling "
    "bayesian causal federated privacy watermark alignment reasoning planning code program proof "
    "theory bound kernel tree cluster embedding semantic parsing dialogue question answering"
).split()


@dataclass(frozen=True, slots=True)
class Corpus:
    """Files to import; `name` is for the table."""

    name: str
    files: tuple[Path, ...]


def of_size(size: int, folder: Path) -> Corpus:
    """Return a corpus of about `count` papers; generated files are written to a folder.

    441 are those of the saved listing pages; beyond the corpus, its papers are recombined. Where
    there is no real paper, text is made up.
    """
    if size == 441 and PAGES.is_dir():
        return Corpus("papers of saved pages", tuple(sorted(PAGES.glob("*.txt"))))
    file = folder / f"papers-{size}.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        if size > 50 and CORPUS.is_file():
            stream.writelines(islice(_corpus_lines(), size))
            if size > ALL:
                papers = [json.loads(line) for line in _corpus_lines()]
                stream.writelines(recombined(papers, size - ALL))
            return Corpus("papers of the corpus" + ", recombined" * (size > ALL), (file,))
        stream.writelines(f"{json.dumps(paper)}\n" for paper in made(size))
    return Corpus("made-up papers", (file,))


def _corpus_lines() -> Iterator[str]:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as stream:
        yield from stream


def shapes(step: int) -> Iterator[dict[str, object]]:
    """Yield every so many papers of the corpus as JSON objects."""
    yield from map(json.loads, islice(_corpus_lines(), 0, None, step))


def made(count: int, seed: int = 1) -> Iterator[dict[str, object]]:
    """Yield generated papers as JSON objects, the same for the same seed."""
    draw = random.Random(seed)
    for number in range(count):
        yield {
            "id": f"made-{seed}-{number}",
            "title": " ".join(draw.choices(WORDS, k=7)).capitalize(),
            "abstract": " ".join(draw.choices(WORDS, k=150)),
            "year": 2000 + draw.randrange(25),
            "authors": [f"{draw.choice(WORDS).capitalize()} Author"],
        }
