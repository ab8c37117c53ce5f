"""The reader: notes, written in the dialog or in an external editor."""

import sys
from pathlib import Path

import pytest
from textual.widgets import TextArea

from index import Library
from index.errors import CarrelError
from tui.platform.editor import editor_command
from tui.screens.dialogs import notes
from tui.screens.dialogs.notes import NoteDialog

from .conftest import Open
from .terminal import ENTER, Start, Terminal


async def test_note_dialog_write_show_delete(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "[/INST] see [b]2[/b]\nsecond"
        await reader.press("ctrl+s")
        assert reader.said.startswith("noted")
        assert "✎ [/INST] see [b]2[/b]\n   second" in reader.in_widget(reader.screen.view)
        assert "✎" in reader.in_widget(reader.screen.papers).splitlines()[1]
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = ""
        await reader.press("ctrl+s")
        assert reader.said.startswith("note removed")
        assert library.papers(["study-0"])[0].note == ""


async def test_long_note_has_a_hanging_indent(reading: Open, library: Library) -> None:
    async with reading(library, size=(80, 24)) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "word " * 40
        await reader.press("ctrl+s")
        shown = reader.in_widget(reader.screen.view).splitlines()
        first = next(at for at, line in enumerate(shown) if "✎" in line)
        assert shown[first].startswith(" ✎ word")
        assert shown[first + 1].startswith("   word")


async def test_note_dialog_confirms_discard(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e")
        reader.app.screen.query_one(TextArea).text = "half"
        await reader.press("escape")
        assert isinstance(reader.app.screen, NoteDialog)
        assert "not saved" in reader.seen
        await reader.press("escape")
        assert reader.app.screen is reader.screen
        assert library.papers(["study-0"])[0].note == ""


# -- an editor of one's own ------------------------------------------------------------------------


async def test_editor_text_comes_back_and_can_be_saved(
    reading: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "edit_text", lambda text, app: f"{text} and\nedited")
    async with reading(library) as reader:
        await reader.press("e", *"typed", "ctrl+e")
        assert reader.app.screen.query_one(TextArea).text == "typed and\nedited"
        await reader.press("ctrl+s")
        assert library.papers(["study-0"])[0].note == "typed and\nedited"


async def test_editor_without_a_terminal_leaves_the_text(reading: Open, library: Library) -> None:
    async with reading(library) as reader:
        await reader.press("e", *"typed", "ctrl+e")
        assert "there is no terminal" in reader.seen
        assert reader.app.screen.query_one(TextArea).text == "typed"


@pytest.mark.parametrize(
    ("visual", "editor", "command"),
    [
        (None, None, ["vi"]),
        ("", " ", ["vi"]),
        (None, "nano", ["nano"]),
        ("code --wait", "nano", ["code", "--wait"]),
        (None, "'/opt/my editor/ed' -x \"a b\" $HOME;ls", ["/opt/my editor/ed", "-x", "a b",
                                                          "$HOME;ls"]),
    ],
)  # fmt: skip
def test_editor_is_visual_or_editor_without_a_shell(
    monkeypatch: pytest.MonkeyPatch, visual: str | None, editor: str | None, command: list[str]
) -> None:
    for name, value in (("VISUAL", visual), ("EDITOR", editor)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert editor_command() == command


def test_editor_with_an_open_quotation_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", 'vi "')
    with pytest.raises(CarrelError, match=r"cannot open vi \": .*; try another value of EDITOR"):
        editor_command()


# -- in a terminal ---------------------------------------------------------------------------------


def scripted(folder: Path, script: str) -> str:
    """Return the command of an editor: a shell script, in a folder whose name needs quoting."""
    path = folder / "my $(touch owned) editors" / "ed it"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return f'"{path}" --flag'


def noting(start: Start, editor: str) -> Terminal:
    """Return a reader that has just opened an editor on a note with one word."""
    carrel = start(80, 24, VISUAL=editor)
    carrel.until("A Mathematical Theory")
    carrel.type("e")
    carrel.until("Note on this paper")
    carrel.type("first")
    carrel.until("first")
    carrel.type("\x05")
    return carrel


def test_editor_has_the_terminal_and_the_text_comes_back(start: Start, tmp_path: Path) -> None:
    script = (
        'test "$1" = --flag && stat -c %a "$2" >mode\n'
        'printf "editing %s, key? " "$(cat "$2")"; read key\n'
        'printf "\\nπ %s\\n" "$key" >>"$2"'
    )
    carrel = noting(start, scripted(tmp_path, script))
    carrel.until("editing first, key?")
    carrel.type("\x03")  # which the terminal sends to both processes
    carrel.until("Note on this paper")
    carrel.until("was ended by SIGINT")
    carrel.type("\x05")
    carrel.until("editing first, key?")
    carrel.type("second" + ENTER)
    carrel.until("π second")
    carrel.type("\x13")  # Ctrl-s
    carrel.until("noted “A Mathematical Theory")
    carrel.until("✎ first")
    carrel.type("q")
    assert carrel.ended() == 0
    assert (tmp_path / "mode").read_text() == "600\n"
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('echo lost >"$2"; exit 3', "failed with status 3"),
        ('echo lost >"$2"; kill -9 $$', "was ended by SIGKILL"),
        ('printf "\\377" >"$2"', "not UTF-8"),
        ('rm "$2"', "cannot edit the text: No such file"),
    ],
)
def test_editor_that_fails_leaves_the_note_unchanged(
    start: Start, tmp_path: Path, script: str, said: str
) -> None:
    carrel = noting(start, scripted(tmp_path, script))

    def is_said() -> bool:
        return said in " ".join(carrel.text.replace("│", "").split())

    carrel.until(is_said)
    carrel.until("first")
    carrel.type("\x13")
    carrel.until("✎ first")


def test_editor_that_does_not_exist_leaves_the_note_unchanged(
    start: Start,
) -> None:
    carrel = noting(start, "no-such-editor")
    carrel.until("cannot open no-such-editor: No such file")
    carrel.type("\x13")
    carrel.until("✎ first")


def test_marks_made_while_an_editor_is_open_show_after_it(start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import os\n"
        "from pathlib import Path\n"
        "from index import Library\n"
        "from index.marks.changes import Bookmark\n"
        "with Library.open(Path(os.environ['CARREL_LIBRARY'])) as library:\n"
        "    library.apply(Bookmark((library.search('').hits[0].id,)))\n"
    )
    carrel = start(120, 40, VISUAL=f"{sys.executable} {editor}")
    carrel.until("▌   A Mathematical Theory")
    carrel.type("e")
    carrel.until("Note on this paper")
    carrel.type("\x05")
    carrel.until("▌★  A Mathematical Theory")
    assert "Note on this paper" in carrel.text
