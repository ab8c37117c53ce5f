"""`Name`, a person or body in its parts, as CSL 1.0.2 divides them.

https://docs.citationstyles.org/en/stable/specification.html#names and
https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json

Many sources give names as plain text, `Ada Lovelace`. Such a name has no parts until a format needs
them: `guess_name` then returns the likeliest ones. A `literal` is a name that its source says has
no parts, such as an organization, and is never divided.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.papers.json_values import text
from index.text.cleaning import clean
from index.text.folding import fold
from index.text.latex.reading import readable

PARTICLES = frozenset(
    "van von der den de del della di da do dos das du la le el al bin ibn ben ter ten te zu zum zur"
    " af av vom vander los d' st.".split()
)
"""Words in lower case that belong to a family name without being its first letter in sorting."""

_SUFFIX = re.compile(r"(?:jr|sr|[2-4](?:nd|rd|th)|ii|iii|iv|ph\.?d|m\.?d|esq)\.?", re.I)
_COMPANY = re.compile(
    r",\s*(?:(?:inc|incorporated|ltd|limited|llc|llp|corp|gmbh|plc|ag|bv)\.?|co\.|s\.?a\.|n\.v\.)$",
    re.I,
)
_BODY = re.compile(
    r"\b(?:academy|agency|alliance|association|centers?|centre|collaborations?|college"
    r"|commission|committee|community|company|consortium|corporation|council|department|federation"
    r"|foundation|government|group|inc|initiative|institutes?|institution|investigators"
    r"|laborator(?:y|ies)|labs?|ltd|ministry|network|organi[sz]ation|partnership"
    r"|programme|project|research|society|team|university|working)\b|^the\b|\(",
    re.I,
)
_JOINED = re.compile(r"(?:^|\s)(?:and|&)(?:\s|$)", re.I)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_OTHERS = re.compile(r"\W*(?:et\.? al\.?|others|and others|u\. ?a\.)\W*", re.I)
_LETTERS = re.compile(r"[^\W_]+")

PARTS = ("family", "given", "non-dropping-particle", "dropping-particle", "suffix", "literal")
"""The parts of a name in CSL, in the order of the fields of `Name`."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts, or a `literal` without parts; all text is clean.

    A `non_dropping_particle` (van, de la) stands before the family name everywhere, a
    `dropping_particle` only after the given name. `comma_suffix` is whether a comma precedes the
    suffix: King, Jr.
    """

    family: str = ""
    given: str = ""
    non_dropping_particle: str = ""
    dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""
    comma_suffix: bool = False

    def __str__(self) -> str:
        """Return the name in natural order: Ludwig van Beethoven, 毛泽东."""
        if self.literal:
            return self.literal
        if self.given and _HAN.fullmatch(self.family) and _HAN.fullmatch(self.given):
            return self.family + self.given
        whole = " ".join(filter(None, (self.given, self.dropping_particle, self.last)))
        if not self.suffix:
            return whole
        return f"{whole}{',' if self.comma_suffix else ''} {self.suffix}"

    @property
    def last(self) -> str:
        """The family name with its particle, or the literal: de la Vallée Poussin."""
        if self.literal:
            return self.literal
        joint = "" if self.non_dropping_particle.endswith(("'", "’")) else " "
        return f"{self.non_dropping_particle}{joint}{self.family}".strip()

    @property
    def first(self) -> str:
        """The given name with the particle that follows it: Maria Manuel de."""
        return f"{self.given} {self.dropping_particle}".strip()

    @property
    def inverted(self) -> str:
        """The name as `Last, First, Suffix`, the form of RIS, MEDLINE and CSV."""
        if self.literal:
            return self.literal
        return ", ".join(filter(None, (self.last, self.first, self.suffix)))


def from_csl(shape: Mapping[str, object]) -> Name | None:
    """Return the name of a CSL object; None if it is empty.

    A family name in straight quotes is taken without them, as citation processors do.
    """
    literal = clean(text(shape, "literal", "name"))
    family, given, particle, dropping, suffix = (clean(text(shape, part)) for part in PARTS[:-1])
    family = family.strip('"').strip()
    if literal and not family:
        return Name(literal=literal)
    if not family:
        return Name(family=given, suffix=suffix) if given else None
    comma = bool(suffix) and shape.get("comma-suffix") in (True, "true", 1, "1")
    return Name(family, given, particle, dropping, suffix, comma_suffix=comma)


def to_csl(name: Name) -> dict[str, object]:
    """Return a name as a CSL object, which `from_csl` reads back."""
    values = (name.family, name.given, name.non_dropping_particle, name.dropping_particle,
              name.suffix, name.literal)  # fmt: skip
    shape: dict[str, object] = {part: v for part, v in zip(PARTS, values, strict=True) if v}
    if name.comma_suffix:
        shape["comma-suffix"] = True
    return shape


def parse_inverted(written: str) -> Name:
    """Return the name written as `Last, First` or `Last, First, Suffix`.

    Without a comma, or with one that ends it or precedes a company's form (Inc.), the name is
    literal. Two commas in place of the first stand for a comma within a literal, as in EndNote.

    >>> parse_inverted("de la Vallée Poussin, Charles").non_dropping_particle
    'de la'
    """
    written = " ".join(written.split()).strip("; ")
    if ",," in written:
        return Name(literal=clean(written.replace(",,", ",", 1)))
    written = written.rstrip(",").rstrip()
    if "," not in written or _COMPANY.search(written):
        return Name(literal=clean(written))
    family, given, *rest = (clean(part) for part in written.split(",", 2))
    suffix = rest[0] if rest else ""
    comma = False
    if suffix and is_suffix(given):  # BibTeX's order
        given, suffix = suffix, given
    elif suffix and not is_suffix(suffix):
        given, suffix = f"{given}, {suffix}", ""
    elif not suffix and is_suffix(given) and " " in family:  # Ada Lovelace, Jr.
        base = guess_name(family)
        return Name(base.family, base.given, base.non_dropping_particle, "", given,
                    comma_suffix=True)  # fmt: skip
    elif not suffix:
        words = given.split()
        if len(words) > 1 and is_suffix(words[-1]) and words[-1].lower() != "md":
            given, suffix = " ".join(words[:-1]), words[-1]  # PubMed's order
    return build_name(family, given, suffix, comma_suffix=comma)


def build_name(
    family: str, given: str = "", suffix: str = "", *, comma_suffix: bool = False
) -> Name:
    """Return a name from a family name that may begin with particles, and a given name.

    Only words in lower case are particles: `van Assche` has one, `Van Assche` none. Particles that
    end the given name (Oliveira, Maria Manuel de) are dropping ones.
    """
    words, start = family.split(), 0
    while start < len(words) - 1 and words[start] in PARTICLES:
        start += 1
    firsts = given.split()
    end = len(firsts)
    while end > 1 and firsts[end - 1] in PARTICLES:
        end -= 1
    return Name(
        clean(" ".join(words[start:])),
        clean(" ".join(firsts[:end])),
        clean(" ".join(words[:start])),
        clean(" ".join(firsts[end:])),
        clean(suffix),
        comma_suffix=comma_suffix and bool(suffix),
    )


def readable_name(name: Name) -> Name:
    r"""Return a name with the LaTeX in it decoded: `M{\"u}ller`."""
    if "\\" not in f"{name.family}{name.given}{name.literal}":
        return name
    return replace(
        name,
        family=readable(name.family),
        given=readable(name.given),
        literal=readable(name.literal),
    )


def guess_name(written: str) -> Name:
    """Return the likeliest parts of a name in natural order: Ludwig van Beethoven Jr.

    The last word, with the particles before it, is the family name. One word is a family name;
    the name of an organization, and text with several commas, are literal.
    """
    written = clean(written)
    front, comma, end = written.rpartition(",")
    if _BODY.search(written) or (comma and "," in front):
        return Name(literal=written)
    if comma and not (front and is_suffix(end.strip())):
        return parse_inverted(written)
    words = (front or written).split()
    suffix = end.strip() if comma else ""
    if not suffix and len(words) > 2 and is_suffix(words[-1]):
        suffix = words.pop()
    if not words or _JOINED.search(written):
        return Name(literal=written)
    if len(words) == 2 and not suffix and all(map(_HAN.fullmatch, words)):
        return Name(words[0], words[1])  # 山田 太郎
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return Name(words[-1], " ".join(words[:start]), " ".join(words[start:-1]), "", suffix,
                comma_suffix=bool(comma))  # fmt: skip


def family_name(author: str) -> str:
    """Return the likeliest family name of an author in natural order, without particles."""
    name = guess_name(author)
    return name.literal or name.family


def name_key(name: Name) -> str:
    """Return the folded letters and digits of a family name or literal, for keys and comparison."""
    return "".join(_LETTERS.findall(fold(name.literal or name.family)))


def is_suffix(words: str) -> bool:
    """Return whether words are a suffix: Jr., III; Md is short for Mohammed, MD the degree."""
    bare = words.strip()
    return bool(_SUFFIX.fullmatch(bare)) and bare.strip(".") != "Md"


def is_others(written: str) -> bool:
    """Return whether a text stands for further names: et al., others."""
    return bool(_OTHERS.fullmatch(written))
