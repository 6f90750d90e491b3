"""Who takes gzip, by the words and weights of Accept-Encoding."""

from __future__ import annotations

import pytest

from takecover.server.accepting import takes_gzip


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("deflate, GZIP;q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("br;q=1, *;q=0.1", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, identity", False),
        ("br, gzip ;Q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("not-gzip", False),
        ("gzip;q=odd", False),
        ("gzip;q=nan", False),
    ],
)
def test_gzip_is_taken_by_those_who_name_it_with_a_weight_above_nothing(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes
