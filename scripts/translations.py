"""Collects the Chinese texts of code and templates into keqiao/locale/en and compiles them; no gettext tools needed.

Run `make translations` after a text was added: new texts stand untranslated in django.po, and a test names them.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Engine
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "keqiao" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER_DATE = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def django_templates(fileobj, keywords, comment_tags, options):
    """Babel's view of a template: Django turns its tags into Python calls, which Babel can read."""
    text = templatize(fileobj.read().decode())
    yield from extract_python(BytesIO(text.encode()), keywords, comment_tags, options)


def blank() -> Catalog:
    """A catalogue whose header never changes: a run that finds no new text changes no file."""
    catalog = Catalog(
        locale="en", project="Keqiao", version="1", charset="utf-8", fuzzy=False,
        creation_date=HEADER_DATE, revision_date=HEADER_DATE, copyright_holder="the Keqiao authors",
        msgid_bugs_address="https://github.com/keqiao/keqiao/issues", last_translator="the Keqiao authors",
        language_team="English",
    )  # fmt: skip
    catalog.header_comment = "# English texts of Keqiao. Run `make translations` after a text was added."
    return catalog


def collect() -> Catalog:
    """The texts of today's code and templates, without translations."""
    catalog = blank()
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


def po_bytes(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    settings.configure(USE_I18N=True)
    Engine()
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog = merged()
    PO.write_bytes(po_bytes(catalog))
    PO.with_suffix(".mo").write_bytes(mo_bytes(catalog))
    missing = sum(1 for message in catalog if message.id and not message.string)
    print(f"{len(catalog)} texts, {missing} without English")  # noqa: T201 - this is a command


if __name__ == "__main__":
    main()
