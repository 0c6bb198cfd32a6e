"""Collects the Chinese texts of code and templates into keqiao/locale/en and compiles them; no gettext tools needed.

Run `make translations` after a text was added: new texts stand untranslated in django.po, and a test names them.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Engine
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "keqiao" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "gettext_noop": None,
}  # fmt: skip


def django_templates(fileobj, keywords, comment_tags, options):  # noqa: ANN001, ANN201 - Babel's extractor signature
    """Babel's view of a template: Django turns its tags into Python calls, which Babel can read."""
    from io import BytesIO  # noqa: PLC0415 - only here

    from babel.messages.extract import extract_python  # noqa: PLC0415 - only here

    text = templatize(fileobj.read().decode())
    yield from extract_python(BytesIO(text.encode()), keywords, comment_tags, options)


def collect() -> Catalog:
    catalog = Catalog(locale="en", project="Keqiao", charset="utf-8", fuzzy=False)
    methods = [("**/templates/**.html", django_templates), ("**.py", "python")]
    found = extract_from_dir(str(ROOT / "keqiao"), methods, {}, KEYWORDS)
    for path, _line, message, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
        catalog.add(message, None, [(f"keqiao/{path}", None)], auto_comments=comments, context=context)
    return catalog


def merged() -> Catalog:
    """The texts of today with the translations there are; texts that are gone are dropped."""
    fresh = collect()
    if PO.exists():
        with PO.open("rb") as file:
            old = read_po(file, locale="en")
        for message in fresh:
            if message.id and (known := old.get(message.id, context=message.context)) and known.string:
                message.string = known.string
    return fresh


def main() -> None:
    settings.configure(USE_I18N=True)
    Engine()
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog = merged()
    with PO.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    missing = sum(1 for message in catalog if message.id and not message.string)
    print(f"{len(catalog)} texts, {missing} without English")  # noqa: T201 - this is a command


if __name__ == "__main__":
    main()
