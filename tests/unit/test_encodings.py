"""Encodings are told by how well the letters fit; what is broken or mixed is refused with its lines."""

from __future__ import annotations

import pytest

from takecover.errors import InputError
from takecover.io.encodings import decode

LISTS = {
    "uk": "Район;Адреса;Вид укриття;Місткість\nГолосіївський;вул. Антоновича, 18-А;Підвал;120\n",
    "he": "כתובת;סוג מקלט;קיבולת\nרחוב הרצל 5;מקלט;40\nשדרות רגר;מיגונית;12\n",
    "sv": "Gatuadress;Antal platser\nÅsgatan 4;100\nVäderkvarnsgatan;50\nÖstra Ågatan;5\n",
    "nb": "Adresse;Plasser\nKirkegårdsveien;50\nSærskilt i Grünerløkka;30\n",
    "pl": "Ulica;Pojemność\nŻeromskiego w Śródmieściu;50\nZaręba Łąkowa;20\n",
    "et": "Aadress;Mahutavus\nPõhja pst;50\nŠoti tänav;20\nŽilina üks;3\n",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *[("uk", e) for e in ("cp1251", "koi8_u", "cp1125", "mac_cyrillic", "utf-16", "utf-16-le", "utf-16-be")],
        *[("he", e) for e in ("cp1255", "iso8859_8", "cp862", "utf-8-sig")],
        *[("sv", e) for e in ("cp1252", "latin-1", "cp865", "mac_roman")],
        *[("nb", e) for e in ("cp1252", "cp865", "utf-8")],
        *[("pl", e) for e in ("cp1250", "iso8859_2", "cp852", "cp1257", "utf-32")],
        *[("et", e) for e in ("cp1257", "iso8859_15", "cp1252")],
    ],
)  # fmt: skip
def test_a_list_reads_the_same_in_every_encoding_of_its_country(language: str, encoding: str) -> None:
    assert decode(LISTS[language].encode(encoding), "list").text == LISTS[language]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "a;б\nв;г\n".encode() + "д;Київ\n".encode("cp1251"),
            "2 lines are UTF-8 and 1 are not (first: line 3)",
        ),
        (b"\xef\xbb\xbfa;b\n1;\xd0\n", "line 2 is not UTF-8, as its first bytes say"),
        (b"\xff\xfea", "is not UTF-16, as its first bytes say"),
        (b"a;b\n1;\x00\n", "holds zero bytes"),
        ("a;b\n\x00;2\n".encode("utf-16"), "holds zero bytes"),
        (b"a;b\n1;\xb5\x98\xfc\x87\xe3\xee\x80\xf2\n", "line 2 is in no encoding"),
    ],
)
def test_broken_and_mixed_letters_are_refused_with_their_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "list")
    assert said in str(caught.value)


def test_only_a_guess_is_called_one() -> None:
    assert not decode("Київ".encode(), "list").is_guessed
    assert decode("Київ".encode("koi8_u"), "list") == ("Київ", "koi8_u", True)
