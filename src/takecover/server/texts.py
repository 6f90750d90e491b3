"""The words of the pages, in English and Ukrainian."""

from __future__ import annotations

WARDEN: dict[str, dict[str, str]] = {
    "en": {
        "title": "Warden",
        "exercise": "EXERCISE",
        "open": "Open",
        "full": "Full",
        "shut": "Shut",
        "people": "People inside",
        "send": "Send the count",
        "until": "This link is good until",
        "last": "Last sent",
        "nothing": "Nothing sent yet",
        "waiting": "Waiting for the network",
        "refused": "Not taken",
        "noscript": "This page needs JavaScript.",
        "no_link": "This link does not work",
        "ask": "Ask the duty officer for a new one.",
        "other": "Українською",
        "storage": "This phone keeps nothing in this browser: do not close the page while something waits.",
    },
    "uk": {
        "title": "Відповідальний за укриття",
        "exercise": "НАВЧАННЯ",
        "open": "Відчинено",
        "full": "Заповнено",
        "shut": "Зачинено",
        "people": "Людей усередині",
        "send": "Надіслати кількість",
        "until": "Посилання дійсне до",
        "last": "Надіслано востаннє",
        "nothing": "Ще нічого не надіслано",
        "waiting": "Чекає на мережу",
        "refused": "Не прийнято",
        "noscript": "Для цієї сторінки потрібен JavaScript.",
        "no_link": "Це посилання не працює",
        "ask": "Попросіть нове в оперативного чергового.",
        "other": "English",
        "storage": "Цей телефон нічого не зберігає в цьому браузері: не закривайте сторінку, доки щось чекає.",
    },
}
