"""The shipped policies as pages need them: compiled once a day, with their state, their coverage and their file."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.catalogue import policies
from keqiao.engines.rules import (
    Article,
    Checker,
    Clause,
    Explainer,
    Explanation,
    Parameter,
    Policy,
    RuleError,
    Searcher,
    compile_policy,
)
from keqiao.web.public import policy_items
from keqiao.web.templatetags.keqiao import is_english, label

REPOSITORY = policies.FOLDER.parent.parent.parent
_WORD = re.compile(r"[A-Za-z_]\w*(?:\.(?:\w+|\*))*")
STATES = {"in_force": _("施行中"), "ahead": _("尚未施行"), "over": _("已被替代或失效"), "undated": _("日期未定")}
UNKNOWN = ("未知", "unknown")  # as the engine says it
BENEFITS = {"title": _("资格认定"), "amount": _("按金额计算的支持")}


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition in the row of its policy's editions: `ends` is its last day, known or given by the next one."""

    policy: Policy
    ends: date | None

    @property
    def starts(self) -> date | None:
        return self.policy.starts

    def state(self, on: date) -> str:
        if self.starts is None:
            return "undated"
        if on < self.starts:
            return "ahead"
        return "over" if self.ends and on > self.ends else "in_force"

    def day(self, on: date) -> date:
        """The day to show it for: today, else the nearest day of its time."""
        first, last = self.starts or on, self.ends or on
        return first if on < first else min(on, last)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What became of the passages of a text: all in code, some of it for people, none of it in code."""

    code: int
    manual: int
    left: int

    @property
    def total(self) -> int:
        return self.code + self.manual + self.left

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """Each part as (kind, start, width) in per cent."""
        found, at = [], 0
        for kind, count in (("code", self.code), ("manual", self.manual), ("left", self.left)):
            if count:
                found.append((kind, f"{100 * at / self.total:.2f}%", f"{100 * count / self.total:.2f}%"))
            at += count
        return found


def editions_of(slug: str) -> list[Edition]:
    """All editions of a policy, oldest first; 404 for an unknown one."""
    some = policies.editions().get(slug)
    if not some:
        raise Http404(slug)
    return [Edition(policy=one, ends=_last_day(one, some[place + 1 :])) for place, one in enumerate(some)]


def _last_day(policy: Policy, later: Sequence[Policy]) -> date | None:
    """Its file says the first day on which it no longer holds; the next edition's first day says the same."""
    follows = next((one.starts for one in later if one.starts), None)
    ends = [day - timedelta(days=1) for day in (policy.ends, follows) if day]
    return min(ends, default=None)


def family(slug: str) -> list[Edition]:
    """All editions that stand in a policy's folder, under whatever name, the oldest first."""
    folder = file_of(slug, editions_of(slug)[0].policy.version).parent
    found = [
        edition for some in everything() for edition in some
        if file_of(edition.policy.slug, edition.policy.version).parent == folder
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.starts or date.min)


def current(editions: Sequence[Edition], on: date) -> Edition:
    """The edition of a day: the newest that has begun, else the first."""
    begun = [one for one in editions if one.starts is None or one.starts <= on]
    return begun[-1] if begun else editions[0]


def find_edition(slug: str, version: str, on: date) -> Edition:
    """An edition by its version, the one of the day where none is named; 404 for an unknown one."""
    some = editions_of(slug)
    if not version:
        return current(some, on)
    found = next((one for one in some if one.policy.version == version), None)
    if found is None:
        raise Http404(version)
    return found


def everything() -> list[list[Edition]]:
    return [editions_of(slug) for slug in policies.editions()]


@lru_cache(maxsize=128)
def checker(slug: str, version: str, day: date) -> Checker:
    """What judges by an edition on a day; a fault of its file is a RuleError."""
    policy = next(one.policy for one in editions_of(slug) if one.policy.version == version)
    return Checker(compile_policy(policy, as_of=day))


