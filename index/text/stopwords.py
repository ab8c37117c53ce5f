"""Stop words: one base list, extended step by step for the texts that it is used on."""

SLUG_STOP_WORDS = frozenset("a an the of for and on to with by from is are at as via".split())
"""Words left out of an id generated from a title; changing them would change ids."""

TITLE_STOP_WORDS = SLUG_STOP_WORDS | frozenset("in its it be do does using or".split())
"""Words ignored when titles are compared; "no" and "not" distinguish titles."""

STOP_WORDS = TITLE_STOP_WORDS - {"via", "using"} | frozenset(
    """
    been being but can could did had has have having he her here his how however i if into
    itself just may me might more most must my no nor not once only other our out over own same
    she should so some such than that their them then there these they this those through thus
    too under until up upon us very was we were what when where which while who whom whose why
    will would you your
    """.split()
)
"""Words that are not indexed outside phrases: function words found in nearly every abstract."""


def stop_words_with(prefix: str) -> list[str]:
    """Return the stop words that begin with a prefix, in alphabetical order."""
    return sorted(word for word in STOP_WORDS if word.startswith(prefix))


# Words common in abstracts of any subject.
_VERBS = """
    achieve address adopt aim allow analyze apply argue assess attempt become bring build call
    combine compare compose conduct consider consist construct contribute create deal define
    demonstrate depend derive describe determine develop differ discuss employ enable ensure
    establish evaluate examine exhibit exist explain explore extend facilitate find focus follow
    give go grow help identify implement improve include incorporate increase indicate introduce
    investigate involve keep lack lead let leverage mean motivate need observe obtain occur
    offer operate outperform overcome perform present produce propose prove provide reach reduce
    relate rely remain require reveal seek serve show solve start study suffer suggest take tend
    try use utilize vary want work yield
"""

_OTHER_WORDS = """
    ability able about above according across actual additional additionally after again against
    almost along already although always among another any approach approaches around available
    aware based because before behind best better between beyond both capability capabilities
    case cases challenge challenges challenging clear clearly common commonly comparable
    competitive complete comprehensive consistent consistently contribution contributions
    critical crucial current currently deeper despite detailed different difficult due during
    each easily easy effective effectively effectiveness efficient efficiently eight either
    emerging end enhanced especially essential etc even ever every example examples experiment
    experimental experiments extensive extensively far finally findings first five found four
    framework frameworks full fully fundamental further furthermore future general generally
    given goal good great greater greatly hand hard hence here high higher highest highly idea
    impact important improvement improvements increasingly indeed individual initial insight
    insights instead interest interesting issue issues key known large-scale largely last later
    least led less level like likely limitation limitations limited little longer lower made
    main mainly major make makes many meanwhile method methods methodology moreover mostly much
    multiple namely near nearly necessary never nevertheless new next nine notably novel now
    number numerous often ones open-source order overall paper papers particular particularly
    per perhaps popular possible potential potentially powerful practical practice previous
    previously primarily primary principled prior problem problems promising purpose question
    questions quite range rather really recent recently regarding relatively relevant remarkable
    respectively result results rich robust robustly role second seen set sets seven several
    shown significance significant significantly similar similarly simple simply since single
    six small-scale solution solutions specific specifically state-of-the-art still strong
    substantial substantially successful successfully suitable superior survey systematic
    systematically task tasks ten therefore third three thus together total toward towards two
    type types typical typically underlying unexplored unified unlike useful usually valuable
    variety various vast versatile via well whereas whether whole wide widely within without
    world yet learn learns learned understand understands
"""


def _inflect(verb: str) -> tuple[str, ...]:
    """Return the forms of a regular verb."""
    third = f"{verb[:-1]}ie" if verb.endswith("y") and verb[-2] not in "aeiou" else verb
    return verb, f"{third}s", f"{third.removesuffix('e')}ed", f"{verb.removesuffix('e')}ing"


PHRASE_STOP_WORDS = frozenset(
    {
        *STOP_WORDS,
        *_OTHER_WORDS.split(),
        *(form for verb in _VERBS.split() for form in _inflect(verb)),
    }
)
"""Words that end a phrase: function words, and words common in abstracts."""

SHARED_TERM_STOP_WORDS = PHRASE_STOP_WORDS | frozenset(
    """
    advance all also art article aspect away below benefit certain come comparison consider
    contain correspond direct fact few highlight illustrate put report see sometimes
    stateoftheart tackle technique thing versus way
    """.split()
)
"""Words, compared by stem, that are not shown as shared terms of two papers."""

SUBJECT_WORDS = frozenset(
    """
    build call competitive complete compose construct create critical defining depend derive end
    explain full future general goal grow hand hard higher impact implement individual initial
    interest key large large-scale learn level lower mean multiple numerous operate order power
    practice principled problem produce question range reach relate relevant rich robust role
    second set single solution success survey systematic task type unified world
    """.split()
)
"""Stop words of phrases that share their stem with a subject, as "relate" with "relation"."""
