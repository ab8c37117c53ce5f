"""What the reader remembers between sessions, beside the library: layout, widths, theme."""

import json
import logging
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

log = logging.getLogger(__name__)


def state_file() -> Path:
    """Return the file of the state, in the user's state folder."""
    return platformdirs.user_state_path("carrel") / "reader.json"


@dataclass(frozen=True, slots=True)
class ReaderState:
    """The state of the reader at its end.

    `layout` is the one chosen by hand, or "". `shares` are those of the list, by layout. `theme` is
    the one chosen in the reader while the configuration had `configured_theme`; a change of the
    configuration ends the choice. `recent_commands` were run from the palette, the newest first.
    """

    layout: str = ""
    dense: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    theme: str = ""
    configured_theme: str = ""
    recent_commands: tuple[str, ...] = ()


def load_state(path: Path) -> ReaderState:
    """Return the state in a file; the default if there is none, or it cannot be read."""
    try:
        table = json.loads(path.read_bytes())
        return ReaderState(
            str(table["layout"]),
            bool(table["dense"]),
            {str(name): float(share) for name, share in table["shares"].items()},
            str(table["theme"]),
            str(table["configured_theme"]),
            tuple(map(str, table.get("recent_commands", ()))),
        )
    except FileNotFoundError:
        return ReaderState()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.info("cannot read %s: %s", path, error)
        return ReaderState()


def save_state(path: Path, state: ReaderState) -> None:
    """Replace the file of the state; an error is logged, as nothing of value is lost."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        log.info("cannot write %s: %s", path, error)
