"""Reads pages as people see them."""

import io
import re
from html.parser import HTMLParser

from django.http import HttpResponse
from python_calamine import CalamineWorkbook

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "source", "wbr"})
HAN = re.compile(r"[㐀-鿿豈-﫿]")
CHINESE_MARKS = re.compile("[，。；：、（）？！]")


class _Text(HTMLParser):
    """Visible text and the attributes people read, without the parts that are meant to be in another language."""

    READ = ("placeholder", "aria-label", "alt", "title", "content")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = (given.get("lang") or "").startswith("zh") and tag != "html"
        footer = given.get("class") == "foot"  # the region's own words
        if (self.skipping or foreign or footer or tag in ("script", "style")) and tag not in VOID:
            self.skipping.append(tag)
        if not self.skipping:
            read = self.READ if tag != "meta" or given.get("name") == "description" else ()
            self.texts += [value for name, value in attrs if name in read and value]

    def handle_endtag(self, tag: str) -> None:
        if self.skipping and tag not in VOID:
            self.skipping.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipping and data.strip():
            self.texts.append(data.strip())


def content(response: HttpResponse) -> str:
    """What an answer says: its page, or the cells of its workbook."""
    if "spreadsheet" not in response["Content-Type"]:
        return response.content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def texts(response: HttpResponse) -> list[str]:
    reader = _Text()
    if response["Content-Type"].startswith("text/"):  # a download has its own reader
        reader.feed(response.content.decode())
    return reader.texts


def text(response: HttpResponse) -> str:
    """Everything a reader sees, words parted by single spaces."""
    return " ".join(" ".join(texts(response)).split())


class _Notices(HTMLParser):
    """The text of every element that tells of success or error; what lies inside one belongs to it."""

    CLASSES = frozenset({"notice", "error", "errorlist"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        if self.depth:
            self.depth += 1
        elif self.CLASSES & set((dict(attrs).get("class") or "").split()) and "hidden" not in dict(attrs):
            self.depth = 1
            self.found.append([])

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1 if self.depth else 0

    def handle_data(self, data: str) -> None:
        if self.depth and data.strip():
            self.found[-1].append(data.strip())


def notices(response: HttpResponse) -> list[str]:
    """The notices and errors on a page, in order."""
    reader = _Notices()
    reader.feed(response.content.decode())
    return [" ".join(parts) for parts in reader.found]


def links(response: HttpResponse) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', response.content.decode()))


def texts_of(html: str) -> str:
    """What a piece of HTML says, letter for letter."""
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_data = found.append  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return "".join(found)
