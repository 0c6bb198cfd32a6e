"""Figures for people: values with their units, cells by name, rows that open, growth, citation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.figures import Dimension, Face, Measure, definitions, keepers, queries
from keqiao.apps.ledger.figures.checking import Change, Comparison, comparison
from keqiao.apps.ledger.models import FigureRow, PublishedFigure
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.catalogue import policies
from keqiao.catalogue.registers import registers
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import grouped, is_english, label, money, say

THEMES: dict[str, Promise] = {
    "needs": _("需求"), "offers": _("供给"), "matters": _("对接与活动"), "contracts": _("技术合同"),
    "bodies": _("单位与人员"), "policies": _("政策"), "registers": _("登记册"), "stated": _("公开文本中的数字"),
}  # fmt: skip
REASONS: dict[str, Promise] = {
    "no_base": _("没有上一年的已发布数字"),
    "base_zero": _("上一年为零，不计算增幅"),
    "other_span": _("上一年的统计时段不同，不能比较"),
    "other_definition": _("上一年的口径不同，不能比较"),
}
SIZES = {"large": _("1000 万元以上"), "middle": _("100 万–1000 万元"), "small": _("100 万元以下")}
# Where a row of each kind has its page, and how its key is given. Others have none that everybody may open.
LINKS: dict[str, tuple[str, str]] = {
    "need": ("public:listing", "key"), "offer": ("public:listing", "key"), "event": ("public:event", "key"),
    "organization": ("public:organization", "key"), "entry": ("public:register-entry", "key"),
    "registration": ("office:registration", "key"), "agreement": ("desk:agreement", "key"),
    "introduction": ("desk:introduction", "key"),
}  # fmt: skip
OPEN_KINDS = ("need", "offer", "event", "organization", "entry")
# A correction of so few masked rows is not described.
FEWEST = 3


def may_open(request: Request, figure: PublishedFigure) -> bool:
    """Whether the reader answers for the figure: then nothing of it is masked."""
    return keepers.may_keep(request.actor, figure.owner).allowed


def sees_internal(request: Request) -> bool:
    return keepers.may_keep(request.actor, "").allowed


def name(figure: PublishedFigure, what: str = "name") -> str:
    """A text of an edition in the reader's language."""
    english = getattr(figure, f"{what}_en") if is_english() else ""
    return str(english or getattr(figure, f"{what}_zh"))


def shown(figure: PublishedFigure, value: int | str | None = None) -> str:
    """A value with its unit; money in the steps people use."""
    value = figure.value if value is None else value
    if figure.measure == Measure.FEN:
        return money(int(value))
    said = str(value) if figure.measure == Measure.TEXT else grouped(int(value))
    return f"{said} {name(figure, 'unit')}".strip()


def exact(figure: PublishedFigure) -> str:
    """The value for files: whole units, or yuan with two digits."""
    return f"{figure.amount / 100:.2f}" if figure.measure == Measure.FEN else figure.value


def period(figure: PublishedFigure) -> str:
    """Which days it speaks of, in words."""
    if figure.kind == "flow":
        if figure.is_whole:
            return gettext("%(year)s 年") % {"year": figure.year}
        return gettext("%(year)s 年（至 %(day)s）") % {"year": figure.year, "day": f"{figure.as_of:%m-%d}"}
    return gettext("截至 %(day)s") % {"day": figure.as_of.isoformat()}


def signed(ratio: Fraction | None) -> str:
    """A growth as people read it, from the exact fraction."""
    return "—" if ratio is None else f"{float(ratio) * 100:+.1f}%".replace("-", "−")


def dimension_of(figure: PublishedFigure, code: str) -> Dimension:
    """A dimension of an edition; one that its definition no longer has keeps its code as its name."""
    defined = definitions().get(figure.code)
    return (defined and defined.dimension(code)) or Dimension(code, code)


def cell_names(dimension: Dimension, keys: Sequence[str]) -> dict[str, str]:
    """The words for the cells of a dimension; bodies are read in one go."""
    names: dict[str, str] = {}
    if dimension.table == "organization":
        names = {row.key: say(row, "name") for row in parties.organizations().filter(key__in=keys)}
    elif dimension.code == "policy":
        names = {slug: say(rows[-1], "title") for slug, rows in policies.editions().items()}
    return {key: names.get(key) or _cell_name(dimension, key) for key in keys}


