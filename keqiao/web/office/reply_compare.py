"""A reply beside those of other years and other units, before it is published: what a reader would ask about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise as Words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import merging, queries
from keqiao.apps.proposals.models import Reply
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reply_words
from keqiao.web.parts.request import Request

# Neutral words: two replies may differ for good reasons, and readers will ask for them.
KINDS: dict[str, Words] = {
    "disagree": _("同一指标、同一时间，两份答复的数不同。"),
    "frozen": _("数字与另一年的答复完全相同，请确认已经更新。"),
    "duplicate_text": _("有整句与另一份答复相同，请确认不是照搬。"),
    "status_conflict": _("这里说将要做的，另一份同期答复里已报告结果。"),
    "cumulative_vs_annual": _("一份写累计，一份写当年，口径不同，不能直接比较。"),
    "name_variant": _("同一名称前后写法不同。"),
}
RELATIONS: dict[str, Words] = {
    "duplicate": _("同一个数"), "same_annual": _("同口径，按年"), "same_cumulative": _("同口径，累计"),
    "same_stock": _("同口径，时点"), "annual_vs_cumulative": _("当年与累计，不能直接比较"),
    "basis_differs": _("口径不同"), "subset": _("包含关系"),
}  # fmt: skip
# Computed from the printed figures of two replies: growth or a difference against the year before, what hardly grew.
COMPUTED: dict[tuple[str, str], Words] = {
    ("a/b-1", "mismatch"): _("原文写增长 %(stated)s%%，按两份答复里的数算是 %(computed)s%%，超出四舍五入的范围。"),
    ("a-b", "mismatch"): _("原文写增减 %(stated)s，按两份答复里的数算是 %(computed)s，超出四舍五入的范围。"),
    ("(a-b)/(c-d)", "suspicious"): _("人员或企业增加了，这个累计数却几乎没有增加，请确认口径相同。"),
}
MOST = 100
LONGEST = 160


@dataclass(frozen=True)
class Quote:
    """Words of one reply."""

    reply: Reply
    text: str
    is_own: bool


@dataclass(frozen=True)
class Question:
    """Something a reader would ask about, with the words on both sides."""

    kind: str
    said: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Line:
    """A figure of the reply and the same of others."""

    indicator: str
    relation: str
    points: tuple[tuple[Reply, str, str, bool], ...]  # whose, as printed, period, whether it is this reply's
    notes: tuple[str, ...] = ()  # what was computed from them


@require_safe
@login_required
def compare(request: Request, key: str) -> HttpResponse:
    parts.require_office(request)
    row = parts.find_reply(request, key)
    found = queries.compared(row, actor=request.actor)
    texts = {name: queries.shown_text(one, actor=request.actor) for name, one in found.replies.items()}
    context = {
        "section": "office",
        "tab": "replies",
        "row": row,
        "others": [one for name, one in found.replies.items() if name != row.key],
        "questions": _questions(row, found, texts)[:MOST],
        "lines": _lines(row, found)[:MOST],
    }
    return render(request, "office/reply_compare.html", context)


def _questions(row: Reply, found: queries.Compared, texts: dict[str, str]) -> list[Question]:
    """What concerns this reply and another; what concerns it alone stands among the remarks of its page."""
    made = []
    for one in found.links.inconsistencies:
        if row.key not in one.docs or len(set(one.docs)) < 2 or one.kind not in KINDS:
            continue
        quotes = tuple(
            Quote(found.replies[doc], _sentence(texts[doc], span), doc == row.key) for doc, span in one.spans
        )
        made.append(Question(one.kind, str(KINDS[one.kind]), quotes))
    # Several figures of two sentences are one question.
    return list(dict.fromkeys([*made, *_computed(row, found, texts)]))


def _computed(row: Reply, found: queries.Compared, texts: dict[str, str]) -> Iterator[Question]:
    """What the figures of this reply and another do not agree on, with the sentences of both."""
    for one in found.links.arithmetic:
        docs = {part.doc: part for part in reversed(one.parts)}
        said = COMPUTED.get((one.formula, one.verdict))
        if said is None or len(docs) < 2 or row.key not in docs:
            continue
        quotes = tuple(
            Quote(found.replies[doc], _sentence(texts[doc], part.span), doc == row.key)
            for doc, part in sorted(docs.items(), key=lambda pair: pair[0] != row.key)
        )
        values = {"stated": _number(one.stated), "computed": _number(one.computed)}
        yield Question(one.formula, str(said) % values, quotes)


def _number(value: float | None) -> str:
    return "—" if value is None else reply_words.plain(Decimal(str(round(value, 2))))


def _amount(value: float, like: Any) -> str:
    """In the unit of a printed figure."""
    if like.unit in reply_words.YUAN:
        return reply_words.money_of(Decimal(str(value)))
    return _number(value) + re.sub(r"^[\d.,，\s]+", "", like.raw)


def _relation(code: str, points: Sequence[Any]) -> str:
    if code == "annual_vs_cumulative" and not all(point.period for point in points):
        return gettext("一份写明年份，一份没有写明，不能直接比较")
    return str(RELATIONS.get(code, code))


def _notes(found: queries.Compared, points: Sequence[Any], relation: str) -> Iterator[str]:
    """What came to a running total between two replies, and whether the printed growth agrees with the other reply."""
    own = {(point.doc, point.id) for point in points}
    for one in found.links.arithmetic:
        if len({part.doc for part in one.parts}) < 2 or not {(part.doc, part.id) for part in one.parts[:2]} <= own:
            continue
        if (one.formula, one.verdict) == ("a-b", "derived") and relation.startswith("same"):
            yield gettext("其间增加 %(gained)s") % {"gained": _amount(one.computed, one.parts[0])}
        elif one.verdict in ("ok", "ok_within_rounding"):
            yield gettext("印出的增长与另一份答复的数相符")


def _sentence(text: str, span: tuple[int, int]) -> str:
    """The sentence that holds a passage, for a number alone says nothing."""
    return text[slice(*merging.sentence_around(text, *span))][:LONGEST]


def _lines(row: Reply, found: queries.Compared) -> list[Line]:
    lines = []
    for one in found.links.series:
        if not any(point.doc == row.key for point in one.points):
            continue
        points: list[Any] = sorted(
            one.points, key=lambda point: (str(found.replies[point.doc].signed_date), point.span)
        )
        shown = tuple((found.replies[p.doc], p.raw, p.period or "", p.doc == row.key) for p in points)
        own = next(point for point in one.points if point.doc == row.key)
        notes = tuple(_notes(found, points, one.relation))
        lines.append(Line(own.indicator, _relation(one.relation, points), shown, notes))
    return lines
