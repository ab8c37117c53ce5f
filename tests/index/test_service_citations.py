"""Citation data of services and their files, compared with works that exist, field by field.

The answers have the shapes of the services' own, shortened, with some names added for their parts.
The expected values were written by hand.
"""

import io
import json
from pathlib import Path

import pytest

from index.formats import READERS
from index.formats.records.references import citation_of, type_of
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper

ATOM = Path(__file__).parents[3] / "shared" / "formats" / "arxiv-atom"


def read(form: str, data: object) -> Paper:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    reader = READERS[form].read
    assert reader
    (item,) = reader(io.BytesIO(text.encode()), Origin("answer"))
    assert isinstance(item, ParsedPaper), item
    return item.paper


def facts(paper: Paper) -> dict[str, object]:
    """Return what a paper says of its publication, without what is empty."""
    known: dict[str, object] = {
        "type": paper.type, "authors": list(paper.authors), "date": paper.date or paper.year,
        "venue": paper.venue, "doi": paper.doi, "arxiv": paper.arxiv_id,
    }  # fmt: skip
    known |= dict(paper.citation.values)
    known |= {role: list(map(str, names)) for role, names in paper.citation.people}
    return {name: value for name, value in known.items() if value}


def crossref(**work: object) -> Paper:
    message = {"reference-count": 1, "source": "Crossref", "member": "297", **work}
    return read("crossref", {"status": "ok", "message-type": "work", "message": message})