def _cell_name(dimension: Dimension, key: str) -> str:
    if key == "":
        return gettext("未填写")
    if key == places.OUTSIDE:
        return gettext("区域外")
    if dimension.table == "contract_size":
        return str(SIZES.get(key, key))
    if dimension.table.startswith("register:"):
        register = registers().get(dimension.table.partition(":")[2])
        level = register.level(key) if register else None
        return level.label(get_language() or "zh-hans") if level else key
    table = "area" if dimension.table == "figure_area" else dimension.table
    return label(key, table) if table and table != "organization" else key


@dataclass(frozen=True)
class CellLine:
    """One line of a breakdown; `value` None is a gap. `growth` is against the same cell a year before."""

    key: str
    name: str
    value: int | None
    shown: str
    share: float | None = None
    growth: Fraction | None = None


def breakdown(figure: PublishedFigure, code: str, *, base: PublishedFigure | None = None) -> list[CellLine] | None:
    """A table of an edition with shares and growth; None where it may not be shown at all."""
    table = figure.tables.get(code)
    if table is None:
        return None
    dimension = dimension_of(figure, code)
    names = cell_names(dimension, [key for key, _value in table])
    before = dict(base.tables.get(code) or ()) if base else {}
    whole = int(figure.value)
    lines = []
    for key, value in table:
        old = before.get(key)
        growth = Fraction(value, old) - 1 if value is not None and old and not dimension.is_time else None
        share = value / whole if value is not None and whole else None
        lines.append(CellLine(key, names[key], value, "" if value is None else shown(figure, value), share, growth))
    if dimension.is_time:
        return lines
    return sorted(lines, key=lambda line: (line.value is None, -(line.value or 0), line.key))


@dataclass(frozen=True)
class RowLine:
    """A row as its reader may see it: masked, no longer public, erased, or with its title and address."""

    number: int
    title: str
    address: str
    state: str
    day: str
    amount: str
    digest: str
    note: str = ""


def row_lines(
    figure: PublishedFigure, rows: Iterable[FigureRow], *, opens: bool, faces: Mapping[str, Face] | None = None
) -> list[RowLine]:
    """Rows of an edition. Who answers for the figure sees keys and cells of masked rows, too."""
    found = list(rows)
    if faces is None:
        faces = faces_of(figure, [row.subject for row in found if row.subject])
    return [_row_line(figure, row, faces.get(row.subject), opens=opens) for row in found]


def faces_of(figure: PublishedFigure, subjects: Sequence[str]) -> dict[str, Face]:
    defined = definitions().get(figure.code)
    return defined.faces(subjects) if defined and not figure.is_masked else {}


def _row_line(figure: PublishedFigure, row: FigureRow, face: Face | None, *, opens: bool) -> RowLine:
    is_open = opens or not figure.is_masked
    amount = shown(figure, row.amount) if is_open and figure.measure != Measure.COUNT else ""
    day = row.facts.get("day", "") if is_open else ""
    short = row.digest[:12]
    if row.is_erased:
        return RowLine(row.number, "", "", "erased", "", "", short)
    if not is_open:
        return RowLine(row.number, "", "", "masked", "", "", short)
    note = _note(figure, row) if opens else ""
    if face is None and not opens:
        return RowLine(row.number, "", "", "gone", day, amount, short)
    title = (face.title_en if face and is_english() and face.title_en else face.title) if face else row.subject
    return RowLine(
        row.number, title, address(row.subject, opens=opens or face is not None), "", day, amount, short, note
    )


def _note(figure: PublishedFigure, row: FigureRow) -> str:
    cells = row.facts.get("cells", {})
    words = [_cell_name(dimension_of(figure, code), key) for code, key in cells.items() if key]
    return " · ".join(words)


