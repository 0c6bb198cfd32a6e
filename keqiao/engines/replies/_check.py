"""A reply looked over before it is published: what a careful reader would find first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from keqiao.engines.replies._arithmetic import recompute
from keqiao.engines.replies._model import Reply, Span


@dataclass(frozen=True)
class Finding:
    """One thing to look at: its code, the places it speaks of, and the values a sentence about it needs.

    code: growth_mismatch, growth_rounding, total_mismatch, share_mismatch, part_too_large, list_mismatch,
    after_signing, number_year, no_date, unanswered, declined, soft_only.
    """

    code: str
    spans: tuple[Span, ...]
    values: dict[str, Any] = field(default_factory=dict)


def check(reply: Reply) -> tuple[Finding, ...]:
    """Check a reply against itself: growth, totals and lists recomputed; dates; refusals and answers without promise.

    Growth is allowed the rounding of the printed digits: 1.15亿 against 9090万 as +26.9% is `growth_rounding`, a
    hint, and 4860万 against 4050万 as +18% is `growth_mismatch`, a fault. The order is that of the text.

    >>> from keqiao.catalogue.replies import parse_reply
    >>> found = check(parse_reply("2024年安排资金4860万元，比2023年的4050万元增长18%。"))
    >>> [(one.code, one.values.get("computed")) for one in found]
    [('no_date', None), ('growth_mismatch', 20.0)]
    """
    found = [*_sums(reply), *_dates(reply), *_answers(reply)]
    return tuple(sorted(found, key=lambda one: (one.spans[0] if one.spans else (0, 0), one.code)))


def _sums(reply: Reply) -> list[Finding]:
    codes = {
        ("a/b-1", "mismatch"): "growth_mismatch",
        ("a/b-1", "ok_within_rounding"): "growth_rounding",
        ("sum", "mismatch"): "total_mismatch",
        ("part_of", "mismatch"): "share_mismatch",
        ("count of names", "mismatch"): "list_mismatch",
    }
    found = []
    for one in recompute("", reply):
        code = codes.get((one.formula, one.verdict))
        if code == "share_mismatch" and one.stated is None:
            code = "part_too_large"
        if code:
            spans = tuple(part.span for part in one.parts)
            found.append(Finding(code, spans, {"computed": one.computed, "stated": one.stated, "name": one.name}))
    return found


def _dates(reply: Reply) -> list[Finding]:
    meta = reply.meta
    if meta.date is None:
        return [Finding("no_date", ())]
    found = []
    for one in reply.figures:
        year = re.search(r"(20\d\d)(?:-(\d\d))?$", one.year_or_period or "")
        # An inherited period would tell the same words again.
        if year is None or one.modality not in ("done", "previous") or one.period_source != "stated":
            continue
        late = int(year[1]) > int(meta.date[:4]) or (year[2] is not None and f"{year[1]}-{year[2]}" > meta.date[:7])
        if late:
            found.append(Finding("after_signing", (one.span,), {"period": one.year_or_period, "date": meta.date}))
    number = re.search(r"[〔\[](\d{4})[〕\]]", meta.doc_number or "")
    if number and number[1] != meta.date[:4]:
        spans = (meta.spans["doc_number"],) if "doc_number" in meta.spans else ()
        found.append(Finding("number_year", spans, {"number": meta.doc_number, "date": meta.date}))
    return found


def _answers(reply: Reply) -> list[Finding]:
    found = []
    for one in reply.suggestions:
        if one.heading_kind != "suggestion":
            continue
        if not any(answer.span[1] - answer.span[0] > 20 for answer in one.answers):
            found.append(Finding("unanswered", (one.heading_span,), {"n": one.n}))
        found += [
            Finding("declined", (answer.span,), {"n": one.n, "department": answer.department})
            for answer in one.answers
            if answer.disposition == "declined"
        ]
        promises = [promise for promise in reply.commitments if promise.suggestion == one.n]
        if promises and all(promise.specificity == "soft" for promise in promises):
            found.append(Finding("soft_only", (one.heading_span,), {"n": one.n, "promises": len(promises)}))
    return found
