"""What writing a need and writing an offer share: cleaning, indicator rows, the changed fields for the ledger."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market.models import CoopMode, Listing
from keqiao.apps.market.models.listing import IndicatorRow
from keqiao.apps.parties.models import Person
from keqiao.catalogue import codes
from keqiao.engines.matching import Indicator, validate

MOST_KEYWORDS, LONGEST_KEYWORD = 30, 60
LISTING_FIELDS = frozenset(
    {
        "title", "title_en", "abstract", "abstract_en", "text", "text_en", "keywords", "keywords_en", "field", "area",
        "secrecy", "expires_date",
    }
)  # fmt: skip


@dataclass(frozen=True)
class IndicatorInput:
    """One line of the indicator table as a person confirmed it."""

    name: str
    op: str
    low: float
    high: float | None = None
    unit: str = ""
    sense: str = "ge"
    condition: str = ""
    must: bool = True
    current_value: str = ""
    test_method: str = ""

    def engine(self) -> Indicator:
        value = (self.low,) if self.high is None else (self.low, self.high)
        return Indicator(
            name=self.name, op=self.op, value=value, unit=self.unit or "1", sense=self.sense, must=self.must
        )


def assign(listing: Listing, values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """Set allowed fields and return those that changed; an unknown field is a programming error."""
    if unknown := set(values) - allowed:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in values.items() if getattr(listing, name) != value}
    for name, value in changed.items():
        setattr(listing, name, value)
    return changed


def lock(listing: Listing) -> None:
    """Hold the row and read it again: another process may have changed it since it was shown."""
    listing.refresh_from_db(from_queryset=type(listing)._default_manager.select_for_update())


# Units in words (次/床夜, 元/亩, 亿CFU/g) are taken as they are: they compare with themselves. Misspelt symbols
# are not.
COUNTING_UNIT = re.compile(r"[^<>=≥≤]*[\u4e00-\u9fff][^<>=≥≤]*")
# One sentence for each code of the engine's validator.
PROBLEMS = {
    "unknown_operator": _("比较符号不对，请从列表中选择。"),
    "missing_value": _("缺少数值；选择“范围”或“±”时要填两个数。"),
    "impossible_range": _("下限大于上限，请对调。"),
    "negative_width": _("± 后面的偏差不能是负数。"),
    "unknown_unit": _("不认识单位“%(unit)s”：已保存，但只能与写法相同的单位比较。常用单位例如 μm、MPa、℃、%%。"),
}
# Workshops measure in units that no table holds (模次, 床夜): such a line is kept and its writer is told.
NOTICES = frozenset({"unknown_unit"})
OTHER_PROBLEM = _("这一行无法核对，请检查数值和单位。")


def check_indicators(rows: Iterable[IndicatorInput]) -> None:
    """A ValidationError that names every line with an impossible range or no value."""
    problems = [problem for problem in _problems(rows) if problem.code not in NOTICES]
    if problems:
        raise ValidationError({"indicators": problems})


def indicator_notices(rows: Iterable[IndicatorInput]) -> list[str]:
    """What the writer should know about lines that are kept all the same."""
    return [message for problem in _problems(rows) if problem.code in NOTICES for message in problem.messages]


def _problems(rows: Iterable[IndicatorInput]) -> list[ValidationError]:
    return [
        _problem(number, row, code=problem.code)
        for number, row in enumerate(rows, start=1)
        for problem in validate(row.engine())
        if not (problem.code == "unknown_unit" and COUNTING_UNIT.fullmatch(row.unit))
    ]


def _problem(number: int, row: IndicatorInput, *, code: str) -> ValidationError:
    what = PROBLEMS.get(code, OTHER_PROBLEM) % {"unit": row.unit}
    where = gettext("第 %(number)d 行“%(name)s”：%(what)s")
    return ValidationError(where, code=code, params={"number": number, "name": row.name, "what": what})


def check_rows(rows: Sequence[IndicatorRow], *, owner: str) -> None:
    """A ValidationError that names the line and the column of what a row cannot hold."""
    problems = []
    for number, row in enumerate(rows, start=1):
        try:
            row.clean_fields(exclude=[owner])
        except ValidationError as error:
            problems += [_column_problem(number, row, name, text) for name, text in _flat(error)]
    if problems:
        raise ValidationError({"indicators": problems})


def _flat(error: ValidationError) -> Iterator[tuple[str, str]]:
    for name, texts in error.message_dict.items():
        for text in texts:
            yield name, text


def _column_problem(number: int, row: IndicatorRow, column: str, text: str) -> str:
    label = getattr(row._meta.get_field(column), "verbose_name", column)
    values = {"number": number, "name": row.name, "what": f"{label}：{text}"}
    return gettext("第 %(number)d 行“%(name)s”：%(what)s") % values


def check_words(listing: Listing) -> None:
    """A ValidationError by field for a technical field the catalogue lacks and for lists that hold something else."""
    problems: dict[str, str] = {}
    if listing.field and listing.field not in codes.codes("fields"):
        problems["field"] = gettext("没有名为“%(code)s”的技术领域。") % {"code": listing.field}
    for name in ("keywords", "keywords_en"):
        if not _is_list_of_words(getattr(listing, name)):
            problems[name] = gettext("关键词应为不超过 %(most)d 个的词，每个不超过 %(longest)d 字。") % {
                "most": MOST_KEYWORDS,
                "longest": LONGEST_KEYWORD,
            }
    if unknown := [mode for mode in getattr(listing, "coop_modes", ()) if mode not in CoopMode.values]:
        problems["coop_modes"] = gettext("没有名为“%(code)s”的合作方式。") % {"code": unknown[0]}
    if problems:
        raise ValidationError(problems)


def _is_list_of_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_KEYWORDS
        and all(isinstance(word, str) and 0 < len(word.strip()) <= LONGEST_KEYWORD for word in value)
    )


def ledger_values(listing: Listing, names: Iterable[str]) -> dict[str, Any]:
    """What these fields hold now, as JSON can keep it; people and bodies by their keys, never by their names."""
    return {name: _plain(getattr(listing, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Person):
        return value.key
    return value if isinstance(value, str | int | bool | list | dict | type(None)) else str(value)
