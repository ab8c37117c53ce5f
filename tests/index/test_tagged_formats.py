"""Web of Science, EndNote and RefWorks: tagged text and XML, read into every field."""

import io

import pytest

from index.formats import READERS, detect
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Ravn, K
   de la Cruz, P
AF Ravn, Karl
   de la Cruz, Pedro
TI Rivers and lakes: a long title that
   continues on a second line
SO JOURNAL OF RIVERS
DT Article
DE rivers; lakes
AB We study
   rivers.
SN 1234-5678
PD MAR 5
PY 2020
VL 7
IS 3
BP 1
EP 9
DI 10.1000/w1
UT WOS:000000001
ER

PT J
AU Two, B
TI Second record
SO JOURNAL OF RIVERS
PY 2021
AR 104
ER

EF
"""
ENW = """%0 Journal Article
%T Rivers and lakes: a long title that
continues on a second line
%A Ravn, Karl
%A de la Cruz, Pedro
%J JOURNAL OF RIVERS
%V 7
%N 3
%P 1-9
%8 March 5
%D 2020
%R 10.1000/w1
%@ 1234-5678
%K rivers
lakes
%X We study rivers.

%0 Book Section
%A Two, B
%E Ed, Ian
%T Second record
%B Handbook of Water
%I Pub House
%D 2021
"""
REFWORKS = """RT Journal Article
SR Electronic(1)
A1 Ravn,Karl
A1 de la Cruz,Pedro
T1 Rivers and lakes: a long title that
continues on a second line
JF JOURNAL OF RIVERS
YR 2020
VO 7
IS 3
SP 1
OP 9
K1 rivers
K1 lakes
AB We study rivers.
SN 1234-5678
DO 10.1000/w1

RT Book, Section
A1 Two,B
A2 Ed,Ian
T1 Second record
T2 Handbook of Water
PB Pub House
YR 2021
"""
ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
<source-app name="EndNote" version="20">EndNote</source-app>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Ravn, Karl</style></author>
<author>de la Cruz, Pedro</author></authors></contributors>
<titles><title><style>Rivers and lakes: a long title that</style>
<style face="italic"> continues on a second line</style></title>
<secondary-title>JOURNAL OF RIVERS</secondary-title></titles>
<periodical><full-title>JOURNAL OF RIVERS</full-title></periodical>
<pages>1-9</pages><volume>7</volume><number>3</number>
<keywords><keyword>rivers</keyword><keyword>lakes</keyword></keywords>
<dates><year>2020</year><pub-dates><date>Mar 5</date></pub-dates></dates>
<isbn>1234-5678</isbn><electronic-resource-num>10.1000/w1</electronic-resource-num>
<urls><pdf-urls><url>internal-pdf://1.pdf</url></pdf-urls></urls>
<abstract>We study rivers.</abstract></record>
<record><ref-type name="Book Section">5</ref-type>
<contributors><authors><author>Two, B</author></authors>
<secondary-authors><author>Ed, Ian</author></secondary-authors></contributors>
<titles><title>Second record</title><secondary-title>Handbook of Water</secondary-title></titles>
<publisher>Pub House</publisher><dates><year>2021</year></dates></record></records></xml>
"""
SAMPLES = {"wos": WOS, "enw": ENW, "refworks": REFWORKS, "endnote-xml": ENDNOTE}


def papers(name: str, text: str) -> list[Paper]:
    reader = READERS[name].read
    assert reader
    found = list(reader(io.BytesIO(text.encode()), Origin("a", "")))
    return [item.paper for item in found if isinstance(item, ParsedPaper)]


@pytest.mark.parametrize("name", SAMPLES)
def test_record_is_read_into_every_field(name: str) -> None:
    form = detect(SAMPLES[name].encode())
    assert form
    assert form.name == name
    first, second = papers(name, SAMPLES[name])
    assert first.title == "Rivers and lakes: a long title that continues on a second line"
    assert first.authors == ("Karl Ravn", "Pedro de la Cruz")
    assert first.names[1].family == "Cruz"
    assert (first.year, first.doi, first.venue) == (2020, "10.1000/w1", "JOURNAL OF RIVERS")
    assert first.abstract == "We study rivers."
    assert first.keywords == ("rivers", "lakes")
    assert first.type == "article-journal"
    known = ("container-title", "volume", "issue", "page", "ISSN")
    assert [first.citation.get(name) for name in known] == [
        "JOURNAL OF RIVERS", "7", "3", "1-9", "1234-5678",
    ]  # fmt: skip
    assert first.urls == ()
    assert (second.title, second.year) == ("Second record", 2021)


@pytest.mark.parametrize("name", ["enw", "refworks", "endnote-xml"])
def test_book_section_has_book_editor_and_publisher(name: str) -> None:
    chapter = papers(name, SAMPLES[name])[1]
    assert chapter.type == "chapter"
    assert chapter.citation.get("container-title") == "Handbook of Water"
    assert chapter.citation.get("publisher") == "Pub House"
    assert [str(editor) for editor in chapter.citation.names("editor")] == ["Ian Ed"]


def test_web_of_science_article_number_is_its_page() -> None:
    assert papers("wos", WOS)[1].citation.get("page") == "104"
    assert papers("wos", WOS)[0].date == "2020-03-05"
