"""Templates of the reader's own: every value at hand, and nothing else."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from index import Library
from index.errors import CarrelError
from index.formats import Style, template
from index.papers.paper import Paper, build_paper
from tests.keys import keys

from .test_export_formats import MARKED


def filled(tmp_path: Path, source: str, *papers: Paper, name: str = "t.txt") -> str:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    return "".join(template.write(papers or [MARKED], path))


def test_papers_have_the_keys_of_json_and_a_citation_key(tmp_path: Path) -> None:
    source = ("{% for p in papers %}\n{{ p.key }}|{{ p.title }}|{{ p.authors|join(' & ') }}"
              "|{{ p.year }}"
              "|{{ p.tags[0] }}|{{ loop.index }}|{{ p.et_al }}\n{% endfor %}\n")  # fmt: skip
    assert filled(tmp_path, source) == (
        "vaswani2017attention|Attention Is All You Need|Ashish Vaswani & Noam Shazeer"
        "|2017|nlp/rag|1|True\n"
    )


def test_filters_write_a_text_for_other_formats(tmp_path: Path) -> None:
    paper = build_paper(title='=A "50%" *b* é')
    source = "{% for p in papers %}{{ p.title|FILTER }}{% endfor %}"
    expected = {
        "latex": '=A "50\\%" *b* {\\\'e}',
        "markdown": '\\=A "50%" \\*b\\* é',
        "org": '\\equal{}A "50%" \\ast{}b* é',
        "json": '"=A \\"50%\\" *b* é"',
        "csv": '"\'=A ""50%"" *b* é"',
    }
    for name, text in expected.items():
        assert filled(tmp_path, source.replace("FILTER", name), paper) == text


@pytest.mark.parametrize("name", ["t.html", "t.xml.j2", "t.HTM"])
def test_pages_have_their_text_escaped(tmp_path: Path, name: str) -> None:
    source = "{% for p in papers %}<b>{{ p.title }}</b>{% endfor %}"
    assert filled(tmp_path, source, build_paper(title="<i>&"), name=name) == "<b>&lt;i&gt;&amp;</b>"
    assert filled(tmp_path, source, build_paper(title="<i>&")) == "<b><i>&</b>"


def test_papers_pass_through_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("{% for p in papers %}{{ p.title }}\n{% endfor %}")
    pieces = template.write(repeat(MARKED), path)
    assert sum(1 for _ in zip(pieces, range(50), strict=False)) == 50


@pytest.mark.parametrize(
    ("source", "line", "fault"),
    [
        ("a\n{{ x", 2, "unexpected end of template"),
        ("{% for p in papers %}\n\n{{ p.heading }}{% endfor %}", 3, "'heading'"),
        ("{{ unknown }}", 1, "'unknown' is undefined"),
        ("{{ 1|nofilter }}", 1, "nofilter"),
        ("{% include '/etc/passwd' %}", 1, "it can include no other file"),
        ("{% extends 'a' %}", 1, "it can include no other file"),
        ("{{ ''.__class__ }}", 1, "unsafe"),
        ("{{ papers.gi_frame }}", 1, "unsafe"),
        ("{{ 'a'.ljust(10**9) }}", 1, "unsafe"),
        ("{{ range.__globals__ }}", 1, "unsafe"),
        ("{% for i in range(10**7) %}a{% endfor %}", 1, "range counts more"),
        ("{% for i in range(10**4) %}" * 2 + "{% endfor %}" * 2, 1, "range"),
        ("{{ 'x' * 10**9 }}", 1, "more than 10,000,000"),
        ("{{ [1] * 10**9 }}", 1, "more than 10,000,000"),
        ("{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}"
         "{% endfor %}", 1, "more than 10,000,000"),
        ("{{ 9 ** 99999999 }}", 1, "power"),
        ("{{ 'a'|indent(10**9) }}", 1, "over 10,000"),
        ("{{ '%99999999d' % 1 }}", 1, "% is for numbers"),
        ("{{ 1 / 0 }}", 1, "division"),
        ("{{ " + "(" * 5000 + " }}", 1, ""),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_its_place(
    tmp_path: Path, source: str, line: int, fault: str
) -> None:
    with pytest.raises(CarrelError) as raised:
        filled(tmp_path, source)
    message = str(raised.value)
    assert message.startswith(f"{tmp_path / 't.txt'}:{line}: ") or not fault
    assert fault in message
    assert "\n" not in message


def test_what_is_written_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "MOST_WRITTEN", 100)
    with pytest.raises(CarrelError, match="it writes more than 100 characters"):
        filled(tmp_path, "{% for i in range(200) %}a{% endfor %}")


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CarrelError, match=r"none: the template cannot be read \(No such file"):
        list(template.write([], tmp_path / "none"))
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(CarrelError, match="not UTF-8"):
        list(template.write([], tmp_path / "latin"))


def test_the_library_leaves_out_what_the_style_does(tmp_path: Path, library: Library) -> None:
    def one() -> Iterator[Paper]:
        yield MARKED

    library.add(one(), "page")
    path = tmp_path / "t"
    path.write_text("{% for p in papers %}{{ p.title }}{{ p.abstract }}{% endfor %}")
    style = Style(abstract=False, template=path)
    assert "".join(library.export(library.ids(keys(1)), "t", style)) == MARKED.title