class TestCrossref:
    def test_article_has_volume_issue_pages_issn_and_publisher(self) -> None:
        paper = crossref(
            type="journal-article",
            title=["Deep learning"],
            DOI="10.1038/nature14539",
            author=[
                {"given": "Yann", "family": "LeCun", "sequence": "first", "affiliation": []},
                {"given": "Yoshua", "family": "Bengio", "sequence": "additional"},
                {"given": "Geoffrey", "family": "Hinton", "sequence": "additional"},
            ],
            volume="521",
            issue="7553",
            page="436-444",
            ISSN=["0028-0836", "1476-4687"],
            publisher="Springer Science and Business Media LLC",
            issued={"date-parts": [[2015, 5, 27]]},
            archive=["Portico"],
            language="en",
            **{"container-title": ["Nature"], "short-container-title": ["Nature"]},
        )
        assert facts(paper) == {
            "type": "article-journal",
            "authors": ["Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton"],
            "date": "2015-05-27",
            "venue": "Nature",
            "doi": "10.1038/nature14539",
            "container-title": "Nature",
            "container-title-short": "Nature",
            "volume": "521",
            "issue": "7553",
            "page": "436-444",
            "ISSN": "0028-0836",
            "publisher": "Springer Science and Business Media LLC",
            "language": "en",
        }

    def test_chapter_of_a_series_has_its_book_and_editors(self) -> None:
        paper = crossref(
            type="book-chapter",
            title=["U-Net: Convolutional Networks for Biomedical Image Segmentation"],
            DOI="10.1007/978-3-319-24574-4_28",
            author=[
                {"given": "Olaf", "family": "Ronneberger", "sequence": "first"},
                {"given": "Philipp", "family": "Fischer", "sequence": "additional"},
                {"given": "Thomas", "family": "Brox", "sequence": "additional"},
            ],
            editor=[{"given": "Nassir", "family": "Navab"}],
            page="234-241",
            ISBN=["http://id.crossref.org/isbn/9783319245737", "9783319245744"],
            ISSN=["0302-9743", "1611-3349"],
            publisher="Springer International Publishing",
            issued={"date-parts": [[2015]]},
            **{
                "container-title": [
                    "Lecture Notes in Computer Science",
                    "Medical Image Computing and Computer-Assisted Intervention – MICCAI 2015",
                ],
                "publisher-location": "Cham",
            },
        )
        assert facts(paper) == {
            "type": "chapter",
            "authors": ["Olaf Ronneberger", "Philipp Fischer", "Thomas Brox"],
            "date": 2015,
            "venue": "Medical Image Computing and Computer-Assisted Intervention – MICCAI 2015",
            "doi": "10.1007/978-3-319-24574-4_28",
            "container-title":
                "Medical Image Computing and Computer-Assisted Intervention – MICCAI 2015",
            "collection-title": "Lecture Notes in Computer Science",
            "editor": ["Nassir Navab"],
            "page": "234-241",
            "ISBN": "9783319245737",
            "ISSN": "0302-9743",
            "publisher": "Springer International Publishing",
            "publisher-place": "Cham",
        }  # fmt: skip

    def test_names_keep_suffix_particles_and_groups(self) -> None:
        paper = crossref(
            type="journal-article",
            title=["A work of many"],
            author=[
                {"given": "Amos B.", "family": "Smith", "suffix": "III", "sequence": "first"},
                {"given": "Johanna", "family": "van der Meer", "sequence": "additional"},
                {"name": "The ATLAS Collaboration", "sequence": "additional"},
                {"family": "Sukarno", "sequence": "additional"},
            ],
        )
        smith, meer, atlas, sukarno = paper.names
        assert (smith.family, smith.given, smith.suffix) == ("Smith", "Amos B.", "III")
        assert (meer.last, meer.given) == ("van der Meer", "Johanna")
        assert atlas.literal == "The ATLAS Collaboration"
        assert (sukarno.family, sukarno.given) == ("Sukarno", "")

    def test_paper_of_a_conference_has_its_place_and_days(self) -> None:
        paper = crossref(
            type="proceedings-article",
            title=["Deep Residual Learning for Image Recognition"],
            DOI="10.1109/cvpr.2016.90",
            page="770-778",
            publisher="IEEE",
            event={
                "name": "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
                "start": {"date-parts": [[2016, 6, 27]]},
                "end": {"date-parts": [[2016, 6, 30]]},
                "location": "Las Vegas, NV, USA",
            },
            **{
                "container-title": [
                    "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"
                ],
                "published-print": {"date-parts": [[2016, 6]]},
            },
        )
        assert facts(paper) == {
            "type": "paper-conference",
            "date": "2016-06",
            "venue": "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
            "doi": "10.1109/cvpr.2016.90",
            "container-title":
                "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
            "event-title": "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
            "event-place": "Las Vegas, NV, USA",
            "event-date": "2016-06-27/2016-06-30",
            "page": "770-778",
            "publisher": "IEEE",
        }  # fmt: skip

    def test_preprint_has_its_server_and_no_container(self) -> None:
        paper = crossref(
            type="posted-content",
            subtype="preprint",
            title=["A preprint of biology"],
            DOI="10.1101/2020.02.07.937862",
            institution=[{"name": "bioRxiv"}],
            publisher="Cold Spring Harbor Laboratory",
            posted={"date-parts": [[2020, 2, 11]]},
            issued={"date-parts": [[2020, 2, 11]]},
            **{"container-title": [], "group-title": "Microbiology"},
        )
        assert facts(paper) == {
            "type": "article",
            "date": "2020-02-11",
            "venue": "bioRxiv",
            "doi": "10.1101/2020.02.07.937862",
            "publisher": "Cold Spring Harbor Laboratory",
        }


def openalex(**work: object) -> Paper:
    return read("openalex", {"id": "https://openalex.org/W2741809807", **work})


