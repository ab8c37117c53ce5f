"""Journal references of arXiv papers."""

import pytest

from index.formats.records.references import journal


@pytest.mark.parametrize(
    ("reference", "venue"),
    [
        ("Phys.Rev.D76:013009,2007", "Phys.Rev.D"),
        ("Phys. Rev. D 76, 013009 (2007)", "Phys. Rev. D"),
        ("Nature 586, 378 (2020)", "Nature"),
        (
            "Journal of Machine Learning Research 21 (2020) 1-67",
            "Journal of Machine Learning Research",
        ),
        ("Desks, vol. 12, no. 3, pp. 1-10, 2020", "Desks"),
        (
            "Proc. 2023 IEEE Conference on Desks (ICD), pp. 66-69",
            "Proc. 2023 IEEE Conference on Desks (ICD)",
        ),
        ("In Proc. Desks (ISSTA 2020), pages 14-26. ACM, 2020", "Proc. Desks (ISSTA 2020)"),
        ("InProceedings of Desks 2022 Jul 18 (pp. 289-301)", "Proceedings of Desks 2022 Jul 18"),
        ("Meeting on Desks, Lisbon, May 24, 2015", "Meeting on Desks, Lisbon, May 24, 2015"),
        ("NeurIPS 2020", "NeurIPS 2020"),
        ("NeurIPS 2020, 33", "NeurIPS 2020, 33"),
        ("International Conference on Learning Representations, 2021",) * 2,
        ("2022 IEEE Conference on Desks (IC2E 2022)",) * 2,
        ("12, 34 (2001)",) * 2,
        ("", ""),
    ],
)
def test_venue_ends_before_volume_and_pages(reference: str, venue: str) -> None:
    assert journal(reference) == venue
