"""The numbers of a published reply as figures: one that the platform published opens to its rows; the others are what
a sentence says, and nothing more."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.figures import FigureState, Grade, Kind, actions, queries
from keqiao.apps.ledger.models import EndReason, PublishedFigure
from keqiao.apps.parties.actors import Actor, system
from keqiao.apps.parties.permissions import ALLOWED
from keqiao.apps.proposals import indicators, masking, names
from keqiao.apps.proposals.models import Reply, ReplyFigure

_PRINTED = re.compile(r"(\d[\d,，]*(?:\.\d+)?)[余多]?(.*)")
_BASE_UNITS = {"CNY": "元", "percent": "%", "month": "个月", "year": "年", "day": "天"}
LONGEST_UNIT = 20
MODALITY = "done"


@dataclass(frozen=True)
class Stated:
    """What a reply's number becomes: its digits and unit as printed, its code, the period it speaks of."""

    row: ReplyFigure
    code: str
    value: str
    unit: str
    year: int
    as_of: date
    kind: str

    @property
    def about(self) -> str:
        return f"{names.subject_of(self.row.reply)}#{self.row.start}-{self.row.end}"


def state_figures(reply: Reply, *, by: Actor, at: datetime) -> int:
    """Bring the stated figures in step with the reply: what is new is stated, what is corrected or gone withdrawn.

    Returns how many were stated. A reply that is not public, or that a newer published version replaced, states none.
    """
    with ledger.action("reply.state_figures", by=by, at=at, subject=names.subject_of(reply), folds=True) as entry:
        wanted = _wanted(reply) if is_stating(reply) else {}
        standing = {row.about: row for row in _standing(reply)}
        for about, figure in standing.items():
            if about not in wanted or not _says_the_same(wanted[about], figure):
                _withdraw(figure, at=at)
                reply.figures.filter(figure_key=figure.key).update(figure_key="", figure_grade="")
        fresh = [
            one for about, one in wanted.items() if about not in standing or not _says_the_same(one, standing[about])
        ]
        stated = list(filter(None, [_state(one, by=by, at=at) for one in fresh]))
        # This entry stands for theirs, so it holds what each is proved by.
        entry.change(stated={one.key: one.digest for one in stated})
        entry.count = len(stated)
    return len(stated)


def is_stating(reply: Reply) -> bool:
    """Whether the public reads its sentences: published in full, in the newest published version."""
    newer = getattr(reply, "superseded_by", None)
    return reply.is_public and reply.publication == "full" and not (newer is not None and newer.is_public)


def _standing(reply: Reply) -> list[PublishedFigure]:
    rows = PublishedFigure.objects.filter(grade=Grade.SENTENCE, state=FigureState.PUBLISHED)
    return list(rows.filter(about__startswith=f"{names.subject_of(reply)}#"))


def _wanted(reply: Reply) -> dict[str, Stated]:
    """The numbers that report something done, each one the platform's own figure, or to be stated."""
    rows = reply.figures.filter(modality=MODALITY, value__isnull=False, value_max=None).exclude(tier="optional")
    published = list(queries.published().exclude(grade=Grade.SENTENCE))
    found: dict[str, Stated] = {}
    for row in rows.select_related("reply"):
        one = _stated(row)
        same = indicators.same_as(
            value=row.value or Decimal(0), unit=row.unit, words=f"{row.programme}{row.indicator}", among=published,
            year=one.year if row.period[:4].isdigit() else None,
        )  # fmt: skip
        if same is not None:
            ReplyFigure.objects.filter(pk=row.pk).update(figure_key=same.key, figure_grade=same.grade)
        elif row.indicator:
            found[one.about] = one
    return found


def _stated(row: ReplyFigure) -> Stated:
    value, unit = printed(row)
    signed = row.reply.signed_date or row.reply.published_date or date.max
    years = [int(text) for text in re.findall(r"(?:19|20)\d\d", row.period)]
    year = years[-1] if years and years[-1] <= signed.year else signed.year
    as_of = signed if year == signed.year else date(year, 12, 31)
    kind = Kind.FLOW
    if "累计" in row.period or "以来" in row.period:
        kind = Kind.CUMULATIVE
    elif "截至" in row.period or "目前" in row.period:
        kind = Kind.STOCK
    return Stated(row, code_of(row), value, unit, year, as_of, kind)


def printed(row: ReplyFigure) -> tuple[str, str]:
    """Digits and unit as they stand in the text; of a number in words its value and the unit it was read in."""
    match = _PRINTED.fullmatch("".join(unicodedata.normalize("NFKC", row.raw).split()))
    if match and row.origin != "corrected":
        return match[1].replace(",", ""), (match[2] or "个")[:LONGEST_UNIT]
    unit = _BASE_UNITS.get(row.unit, row.unit.partition(":")[2] or row.unit_raw or row.unit)
    return f"{row.value.normalize():f}" if row.value is not None else "", unit[:LONGEST_UNIT] or "个"


def code_of(row: ReplyFigure) -> str:
    """The same for the same thing said by the same unit in any reply, so that its values can be compared."""
    words = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", f"{row.programme}{row.indicator}")).lower()
    who = row.unit_code or row.department or row.reply.issuer
    digest = hashlib.sha256(f"{who}|{words}|{row.unit}".encode()).hexdigest()
    return f"reply-{digest[:12]}"


def _says_the_same(one: Stated, figure: PublishedFigure) -> bool:
    said: Mapping[str, object] = {
        "code": one.code, "value": one.value, "unit_zh": one.unit, "year": one.year, "as_of": one.as_of,
    }  # fmt: skip
    return all(getattr(figure, name) == value for name, value in said.items())


def _state(one: Stated, *, by: Actor, at: datetime) -> PublishedFigure | None:
    row, reply = one.row, one.row.reply
    shown = masking.masked(reply.text, contacts=reply.parsed.get("meta", {}).get("contacts", ()))
    sentence = shown[row.sentence_start : row.sentence_end].strip() or row.raw
    try:
        figure = actions.state_figure(
            code=one.code, name_zh=row.indicator[:120], unit_zh=one.unit, value=one.value, year=one.year,
            as_of=one.as_of, kind=one.kind, scope_zh=(row.department or reply.issuer_name)[:200], sentence=sentence,
            source=f"{reply.title}（{reply.doc_number}）"[:300], about=one.about, may=ALLOWED, by=by, at=at,
        )  # fmt: skip
    except ValidationError:
        # A number that cannot be put as one stays a number of the sentence; nothing else depends on it.
        return None
    ReplyFigure.objects.filter(pk=row.pk).update(figure_key=figure.key, figure_grade=figure.grade)
    return figure


def _withdraw(figure: PublishedFigure, *, at: datetime) -> None:
    """The reply says it no more. The product does it: who may correct a reply need not keep figures."""
    actions.withdraw_figure(figure, reason=EndReason.TYPING_ERROR, by=system("proposals"), at=at)
