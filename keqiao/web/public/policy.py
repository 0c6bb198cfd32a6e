"""One policy: its text's articles beside the code they became, its numbers by date, its editions and its file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.engines.rules import Article, Clause, Explanation, Parameter, Policy
from keqiao.web.parts import support
from keqiao.web.parts.request import Request
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.public import policy_words as words
from keqiao.web.templatetags.keqiao import say

KINDS = {
    "hard": _("必要条件"), "score": _("计分"), "veto": _("否决"), "direct": _("直通条件"), "exempt": _("豁免条件"),
    "manual": _("人工认定"), "rate": _("影响金额"),
}  # fmt: skip
ARTICLES = {"code": _("已编码"), "manual": _("含人工认定"), "left": _("未编码")}
ROUNDINGS = {"floor": _("舍去余数"), "half_up": _("四舍五入"), "exact": _("不取整")}


@dataclass(frozen=True, kw_only=True)
class ClauseView:
    """A clause beside its code: `asks` says what is held against which threshold on the day that is shown."""

    clause: Clause
    kind: str
    is_first: bool  # the first of its places on the page
    asks: Sequence[str]
    registers: Sequence[str]
    note: str
    when: Sequence[tuple[str, str]]  # what its file says of when it is asked and what replaces it
    parts: Sequence[tuple[str, str]]  # named parts its expression rests on
    for_people: bool


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    article: Article | None
    kind: str
    kind_name: str
    clauses: Sequence[ClauseView]


@dataclass(frozen=True, kw_only=True)
class ParameterView:
    """A number of the policy with its values by date; `now` is the one of the day that is shown."""

    parameter: Parameter
    stages: Sequence[tuple[date | None, str, str, bool]]  # first day, value, source, whether it holds
    lacks_data: bool


@require_safe
def policy(request: Request, slug: str) -> HttpResponse:
    on = timezone.localdate()
    edition = shelf.find_edition(slug, request.GET.get("edition", ""), on)
    one, day = edition.policy, edition.day(on)
    said = shelf.requirements(slug, one.version, day, shelf.language())
    path = shelf.file_of(slug, one.version)
    context = {
        "section": "policy",
        "policy": one,
        "edition": edition,
        "state": edition.state(on),
        "state_name": shelf.STATES[edition.state(on)],
        "day": day,
        "place": shelf.region_name(one),
        "coverage": shelf.coverage(one),
        "articles": articles(one, said),
        "combination": words.combination(one),
        "parameters": parameters(one, day),
        "score": _score(one, day),
        "benefit": one.benefit,
        "stacking": support.groups(one, on=day),
        "tiers": list(words.steps(one, one.benefit.text, day)) if one.benefit else [],
        "rounding": ROUNDINGS[one.benefit.rounding] if one.benefit else "",
        "amount": words.in_words(one, _opened(one, one.benefit.text), day) if one.benefit else "",
        "broken": said is None,
        "needed": shelf.unknown_parameters(one),
        "editions": _editions(slug, on),
        "path": shelf.place_in_repository(path),
    }
    return render(request, "public/policy.html", context)


@require_safe
def policy_file(request: Request, slug: str) -> HttpResponse:
    """The file of an edition as it is computed."""
    edition = shelf.find_edition(slug, request.GET.get("edition", ""), timezone.localdate())
    path = shelf.file_of(slug, edition.policy.version)
    response = HttpResponse(path.read_bytes(), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{edition.policy.version}.toml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opened(policy: Policy, text: str) -> str:
    """An amount that is a part without a label of its own, as what it stands for."""
    part = policy.definitions.get(text)
    return part.text if part and not part.label else text


def articles(policy: Policy, said: Explanation | None) -> list[ArticleView]:
    """The passages of the text with their clauses; clauses that no passage names come last."""
    when = shelf.conditions(policy.slug, policy.version)
    notes = {note.id: note for note in said.clauses} if said else {}
    seen: set[str] = set()

    def views(ids: Sequence[str]) -> list[ClauseView]:
        found = []
        for id in ids:
            clause, note = policy.clause(id), notes.get(id)
            # A bare fact says no more than the label; a sign and a bound do.
            asks = [
                f"{one.what} {one.sign} {shelf.bound_of(one)}" for one in (note.findings if note else ()) if one.sign
            ]
            found.append(
                ClauseView(
                    clause=clause,
                    kind=str(KINDS[clause.kind]),
                    is_first=id not in seen,
                    asks=list(dict.fromkeys(asks)),
                    registers=note.registers if note else (),
                    note=note.note if note else clause.note,
                    when=when.get(id, ()),
                    parts=_parts(policy, clause, when.get(id, ())),
                    for_people=shelf.is_for_people(policy, clause),
                )
            )
            seen.add(id)
        return found

    found = [_article_view(policy, one, views(one.clauses)) for one in policy.articles]
    if rest := [one.id for one in policy.clauses if one.id not in seen]:
        found.append(ArticleView(article=None, kind="code", kind_name=str(ARTICLES["code"]), clauses=views(rest)))
    return found


def _article_view(policy: Policy, article: Article, clauses: Sequence[ClauseView]) -> ArticleView:
    kind = shelf.article_kind(policy, article)
    return ArticleView(article=article, kind=kind, kind_name=str(ARTICLES[kind]), clauses=clauses)


def _parts(policy: Policy, clause: Clause, when: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    text = " ".join([clause.text, *(code for _key, code in when)])
    return [
        (word, policy.definitions[word].text) for word in shelf.words_of(policy, text) if word in policy.definitions
    ]


def parameters(policy: Policy, day: date) -> list[ParameterView]:
    found = []
    for one in policy.parameters.values():
        begun = [stage for stage in one.stages if stage.start is None or stage.start <= day]
        stages = [
            (stage.start, words.amount(policy, stage.text), stage.source, bool(begun) and stage is begun[-1])
            for stage in one.stages
        ]
        found.append(ParameterView(parameter=one, stages=stages, lacks_data=shelf.lacks_data(one)))
    return found


def _score(policy: Policy, day: date) -> list[tuple[str, str, list[words.Steps]]]:
    """The named parts of the score: label, code, bands."""
    return [
        (say(one, "label"), one.text, list(words.steps(policy, one.text, day)))
        for one in policy.definitions.values()
        if one.label and policy.score is not None
    ]


def _editions(slug: str, on: date) -> list[tuple[shelf.Edition, str, list[tuple[str, str, str]]]]:
    """The editions, newest first, with their state and what each changed."""
    some = shelf.family(slug)
    found = []
    for place, edition in enumerate(some):
        changed = differences(some[place - 1].policy, edition.policy) if place else []
        found.append((edition, str(shelf.STATES[edition.state(on)]), changed))
    return found[::-1]


def differences(old: Policy, new: Policy) -> list[tuple[str, str, str]]:
    """What differs between two editions: (label, before, after); an empty text where there was nothing."""
    found = []
    before, after = {one.id: one for one in old.clauses}, {one.id: one for one in new.clauses}
    for id in dict.fromkeys([*before, *after]):
        was, is_ = before.get(id), after.get(id)
        if was is None or is_ is None or was.text != is_.text:
            label = say(is_ or was, "label")
            found.append((label, was.text if was else "", is_.text if is_ else ""))
    for name in dict.fromkeys([*old.parameters, *new.parameters]):
        one, other = old.parameters.get(name), new.parameters.get(name)
        texts = [words.amount(old, p.stages[-1].text) if p else "" for p in (one, other)]
        if texts[0] != texts[1] or one is None or other is None:
            found.append((say(other or one, "label"), texts[0], texts[1]))
    if old.eligible_text != new.eligible_text:
        found.append((str(_("条件的组合")), old.eligible_text, new.eligible_text))
    was_paid, is_paid = old.benefit.text if old.benefit else "", new.benefit.text if new.benefit else ""
    if was_paid != is_paid:
        found.append((str(_("支持金额")), was_paid, is_paid))
    return found
