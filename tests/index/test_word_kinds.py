"""Words of every kind are found as readers write them."""

from collections.abc import Iterator

import pytest

from index import Library, Paper

TITLES = {
    "ja": "統計的機械翻訳の評価手法",
    "zh": "基于图神经网络的推荐系统ABC",
    "ko": "한국어 음성인식을 위한 데이터",
    "th": "การแปลภาษาด้วยเครื่อง",
    "hi": "हिंदी पाठ का विश्लेषण",
    "fa": "بازیابی می\u200cشود",
    "cpp": "Templates in C++",
    "csharp": "Generics in C# and F#",
    "net": "Services on .NET",
    "c": "Pointers in the C language",
    "nfkb": "NF-κB in cells",
    "kappa": "Roles of NF-kappaB",
    "latin": "The NF-kB signal",
    "alpha": "α-helices",
    "number": "A corpus of 3,200,000 words",
    "neural": "Neural word2vec",
    "plan": "Plan A for cities",
    "plans": "Plan B, a city",
    "at": "At it again",
    "who": "WHO reports",
    "llama": "Llama3 tuning",
    "llama-3": "Finetuning of Llama 3",
    "fine": "Fine tuning at scale",
    "phi": "Phi 2.5 Vision",
    "switch": "Codeswitching of speakers",
    "reformer": "The Reformer and one performer",
    "performing": "Performance as performed",
}  # fmt: skip
AUTHORS = {"at": ("Grace Hopper",)}
YEARS = {"at": 1987}
PAPERS = [
    Paper(title, id=key, authors=AUTHORS.get(key, ()), year=YEARS.get(key))
    for key, title in TITLES.items()
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("kinds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        with Library.open(home / "library") as library:
            library.add(PAPERS, "page")
            library.index.sync()
            yield library


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        # parts of runs without spaces
        ("機械翻訳", "ja"), ("評価", "ja"), ("訳", "ja"), ('"翻訳の評価"', "ja"),
        ("神经网络", "zh"), ("推荐", "zh"), ("ABC", "zh"), ("系统ABC", "zh"),
        ("음성", "ko"), ("인식", "ko"), ("ภาษา", "th"), ("เครื่อง", "th"), ("हिंदी", "hi"),
        ("翻機", ""),
        # joiners
        ("می\u200cشود", "fa"), ("میشود", "fa"),
        # signs are part of some words
        ("C++", "cpp"), ("c#", "csharp"), ("F#", "csharp"), (".net", "net"), ("C", "c"),
        # Greek letters, their names, and the Latin letters written in their place
        ("NF-κB", "nfkb kappa latin"), ("NF-kB", "nfkb latin"), ("nf-kappab", "nfkb kappa"),
        ("alpha", "alpha"), ("α", "alpha"),
        # digit groups
        ("3200000", "number"), ("3,200,000", "number"),
        # wildcards
        ("neur?l", "neural"), ("wo*d2vec", "neural"), ("*2vec", "neural"), ("n?ur*", "neural"),
        ("author:h?pper", "at"), ("nosuch?word", ""),
        # a wildcard finds no other words by their stems, unless there is nothing else
        ("*former", "reformer"), ("p?rformer", "performing reformer"),
        # a number after a fuzzy word, as others write it
        ("neurla~2", "neural"), ("neurla~", "neural"),
        # letters apart from digits; hyphens of other kinds
        ("phi2.5", "phi"), ("phi-2.5", "phi"), ("phi2.5-vision", "phi"), ("phi2-vision", ""),
        ("code_switching", "switch"), ("code–switching", "switch"), ("2.5_vision", "phi"),
        # every word counts within quotes
        ('"plan a"', "plan"), ('"plan B, a"', "plans"), ('"a plan"', ""), ('"at it again"', "at"),
        # stop words are found if there are no other words
        ("who", "who"), ("WHO", "who"), ("title:it", "at"), ("at it", "at"),
        ("the plan", "plan plans"),
        ("title:it plan", ""),
        # joined forms
        ('"llama 3"', "llama llama-3"), ('"llama3"', "llama llama-3"),
        ('"llama-3"', "llama llama-3"),
        ('"fine tuning"', "fine llama-3"), ('"finetuning of llama3"', "llama-3"),
        # authors and years
        ("hopper", "at"), ("hopper 1987", "at"), ("hopp* again", "at"), ("-hopper again", ""),
    ],
)  # fmt: skip
def test_search_kind_of_word_finds_its_papers(shelf: Library, query: str, ids: str) -> None:
    results = shelf.search(query)
    assert sorted(hit.id for hit in results.hits if hit.match == "all") == sorted(ids.split())


@pytest.mark.parametrize(
    "query", [*'*?."', "a?", "*a*", '"the', '"a b', "C+", "C++*", ".n", "学*", "a*b*c*d*e*"]
)
def test_search_half_typed_word_is_not_an_error(shelf: Library, query: str) -> None:
    for end in range(1, len(query) + 1):
        shelf.search(query[:end], typing=True)
        shelf.search(f"plan {query[:end]}", typing=True)


def test_search_long_run_without_spaces_is_bounded(shelf: Library) -> None:
    results = shelf.search(TITLES["ja"] + "語" * 9_000)
    assert results.full == 0
