"""The facts of a publication as a person reads them: volume, pages, publisher, editors."""

from collections.abc import Iterator

from index.papers.paper import Paper

TYPE_NAMES = {
    "article": "preprint", "article-journal": "journal article",
    "article-magazine": "magazine article", "article-newspaper": "newspaper article",
    "paper-conference": "conference paper", "entry-encyclopedia": "encyclopedia entry",
    "entry-dictionary": "dictionary entry", "post-weblog": "blog post", "legal_case": "legal case",
    "motion_picture": "film", "musical_score": "musical score", "review-book": "book review",
    "personal_communication": "personal communication", "webpage": "web page",
}  # fmt: skip
"""The names of CSL types that are not self-explanatory."""

_NUMBERS = {
    "volume": "vol.", "issue": "no.", "number": "no.", "chapter-number": "ch.",
}  # fmt: skip


def publication_facts(paper: Paper) -> list[str]:
    """Return the known facts of a publication, except venue and date, the type first.

    >>> publication_facts(Paper("T", type="book"))
    ['book']
    """
    return list(filter(None, _facts(paper)))


def _facts(paper: Paper) -> Iterator[str]:
    cited = paper.citation
    if paper.type != "document":
        yield TYPE_NAMES.get(paper.type, paper.type)
    container = cited.get("container-title")
    if container and container.casefold() not in paper.venue.casefold():
        yield f"in {container}"
    numbers = [(sign, cited.get(variable)) for variable, sign in _NUMBERS.items()]
    numbers.append(("pp.", cited.get("page").replace("-", "\u2013")))
    yield ", ".join(f"{sign} {value}" for sign, value in numbers if value)
    series = [cited.get("collection-title"), cited.get("collection-number")]
    yield " ".join(filter(None, series))
    edition = cited.get("edition")
    yield f"edition {edition}" if edition else ""
    publisher = [cited.get("publisher"), cited.get("publisher-place")]
    yield ", ".join(filter(None, publisher))
    for role, words in (("editor", "edited by"), ("translator", "translated by")):
        if names := cited.names(role):
            yield f"{words} {', '.join(map(str, names))}"
    for variable in ("ISBN", "ISSN"):
        if value := cited.get(variable):
            yield f"{variable} {value}"
    yield cited.get("note")
