"""The keys of every command: its own, or those that the reader has set, where they do not clash."""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from tui.commands import COMMANDS
from tui.config.parsers import shortened, texts

DEFAULT_KEYS = {command.name: command.keys for command in COMMANDS}
MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")


def keys_table(value: object) -> dict[str, object]:
    """Return the keys as they are written, by command."""
    if not isinstance(value, dict):
        raise ValueError('it takes a table: [keys], then lines such as undo = "z"')
    return value


def keys_of(table: Mapping[str, object], problems: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of every command: those of the table where they are right, else its own."""
    keys = dict(DEFAULT_KEYS)
    for name, value in table.items():
        if name not in keys:
            problems.append(f"keys.{name} is not a command{_near_command(name)}")
            continue
        try:
            keys[name] = _command_keys(value)
        except ValueError as error:
            problems.append(f"keys.{name} = {shortened(value)}: {error}")
    while clash := _clash(keys):
        key, first, second = clash
        # The command of the reader's own line gives way, the later one where both are.
        loser = second if keys[second] != DEFAULT_KEYS[second] else first
        keys[loser] = DEFAULT_KEYS[loser]
        kept = f"keeps {', '.join(keys[loser])}" if keys[loser] else "has none"
        problems.append(f"keys: {key} is bound to both {first} and {second}; {loser} {kept}")
    return keys


def _near_command(name: str) -> str:
    near = get_close_matches(name, DEFAULT_KEYS, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else "; carrel config keys lists them"


def _command_keys(value: object) -> tuple[str, ...]:
    names = texts(value, 'a key or a list of keys, such as "x" or ["x", "ctrl+r"]')
    return tuple(dict.fromkeys(_key(text) for text in names))


def _clash(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Return a key that two commands have since one was changed, and the two; None without one."""
    owners: dict[str, str] = {}
    for name, own in keys.items():
        for key in own:
            first = owners.setdefault(key, name)
            if any(keys[owner] != DEFAULT_KEYS[owner] for owner in {first, name} if first != name):
                return key, first, name
    return None


def _key(text: str) -> str:
    """Return a key in Textual's notation; a sign may be written itself (`?` is question_mark)."""
    from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, key_to_character

    *modifiers, last = text.split("+") if len(text) > 1 and not text.endswith("++") else [text]
    modifiers = [modifier.strip().lower() for modifier in modifiers]
    last = last if len(last) == 1 else last.strip().lower()
    if len(last) == 1 and not last.isalnum():
        named = unicodedata.name(last, "").lower().replace("-", "_").replace(" ", "_")
        last = KEY_NAME_REPLACEMENTS.get(named, named)
    elif len(last) == 1 and "shift" in modifiers and len(modifiers) == 1:
        modifiers, last = [], last.upper()
    elif len(last) == 1 and modifiers:
        last = last.lower()
    named_keys = {key.value for key in Keys} | set(REPLACED_KEYS)
    known = bool(last) and (last in named_keys or key_to_character(last) is not None)
    if not known or any(modifier not in MODIFIERS for modifier in modifiers):
        near = get_close_matches(last, named_keys, 1)
        hint = f"; did you mean {near[0]}?" if near and not known else ""
        raise ValueError(f"{text!r} is not a key; write x, G, ctrl+r, f5 or question_mark{hint}")
    return "+".join([*modifiers, last])
