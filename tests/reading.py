"""What a page says in one language, and whether its tags close."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Collects tags and attributes, and the text that is shown in one language."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang, self.tags, self.attributes, self.text = lang, [], [], []  # type: ignore[var-annotated]
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs).get("lang") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened, _ = self.open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        is_hidden = any(lang not in ("", self.lang) for tag, lang in self.open if tag != "html")
        if not is_hidden and not {"script", "style"} & {tag for tag, _ in self.open}:
            self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text)).replace("\u00a0", " ").replace("\u202f", " ")


def read(html: str, lang: str = "en") -> Reader:
    """Read a page, or a part of it."""
    reader = Reader(lang)
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader
