"""LaTeX in venues, names and keywords of papers that were imported before it was decoded.

Titles and abstracts are stored as written and decoded when they are read; these fields are decoded
once, at import. SQL finds the few papers that may have LaTeX, so that a library without any costs
one pass over its rows.
"""

from dataclasses import replace

from index.papers.names import readable_name
from index.papers.paper import Paper, PaperKey
from index.store.database import Database
from index.store.papers import PaperStore
from index.store.records import RecordStore
from index.text.latex.reading import readable

_MAY_HAVE_LATEX = """
    SELECT key FROM paper
    WHERE venue || authors || keywords GLOB '*[\\$~]*' OR venue || authors || keywords LIKE '%--%'
    ORDER BY key
"""


def decoded(paper: Paper) -> Paper:
    """Return a paper with the LaTeX in its venue, names and keywords decoded, as at import."""
    known = {str(name): name for name in map(readable_name, paper.names)}
    authors = tuple(known) or tuple(dict.fromkeys(map(readable, paper.authors)))
    return replace(
        paper,
        venue=readable(paper.venue),
        authors=authors,
        names=tuple(known.values()),
        keywords=tuple(dict.fromkeys(map(readable, paper.keywords))),
    )


def papers_with_latex(database: Database) -> list[PaperKey]:
    """Return the papers whose venue, names or keywords have LaTeX."""
    keys = [PaperKey(key) for (key,) in database.connection.execute(_MAY_HAVE_LATEX).fetchall()]
    papers = PaperStore(database).rows(keys) if keys else []
    return [paper.key for paper in papers if decoded(paper) != paper]


def decode_latex(database: Database) -> int:
    """Decode the LaTeX of all papers and of what each source said; return the papers changed.

    What the reader set by hand remains.
    """
    keys = papers_with_latex(database)
    if not keys:
        return 0
    records = RecordStore(database)
    with database.transaction():
        revision = database.tick("revision")
        return sum(records.revise(key, decoded, revision) for key in keys)