@lru_cache(maxsize=128)
def rests(slug: str, version: str, day: date) -> dict[str, policy_items.Rests]:
    return policy_items.rests(checker(slug, version, day))


@lru_cache(maxsize=128)
def searcher(slug: str, version: str, day: date) -> Searcher:
    return Searcher(checker(slug, version, day).program)


@lru_cache(maxsize=128)
def explainer(slug: str, version: str, day: date, language: str) -> Explainer:
    return Explainer(checker(slug, version, day).program, language=language)


def language() -> str:
    return "en" if is_english() else "zh"


@lru_cache(maxsize=128)
def requirements(slug: str, version: str, day: date, language: str) -> Explanation | None:
    """The clauses in words with the thresholds of a day; None where a parameter has no value on it."""
    try:
        return explainer(slug, version, day, language).explain(checker(slug, version, day).read({}))
    except RuleError:
        return None


def words_of(policy: Policy, text: str) -> Iterator[str]:
    """Every name an expression rests on, definitions opened up."""
    seen: set[str] = set()
    open_ = [text]
    while open_:
        for word in _WORD.findall(open_.pop()):
            if word not in seen:
                seen.add(word)
                yield word
                if word in policy.definitions:
                    open_.append(policy.definitions[word].text)


def is_for_people(policy: Policy, clause: Clause) -> bool:
    """Whether people have their part in a clause: it is manual, or experts give points to it."""
    facts = policy.vocabulary.attributes
    return clause.kind == "manual" or any(
        word in facts and facts[word].by == "experts" for word in words_of(policy, clause.text)
    )


def article_kind(policy: Policy, article: Article) -> str:
    """ "code", "manual" where people have a part in it, "left" where there is no code for it."""
    if article.is_amount and not article.manual:
        return "code"
    if not article.clauses:
        return "left"
    by_people = article.manual or any(is_for_people(policy, policy.clause(id)) for id in article.clauses)
    return "manual" if by_people else "code"


def coverage(policy: Policy) -> Coverage:
    kinds = [article_kind(policy, article) for article in policy.articles]
    return Coverage(code=kinds.count("code"), manual=kinds.count("manual"), left=kinds.count("left"))


def lacks_data(parameter: Parameter) -> bool:
    return any(stage.value is None for stage in parameter.stages)


def unknown_parameters(policy: Policy) -> int:
    """How many numbers of a policy nobody has entered yet."""
    return sum(map(lacks_data, policy.parameters.values()))


def bound_of(finding: Any) -> str:
    """What a value is held against; a number nobody has entered yet says so."""
    return gettext("待补数据") if finding.bound in UNKNOWN else str(finding.bound)


def benefit_kind(policy: Policy) -> str:
    return "amount" if policy.benefit else "title"


def region_name(policy: Policy) -> str:
    """The region a policy holds in, in the reader's language; empty for one that is not bound to any."""
    names = policy.vocabulary.attributes.get("province_code")
    if names and policy.region in names.codes:
        return names.codes[policy.region][1 if is_english() else 0]
    return label(policy.region, "party_area") if policy.region else ""


@lru_cache(maxsize=256)
def file_of(slug: str, version: str) -> Path:
    """The file of an edition, found by its digest."""
    policy = next(one.policy for one in editions_of(slug) if one.policy.version == version)
    return next(path for path in sorted(policies.FOLDER.glob(f"*/{policy.name}.toml")) if _is_of(path, policy))


def _is_of(path: Path, policy: Policy) -> bool:
    return policies.read_edition(path).digest == policy.digest


def place_in_repository(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@lru_cache(maxsize=256)
def conditions(slug: str, version: str) -> dict[str, list[tuple[str, str]]]:
    """By clause, what its file says of when it is asked and what replaces it: (key, expression)."""
    values = tomllib.loads(file_of(slug, version).read_text(encoding="utf-8"))
    return {
        str(clause["id"]): [(key, str(clause[key])) for key in ("applies", "exempted_by") if key in clause]
        for clause in values["clauses"]
    }
