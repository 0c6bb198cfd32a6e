"""Looking for records that may be one: by number, by address, by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import DuplicatePair, Organization, OrganizationName, PairState, Person
from keqiao.engines import names

Found = tuple[str, str, float, list[str]]
# How much each sign says; the queue is sorted by the strongest.
SIGNS = {"same_organization_code": 0.95, "same_orcid": 1.0, "same_email": 0.95, "same_phone": 0.9, "same_name": 0.7}
_MOST_SHARING = 5  # a number that more people share is an office's, not a person's
_CODE_PART = slice(8, 17)  # the organisation code inside a unified social credit code


def find_duplicates(*, by: Actor, at: datetime) -> int:
    """Look for pairs anew; returns how many were found for the first time. Pairs that were decided stay decided."""
    known = {(pair.noun, pair.one, pair.other): pair for pair in DuplicatePair.objects.all()}
    fresh, renewed = [], []
    found = [("organization", pair) for pair in organization_pairs()] + [("person", pair) for pair in person_pairs()]
    for noun, (one, other, score, reasons) in found:
        pair = known.pop((noun, one, other), None)
        if pair is None:
            fresh.append(DuplicatePair(noun=noun, one=one, other=other, score=score, reasons=reasons, found_at=at))
        elif pair.state == PairState.OPEN and (pair.score, pair.reasons) != (score, reasons):
            pair.score, pair.reasons = score, reasons
            renewed.append(pair)
    stale = [pair.pk for pair in known.values() if pair.state == PairState.OPEN]
    if not (fresh or renewed or stale):
        return 0
    with ledger.action("duplicates.find", by=by, at=at, subject="duplicates:all") as entry:
        DuplicatePair.objects.bulk_create(fresh, ignore_conflicts=True)
        DuplicatePair.objects.bulk_update(renewed, ["score", "reasons"])
        DuplicatePair.objects.filter(pk__in=stale, state=PairState.OPEN).delete()
        entry.count = len(fresh)
    return len(fresh)


def organization_pairs() -> Iterator[Found]:
    """Bodies with the same organisation code under two social credit codes, or with names alike."""
    rows = list(Organization.objects.filter(merged_into=None).values_list("key", "uscc", "name", "parent__key"))
    given: dict[str, list[str]] = {key: [name] for key, _code, name, _parent in rows}
    for key, name in OrganizationName.objects.filter(organization__merged_into=None).values_list(
        "organization__key", "name"
    ):
        given[key].append(name)
    parent = {key: above for key, _code, _name, above in rows}
    found: dict[tuple[str, str], tuple[float, list[str]]] = {}
    region = places.region()
    called = {name for area in region.areas.values() for name in (area.name, *area.aliases)}
    fronts = tuple(sorted(called, key=len, reverse=True))
    for one, other, likeness in names.pairs(given, places=fronts):
        # A part and its body, and two parts of different bodies, share words without being one.
        if (
            other == parent[one]
            or one == parent[other]
            or (parent[one] != parent[other] and parent[one] and parent[other])
        ):
            continue
        found[one, other] = (likeness.score, [likeness.reason])
    for one, other in _sharing((code[_CODE_PART], key) for key, code, _name, _parent in rows if code):
        score, reasons = found.get((one, other), (0.0, []))
        found[one, other] = (max(score, SIGNS["same_organization_code"]), ["same_organization_code", *reasons])
    for (one, other), (score, reasons) in sorted(found.items()):
        yield one, other, score, reasons


def person_pairs() -> Iterator[Found]:
    """People of one body who share an ORCID, an address, a number or a name."""
    rows = list(
        Person.objects.filter(merged_into=None).exclude(name="").values_list(
            "key", "name", "organization__key", "orcid", "email", "phone"
        )
    )  # fmt: skip
    signs: dict[tuple[str, str], list[str]] = defaultdict(list)
    given = {
        "same_orcid": ((f"{body} {orcid}", key) for key, _name, body, orcid, _email, _phone in rows if orcid),
        "same_email": ((f"{body} {email.lower()}", key) for key, _name, body, _orcid, email, _phone in rows if email),
        "same_phone": ((f"{body} {phone}", key) for key, _name, body, _orcid, _email, phone in rows if phone),
        "same_name": ((f"{body} {name}", key) for key, name, body, _orcid, _email, _phone in rows),
    }
    for reason, pairs in given.items():
        for pair in _sharing(pairs):
            signs[pair].append(reason)
    for (one, other), reasons in sorted(signs.items()):
        yield one, other, max(SIGNS[reason] for reason in reasons), reasons


def _sharing(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    holders: dict[str, set[str]] = defaultdict(set)
    for shared, key in pairs:
        holders[shared].add(key)
    for keys in holders.values():
        if len(keys) <= _MOST_SHARING:
            yield from combinations(sorted(keys), 2)
