"""The dialogs: each asks one thing and returns the answer, or None when it was left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import ItemGrid, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from index import formats
from index.changes import tag_name
from index.errors import CarrelError
from tui.commands import COMMANDS, SYNTAX
from tui.widgets.facts import TAG
from tui.widgets.line import Line

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A box over the reader; Escape leaves it with nothing done."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False)]

    def action_leave(self) -> None:
        """Leave with nothing done."""
        self.dismiss(None)


class KeyMenu(Dialog[str]):
    """A line of choices at the bottom, each a single key."""

    def __init__(self, title: str, choices: Mapping[str, str], current: str = "") -> None:
        super().__init__()
        self.title_text = title
        self.choices = choices
        self.current = current

    def compose(self) -> ComposeResult:
        """Compose the line."""
        widest = max(Content(label).cell_length for label in self.choices.values())
        with ItemGrid(min_column_width=widest + 4, stretch_height=False, classes="box"):
            yield Static(Content.styled(self.title_text, "bold $accent"))
            for key, label in self.choices.items():
                style = "bold underline" if label == self.current else "$foreground"
                yield Static(Content.assemble((key, "bold $accent"), " ", (label, style)), name=key)

    def on_key(self, event: events.Key) -> None:
        """Choose by key; any other key leaves."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.character if event.character in self.choices else None)

    def on_click(self, event: events.Click) -> None:
        """Choose by mouse; a click beside the choices leaves."""
        self.dismiss(event.widget.name if event.widget else None)


class TagDialog(Dialog[str]):
    """Asks for tags, completed from those there are. Returns them separated by spaces."""

    BINDINGS = [
        Binding("tab", "accept", "complete", show=False, priority=True),
        Binding("down,ctrl+n", "pick(1)", "next tag", show=False, priority=True),
        Binding("up,ctrl+p", "pick(-1)", "previous tag", show=False, priority=True),
    ]

    def __init__(self, title: str, tags: Mapping[str, int], *, known: bool = False) -> None:
        super().__init__()
        self.title_text = title
        self.tags = tags
        self.known = known  # whether only these tags are taken
        self._picked = False

    def compose(self) -> ComposeResult:
        """Compose the line to type in and the tags there are."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Line(placeholder="nlp/rag toread", select_on_focus=False)
            yield OptionList(markup=False)
            yield Static("", classes="fault", markup=False)
            yield Static("Tab completes · Enter applies · Esc leaves", classes="hint")

    def on_mount(self) -> None:
        """Show all tags."""
        self._complete("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(".fault", Static).update("")
        self._picked = False
        self._complete(self._word(event.value))

    @staticmethod
    def _word(text: str) -> str:
        return text.rsplit(" ", 1)[-1].lstrip("#+").lower()

    def _complete(self, word: str) -> None:
        chosen = self.query_one(Input).value.split()[:-1]
        begun = [tag for tag in self.tags if tag.lower().startswith(word)]
        inside = [tag for tag in self.tags if word in tag.lower() and tag not in begun]
        found = [tag for tag in [*begun, *inside] if tag not in chosen][:50]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options(
            Option(Content.assemble((TAG + tag, "$success"), f"  {self.tags[tag]:,}"))
            for tag in found
        )
        self._found = found
        choices.display = bool(found)
        choices.highlighted = 0 if found and word else None

    def action_pick(self, step: int) -> None:
        """Go to another of the tags shown."""
        choices = self.query_one(OptionList)
        if self._found:
            at = choices.highlighted
            choices.highlighted = 0 if at is None else (at + step) % len(self._found)
            self._picked = True

    def action_accept(self) -> None:
        """Complete the word from the tag that is lit, or the first."""
        if self._found:
            self._take(self._found[self.query_one(OptionList).highlighted or 0])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._take(self._found[event.option_index])

    def _take(self, tag: str) -> None:
        field = self.query_one(Input)
        before = field.value.rsplit(" ", 1)[0] + " " if " " in field.value else ""
        field.value = f"{before}{tag} "
        field.cursor_position = len(field.value)
        field.focus()

    @on(Input.Submitted)
    def _apply(self, event: Input.Submitted) -> None:
        words = event.value.replace(",", " ").split()
        lit = self.query_one(OptionList).highlighted
        begun = self.known and bool(words) and words[-1] not in self.tags
        if lit is not None and (self._picked or begun):
            words = [*words[:-1], self._found[lit]]
        try:
            names = [tag_name(word) for word in words]
            self._check(names)
        except CarrelError as error:
            self.query_one(".fault", Static).update(str(error))
            return
        self.dismiss(" ".join(names) or None)

    def _check(self, names: Sequence[str]) -> None:
        strange = next((name for name in names if name not in self.tags), None)
        if self.known and strange:
            raise CarrelError(f"{strange!r} is no tag here")


class NoteDialog(Dialog[str]):
    """Asks for a note; an empty one takes the note away."""

    BINDINGS = [Binding("ctrl+s", "save", "save", show=False, priority=True)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title_text = title
        self.text = text
        self._warned = False

    def compose(self) -> ComposeResult:
        """Compose the text to be written."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield TextArea(self.text, soft_wrap=True, show_line_numbers=False)
            yield Static("", classes="fault", markup=False)
            yield Static("Ctrl-s saves · Esc leaves", classes="hint")

    def action_save(self) -> None:
        """Return the text."""
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        """Leave; where something was written, only when asked twice."""
        if self.query_one(TextArea).text == self.text or self._warned:
            self.dismiss(None)
            return
        self._warned = True
        self.query_one(".fault", Static).update("Not saved: Esc again leaves it so, Ctrl-s saves")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the export dialog was told."""

    path: Path
    format: str
    overwrite: bool


class ExportDialog(Dialog[ExportChoice]):
    """Asks where to and how to export, shows how many papers, and asks before it overwrites."""

    BINDINGS = [
        Binding("down,ctrl+n", "format(1)", "next format", show=False, priority=True),
        Binding("up,ctrl+p", "format(-1)", "previous format", show=False, priority=True),
    ]

    def __init__(self, what: str, path: Path, format: str) -> None:
        super().__init__()
        self.what = what
        self.path = path
        self.names = list(formats.WRITERS)
        self.format = format
        self._asked_for: Path | None = None

    def compose(self) -> ComposeResult:
        """Compose the file to write and the formats."""
        with Vertical(classes="box") as box:
            box.border_title = Content(f"Export {self.what}")
            yield Line(str(self.path), select_on_focus=False)
            writers = [formats.WRITERS[name] for name in self.names]
            yield OptionList(
                *(Option(Content(f"{form.label}  ({form.endings[0]})")) for form in writers),
                markup=False,
            )
            yield Static("", classes="fault", markup=False)
            yield Static("↑ ↓ format · Enter writes the file · Esc leaves", classes="hint")

    def on_mount(self) -> None:
        """Light the format chosen."""
        self.query_one(OptionList).highlighted = self.names.index(self.format)
        self.query_one(Input).focus()

    def action_format(self, step: int) -> None:
        """Choose another format; the file's ending follows."""
        self.format = self.names[(self.names.index(self.format) + step) % len(self.names)]
        self.query_one(OptionList).highlighted = self.names.index(self.format)
        field = self.query_one(Input)
        path = Path(field.value)
        if path.name:
            field.value = str(path.with_suffix(formats.WRITERS[self.format].endings[0]))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.action_format(event.option_index - self.names.index(self.format))
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._asked_for = None
        self.query_one(".fault", Static).update("")
        form = formats.writer_for(event.value)
        if form:
            self.format = form.name
            self.query_one(OptionList).highlighted = self.names.index(form.name)

    @on(Input.Submitted)
    def _write(self, event: Input.Submitted) -> None:
        path = Path(event.value.strip()).expanduser()
        if not event.value.strip() or path.is_dir():
            self.query_one(".fault", Static).update("Name the file to write")
        elif path.exists() and self._asked_for != path:
            self._asked_for = path
            self.query_one(".fault", Static).update(
                f"{path.name} is there already: Enter again replaces it"
            )
        else:
            self.dismiss(ExportChoice(path, self.format, path.exists()))


