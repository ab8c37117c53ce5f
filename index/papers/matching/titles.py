"""Titles of records: equal, alike, short, or the name of a kind of text."""

import re
from collections import Counter

from index.papers.identity import title_key, title_words
from index.text.folding import fold

MIN_SIMILARITY_PERCENT = 90.0
"""Minimum similarity of the titles of two records with equal DOIs."""

MAX_COMPARED_CHARS = 1_000
"""Longer titles are only compared for equality."""

SHORT_TITLE_WORDS = 3
"""Words of a title that several papers are likely to have."""

_SUBTITLE = re.compile(r"\s*(?:[:?!]|\.(?!\d)|\s[-\u2013\u2014]|\u2014)\s+|\s+\(")
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_NUMBER_WORDS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth one two three four five six"
    " seven eight nine ten".split()
)
_PART = re.compile(r"(?:part|volume|vol|chapter|section|no|nr|number|issue|appendix|lecture)\b")
_PART_LETTER = re.compile(r"\b(?:part|appendix|section|volume|type|class|vitamin)\s+([a-z])\b")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_KINDS = frozenset(
    """abstract abstracts acknowledgements acknowledgment acknowledgments acknowledgement addendum
    afterword announcement announcements annualreport annualreview appendix authorindex background
    backmatter bibliography bookreview bookreviews briefcommunication briefreport calendar
    casereport chapter colophon comment commentary comments conclusion conclusions
    concludingremarks contents contributors correction corrections correspondence corrigenda
    corrigendum cover coverimage dedication discussion editorial editorialboard editorialnote
    editorsintroduction editorsnote editorspreface epilogue errata erratum executivesummary
    finalreport firstpage foreword frommatter frontmatter fromtheeditor fromtheeditors
    generaldiscussion generalintroduction glossary guesteditorial guesteditorsintroduction
    guesteditorial highlights index inmemoriam inthisissue introduction introductiontotheissue
    introductiontothespecialissue introductorynote invitedtalk issueinformation keynote
    keynoteaddress keynotetalk lecturenotes letter lettertotheeditor letters letterstotheeditor
    listofreviewers masthead meetingreport messagefromtheeditor methods minutes monthlyreport news
    newsletter note notes notice obituary obituaries opinion outlook overview panel
    paneldiscussion perspective poster postscript preamble preface press pressrelease
    presidentsmessage proceedings progressreport prologue prospectus quarterlyreport references
    rejoinder relatedwork reply report response results retraction review reviews
    sessionintroduction shortcommunication specialissue statusreport subjectindex summary
    supplement symposium tableofcontents technicalreport thesis titlepage tutorial
    untitled viewpoint welcome whitepaper workshop workshopreport yearinreview
    vorwort einleitung zusammenfassung nachwort geleitwort jahresbericht inhalt inhaltsverzeichnis
    rezension nachruf bericht avantpropos resume rapportannuel rapport sommaire compterendu
    comptesrendus prefacio prologo introduccion resumen informeanual editoriale introduzione
    prefazione introducao resumo relatorioanual voorwoord inleiding jaarverslag
    предисловие введение заключение 序言 前言 序 引言 绪论 緒論 後記 后记 はじめに まえがき
    あとがき 巻頭言 目次""".split()
)
_ABOUT_ANOTHER = re.compile(
    r"(?:the |an? |some |our |author'?s'? |further )*(?:"
    r"(?:comments?|commentary|discussion|remarks?)(?: (?:on|to|of)\b|\s*:)"
    r"|(?:reply|replies|response|responses|rejoinder|letter|addendum|retraction)(?: to\b|\s*:)"
    r"|(?:erratum|errata|corrigend(?:um|a)|corrections?|retraction)(?: (?:to|for)\b|\s*:)"
    r"|(?:introduction|preface|foreword|welcome)(?: to| for) (?:the|this) (?:special|issue|volume"
    r"|proceedings|workshop|conference|symposium|section)\b"
    r"|(?:preface|foreword) to\b|editorial\s*:|(?:message|note|letter) from the\b"
    r"|proceedings (?:of|from)\b"
    r").*"
)
_PERIODIC = re.compile(
    r"(?:.*\b)?(?:annual|yearly|biennial|quarterly|monthly|weekly|progress|activity)"
    r" (?:reports?|reviews?|bulletin|newsletter|statistics|accounts)"
    r"(?: (?:of|for|to|on|by)\b.*|[\W\d_]*)"
    r"|(?:.*\b)?yearbook(?: (?:of|for)\b.*|[\W\d_]*)"
)
_LEADING = re.compile(r"(?:the|an?|our|guest)\s+")
_DATES = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter"
    r"|volume|vol|no|nr|number|issue|part|q[1-4]|fy)\b"
)


def are_alike(one: str, other: str) -> bool:
    """Return whether two titles are equal when folded, or one lacks the other's subtitle.

    Titles that are at least 90 % similar and have the same numerals are also alike.
    """
    from rapidfuzz import fuzz

    key, other_key = title_key(one), title_key(other)
    if key != other_key and max(len(one), len(other)) > MAX_COMPARED_CHARS:
        return False
    if key == other_key or _lacks_subtitle(one, other_key) or _lacks_subtitle(other, key):
        return True
    return (
        bool(fuzz.ratio(key, other_key, score_cutoff=MIN_SIMILARITY_PERCENT))
        and numerals(one) == numerals(other)
        and _signs(key) == _signs(other_key)
    )


def _lacks_subtitle(title: str, other_key: str) -> bool:
    """Return whether a title without a subtitle has a key; a number of a part is no subtitle."""
    for match in _SUBTITLE.finditer(title):
        rest = fold(title[match.end() :])
        words = title_words(rest)
        if title_key(title[: match.start()]) != other_key or not words:
            continue
        return not (_PART.match(rest) or words[0].isdigit() or _ROMAN.fullmatch(words[0]))
    return False


def numerals(title: str) -> "Counter[str]":
    """Return the numerals of a title: Arabic, Roman and in words, and the letters of parts."""
    folded = fold(title)
    words = title_words(folded)
    return Counter(
        [
            *(digits for word in words for digits in re.findall(r"\d+(?:\.\d+)*", word)),
            *(word for word in words if word in _NUMBER_WORDS or _ROMAN.fullmatch(word)),
            *_PART_LETTER.findall(folded),
        ]
    )


def _signs(key: str) -> str:
    return "".join(re.findall(r"[+#]+", key))


def is_short(title: str) -> bool:
    """Return whether a title has three words or fewer; two characters of Chinese are a word."""
    wide = len(_WIDE.findall(title))
    return len(title_words(_WIDE.sub(" ", title))) + wide // 2 <= SHORT_TITLE_WORDS


def names_kind(title: str) -> bool:
    """Return whether a title only names a kind of text: Editorial, Annual Report, Comment on …"""
    folded = " ".join(fold(title).split())
    words = [
        word
        for word in title_words(_LEADING.sub("", _DATES.sub(" ", folded), count=1))
        if not word.replace(".", "").isdigit() and not _ROMAN.fullmatch(word)
    ]
    if not words or "".join(words) in _KINDS:
        return True
    return bool(_ABOUT_ANOTHER.fullmatch(folded) or _PERIODIC.fullmatch(folded))
