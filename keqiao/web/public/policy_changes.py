"""What changes when: editions that begin or end and numbers that get another value, month by month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.catalogue import policies
from keqiao.engines.rules import Policy
from keqiao.web.parts.request import Request
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.public import policy_words as words
from keqiao.web.templatetags.keqiao import say

AROUND = 12  # months before and ahead that are listed below the one that was asked for
FIRST, LAST = date(1990, 1, 1), date(2099, 12, 1)
KINDS = {"begins": _("开始施行"), "ends": _("最后一日"), "number": _("数值改变")}


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something of a policy that is different from a day on (for "ends": that ends with the day)."""

    day: date
    kind: str
    policy: Policy
    label: str = ""
    before: str = ""
    after: str = ""
    source: str = ""

    @property
    def kind_name(self) -> str:
        return str(KINDS[self.kind])


@require_safe
def changes(request: Request) -> HttpResponse:
    on = timezone.localdate()
    month = _month(request.GET.get("month", "")) or on.replace(day=1)
    found = sorted(_all(), key=lambda one: (one.day, one.policy.slug, one.kind, one.label))
    start, end = _moved(month, -AROUND), _moved(month, AROUND + 1)
    following = _moved(month, 1)
    context = {
        "section": "policy",
        "month": month,
        "is_now": month == on.replace(day=1),
        "previous": _moved(month, -1) if month > FIRST else None,
        "next": following if month < LAST else None,
        "rows": [one for one in found if month <= one.day < following],
        "ahead": [one for one in found if following <= one.day < end],
        "past": [one for one in found if start <= one.day < month][::-1],
        "around": AROUND,
    }
    return render(request, "public/_policy_changes.html" if request.htmx else "public/policy_changes.html", context)


def _all() -> Iterator[Change]:
    for some in shelf.everything():
        for edition in some:
            yield from _of(edition)


def _of(edition: shelf.Edition) -> Iterator[Change]:
    policy = edition.policy
    if edition.starts:
        yield Change(day=edition.starts, kind="begins", policy=policy, before=policy.supersedes)
        yield from _carried_on(edition.starts, policy)
    if edition.ends:
        yield Change(day=edition.ends, kind="ends", policy=policy)
    for one in policy.parameters.values():
        before = ""
        for stage in one.stages:
            if stage.start:
                yield Change(
                    day=stage.start, kind="number", policy=policy, label=say(one, "label"),
                    before=before, after=words.amount(policy, stage.text), source=stage.source,
                )  # fmt: skip
            before = words.amount(policy, stage.text)


def _carried_on(day: date, policy: Policy) -> Iterator[Change]:
    """The numbers that an edition took over from the one before under the same name, with another value."""
    earlier = policies.predecessor(policy)
    for name, one in policy.parameters.items():
        if earlier is None or name not in earlier.parameters:
            continue
        before, after = earlier.parameters[name].stages[-1], one.stages[0]
        if before.text != after.text and not after.start:
            yield Change(
                day=day, kind="number", policy=policy, label=say(one, "label"),
                before=words.amount(earlier, before.text), after=words.amount(policy, after.text), source=after.source,
            )  # fmt: skip


def _month(text: str) -> date | None:
    """The month of "2026-04"; None for anything else."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    month = date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else None
    return month if month and FIRST <= month <= LAST else None


def _moved(month: date, by: int) -> date:
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)
