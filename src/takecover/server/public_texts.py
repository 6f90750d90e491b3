"""The words of the public page and of its part on pushes, in English and Ukrainian."""

from __future__ import annotations

PUBLIC: dict[str, dict[str, str]] = {
    "en": {
        "exercise": "EXERCISE · nothing here is real",
        "modelled": "A made-up city, for practice: do not use it in a raid.",
        "city_on": "Air raid alert",
        "city_none": "No alert",
        "city_unknown": "It is not known whether there is an alert",
        "on": "Alert",
        "none": "No alert",
        "unknown": "Unknown",
        "silence": "Unknown is not an all-clear. While it is unknown, act as if there were an alert.",
        "districts": "Districts",
        "map": "Map of shelters",
        "map_hint": "A small ring is a shelter of which nothing was heard.",
        "shelters": "Shelters, as last heard",
        "none_known": "Nothing has been heard of any shelter yet.",
        "more": "Only the first 60 are listed; all are on the map.",
        "open": "Open",
        "filling": "Filling",
        "full": "Full",
        "shut": "Shut",
        "old": "old",
        "expired": "no longer holds",
        "cancelled": "taken back",
        "notices": "Notices",
        "as_of": "last heard",
        "journal_away": "The server cannot reach its records: what you see may be old.",
        "noscript": "Without JavaScript this page does not turn by itself: load it again.",
        "not_built": "This server was installed without the scripts of its pages: there is no map, and the page "
        "does not turn by itself. Load it again.",
        "no_trace": "This page asks nothing about you and does not know where you are.",
        "other": "Українською",
    },
    "uk": {
        "exercise": "НАВЧАННЯ · усе тут несправжнє",
        "modelled": "Вигадане місто для навчань: не користуйтеся ним під час тривоги.",
        "city_on": "Повітряна тривога",
        "city_none": "Тривоги немає",
        "city_unknown": "Невідомо, чи є тривога",
        "on": "Тривога",
        "none": "Немає тривоги",
        "unknown": "Невідомо",
        "silence": "«Невідомо» — це не відбій. Доки невідомо, дійте як під час тривоги.",
        "districts": "Райони",
        "map": "Мапа укриттів",
        "map_hint": "Маленьке кільце — укриття, про яке ще нічого не повідомляли.",
        "shelters": "Укриття за останніми повідомленнями",
        "none_known": "Про жодне укриття ще нічого не повідомляли.",
        "more": "Тут лише перші 60; на мапі — усі.",
        "open": "Відчинено",
        "filling": "Заповнюється",
        "full": "Заповнено",
        "shut": "Зачинено",
        "old": "давнє",
        "expired": "уже не діє",
        "cancelled": "скасовано",
        "notices": "Оголошення",
        "as_of": "востаннє чули",
        "journal_away": "Сервер не має доступу до своїх записів: те, що ви бачите, могло застаріти.",
        "noscript": "Без JavaScript ця сторінка не оновлюється: завантажте її знову.",
        "not_built": "Цей сервер встановлено без скриптів сторінок: мапи немає, і сторінка не оновлюється. "
        "Завантажте її знову.",
        "no_trace": "Ця сторінка нічого про вас не питає й не знає, де ви.",
        "other": "English",
    },
}

PUSH: dict[str, dict[str, str]] = {
    "en": {
        "title": "Messages to this phone",
        "needs_script": "To be told of alarms on this phone, this page needs JavaScript.",
        "none": "This server sends nothing to phones. Keep this page open, or follow the city's other channels.",
        "exercise": "EXERCISE: whoever subscribes here is told of the exercise alone, never of a real alarm.",
        "districts": "Be told of",
        "city": "The whole city",
        "ask": "Tell this phone",
        "change": "Change",
        "stop": "Tell it nothing more",
        "say_asking": "Subscribing…",
        "say_off": "Alarms that the city's duty officer gives, and the city's notices, can come to this phone while "
        "this page is shut.",
        "say_on": "This phone is told of:",
        "say_lost": "The subscription of this phone has broken off: nothing comes. Subscribe again.",
        "say_refused": "The browser forbids messages from this page. Allow notifications for it in the browser's "
        "settings, then load the page again.",
        "say_unable": "This browser cannot be told while the page is shut. Another browser may; on an iPhone only a "
        "page that was added to the home screen can.",
        "say_unheard": "It did not work: the server or the browser's message service was not reached. Try again.",
        "choose": "Choose districts",
        "about": "An alarm that only another service gives does not come this way. A message can come late or not at "
        "all: sirens and official apps come first.\n"
        "Kept are the districts, the language, and the address that the browser made up for this. Choose districts "
        "broadly: this page does not know where you are. The browser's message service carries the words sealed and "
        "cannot read them.",
    },
    "uk": {
        "title": "Повідомлення на цей телефон",
        "needs_script": "Щоб отримувати тривоги на цей телефон, сторінці потрібен JavaScript.",
        "none": "Цей сервер нічого не надсилає на телефони. Тримайте сторінку відкритою або стежте за іншими каналами "
        "міста.",
        "exercise": "НАВЧАННЯ: хто підпишеться тут, отримає лише навчання й жодної справжньої тривоги.",
        "districts": "Повідомляти про",
        "city": "Усе місто",
        "ask": "Повідомляти на цей телефон",
        "change": "Змінити",
        "stop": "Більше не повідомляти",
        "say_asking": "Підписуємо…",
        "say_off": "Тривоги, які оголошує черговий міста, та оголошення міста можуть надходити на цей телефон, коли "
        "сторінку закрито.",
        "say_on": "Цей телефон отримує повідомлення про:",
        "say_lost": "Підписка цього телефону обірвалася: нічого не надходить. Підпишіться знову.",
        "say_refused": "Браузер забороняє повідомлення з цієї сторінки. Дозвольте сповіщення для неї в налаштуваннях "
        "браузера й завантажте сторінку знову.",
        "say_unable": "Цей браузер не може отримувати повідомлення, коли сторінку закрито. Можливо, зможе інший; на "
        "iPhone це може лише сторінка, додана на початковий екран.",
        "say_unheard": "Не вдалося: сервер або служба повідомлень браузера недоступні. Спробуйте ще раз.",
        "choose": "Обрати райони",
        "about": "Тривога, яку оголошує лише інша служба, цим шляхом не надходить. Повідомлення може запізнитися або "
        "не надійти: сирени й офіційні застосунки важливіші.\n"
        "Зберігаються райони, мова й адреса, яку для цього вигадав браузер. Обирайте райони широко: ця сторінка не "
        "знає, де ви. Служба повідомлень браузера передає слова запечатаними й прочитати їх не може.",
    },
}
