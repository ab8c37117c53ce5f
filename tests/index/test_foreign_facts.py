"""Facts that other programs write in columns and tags of their own."""

import io

import pytest

from index.formats import READERS
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper


def read(form: str, text: str) -> Paper:
    reader = READERS[form].read
    assert reader
    (item,) = reader(io.BytesIO(text.encode()), Origin("file"))
    assert isinstance(item, ParsedPaper), item
    return item.paper


SCOPUS = (
    "Authors,Title,Year,Source title,Volume,Art. No.,DOI,Conference name,Conference location,"
    "Document Type\nLee A.,A paper of some meeting,2020,LN in X,7,104,10.1000/s,Meeting on X,Oslo,"
    "Conference Paper\n"
)
ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publisher","Type"\n'
    '"AB","thesis","2012","Moe, Bo","A thesis of some length","Univ Q","Diplomarbeit"\n'
)
ENDNOTE = (
    "%0 Journal Article\n%A Moe, Bo\n%T An article of some kind\n%J J. End\n%D 2014\n%8 May 3\n"
)
WEB_OF_SCIENCE = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\nPT S\nAU Moe, B\nTI A paper of a meeting\n"
    "SO PROCEEDINGS OF WEBS\nCT Conference on Webs\nCL Oslo, Norway\nDT Proceedings Paper\n"
    "PY 2016\nER\n\nEF\n"
)
MEDLINE = (
    "PMID- 31000002\nTI  - [The birds of Paris].\nTT  - Les oiseaux de Paris.\nAU  - Roy A\n"
    "DP  - 2016\nJT  - Revue des oiseaux\n"
)
PUBMED = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>31000002</PMID><Article>
<Journal><Title>Revue</Title></Journal><ArticleTitle>[The birds of Paris].</ArticleTitle>
<VernacularTitle>Les oiseaux de Paris.</VernacularTitle></Article></MedlineCitation>
</PubmedArticle></PubmedArticleSet>"""


@pytest.mark.parametrize(
    ("form", "text", "known"),
    [
        ("csv", SCOPUS, {"event-title": "Meeting on X", "event-place": "Oslo", "number": "104"}),
        ("csv", ZOTERO, {"genre": "Diplomarbeit", "publisher": "Univ Q"}),
        ("wos", WEB_OF_SCIENCE,
         {"event-title": "Conference on Webs", "event-place": "Oslo, Norway"}),
        ("nbib", MEDLINE, {"original-title": "Les oiseaux de Paris"}),
        ("pubmed", PUBMED, {"original-title": "Les oiseaux de Paris"}),
    ],
    ids=["scopus", "zotero", "wos", "nbib", "pubmed"],
)  # fmt: skip
def test_fact_of_a_program_is_a_variable(form: str, text: str, known: dict[str, str]) -> None:
    values = dict(read(form, text).citation.values)
    assert {name: values.get(name) for name in known} == known


def test_type_of_a_zotero_item_is_not_that_of_its_thesis() -> None:
    assert read("csv", ZOTERO).type == "thesis"


def test_day_of_an_endnote_record_without_a_year_is_of_its_year() -> None:
    assert read("enw", ENDNOTE).date == "2014-05-03"
