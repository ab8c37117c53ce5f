"""A citation key that was exported once stays the same if the paper changes later."""

import re
from dataclasses import replace
from pathlib import Path

from index import Library, Paper
from index.formats import Style

BARE = Paper("Marks That Survive in Generated Text", "We find marks.")
FULL = replace(BARE, authors=("Ada Lovelace",), year=2025)
ID = "marks-that-survive-in"


def keys(library: Library, *ids: str, pattern: str = "") -> list[str]:
    text = "".join(library.export(ids, "bibtex", Style(keys=pattern)))
    return re.findall(r"@\w+\{(.+),", text)


def only(library: Library) -> str:
    (hit,) = library.search("").hits
    return hit.id


def test_key_of_an_exported_paper_stays_when_authors_are_filled(library: Library) -> None:
    library.add([FULL], "page")
    name = only(library)
    assert keys(library, name) == ["lovelace2025marks"]
    library.add([replace(FULL, year=None, authors=("Grace Hopper", "Ada Lovelace"))], "bib")
    library.editing.edit(library.keys([name])[0], {"year": 2024})
    assert keys(library, name) == ["lovelace2025marks"]


def test_key_of_a_paper_exported_without_authors_stays(library: Library) -> None:
    library.add([BARE], "page")
    assert keys(library, ID) == [ID]
    library.add([FULL], "bib")
    assert library.papers([ID])[0].authors == FULL.authors
    assert keys(library, ID) == [ID]


def test_key_of_a_paper_never_exported_follows_its_authors(library: Library) -> None:
    library.add([BARE], "page")
    library.add([FULL], "bib")
    assert keys(library, only(library)) == ["lovelace2025marks"]


def test_keys_of_each_pattern_stay(library: Library) -> None:
    library.add([FULL], "page")
    name = only(library)
    assert keys(library, name, pattern="{Author}{year}") == ["Lovelace2025"]
    library.editing.edit(library.keys([name])[0], {"year": 2024})
    assert keys(library, name, pattern="{Author}{year}") == ["Lovelace2025"]
    assert keys(library, name) == ["lovelace2024marks"]


def test_key_of_an_exported_paper_is_given_to_no_other(library: Library) -> None:
    other = replace(FULL, title="Marks of Speech Under Noise and Rain", abstract="Of speech.")
    library.add([FULL, other], "page")
    one, two = (hit.id for hit in library.search("").hits)
    assert keys(library, two) == ["lovelace2025marks"]
    assert keys(library, one) == ["lovelace2025marksa"]
    assert keys(library, one, two) == ["lovelace2025marksa", "lovelace2025marks"]


def test_export_file_stores_its_keys(library: Library, tmp_path: Path) -> None:
    library.add([FULL], "page")
    name = only(library)
    library.export_file([name], tmp_path / "a.bib", "bibtex")
    library.editing.edit(library.keys([name])[0], {"year": 2024})
    library.export_file([name], tmp_path / "b.bib", "bibtex")
    assert "lovelace2025marks," in (tmp_path / "b.bib").read_text()
