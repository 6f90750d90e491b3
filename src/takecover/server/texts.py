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
        "not_built": "This server lacks the scripts of its pages: the buttons do nothing. Call the duty officer.",
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
        "not_built": "Цей сервер встановлено без скриптів сторінок: кнопки не діють. Зателефонуйте черговому.",
        "no_link": "Це посилання не працює",
        "ask": "Попросіть нове в оперативного чергового.",
        "other": "English",
        "storage": "Цей телефон нічого не зберігає в цьому браузері: не закривайте сторінку, доки щось чекає.",
    },
}

LOGIN: dict[str, dict[str, str]] = {
    "en": {
        "title": "Log in",
        "exercise": "EXERCISE: nothing here is real",
        "user": "User",
        "password": "Password",
        "enter": "Log in",
        "wrong": "User and password do not fit.",
        "slow": "Too many tries. Wait a minute, then try again.",
        "other": "Українською",
    },
    "uk": {
        "title": "Вхід",
        "exercise": "НАВЧАННЯ: тут немає нічого справжнього",
        "user": "Користувач",
        "password": "Пароль",
        "enter": "Увійти",
        "wrong": "Користувач і пароль не збігаються.",
        "slow": "Забагато спроб. Зачекайте хвилину й спробуйте знову.",
        "other": "English",
    },
}