def address(subject: str, *, opens: bool = True) -> str:
    """Where a row has its page; empty if it has none for this reader."""
    kind, _sep, key = subject.partition(":")
    if kind not in LINKS or (kind not in OPEN_KINDS and not opens):
        return ""
    view, argument = LINKS[kind]
    arguments = {argument: key.partition("/")[0]}
    return reverse(view, kwargs=arguments | {"listing": kind} if view == "public:listing" else arguments)


@lru_cache(maxsize=200)
def _compared(pk: int, digest: str) -> Comparison:
    """Reading all rows anew is kept until the ledger says that something has happened."""
    return comparison(PublishedFigure.objects.get(pk=pk))


def compared(figure: PublishedFigure) -> Comparison:
    return _compared(figure.pk, ledger.last_digest())


@dataclass(frozen=True)
class Later:
    """What later corrections would change, as far as the reader may know."""

    comparison: Comparison
    is_told: bool
    value: str
    changes: tuple[tuple[str, str, str, Change], ...] = ()


KINDS_OF_CHANGE = (("added", _("新增")), ("removed", _("不再计入")), ("changed", _("有变化")))


MOST_CHANGES = 50


def changes_shown(found: Comparison) -> list[tuple[str, Change]]:
    """The first of the changes, each with its kind in words."""
    return [(str(word), change) for kind, word in KINDS_OF_CHANGE for change in getattr(found, kind)][:MOST_CHANGES]


def later(figure: PublishedFigure, found: Comparison, *, opens: bool, faces: Mapping[str, Face]) -> Later:
    """Masked rows are counted, not named; of a sum that a handful of them would change nothing is told."""
    is_told = opens or not figure.is_masked or not found.changes or len(found.changes) >= FEWEST
    value = shown(figure, found.value) if found.value is not None and is_told else ""
    if not opens and figure.is_masked:
        return Later(found, is_told, value)
    lines = []
    for word, change in changes_shown(found):
        face = faces.get(change.subject)
        title = face.title if face else change.subject if opens else gettext("该条目不再公开")
        lines.append((word, title, address(change.subject, opens=opens) if face or opens else "", change))
    return Later(found, is_told, value, tuple(lines))


def cells_changed(change: Change, figure: PublishedFigure) -> str:
    """Which cells a row has moved between, in words."""
    said = []
    for code, before, now in change.cells:
        dimension = dimension_of(figure, code)
        said.append(f"{_cell_name(dimension, before)} → {_cell_name(dimension, now)}")
    return "; ".join(said)


def owner_name(figure: PublishedFigure) -> str:
    """The department that answers for a figure; the region itself where it has no such one."""
    region = places.region()
    found = next((row for row in region.departments.values() if row.kind == figure.owner), None)
    return found.label(get_language() or "zh-hans") if found else say(region, "name")


def citation(figure: PublishedFigure, *, url: str, on: date) -> dict[str, str]:
    """How to cite an edition: GB/T 7714 for a data set on line, and BibTeX."""
    what = f"{name(figure)}（{period(figure)}）" if not is_english() else f"{name(figure)} ({period(figure)})"
    published = localdate(figure.published_at).isoformat() if figure.published_at else ""
    edition = figure.key.rpartition("-")[2]
    number = gettext("第 %(edition)s 版") % {"edition": edition}
    owner = owner_name(figure)
    lines = (f"author = {{{{{owner}}}}}", f"title = {{{what}}}", f"year = {{{published[:4]}}}",
             f"edition = {{{edition}}}", f"howpublished = {{\\url{{{url}}}}}",
             f"note = {{{figure.alg}:{figure.digest}}}")  # fmt: skip
    return {
        "gbt": f"{owner}. {what}[DS/OL]. {number}. ({published})[{on.isoformat()}]. {url}.",
        "bibtex": f"@misc{{{figure.key},\n  " + ",\n  ".join(lines) + "\n}",
    }


def growth_line(figure: PublishedFigure, bases: Iterable[PublishedFigure] | None = None) -> dict[str, Any]:
    """Growth with its base, or why there is none; what a text says of growth stands apart."""
    found = queries.growth(figure, bases=bases)
    return {
        "growth": found,
        "said": signed(found.ratio),
        "base": shown(found.base) if found.base else "",
        "why": str(REASONS.get(found.reason, "")),
    }
