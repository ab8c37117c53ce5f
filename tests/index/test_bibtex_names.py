"""Names in BibTeX files as people write them, by the parts that are read."""

import io

import pytest

from index.formats import bibtex
from index.formats.bib.names import is_standard, names
from index.papers.entries import Origin, ParsedPaper
from index.papers.names import Name


def parts(name: Name) -> str:
    """Return a name as `particle~family|given|suffix`, a literal in braces."""
    if name.literal:
        return f"{{{name.literal}}}"
    particle = f"{name.non_dropping_particle}~" if name.non_dropping_particle else ""
    given = f"{name.given}~{name.dropping_particle}".rstrip("~")
    return f"{particle}{name.family}|{given}" + f"|{name.suffix}" * bool(name.suffix)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ravn K, Moe B, Nye CA, et al.", "Ravn|K; Moe|B; Nye|CA; …"),
        ("DOE J, MOE BA, NYE C", "DOE|J; MOE|BA; NYE|C"),
        ("Doe J., van der Berg P.", "Doe|J.; van der~Berg|P."),
        ("Smith, J. A., Doe, B., & Roe, C. D.", "Smith|J. A.; Doe|B.; Roe|C. D."),
        ("John Smith, Jane Doe, Richard Roe", "Smith|John; Doe|Jane; Roe|Richard"),
        ("García Márquez, Gabriel José", "García Márquez|Gabriel José"),
        ("Smith, John; Doe, Jane", "Smith|John; Doe|Jane"),
        ("Doe, J. \\& Moe, B.", "Doe|J.; Moe|B."),
        ("Jane Doe AND Bo Moe And Cy Nye", "Doe|Jane; Moe|Bo; Nye|Cy"),
        ("Jane Doe and and Bo Moe and", "Doe|Jane; Moe|Bo"),
        ("Lee, Ann and others", "Lee|Ann; …"),
        ("al-Khwarizmi, Muhammad and Omar al-Farabi", "al-Khwarizmi|Muhammad; al-Farabi|Omar"),
        ("Charles de la Vall{\\'e}e Poussin", "de la~Vallée Poussin|Charles"),
        ("De Smet, Pieter and Van den Broeck, Jan", "De Smet|Pieter; Van den Broeck|Jan"),
        ("King, Jr., Martin Luther and King, Jr, M.", "King|Martin Luther|Jr.; King|M.|Jr"),
        ("Smith, John, Jr and Ford, Henry, II", "Smith|John|Jr; Ford|Henry|II"),
        ("Jane Doe, PhD and Doe, Jim, MD", "Doe|Jane|PhD; Doe|Jim|MD"),
        ("Plato and {Voltaire}", "Plato|; {Voltaire}"),
        ("{Barnes and Noble, Inc.} and {{NASA}}", "{Barnes and Noble, Inc.}; {NASA}"),
        ("Max Planck Institute for Biology", "{Max Planck Institute for Biology}"),
        ("J.-P. Sartre and Sartre, J-P", "Sartre|J.-P.; Sartre|J-P"),
        ("Eugene O'Neill and Jean {d'Alembert}", "O'Neill|Eugene; d'Alembert|Jean"),
        ("Ann and {\\O}yvind Strand and \\'Alvarez, Jos\\'e", "Ann|; Strand|Øyvind; Álvarez|José"),
        ("{\\v S}im{\\r u}nek, Jan and \\L{}uka, Ewa", "Šimůnek|Jan; Łuka|Ewa"),
        ("Ann Lee and Wei Wang. and Doe, J.", "Lee|Ann; Wang|Wei; Doe|J."),
        ("SMITH, JOHN and O'NEILL, T.", "SMITH|JOHN; O'NEILL|T."),
        ("山田 太郎 and 王小明 and 김 철수", "山田|太郎; 王小明|; 김|철수"),
        ("Cy Nye$^{1}$ and Di Roe* and Moe$^{2,3}$, Bo", "Nye|Cy; Roe|Di; Moe|Bo"),
        ("Bo Moe\\textsuperscript{1} and Jane Doe (0000-0001-2345-6789)", "Moe|Bo; Doe|Jane"),
        ("family=Beethoven, given=Ludwig, prefix=van, useprefix=true", "van~Beethoven|Ludwig"),
        ("family={Davis}, given={Sammy}, given-i={S}, suffix={Jr}", "Davis|Sammy|Jr"),
        ("J.~R.~R. Tolkien and Knuth, D.~E.", "Tolkien|J. R. R.; Knuth|D. E."),
    ],
)
def test_list_of_authors_is_divided_into_the_parts_of_names(written: str, read: str) -> None:
    found, more = names(written)
    assert "; ".join([*map(parts, found), *["…"] * more]) == read


@pytest.mark.parametrize(
    "written", ["山田 太郎", "John Smith, Jane Doe, Richard Roe", "DOE J, MOE B"]
)
def test_list_that_bibtex_reads_otherwise_is_written_anew(written: str) -> None:
    assert not is_standard(written, names(written)[0])
    file = f"@misc{{a, title = {{A title of some words}}, author = {{{written}}}}}"
    (item,) = bibtex.read(io.BytesIO(file.encode()), Origin("a.bib"))
    assert isinstance(item, ParsedPaper)
    (again,) = bibtex.read(io.BytesIO("".join(bibtex.write([item.paper])).encode()), Origin("b"))
    assert isinstance(again, ParsedPaper)
    assert again.paper.names == item.paper.names
