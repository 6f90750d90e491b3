"""The words of the officer's screen, by language."""

from __future__ import annotations

from takecover.server import office_texts_en, office_texts_uk

OFFICE = {"en": office_texts_en.TEXTS, "uk": office_texts_uk.TEXTS}