class TestOpenAlex:
    def test_article_has_volume_pages_issn_and_publisher(self) -> None:
        people = ["Heather Piwowar", "Jason Priem", "Vincent Larivière"]
        paper = openalex(
            doi="https://doi.org/10.7717/peerj.4375",
            title="The state of OA: a large-scale analysis",
            publication_year=2018,
            publication_date="2018-02-13",
            ids={"pmid": "https://pubmed.ncbi.nlm.nih.gov/29456894"},
            language="en",
            type="article",
            type_crossref="journal-article",
            authorships=[{"author": {"display_name": name}} for name in people],
            biblio={"volume": "6", "issue": None, "first_page": "e4375", "last_page": "e4375"},
            primary_location={
                "landing_page_url": "https://doi.org/10.7717/peerj.4375",
                "source": {
                    "display_name": "PeerJ",
                    "issn_l": "2167-8359",
                    "host_organization_name": "PeerJ, Inc.",
                    "type": "journal",
                },
            },
        )
        assert facts(paper) == {
            "type": "article-journal",
            "authors": people,
            "date": "2018-02-13",
            "venue": "PeerJ",
            "doi": "10.7717/peerj.4375",
            "container-title": "PeerJ",
            "volume": "6",
            "page": "e4375",
            "ISSN": "2167-8359",
            "publisher": "PeerJ, Inc.",
            "language": "en",
            "PMID": "29456894",
        }

    def test_chapter_in_a_series_of_books_has_no_invented_day(self) -> None:
        paper = openalex(
            title="U-Net: Convolutional Networks for Biomedical Image Segmentation",
            publication_year=2015,
            publication_date="2015-01-01",
            type="book-chapter",
            type_crossref="book-chapter",
            biblio={"volume": None, "issue": None, "first_page": "234", "last_page": "241"},
            primary_location={
                "source": {
                    "display_name": "Lecture notes in computer science",
                    "issn_l": "0302-9743",
                    "host_organization_name": "Springer Science+Business Media",
                    "type": "book series",
                },
            },
        )
        assert facts(paper) == {
            "type": "chapter",
            "date": "2015",
            "venue": "Lecture notes in computer science",
            "collection-title": "Lecture notes in computer science",
            "page": "234-241",
            "ISSN": "0302-9743",
            "publisher": "Springer Science+Business Media",
        }

    def test_paper_of_proceedings_is_no_article_of_a_journal(self) -> None:
        paper = openalex(title="A paper", type="article", type_crossref="proceedings-article")
        assert paper.type == "paper-conference"

    def test_paper_of_a_repository_has_no_publisher(self) -> None:
        source = {"display_name": "arXiv (Cornell University)", "type": "repository",
                  "issn_l": "2331-8422", "host_organization_name": "Cornell"}  # fmt: skip
        location = {"landing_page_url": "http://arxiv.org/abs/1706.03762", "source": source}
        paper = openalex(title="Attention Is All You Need", type="preprint",
                         type_crossref="posted-content", primary_location=location)  # fmt: skip
        assert facts(paper) == {
            "type": "article", "venue": "arXiv (Cornell University)", "arxiv": "1706.03762",
        }  # fmt: skip


class TestSemanticScholar:
    def test_conference_paper_called_an_article_has_its_type_and_pages(self) -> None:
        paper = read("semantic-scholar", {
            "paperId": "df2b0e26d0599ce3e70df8a9da02e51594e0e992",
            "externalIds": {"DOI": "10.18653/v1/N19-1423", "ArXiv": "1810.04805"},
            "title": "BERT: Pre-training of Deep Bidirectional Transformers",
            "venue": "North American Chapter of the Association for Computational Linguistics",
            "publicationVenue": {
                "name": "North American Chapter of the Association for Computational Linguistics",
                "type": "conference",
            },
            "year": 2019, "publicationDate": "2019-06-01",
            "publicationTypes": ["JournalArticle"],
            "journal": {"pages": "4171-4186"},
            "authors": [{"authorId": "39172707", "name": "Jacob Devlin"}],
        })  # fmt: skip
        assert facts(paper) == {
            "type": "paper-conference",
            "authors": ["Jacob Devlin"],
            "date": "2019-06-01",
            "venue": "North American Chapter of the Association for Computational Linguistics",
            "doi": "10.18653/v1/N19-1423",
            "arxiv": "1810.04805",
            "container-title":
                "North American Chapter of the Association for Computational Linguistics",
            "page": "4171-4186",
        }  # fmt: skip

    def test_article_has_volume_pages_and_issn(self) -> None:
        paper = read("semantic-scholar", {
            "paperId": "a4cec122a08216fe8a3bc19b22e78fbaea096256",
            "externalIds": {"DOI": "10.1038/nature14539", "PubMed": "26017442"},
            "title": "Deep Learning", "venue": "Nature", "year": 2015,
            "publicationVenue": {"name": "Nature", "type": "journal", "issn": "0028-0836"},
            "publicationTypes": ["Review", "JournalArticle"],
            "journal": {"name": "Nature", "pages": "\n     436-444\n    ", "volume": "521"},
        })  # fmt: skip
        assert facts(paper) == {
            "type": "article-journal",
            "date": 2015,
            "venue": "Nature",
            "doi": "10.1038/nature14539",
            "container-title": "Nature",
            "volume": "521",
            "page": "436-444",
            "ISSN": "0028-0836",
            "PMID": "26017442",
        }


