"""Code tables shipped as data: industries, disciplines, technology fields, and crosswalks between them.

A table ``vocab/<name>.csv`` has the columns code, name, name_en, parent and edition; every table holds one edition of
one standard. Shipped are the upper levels and the classes in use; a deployment that needs a full standard puts its own
file of the same name in a folder of its own and names that folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keqiao.catalogue.files import CatalogueError, read_table
from keqiao.catalogue.labels import Labelled

VOCABULARY = Path(__file__).parent / "vocab"
_COLUMNS = ("code", "name", "name_en", "parent", "edition")
_FITS = ("exact", "close", "broad")


class UnknownCodeError(KeyError):
    """A code does not occur in a table.

    >>> UnknownCodeError("'x' is unknown").args
    ("'x' is unknown",)
    """

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, kw_only=True)
class Code(Labelled):
    """One entry of a code table; ``parent`` is empty at the top.

    >>> Code(code="C", name="制造业", name_en="Manufacturing", parent="").label("en")
    'Manufacturing'
    """

    code: str
    parent: str


@dataclass(frozen=True)
class CodeTable:
    """A hierarchical table of codes in one edition, in the order of its file.

    ``get`` raises :class:`UnknownCodeError`. A code may be given with the code of its top entry in front, as industries
    are commonly written: ``C4040`` is 4040 in section C.
    """

    name: str
    edition: str
    entries: Mapping[str, Code]
    _children: Mapping[str, tuple[Code, ...]]

    def get(self, code: str) -> Code:
        """Return the entry of a code.

        >>> codes("industry").get("C4040").name
        '光学仪器制造'
        """
        entry = self.entries.get(code) or self._prefixed(code)
        if entry is None:
            raise UnknownCodeError(
                f"{code!r} is no code of the table {self.name} ({self.edition}) as shipped: correct it, or add the "
                "code to a table of your own"
            )
        return entry

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and (code in self.entries or self._prefixed(code) is not None)

    def __len__(self) -> int:
        return len(self.entries)

    def children(self, code: str = "") -> tuple[Code, ...]:
        """Return the entries one level below a code; without a code the top entries.

        >>> [child.code for child in codes("industry").children("40")]
        ['401', '402', '403', '404', '405', '409']
        """
        return self._children.get(self.get(code).code if code else "", ())

    def ancestors(self, code: str) -> tuple[Code, ...]:
        """Return the entries above a code, nearest first; empty for a top entry.

        >>> [above.code for above in codes("industry").ancestors("4040")]
        ['404', '40', 'C']
        """
        above = []
        parent = self.get(code).parent
        while parent:
            entry = self.entries[parent]
            above.append(entry)
            parent = entry.parent
        return tuple(above)

    def label(self, code: str, language: str = "zh-hans") -> str:
        """Return the name of a code in Chinese, or in English for a language code that starts with ``en``.

        >>> codes("disciplines").label("14030", "en")
        'Optics'
        """
        return self.get(code).label(language)

    def full(self, code: str) -> str:
        """Return a code with the code of its top entry in front, as industries are commonly written.

        >>> codes("industry").full("4040"), codes("industry").full("C")
        ('C4040', 'C')
        """
        above = self.ancestors(code)
        own = self.get(code).code
        return above[-1].code + own if above else own

    def _prefixed(self, code: str) -> Code | None:
        for top in self._children.get("", ()):
            rest = code.removeprefix(top.code)
            if rest in self.entries and rest != code:
                above = self.ancestors(rest)
                if above and above[-1] == top:
                    return self.entries[rest]
        return None


@cache
def codes(name: str, *, folder: Path = VOCABULARY) -> CodeTable:
    """Return the code table of a file ``<name>.csv``; read once, then kept.

    Raises :class:`~keqiao.catalogue.files.CatalogueError` for a missing file, a duplicate code, a parent that is not in
    the table, a circle of parents or two editions in one file.

    >>> len(codes("fields").children()), codes("fields").label("nuclear")
    (11, '核应用')
    """
    path = folder / f"{name}.csv"
    entries: dict[str, Code] = {}
    lines: dict[str, int] = {}
    edition = ""
    for row in read_table(path, columns=_COLUMNS):
        code = row.required("code")
        if code in entries:
            raise row.error(
                what=f"the code {code} stands in line {lines[code]} already", remedy="remove one of the two"
            )
        own = row.required("edition")
        if edition and own != edition:
            raise row.error(what=f"edition {own} among {edition}", remedy="keep one edition a file")
        edition = own
        entries[code] = Code(
            code=code, name=row.required("name"), name_en=row.required("name_en"), parent=row.cells["parent"]
        )
        lines[code] = row.line
    if not entries:
        raise CatalogueError(path=path, what="the table is empty", remedy="add a line or remove the file")
    _require_tree(entries, lines, path=path)
    children: dict[str, list[Code]] = {}
    for entry in entries.values():
        children.setdefault(entry.parent, []).append(entry)
    frozen = MappingProxyType({parent: tuple(below) for parent, below in children.items()})
    return CodeTable(name, edition, MappingProxyType(entries), frozen)


def _require_tree(entries: Mapping[str, Code], lines: Mapping[str, int], *, path: Path) -> None:
    for entry in entries.values():
        seen = {entry.code}
        parent = entry.parent
        while parent:
            if parent not in entries:
                raise CatalogueError(
                    path=path,
                    line=lines[entry.code],
                    what=f"the parent {parent} of {entry.code} is not in the table",
                    remedy="add a line for it: the standards have every level",
                )
            if parent in seen:
                raise CatalogueError(
                    path=path,
                    line=lines[entry.code],
                    what=f"{entry.code} lies below itself",
                    remedy="correct the parents",
                )
            seen.add(parent)
            parent = entries[parent].parent


@dataclass(frozen=True)
class Link:
    """One pair of a crosswalk; ``fit`` is exact (same scope), close (mostly the same) or broad (target is wider)."""

    source: str
    target: str
    fit: str


@cache
def crosswalk(*, source: str, target: str, folder: Path = VOCABULARY) -> Mapping[str, tuple[Link, ...]]:
    """Return the links from each code of one table to codes of another, best fit first, in the order of the file.

    The file is ``<source>-<target>.csv`` with the columns source, target, fit. Raises
    :class:`~keqiao.catalogue.files.CatalogueError` for unknown codes, an unknown fit or a source code without a link.

    >>> [(link.target, link.fit) for link in crosswalk(source="fields", target="hte_fields")["agriculture"]]
    [('bio_new_medicine', 'broad')]
    """
    path = folder / f"{source}-{target}.csv"
    tables = {"source": codes(source, folder=folder), "target": codes(target, folder=folder)}
    links: dict[str, list[Link]] = {code: [] for code in tables["source"].entries}
    for row in read_table(path, columns=("source", "target", "fit")):
        for column, table in tables.items():
            if row.cells[column] not in table.entries:
                raise row.error(what=f"{row.cells[column]!r} is no code of {table.name}", remedy="correct it")
        if row.cells["fit"] not in _FITS:
            raise row.error(what=f"the fit is {row.cells['fit']!r}", remedy=f"use one of {', '.join(_FITS)}")
        links[row.cells["source"]].append(Link(row.cells["source"], row.cells["target"], row.cells["fit"]))
    for code, found in links.items():
        if not found:
            raise CatalogueError(path=path, what=f"no line for the source code {code}", remedy="add one")
    return MappingProxyType({code: tuple(sorted(found, key=_by_fit)) for code, found in links.items()})


def _by_fit(link: Link) -> int:
    return _FITS.index(link.fit)
