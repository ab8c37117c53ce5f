"""The contrast of text in the dialogs, as WCAG 2.1 defines it, in both of Carrel's themes."""

import pytest
from textual.widgets import Input, TextArea

from index import Library
from tui.config.configuration import Config

from .conftest import Open
from .test_contrast import MIN_RULE_CONTRAST, MIN_TEXT_CONTRAST, RULES, contrast

DIALOG_RULES = RULES | set("╭╮╰╯▊▎▔▁▍▋")

OPENED = {
    "palette": ("colon", "ie"), "help": ("question_mark", "tag"), "copy": ("y", ""),
    "sort": ("s", ""), "tags": ("t", "ra"), "own tags": ("t", ""), "note": ("e", ""),
}  # fmt: skip
"""The key that opens each dialog, and the text typed in it."""


@pytest.mark.parametrize("theme", ["carrel-dark", "carrel-light"])
async def test_contrast_of_dialogs_is_sufficient(
    reading: Open, marked: Library, theme: str
) -> None:
    async with reading(marked, Config(theme=theme), size=(80, 24)) as reader:
        await reader.go_to("study-1")
        for name, (key, typed) in OPENED.items():
            await reader.press(key)
            for field in reader.app.screen.query(Input):
                field.cursor_blink, field.value = False, typed
            for area in reader.app.screen.query(TextArea):
                area.cursor_blink = False
            await reader.settle()
            for segment in (one for strip in reader.painted() for one in strip):
                if text := segment.text.strip():
                    least = MIN_RULE_CONTRAST if set(text) <= DIALOG_RULES else MIN_TEXT_CONTRAST
                    assert contrast(segment) >= least, (name, text, segment.style)
            await reader.press("escape")
