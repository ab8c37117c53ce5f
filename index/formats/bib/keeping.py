"""The fields of an entry as they were imported, so that an export restores them.

A field is kept if no variable holds it, or if it is written otherwise than an export would: in
LaTeX of its own, or under another name. A kept field is written again only if it still says what
the paper says, and only if it is harmless (`is_safe`): accents, letters and fonts, but no commands
that could do anything else.
"""

import re
from collections.abc import Mapping

from index.formats.bib.entries import BibRecord
from index.formats.bib.fields import field_for, variables_of
from index.papers.citation import KeptFields

MAX_KEPT_CHARS = 4_000

VERBATIM = frozenset("url doi eprint file pdf local-url urlraw howfile ee link adsurl".split())
"""Fields that hold links, identifiers or paths, not text."""

NOTES = ("annote", "annotation", "annotations", "review")
READ_STATES = frozenset(("readstatus", "read"))
MARKS = READ_STATES | frozenset("groups mendeley-groups mendeley-tags tags".split())
"""Fields that come in as marks of the reader."""

_NEVER = frozenset(("abstract", "xdata"))
_PLAIN = re.compile(r"(?!.*(?:--|``|''))[\x20-\x5b\x5d-\x7a]*")  # no braces, tilde or accents
_PAGES = re.compile(r"[\w.:+]+(?:--[\w.:+]+)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_COMMAND = (
    r"\\(?:[\"'`^~=.](?:[A-Za-z]|\{(?:\\?[A-Za-z]|\\[\"'`^~=.]\{?\\?[A-Za-z]\}?)?\})"
    r"|[uvHtcdbkrh](?:\{(?:\\?[A-Za-z]{1,2}|\\[\"'`^~=.uvH] ?\{?\\?[A-Za-z]\}?)\}|\ [A-Za-z])"
    r"|(?:o|O|l|L|i|j|ss|ae|AE|oe|OE|aa|AA|dh|DH|dj|DJ|ng|NG|th|TH|S|P|dag|ddag|copyright|pounds"
    r"|textendash|textemdash|textquoteright|textquoteleft|textquotedblleft|textquotedblright"
    r"|guillemotleft|guillemotright|textregistered|texttrademark|textdegree|ldots|dots|TeX|LaTeX"
    r"|textasciitilde|textunderscore|textless|textgreater|slash|relax|noopsort|em|it|bf|sc|tt)"
    r"(?![A-Za-z])"
    r"|(?:emph|text(?:it|bf|sc|tt|rm|sf|sl|up|superscript|subscript)|mbox|underline)(?=\{)"
    r"|[&%#_$ ,/-])"
)
_MATH = (
    r"\$(?:[A-Za-z0-9 +=<>()\[\].,:;/|!?'*^_{}-]|\\(?:alpha|beta|gamma|delta|epsilon|varepsilon"
    r"|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta"
    r"|Lambda|Pi|Sigma|Phi|Psi|Omega|langle|rangle|leq?|geq?|neq?|ll|gg|sim|simeq|approx|equiv|times"
    r"|pm|mp|cdot|to|rightarrow|leftarrow|Rightarrow|infty|circ|ell|star|prime|partial|nabla|sum"
    r"|prod|int|in|subset|cup|cap|propto|ldots|cdots|sqrt|frac|log|exp|min|max|mathrm|mathbf|mathit"
    r"|mathcal|mathbb|mathsf|hat|bar|tilde|vec|dot|overline)(?![A-Za-z])|\\[{},; ]){1,200}\$"
)
_SAFE = re.compile(rf"(?:{_COMMAND}|{_MATH}|[^\\$%#&_^\x00-\x1f\x7f])*", re.DOTALL)
_SAFE_VERBATIM = re.compile(r"(?:[^\\\x00-\x1f\x7f]|\\[^A-Za-z{}\x00-\x1f])*", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_+:.-]{0,60}")


def kept_fields(record: BibRecord, usual: Mapping[str, str], *, preprint: bool) -> KeptFields:
    """Return the entry type and the fields that an export would not restore unchanged.

    `usual` has the fields that do not depend on the type as an export would write them.
    """
    fields: list[tuple[str, str]] = []
    for name, values in record.fields.items():
        for value in values:
            raw = value.strip() if name in NOTES else " ".join(value.split())
            if not raw or name in _NEVER or raw == usual.get(name) or len(raw) > MAX_KEPT_CHARS:
                continue
            venue = variables_of(record.kind).get(name) == "container-title"
            if (preprint and venue) or not _is_usual(record, name, raw):
                fields.append((name, raw))
    return KeptFields("bibtex", record.kind, tuple(fields))


def _is_usual(record: BibRecord, name: str, raw: str) -> bool:
    """Return whether an export would write a field under the same name in the same way."""
    if name == "title":
        return "subtitle" not in record.fields and bool(_PLAIN.fullmatch(raw))
    if name == "year":
        return bool(_YEAR.fullmatch(raw)) and "date" not in record.fields
    variables = variables_of(record.kind)
    variable = variables.get(name, "")
    both = (field_for(variable, record.kind, biblatex=dialect) for dialect in (False, True))
    if name not in both or sum(variables.get(other) == variable for other in record.fields) > 1:
        return False
    return bool(_PAGES.fullmatch(raw) if variable == "page" else _PLAIN.fullmatch(raw))


def is_safe(name: str, raw: str) -> bool:
    """Return whether a kept value can be written as it came."""
    pattern = _SAFE_VERBATIM if is_verbatim(name) else _SAFE
    # ^^5c is a backslash to TeX.
    return "^^" not in raw and bool(pattern.fullmatch(raw)) and _is_balanced(raw)


def is_note(name: str) -> bool:
    """Return whether a field holds a private note."""
    return name in NOTES or name.startswith("comment")


def is_verbatim(name: str) -> bool:
    """Return whether a field holds a link, an identifier or a path."""
    return name in VERBATIM or name.startswith("bdsk-")


def is_field_name(name: str) -> bool:
    """Return whether a text can be the name of a field."""
    return bool(_NAME.fullmatch(name))


def _is_balanced(raw: str) -> bool:
    depth = 0
    for sign in raw:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0
