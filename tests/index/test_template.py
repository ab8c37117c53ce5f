"""Export templates: the values they get, their filters and their limits."""

import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from index import Library
from index.errors import CarrelError
from index.formats import Style, template
from index.papers.paper import Paper, build_paper
from tests.keys import keys

from .exported import MARKED


def render(tmp_path: Path, source: str, *papers: Paper, name: str = "t.txt") -> str:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    return "".join(template.write(papers or [MARKED], path))


def error_of(tmp_path: Path, source: str) -> str:
    with pytest.raises(CarrelError) as raised:
        render(tmp_path, source)
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_template_papers_have_json_keys_and_citation_key(tmp_path: Path) -> None:
    source = ("{% for p in papers %}\n{{ p.key }}|{{ p.title }}|{{ p.authors|join(' & ') }}"
              "|{{ p.year }}"
              "|{{ p.tags[0] }}|{{ loop.index }}|{{ p.et_al }}\n{% endfor %}\n")  # fmt: skip
    assert render(tmp_path, source) == (
        "vaswani2017attention|Attention Is All You Need|Ashish Vaswani & Noam Shazeer"
        "|2017|nlp/rag|1|True\n"
    )


def test_template_filters_escape_text_for_other_formats(tmp_path: Path) -> None:
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
        assert render(tmp_path, source.replace("FILTER", name), paper) == text


@pytest.mark.parametrize("name", ["t.html", "t.xml.j2", "t.HTM"])
def test_html_template_escapes_text(tmp_path: Path, name: str) -> None:
    source = "{% for p in papers %}<b>{{ p.title }}</b>{% endfor %}"
    assert render(tmp_path, source, build_paper(title="<i>&"), name=name) == "<b>&lt;i&gt;&amp;</b>"
    assert render(tmp_path, source, build_paper(title="<i>&")) == "<b><i>&</b>"


def test_template_renders_endless_papers_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text("{% for p in papers %}{{ p.title }}\n{% endfor %}")
    pieces = template.write(repeat(MARKED), path)
    assert sum(1 for _ in zip(pieces, range(3), strict=False)) == 3


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("a\n{{ x", 2, "unexpected end of template"),
        ("{% for p in papers %}\n\n{{ p.heading }}{% endfor %}", 3, "'heading'"),
        ("{{ unknown }}", 1, "'unknown' is undefined"),
        ("{{ 1|nofilter }}", 1, "nofilter"),
        ("{% include '/etc/passwd' %}", 1, "cannot include other files"),
        ("{% extends 'a' %}", 1, "cannot include other files"),
        ("{{ ''.__class__ }}", 1, "unsafe"),
        ("{{ papers.gi_frame }}", 1, "unsafe"),
        ("{{ range.__globals__ }}", 1, "unsafe"),
        ("{% for i in range(10**7) %}a{% endfor %}", 1, "Range too big"),
        ("{{ 1 / 0 }}", 1, "division"),
        ("{{ " + "(" * 5000 + " }}", 1, ""),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "nested too deeply"),
    ],
)
def test_invalid_template_raises_one_line_with_its_place(
    tmp_path: Path, source: str, line: int, reason: str
) -> None:
    message = error_of(tmp_path, source)
    assert message.startswith(f"{tmp_path / 't.txt'}:{line}: ") or not reason
    assert reason in message


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the address space")
@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a'.ljust(10**9) }}",
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}"
        "{% endfor %}",
        "{{ 'a'|indent(10**9) }}",
        "{{ '%999999999d' % 1 }}",
    ],
)
def test_template_over_memory_limit_is_reported_with_its_line(tmp_path: Path, source: str) -> None:
    message = error_of(tmp_path, "\n" + source)
    assert message.startswith(f"{tmp_path / 't.txt'}:2: the template needs more than 512 MB")


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("\n" + "{% for i in range(10**5) %}" * 2 + "{% endfor %}" * 2, ":2"),
        ("{{ 9 ** 99999999 }}", ""),
    ],
)
def test_template_over_cpu_limit_is_reported(
    tmp_path: Path, source: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "CPU_LIMIT_S", 1)
    message = error_of(tmp_path, source)
    assert message.startswith(f"{tmp_path / 't.txt'}{place}: the template uses more than 1 s")


def test_template_over_output_limit_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "MAX_OUTPUT_CHARS", 100)
    message = error_of(tmp_path, "{% for i in range(200) %}a{% endfor %}")
    assert "the template writes more than 100 characters" in message


def test_unreadable_template_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CarrelError, match=r"cannot read template .*none: No such file"):
        list(template.write([], tmp_path / "none"))
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(CarrelError, match="not UTF-8"):
        list(template.write([], tmp_path / "latin"))


def test_errors_in_papers_pass_through(tmp_path: Path) -> None:
    def broken() -> Iterator[Paper]:
        yield MARKED
        raise CarrelError("no such paper")

    path = tmp_path / "t"
    path.write_text("{% for p in papers %}{{ p.title }}{% endfor %}")
    with pytest.raises(CarrelError, match="no such paper"):
        list(template.write(broken(), path))


def test_template_export_leaves_out_what_the_style_excludes(
    tmp_path: Path, library: Library
) -> None:
    def marked() -> Iterator[Paper]:
        yield MARKED

    library.add(marked(), "page")
    path = tmp_path / "t"
    path.write_text("{% for p in papers %}{{ p.title }}{{ p.abstract }}{% endfor %}")
    style = Style(abstract=False, template=path)
    assert "".join(library.export(library.ids(keys(1)), "t", style)) == MARKED.title
