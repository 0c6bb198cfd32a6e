"""What an offer kind is once its file is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keqiao.catalogue.labels import Labelled
from keqiao.catalogue.offers._values import MONEY_UNITS, ValueProblem, clean_value
from keqiao.catalogue.privacy import Privacy

FIELD_TYPES = (
    "text",
    "long_text",
    "number",
    "integer",
    "money_wan",
    "money_yuan",
    "percent",
    "date",
    "choice",
    "multi_choice",
    "identifier",
)


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one given value: the field, a stable code for translation, and an English message.

    Codes: ``unknown_field``, ``twice``, ``required``, ``type``, ``range``, ``precision``, ``length``, ``choice``,
    ``date``, ``order`` and ``identifier_<code of the identifier error>``.

    >>> FieldProblem("price_wan", "type", "…").code
    'type'
    """

    field: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Choice(Labelled):
    """One value of a choice field; ``also`` lists other codes that mean the same.

    >>> Choice(code="mature", name="成熟应用", name_en="mature", also=("industrial",)).label("en")
    'mature'
    """

    code: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field(Labelled):
    """One detail of an offer: its form name ``id``, its type, limits, words and privacy class.

    ``key`` is the name under which the clean value is stored. It equals ``id`` except for money, which is entered in
    yuan or 10,000 yuan (``price_wan``) and stored as integer fen (``price_fen``), so that a stored value can never be
    taken for an entered one.

    >>> Field(id="price_wan", type="money_wan", name="价格", name_en="Price").key
    'price_fen'
    """

    id: str
    type: str
    unit: str = ""
    unit_en: str = ""
    help: str = ""
    help_en: str = ""
    required: bool = False
    privacy: Privacy = Privacy.P0
    identifier: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 200
    empty_words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of the stored value.

        >>> Field(id="capacity", type="text", name="能力", name_en="Capacity").key
        'capacity'
        """
        unit = MONEY_UNITS.get(self.type)
        return self.id.replace(unit.suffix, "_fen", 1) if unit else self.id

    def text(self, value: Any, *, language: str = "zh-hans") -> str:
        """Return a stored value as people read it: labels of choices, money with its unit, numbers with theirs.

        >>> field = Field(id="price_wan", type="money_wan", name="价格", name_en="Price")
        >>> field.text(180_500_000), field.text(180_500_000, language="en")
        ('180.5 万元', 'CNY 1,805,000')
        """
        if value is None:
            return ""
        english = language.startswith("en")
        if self.type in MONEY_UNITS:
            money = MONEY_UNITS[self.type]
            return money.english_text(value, unit=self.unit_en) if english else money.text(value, unit=self.unit)
        if self.type in ("choice", "multi_choice"):
            codes = [value] if isinstance(value, str) else value
            labels = {choice.code: choice.label(language) for choice in self.choices}
            return (", " if english else "、").join(labels.get(code, code) for code in codes)
        unit = "%" if self.type == "percent" else self.unit_en if english else self.unit
        return f"{value} {unit}" if unit and unit != "%" else f"{value}{unit}"


@dataclass(frozen=True, kw_only=True)
class OfferKind(Labelled):
    """A kind of offer: its words, its states, its fields and its weights in matching.

    ``weights`` holds ``prior`` and facet weights (field, region, trl, budget, deadline, indicators), all around 1.
    ``orders`` lists pairs of field ids of which the first value may not exceed the second.
    """

    slug: str
    plural: str
    plural_en: str
    description: str
    description_en: str
    icon: str
    needs_trl: bool
    states: tuple[str, ...]
    weights: Mapping[str, float]
    fields: tuple[Field, ...]
    orders: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> Field:
        """Return the field with a form name or a stored name; raises KeyError.

        >>> from keqiao.catalogue.offers import offer_kinds
        >>> offer_kinds()["achievement"].field("price_fen").id
        'price_wan'
        """
        for field in self.fields:
            if name in (field.id, field.key):
                return field
        raise KeyError(
            f"the offer kind {self.slug} has no field {name!r}: it has {', '.join(f.id for f in self.fields)}"
        )

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldProblem]]:
        """Return the details to store and the problems found; values with a problem are left out of the details.

        Takes values by form name as a form, a spreadsheet or JSON gives them, and by stored name as they were stored,
        so that cleaning clean details changes nothing. The result holds JSON types only: text, numbers, lists of text,
        integer fen, dates as ISO text. Empty values (None, blank text, empty lists) are left out. ``values`` is not
        changed.

        >>> from keqiao.catalogue.offers import offer_kinds
        >>> achievement = offer_kinds()["achievement"]
        >>> achievement.clean({"stage": "pilot", "price_wan": "180.5", "transfer_modes": ["license"]})
        ({'stage': 'pilot', 'transfer_modes': ['license'], 'price_fen': 180500000}, [])
        >>> [problem.code for problem in achievement.clean({"stage": "moon", "colour": "red"})[1]]
        ['unknown_field', 'choice']
        """
        known = {name for field in self.fields for name in (field.id, field.key)}
        problems = [self._unknown(name) for name in values if name not in known]
        details: dict[str, Any] = {}
        for field in self.fields:
            try:
                value = _clean_field(field, values)
            except ValueProblem as problem:
                problems.append(FieldProblem(field.id, problem.code, f"{field.id}: {problem}"))
                continue
            if value is not None:
                details[field.key] = value
        problems += [self._out_of_order(low, high) for low, high in self.orders if self._exceeds(details, low, high)]
        return details, problems

    def form_values(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Return stored details by form name in the unit of the form; money as Decimal. Inverse of :meth:`clean`.

        >>> from keqiao.catalogue.offers import offer_kinds
        >>> offer_kinds()["achievement"].form_values({"price_fen": 180_500_000})
        {'price_wan': Decimal('180.5')}
        """
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.key in details:
                unit = MONEY_UNITS.get(field.type)
                stored = details[field.key]
                values[field.id] = unit.entered(stored) if unit else stored
        return values

    def rows(self, details: Mapping[str, Any], *, language: str = "zh-hans") -> list[tuple[Field, str]]:
        """Return the fields that have a stored value with that value as text, in the order of the kind.

        The caller leaves out the fields whose privacy class the reader may not see.

        >>> from keqiao.catalogue.offers import offer_kinds
        >>> talent = offer_kinds()["talent"]
        >>> [(field.label(), text) for field, text in talent.rows({"direction": "光学镀膜"})]
        [('研究方向', '光学镀膜')]
        """
        return [(f, f.text(details[f.key], language=language)) for f in self.fields if details.get(f.key) is not None]

    def _unknown(self, name: str) -> FieldProblem:
        fields = ", ".join(field.id for field in self.fields)
        return FieldProblem(name, "unknown_field", f"{name}: {self.slug} has no such field, it has {fields}: remove it")

    def _exceeds(self, details: Mapping[str, Any], low: str, high: str) -> bool:
        lower, upper = details.get(self.field(low).key), details.get(self.field(high).key)
        return lower is not None and upper is not None and lower > upper

    def _out_of_order(self, low: str, high: str) -> FieldProblem:
        return FieldProblem(high, "order", f"{high}: it is below {low}: exchange or correct the two values")


def _clean_field(field: Field, values: Mapping[str, Any]) -> Any:
    entered, stored = values.get(field.id), values.get(field.key)
    if field.key != field.id and entered is not None and stored is not None:
        raise ValueProblem("twice", f"it is given as {field.key} too: give one of the two")
    is_stored_money = field.key != field.id and stored is not None
    value = clean_value(field, stored if is_stored_money else entered, is_fen=is_stored_money)
    if value is None and field.required:
        raise ValueProblem("required", "it is missing: fill it in")
    return value