class TestAnthology:
    def test_paper_has_the_facts_of_its_volume(self) -> None:
        paper = read(
            "acl",
            """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2022.acl"><volume id="long" type="proceedings"><meta>
<booktitle>Proceedings of the 60th Annual Meeting of the Association for Computational Linguistics
 (Volume 1: Long Papers)</booktitle>
<editor><first>Smaranda</first><last>Muresan</last></editor>
<publisher>Association for Computational Linguistics</publisher>
<address>Dublin, Ireland</address><month>May</month><year>2022</year>
<isbn>978-1-955917-21-6</isbn></meta>
<paper id="572"><title>A Comparison of Strategies for Source-Free Domain Adaptation</title>
<author><first>Xin</first><last>Su</last></author>
<author><first>James</first><last>Allen Jr.</last></author>
<author><first>Antal</first><last>van den Bosch</last></author>
<pages>8352-8367</pages><url hash="x">2022.acl-long.572</url>
<doi>10.18653/v1/2022.acl-long.572</doi><retracted date="2023-01-01"/>
<bibkey>su-etal-2022-comparison</bibkey></paper></volume></collection>""",
        )
        assert facts(paper) == {
            "type": "paper-conference",
            "authors": ["Xin Su", "James Allen Jr.", "Antal van den Bosch"],
            "date": "2022-05",
            "venue": "Proceedings of the 60th Annual Meeting of the Association for "
                     "Computational Linguistics (Volume 1: Long Papers)",
            "doi": "10.18653/v1/2022.acl-long.572",
            "container-title": "Proceedings of the 60th Annual Meeting of the Association for "
                               "Computational Linguistics (Volume 1: Long Papers)",
            "editor": ["Smaranda Muresan"],
            "publisher": "Association for Computational Linguistics",
            "publisher-place": "Dublin, Ireland",
            "ISBN": "978-1-955917-21-6",
            "page": "8352-8367",
            "status": "retracted",
        }  # fmt: skip
        _, allen, bosch = paper.names
        assert (allen.family, allen.suffix) == ("Allen", "Jr.")
        assert (bosch.non_dropping_particle, bosch.family) == ("van den", "Bosch")


