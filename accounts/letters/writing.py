"""One template per letter: its title is the subject, its HTML is sent as it is, its plain text is read off it."""

from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

PARAGRAPHS = frozenset({"h1", "p", "li"})


class Written(NamedTuple):
    subject: str
    text: str
    html: str


def write(template: str, language: str, context: dict[str, Any]) -> Written:
    """The letter in this language; touches nothing but the template."""
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Written(_one_line(reader.title)[:255], "\n\n".join(reader.paragraphs) + "\n", html)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Reads paragraphs; a link is its words and, on a line of its own, its address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.paragraphs: list[str] = []
        self._in_title = False
        self._words: list[str] | None = None
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        elif tag in PARAGRAPHS:
            self._words = []
        elif tag == "a":
            self._address = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "a" and self._words is not None:
            self._words.append(f":\n{self._address}\n")
            self._address = ""
        elif tag in PARAGRAPHS and self._words is not None:
            lines = [_one_line(line) for line in "".join(self._words).split("\n") if line.strip()]
            self.paragraphs += ["\n".join(lines)] if lines else []
            self._words = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif self._words is not None:
            # A line break in the source is no line break of the letter.
            self._words.append(data.replace("\n", " "))
