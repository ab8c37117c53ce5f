"""Mutations of real files: damaged as disks, editors, mail programs and attackers damage them."""

import gzip
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.index.files import KINDS, title
from tests.index.hostile import PIECES

SHARED = Path(__file__).parents[3] / "shared"
MAX_BYTES = 12_000
"""Bytes of a file that are mutated, from its beginning and from anywhere in it."""

SPLICES = [b"\x00", b"\xff\xfe", b"\r", b"\n\n\n", b"{", b"}", b'"', b"<", b">", b"&#0;", b"\\",
           b"$", b"ER  - \n", b"@article{x,\n", b"]]>", b"</record>", b"\x1b]0;x\x07", b"\xe2\x80",
           "\u202e".encode(), b"=\xc3\x28", b"%3C", b"null", b"1e999", b"[" * 300]  # fmt: skip


@cache
def seeds() -> list[tuple[str, bytes]]:
    """Return the names and contents of a sample of each format, and of real files if present."""
    found = [(name, kind.of(map(title, range(1, 6))).encode()) for name, kind in KINDS.items()]
    folders = (SHARED / "formats", SHARED / "pages", SHARED / "cases")
    for path in (path for folder in folders for path in sorted(folder.rglob("*.*"))):
        if path.suffix != ".md" and path.name != "SOURCES.txt":
            found.append((path.name, path.read_bytes()[:2_000_000]))
    return found


def mutant(seed: int) -> tuple[str, bytes]:
    """Return the name and contents of a mutated file."""
    chance = random.Random(seed)
    name, data = chance.choice(seeds())
    place = chance.randrange(max(1, len(data) - MAX_BYTES))
    data = data[: MAX_BYTES // 4] + data[place : place + MAX_BYTES]
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        data = chance.choice(_MUTATIONS)(chance, data)[: 20 * MAX_BYTES]
    return name, data


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 5, 50)) if data else 0):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 3, 20, 300, 3000)))


def _delete(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[start:end] * chance.choice((2, 3, 40)) + data[end:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    start, _ = _span(chance, data)
    piece = chance.choice(PIECES).encode("utf-8", "surrogatepass")
    return (
        data[:start]
        + chance.choice((piece, chance.choice(SPLICES))) * chance.choice((1, 1, 30))
        + data[start:]
    )


def _splice(chance: random.Random, data: bytes) -> bytes:
    _, other = chance.choice(seeds())
    start, end = _span(chance, other)
    place, _ = _span(chance, data)
    return data[:place] + other[start:end] + data[place:]


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _shuffle(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _recode(chance: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    encoding = chance.choice(("utf-16", "utf-32", "latin-1", "cp1251", "shift_jis", "utf-8-sig"))
    return text.encode(encoding, "replace")


def _line_ends(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b" ", b"\n\n", b"\x00", b"")))


def _compress(chance: random.Random, data: bytes) -> bytes:
    return gzip.compress(data)


_MUTATIONS: list[Callable[[random.Random, bytes], bytes]] = [
    _flip, _delete, _repeat, _insert, _insert, _splice, _cut, _shuffle, _recode, _line_ends,
    _compress,
]  # fmt: skip
