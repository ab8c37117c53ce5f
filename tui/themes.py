"""Carrel's own themes; Textual's themes are available as well."""

from textual.theme import Theme

DIM = "$foreground 78%"
"""The style of secondary text; on every background its contrast is at least 4.5."""

DEFAULTS = {"rule": "#808080", "row": "#808080 12%", "focused-row": "#808080 28%"}
"""Colours of rules and scroll bars, and of the current row, in a theme that does not name them.

Carrel's own are nearly grey, so that they stay dark, or light, on a terminal with 256 colours.
"""

DARK = Theme(
    name="carrel-dark",
    primary="#d7a65f",
    secondary="#7fa6c9",
    accent="#e2b269",
    foreground="#d8d5cf",
    background="#16171b",
    surface="#1e2026",
    panel="#353842",
    success="#8fb573",
    warning="#e0af68",
    error="#d9776c",
    dark=True,
    variables={
        "input-selection-background": "#4a4d57",
        "block-cursor-foreground": "#16171b",
        "rule": "#7b8090",
        "row": "#24262b",
        "focused-row": "#3b3833",
    },
)
LIGHT = Theme(
    name="carrel-light",
    primary="#6b4100",
    secondary="#2f5f8a",
    accent="#6b4100",
    foreground="#26282d",
    background="#faf8f4",
    surface="#f0ece4",
    panel="#d3ccbf",
    success="#335c1c",
    warning="#6b4100",
    error="#a5372b",
    dark=False,
    variables={"rule": "#857e71", "row": "#efece7", "focused-row": "#e5e1da"},
)

THEMES = (DARK, LIGHT)
