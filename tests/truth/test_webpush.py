"""Web Push against the worked example of RFC 8291, and proofs of who we are checked by another road."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from takecover.errors import InputError
from takecover.feeds import webpush
from takecover.feeds.webpush import Sender, keys, packed, seal, unpacked

PAYLOAD = b"When I grow up, I want to be a watermelon"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unpacked(text), "big"), ec.SECP256R1())


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    assert packed(seal(PAYLOAD, keys(P256DH, AUTH), unpacked(SALT), _private(OURS))) == SEALED


def test_the_proof_of_who_we_are_is_signed_for_one_machine_and_a_stated_time() -> None:
    sender = Sender(webpush.made_key(), "mailto:duty@city.example")
    header = sender.authorization("https://push.example:8443/abc?x=1", 1_800_000_000)
    scheme, _, rest = header.partition(" ")
    token, _, key = rest.removeprefix("t=").partition(", k=")
    head, claims, signature = token.split(".")
    assert (scheme, key) == ("vapid", sender.public_key)
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unpacked(claims)) == {
        "aud": "https://push.example:8443",
        "exp": 1_800_043_200,
        "sub": "mailto:duty@city.example",
    }
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))
    raw = unpacked(signature)
    signed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_a_topic_and_a_lifetime_keep_to_what_services_take() -> None:
    sender = Sender(webpush.made_key(), "https://city.example/contact")
    found = webpush.headers(sender, "https://push.example/a", 1_800_000_000, -5, "request-1")
    assert (found["TTL"], found["Urgency"], len(found["Topic"])) == ("0", "high", 32)
    other = webpush.headers(sender, "https://push.example/b", 1_800_000_000, 60, "request-2")
    assert other["Topic"] != found["Topic"]


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", AUTH), (P256DH, ""), (P256DH[:-4], AUTH), ("B" * 87, AUTH), (P256DH, AUTH + "AAAA"), ("ä", AUTH)],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(InputError, match="Send what the browser gave"):
        keys(p256dh, auth)


@pytest.mark.parametrize(
    ("key", "contact", "fault"),
    [
        ("", "mailto:a@b.example", "push key"),
        ("AAAA", "mailto:a@b.example", "push key"),
        (OURS, "a@b.example", "TAKECOVER_PUSH_CONTACT"),
        (OURS, "mailto:nobody", "TAKECOVER_PUSH_CONTACT"),
    ],
)
def test_a_sender_without_a_key_or_a_contact_is_refused(key: str, contact: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        Sender(key, contact)


def test_a_payload_that_no_service_takes_is_refused() -> None:
    with pytest.raises(InputError, match="at most 3,900"):
        seal(b"x" * 3_901, keys(P256DH, AUTH), unpacked(SALT), _private(OURS))
