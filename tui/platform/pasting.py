"""Pasted text as the terminal sends it, without what would end the paste early."""

START, END = "\x1b[200~", "\x1b[201~"
"""The sequences before and after pasted text (bracketed paste of xterm)."""

ESCAPE = "\x1b"


class PasteFilter:
    """Removes escape characters from pasted text; Textual would take what follows them for keys.

    Terminals should do so, but tmux does not: a pasted text could run commands of the reader.
    """

    def __init__(self) -> None:
        self._inside = False
        self._tail = ""  # the last characters outside, in case START is divided
        self._held = ""  # the beginning of what may be END, once the rest of it is there

    def filter(self, data: str) -> str:
        """Return what to handle of the data that a terminal has sent; it may come in any pieces."""
        data, self._held = self._held + data, ""
        parts: list[str] = []
        while data:
            data = self._paste(data, parts) if self._inside else self._outside(data, parts)
        return "".join(parts)

    def _outside(self, data: str, parts: list[str]) -> str:
        """Take the data up to the start of a paste; return the rest."""
        seen = self._tail + data
        if (at := seen.find(START)) < 0:
            parts.append(data)
            self._tail = seen[-len(START) + 1 :]
            return ""
        end = at + len(START) - len(self._tail)
        parts.append(data[:end])
        self._inside, self._tail = True, ""
        return data[end:]

    def _paste(self, data: str, parts: list[str]) -> str:
        """Take the data up to the end of the paste, without escape characters; return the rest."""
        if (at := data.find(END)) >= 0:
            parts += data[:at].replace(ESCAPE, ""), END
            self._inside = False
            return data[at + len(END) :]
        held = next((n for n in range(len(END) - 1, 0, -1) if data.endswith(END[:n])), 0)
        text = data[: len(data) - held]
        parts.append(text.replace(ESCAPE, ""))
        self._held = data[len(text) :]
        return ""
