"""The BibTeX and BibLaTeX reader: a stream of entries, with what they inherit from each other.

The fields: https://ctan.org/pkg/btxdoc and https://ctan.org/pkg/biblatex (section 2.2, inheritance
in appendix B).
"""

import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from index.formats.bib.entries import BibRecord, Block, Macros, Scanner
from index.formats.bib.fields import NO_PAPERS
from index.formats.bib.groups import Groups
from index.formats.bib.papers import paper_of
from index.formats.bib.parsing import parse_entry
from index.papers.entries import Origin, ParsedPaper, Skipped
from index.text.encodings import detect_encoding

_INHERITED = frozenset(
    """author editor bookauthor translator volume volumes number isbn issn edition address location
    venue eventdate year date month day journal journaltitle booktitle maintitle eventtitle series
    publisher organization institution school""".split()
)
_REFERRING = re.compile(rb"crossref|xdata|jabref-meta", re.IGNORECASE)
_REFERENCE = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?([^{}\"\n]{1,500})", re.IGNORECASE)
_CHUNK = 1 << 20
_MAX_PARENTS = 20_000
_MAX_DEPTH = 5


def read(stream: BinaryIO, origin: Origin) -> Iterator[ParsedPaper | Skipped]:
    """Yield the paper of each entry; `@string` and similar blocks yield none.

    A file with references between entries, or with groups, is read twice.
    """
    stream = ascii_compatible(stream)
    scanner, macros = Scanner(stream), Macros()
    groups, parents = _groups_and_parents(scanner) if _refers(stream) else (Groups(), {})
    position = 0
    for block in scanner.blocks():
        if block.kind == "string":
            macros.define(block)
        if block.kind in NO_PAPERS:
            continue
        try:
            paper = paper_of(_inherit(parse_entry(block, macros), parents), groups)
        except ValueError as error:
            yield Skipped(block.line, str(error))
        else:
            position += 1
            yield ParsedPaper(paper, position, block.line)


def ascii_compatible(stream: BinaryIO) -> BinaryIO:
    """Return a stream in an ASCII-compatible encoding; UTF-16 and -32 are converted to UTF-8."""
    encoding = detect_encoding(stream.read(64))
    stream.seek(0)
    if not encoding.startswith(("utf-16", "utf-32")):
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed by garbage collection
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    while piece := text.read(_CHUNK):
        copy.write(piece.encode("utf-8", "replace"))
    text.detach()
    copy.seek(0)
    return cast("BinaryIO", copy)


# -- groups and inheritance ------------------------------------------------------------------------


def _refers(stream: BinaryIO) -> bool:
    stream.seek(0)
    before = b""
    while piece := stream.read(_CHUNK):
        if _REFERRING.search(before + piece):
            return True
        before = piece[-16:]
    return False


def _groups_and_parents(scanner: Scanner) -> tuple[Groups, dict[str, BibRecord]]:
    """Return the groups of a file, and the entries that others refer to by lower-case key."""
    groups, wanted = Groups(), set[str]()
    for block in scanner.blocks():
        if block.kind == "comment":
            groups.add_comment(block.text)
        elif len(wanted) < _MAX_PARENTS:
            for match in _REFERENCE.finditer(block.text):
                wanted.update(name.strip().lower() for name in match[1].split(","))
    parents: dict[str, BibRecord] = {}
    macros = Macros()
    for block in scanner.blocks() if wanted else ():
        if block.kind == "string":
            macros.define(block)
        key = _key_of(block)
        if key in wanted and key not in parents:
            try:
                parents[key] = parse_entry(block, macros)
            except ValueError:
                continue
    return groups, parents


def _key_of(block: Block) -> str:
    match = re.match(r"@\s*\w+\s*[{(]\s*([^,\s{}]*)", block.text)
    return match[1].lower() if match else ""


def _inherit(record: BibRecord, parents: dict[str, BibRecord], depth: int = 0) -> BibRecord:
    """Return an entry with the fields that it inherits in BibLaTeX."""
    if not parents or depth > _MAX_DEPTH:
        return record
    fields = dict(record.fields)
    for name in ("xdata", "crossref"):
        for key in record.first(name).split(","):
            parent = parents.get(key.strip().lower())
            if parent is None or parent is record:
                continue
            for field, values in _inherit(parent, parents, depth + 1).fields.items():
                given = _inherited_field(field, name, record.kind)
                if given and not record.first(given):
                    fields.setdefault(given, values)
    return replace(record, fields=fields)


def _inherited_field(field: str, how: str, kind: str) -> str:
    """Return the field of the child that inherits a field; "" if none does."""
    if how == "xdata":
        return field
    if field == "title":
        return "journaltitle" if kind in ("article", "suppperiodical") else "booktitle"
    return field if field in _INHERITED else ""