class TextScreen(Dialog[str]):
    """Shows a text as it is, to be taken with the mouse."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title_text = title
        self.text = text

    def compose(self) -> ComposeResult:
        """Compose the text."""
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(self.title_text)
            yield Static(Content(self.text))


class HelpScreen(Dialog[str]):
    """Every key and the query syntax."""

    BINDINGS = [
        Binding("q,question_mark", "leave", "leave", show=False),
        Binding("j", "scroll(1)", "down", show=False),
        Binding("k", "scroll(-1)", "up", show=False),
        Binding("ctrl+d", "scroll(10)", "down", show=False),
        Binding("ctrl+u", "scroll(-10)", "up", show=False),
    ]

    def __init__(self, keys: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.keys = keys  # as they are bound, by the name of the command

    def compose(self) -> ComposeResult:
        """Compose the two tables."""
        with VerticalScroll(classes="box") as box:
            box.border_title = Content("Keys and query syntax")
            yield Static(Content("\n").join(self._lines()))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _lines(self) -> list[Content]:
        lines = []
        for group in dict.fromkeys(command.group for command in COMMANDS):
            lines += [Content.styled(group, "bold $accent")]
            for command in COMMANDS:
                if command.group == group and self.keys[command.name]:
                    keys = "  ".join(self.keys[command.name])
                    lines.append(Content.assemble((f"  {keys:<16}", "bold"), command.help))
            lines.append(Content(""))
        lines.append(Content.styled("What to search for", "bold $accent"))
        for syntax in SYNTAX:
            lines.append(Content.styled(f"  {syntax.written}", "bold"))
            lines.append(Content.styled(f"      {syntax.means}", "$foreground 58%"))
        return lines