class TestArxiv:
    @pytest.mark.skipif(not ATOM.exists(), reason="needs ../shared/formats")
    def test_answer_has_comment_and_parts_of_its_reference(self) -> None:
        reader = READERS["arxiv"].read
        assert reader
        every: list[Paper] = []
        for file in sorted(ATOM.glob("*.xml")):
            items = reader(io.BytesIO(file.read_bytes()), Origin(file.name))
            every += [item.paper for item in items if isinstance(item, ParsedPaper)]
        known = {paper.arxiv_id: paper.citation for paper in every}
        assert dict(known["quant-ph/0201082"].values) == {"note": "32 pages"}
        assert dict(known["1707.08567"].values) == {
            "note": "44 pages, editors for the proceedings: Yanling Chen and A. J. Han Vinck"
        }
        pages = {one.get("page") for one in known.values()}
        assert {"14-26", "66-69", "289-301"} <= pages

    def test_snapshot_has_comment_reference_and_names_in_parts(self) -> None:
        paper = read("arxiv-snapshot", {
            "id": "0704.0007", "submitter": "Alejandro Corichi", "title": "Polymer mechanics",
            "authors": "Alejandro Corichi, Tatjana Vukasinac and Jose A. Zapata",
            "comments": "16 pages, no figures. Typos corrected",
            "journal-ref": "Phys.Rev.D76:044016,2007", "doi": "10.1103/PhysRevD.76.044016",
            "categories": "gr-qc", "versions": [{"version": "v1",
                                                 "created": "Sat, 31 Mar 2007 04:27:22 GMT"}],
            "authors_parsed": [["Corichi", "Alejandro", ""], ["Vukasinac", "Tatjana", ""],
                               ["Zapata", "Jose A.", "Jr"]],
        })  # fmt: skip
        assert facts(paper) == {
            "type": "article-journal",
            "authors": ["Alejandro Corichi", "Tatjana Vukasinac", "Jose A. Zapata Jr"],
            "date": "2007-03-31",
            "venue": "Phys.Rev.D",
            "doi": "10.1103/PhysRevD.76.044016",
            "arxiv": "0704.0007",
            "container-title": "Phys.Rev.D",
            "volume": "76",
            "page": "044016",
            "note": "16 pages, no figures. Typos corrected",
        }

    def test_harvested_record_has_comment_type_and_names_in_parts(self) -> None:
        paper = read(
            "arxiv",
            """<?xml version="1.0"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record>
<header><identifier>oai:arXiv.org:0804.2273</identifier></header>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>0804.2273</id>
<created>2008-04-14</created><authors><author><keyname>de la Cruz</keyname>
<forenames>Lourdes</forenames></author><author><keyname>King</keyname><forenames>Ada</forenames>
<suffix>III</suffix></author><author><keyname>LIGO</keyname></author></authors>
<title>Of waves</title><categories>gr-qc</categories><comments>5 pages, to appear in
 Waves</comments><abstract>Text.</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>""",
        )
        assert (paper.type, dict(paper.citation.values)) == (
            "article", {"note": "5 pages, to appear in Waves"},
        )  # fmt: skip
        cruz, king, ligo = paper.names
        assert (cruz.last, cruz.given) == ("de la Cruz", "Lourdes")
        assert (king.family, king.given, king.suffix) == ("King", "Ada", "III")
        assert ligo.literal == "LIGO"


@pytest.mark.parametrize(
    ("reference", "kind", "expected"),
    [
        ("", "article", {}),
        ("Phys. Rev. D 76, 013009 (2007)", "article-journal",
         {"container-title": "Phys. Rev. D", "volume": "76", "page": "013009"}),
        ("J. of Machine Learning Research 21 (2020) 1-67", "article-journal",
         {"container-title": "J. of Machine Learning Research", "volume": "21", "page": "1-67"}),
        ("JMLR 21(140):1-67, 2020", "article-journal",
         {"container-title": "JMLR", "volume": "21", "issue": "140", "page": "1-67"}),
        ("Adv. Math. Phys. 261 (2006), no. 2, 451--497", "article-journal",
         {"container-title": "Adv. Math. Phys.", "volume": "261", "issue": "2",
          "page": "451-497"}),
        ("IEEE Trans. Inf. Theory, vol. 7, no. 3, pp. 1-9, Mar. 2019", "article-journal",
         {"container-title": "IEEE Trans. Inf. Theory", "volume": "7", "issue": "3",
          "page": "1-9"}),
        ("IJSEA, Vol.3, No.1, January 2012", "article-journal",
         {"container-title": "IJSEA", "volume": "3", "issue": "1"}),
        ("In Proc. of Desks, pages 14-26. ACM, 2020", "paper-conference",
         {"container-title": "Proc. of Desks", "page": "14-26"}),
        ("Proc. Natl. Acad. Sci. USA 104, 36 (2007)", "article-journal",
         {"container-title": "Proc. Natl. Acad. Sci. USA", "volume": "104", "page": "36"}),
        ("NeurIPS 2020", "paper-conference", {"container-title": "NeurIPS 2020"}),
    ],
)  # fmt: skip
def test_reference_of_an_arxiv_paper_is_divided(
    reference: str, kind: str, expected: dict[str, str]
) -> None:
    assert (type_of(reference), dict(citation_of(reference, "").values)) == (kind, expected)
