"""What a region is once its pack is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keqiao.catalogue.labels import Labelled

AREA_KINDS = ("province", "prefecture", "county", "development_zone", "management_committee")


class UnknownRegionError(KeyError):
    """No pack of this code is installed.

    >>> str(UnknownRegionError("no pack r99"))
    'no pack r99'
    """

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownAreaError(UnknownRegionError):
    """A region has no area of this code or name on the day asked for.

    >>> str(UnknownAreaError("no area 99"))
    'no area 99'
    """


class AmbiguousAreaError(ValueError):
    """A name fits several areas; ``candidates`` are those, so that a person can choose.

    >>> AmbiguousAreaError("two fit", candidates=()).candidates
    ()
    """

    def __init__(self, message: str, *, candidates: "tuple[Area, ...]") -> None:
        super().__init__(message)
        self.candidates = candidates


@dataclass(frozen=True, kw_only=True)
class Area(Labelled):
    """An administrative area, zone or committee, valid from ``valid_from`` until before ``valid_to`` (None: open).

    >>> area = Area(code="1", name="甲市", name_en="A", aliases=("甲",), parent="", kind="prefecture", source="",
    ...             valid_from=None, valid_to=date(2020, 1, 1))
    >>> area.is_valid(on=date(2019, 12, 31)), area.is_valid(on=date(2020, 1, 1))
    (True, False)
    """

    code: str
    aliases: tuple[str, ...]
    parent: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    source: str

    def is_valid(self, *, on: date) -> bool:
        """Return whether the area exists on a day.

        >>> Area(code="1", name="甲", name_en="A", aliases=(), parent="", kind="county", source="",
        ...      valid_from=date(2020, 1, 1), valid_to=None).is_valid(on=date(2019, 1, 1))
        False
        """
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Department(Labelled):
    """A provincial department; ``kind`` names its duty and is the same in every region.

    >>> Department(code="science", name="科技厅", name_en="S&T", kind="science_technology").label("en")
    'S&T'
    """

    code: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Word(Labelled):
    """What a service is called in this region.

    >>> Word(name="分市场", name_en="branch market").label()
    '分市场'
    """


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What holds in a region until an office decides otherwise.

    `answer_working_days` is the service level: within so many working days a person answers whoever asks for an
    introduction.

    >>> Defaults(need_validity_months=12, idle_timeout_minutes=30, answer_working_days=3).need_validity_months
    12
    """

    need_validity_months: int
    idle_timeout_minutes: int
    answer_working_days: int


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region with its settings, areas and departments, as its pack gives them.

    Money is stored in fen everywhere; ``money_display`` says how it is shown (yuan, wan or yi). ``footer`` holds the
    footer's slots by their printed Chinese label, ``footer_en`` by the English one; empty ones are not shown.
    """

    code: str
    name: str
    name_en: str
    language: str
    time_zone: str
    currency: str
    money_display: str
    defaults: Defaults
    footer: Mapping[str, str]
    footer_en: Mapping[str, str]
    words: Mapping[str, Word]
    root: Area
    areas: Mapping[str, Area]
    departments: Mapping[str, Department]

    def area(self, code: str) -> Area:
        """Return the area of a code, valid or not; the short codes of GB/T 2260 (``2201``) are understood.

        Raises :class:`UnknownAreaError`.

        >>> from keqiao.catalogue.regions import region
        >>> region("22").area("2201").name
        '长春市'
        """
        found = self.areas.get(code) or self.areas.get(code.ljust(6, "0") if len(code) in (2, 4) else code)
        if found is None:
            raise UnknownAreaError(f"{self.name} has no area {code!r}: correct the code, or add the area to the pack")
        return found

    def areas_on(self, on: date, *, kind: str | None = None) -> tuple[Area, ...]:
        """Return the areas that exist on a day, in the order of the pack, of one kind or of all.

        >>> from keqiao.catalogue.regions import region
        >>> len(region("22").areas_on(date(2026, 1, 1), kind="prefecture"))
        9
        """
        return tuple(area for area in self.areas.values() if area.is_valid(on=on) and kind in (None, area.kind))

    def children(self, code: str, *, on: date) -> tuple[Area, ...]:
        """Return the areas one level below an area that exist on a day.

        >>> from keqiao.catalogue.regions import region
        >>> len(region("229999").children("229999", on=date(2026, 1, 1)))
        6
        """
        parent = self.area(code).code
        return tuple(area for area in self.areas_on(on) if area.parent == parent)

    def within(self, code: str) -> tuple[Area, ...]:
        """Return the areas that contain an area, nearest first; the last is the region's root.

        >>> from keqiao.catalogue.regions import region
        >>> [area.name for area in region("22").within("220184")]
        ['长春市', '吉林省']
        """
        above = []
        parent = self.area(code).parent
        while parent:
            area = self.areas[parent]
            above.append(area)
            parent = area.parent
        return tuple(above)

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return the codes of an area and of everything it lies in, the area first; an unknown code stands alone.

        >>> from keqiao.catalogue.regions import region
        >>> region("22").lineage("220104"), region("22").lineage("110105")
        (('220104', '220100', '220000'), ('110105',))
        """
        if code not in self.areas:
            return (code,)
        return (code, *(area.code for area in self.within(code)))

    def label(self, code: str, language: str = "zh-hans") -> str:
        """Return the name of an area in a language; the code itself where the pack does not know it.

        >>> from keqiao.catalogue.regions import region
        >>> region("22").label("220100", "en"), region("22").label("110105")
        ('Changchun', '110105')
        """
        return self.areas[code].label(language) if code in self.areas else code

    def choices_on(self, on: date) -> tuple[Area, ...]:
        """Return the areas one may choose on a day: those right below the region's root.

        >>> from keqiao.catalogue.regions import region
        >>> [area.code for area in region("22").choices_on(date(2026, 1, 1))][-2:]
        ['222400', 'JL-CBS']
        """
        return self.children(self.root.code, on=on)

    def resolve(self, name: str, *, on: date, parent: str | None = None) -> Area:
        """Return the one area that a name means on a day, inside ``parent`` where that is given.

        Full names win over aliases; several names in a row (province, city, district) narrow each other. Raises
        :class:`UnknownAreaError`, or :class:`AmbiguousAreaError` with the candidates where more than one area fits:
        nothing is guessed.

        >>> from keqiao.catalogue.regions import region
        >>> region("22").resolve("吉林省长春市朝阳区", on=date(2026, 1, 1)).code
        '220104'
        """
        wanted = "".join(name.split())
        pool = [area for area in self.areas_on(on) if parent is None or self._is_inside(area, parent=parent)]
        named = [area for area in pool if area.name == wanted]
        found = named or [area for area in pool if wanted in area.aliases]
        if len(found) == 1:
            return found[0]
        if found:
            places = "; ".join(f"{area.code} {area.name} ({self._place(area)})" for area in found)
            raise AmbiguousAreaError(
                f"{name!r} fits {len(found)} areas on {on}: {places}; give the full name or the area above it",
                candidates=tuple(found),
            )
        for area in pool:
            if wanted != area.name and wanted.startswith(area.name):
                return self.resolve(wanted.removeprefix(area.name), on=on, parent=area.code)
        where = f" in {self.area(parent).name}" if parent else ""
        raise UnknownAreaError(f"{self.name} has no area named {name!r}{where} on {on}: correct the name or the date")

    def department(self, kind: str) -> Department:
        """Return the department with a duty, such as ``science_technology``.

        Raises :class:`UnknownRegionError` where the pack names none.

        >>> from keqiao.catalogue.regions import region
        >>> region("229999").department("finance").name
        '演示省财政厅'
        """
        for department in self.departments.values():
            if department.kind == kind:
                return department
        raise UnknownRegionError(f"{self.name} has no department for {kind!r}: add it to departments.csv")

    def _is_inside(self, area: Area, *, parent: str) -> bool:
        wanted = self.area(parent).code
        return any(above.code == wanted for above in self.within(area.code))

    def _place(self, area: Area) -> str:
        above = self.within(area.code)
        return above[0].name if above else area.kind
