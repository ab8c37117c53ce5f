"""`carrel help`: the topics, their text, and Markdown as plain text."""

import pytest

from tui.cli import main, markdown
from tui.cli.help import TOPICS

from .command import Carrel

DOCUMENT = """\
# Title

A *first* paragraph with `code`,
on two lines, and [a link](https://example.org/).

<!-- table -->
| Key | Action |
|---|---|
| **Moving** | |
| `j` | next paper |
| `a\\|b` | a description that is too long for the line |
<!-- /table -->

![A picture](picture.svg)

- one item
- another item that is wrapped

1. first

## Section

```console
carrel  help
```

### Part

Text.

## Another
"""


def rendered(columns: int = 40, title: str = "Title") -> list[str]:
    blocks = markdown.section(markdown.parse(DOCUMENT), title)
    return list(markdown.plain_lines(blocks, columns))


# -- the command -----------------------------------------------------------------------------------


def test_help_without_topic_lists_topics(carrel: Carrel) -> None:
    run = carrel("help")
    assert run.code == 0
    assert [line.split()[0] for line in run.out.splitlines()] == list(TOPICS)
    assert not carrel.library.exists()


@pytest.mark.parametrize("topic", TOPICS)
def test_help_topic_prints_plain_text(carrel: Carrel, topic: str) -> None:
    run = carrel("help", topic)
    assert run.code == 0
    assert len(run.out.splitlines()) > 5
    assert "<!--" not in run.out
    assert "\n|" not in run.out
    assert "\x1b" not in run.out
    assert "](" not in run.out


def test_help_syntax_names_fields(carrel: Carrel) -> None:
    assert "title: abstract: author:" in carrel("help", "syntax").out


def test_help_command_prints_help_of_command(carrel: Carrel) -> None:
    assert carrel("help", "search").out == carrel("search", "--help").out


def test_help_json_lists_keys_of_search(carrel: Carrel) -> None:
    table = next(block for block in TOPICS["json"].blocks() if isinstance(block, markdown.Table))
    assert [row[0] for row in table.rows] == list(carrel("search", "--json").json)


def test_help_unknown_topic_lists_topics(carrel: Carrel) -> None:
    run = carrel("help", "nonsense")
    assert run.code == 2
    assert "unknown topic 'nonsense'; topics are keys, " in run.error


def test_help_option_mentions_help_command(carrel: Carrel) -> None:
    assert "carrel help lists the topics" in carrel("--help").out


def test_topics_have_no_names_of_commands() -> None:
    assert set(TOPICS) & set(main.cli.commands) == set()


# -- Markdown --------------------------------------------------------------------------------------


def test_paragraph_is_wrapped_without_markup() -> None:
    assert rendered()[2:5] == [
        "A first paragraph with `code`, on two",
        "lines, and a link",
        "(https://example.org/).",
    ]


def test_table_is_aligned_and_wrapped() -> None:
    assert rendered()[6:10] == [
        "\x1b[1mMoving\x1b[0m",
        "  j    next paper",
        "  a|b  a description that is too long",
        "       for the line",
    ]


def test_images_and_comments_are_omitted() -> None:
    text = "\n".join(rendered())
    assert "picture" not in text.lower()
    assert "<!--" not in text


def test_list_items_have_hanging_indents() -> None:
    lines = rendered(24)
    at = lines.index("- one item")
    assert lines[at + 1 : at + 3] == ["- another item that is", "  wrapped"]
    assert "1. first" in lines


def test_section_ends_at_heading_of_same_level() -> None:
    lines = rendered(title="Section")
    assert lines[0].endswith("SECTION\x1b[0m")
    assert "    carrel  help" in lines
    assert lines[-1] == "Text."


def test_unknown_section_raises() -> None:
    with pytest.raises(LookupError, match="no section 'Nowhere'"):
        markdown.section(markdown.parse(DOCUMENT), "Nowhere")


def test_table_of_many_columns_has_header() -> None:
    blocks = markdown.parse(
        "| Name | Read | Label |\n|---|---|---|\n| csv | yes | Comma values |\n"
    )
    assert list(markdown.plain_lines(blocks, 60)) == [
        "  Name  Read  Label",
        "  ----  ----  -----",
        "  csv   yes   Comma values",
    ]
