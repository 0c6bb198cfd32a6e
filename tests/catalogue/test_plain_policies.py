"""The engine against the same policies in plain Python, on seeded firms around every threshold, day and open field."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from keqiao.catalogue import policies
from tests.catalogue.plain import Facts, as_day, years_back
from tests.catalogue.plain_hte import lacks_points
from tests.catalogue.plain_policies import NA, POLICIES, SCORED

DAYS = (date(2026, 7, 1), date(2028, 2, 29), date(2026, 3, 31), date(2026, 4, 1), date(2027, 2, 28), date(2028, 1, 1))
BY_PEOPLE = "req.market"
COUNT = 250
ODD = (None, None, "3", -1, 1.5, True, 0, 2**53, 2**53 + 1)


def firms(slug: str, *, count: int) -> Iterator[tuple[date, dict[str, Any]]]:
    """Firms of the cases beside a policy, changed fact by fact; the same policy gives the same firms."""
    chance = random.Random(f"plain {slug}")
    policy = policies.editions()[slug][-1]
    cases = policies.cases(policy)
    words = policy.vocabulary
    codes = sorted({text for clause in policy.clauses for text in clause.text.split("'")[1::2]})
    for number in range(count):
        case = chance.choice(cases)
        as_of = chance.choice((*DAYS, case["as_of"], case["as_of"]))
        shift = as_of - case["as_of"]
        firm = {name: _moved(value, shift) for name, value in case["firm"].items()} | {"firm_id": f"F{number}"}
        for name in chance.sample(sorted(firm), k=chance.choice((0, 1, 1, 2, 3))):
            if name in words.attributes:
                firm[name] = _changed(firm[name], words.attributes[name].type, as_of, codes, chance)
            elif name in words.lists and isinstance(firm[name], list):
                firm[name] = (
                    None if chance.random() < 0.1 else _list(firm[name], words.lists[name], as_of, codes, chance)
                )
        yearly = [name for name in firm if name in words.attributes and words.attributes[name].period]
        if yearly and chance.random() < 0.15:
            name = chance.choice(yearly)
            firm["_periods"] = {name: as_of.year - words.attributes[name].period - chance.choice((0, 0, 1, -1))}
        if "incidents" in firm and chance.random() < 0.15:
            firm["incidents_from"] = _day(as_of, chance)
        yield as_of, firm


def _moved(value: Any, shift: timedelta) -> Any:
    """Days move with the day asked about, so that what was at a bound stays near it."""
    if isinstance(value, list):
        return [{name: _moved(one, shift) for name, one in item.items()} for item in value]
    day = as_day(value)
    return value if day is None or day.year > 9000 else (day + shift).isoformat()


def _day(as_of: date, chance: random.Random) -> Any:
    bounds = [as_of, as_of - timedelta(days=30), as_of - timedelta(days=90), date(as_of.year - 1, 1, 1)]
    bounds += [years_back(as_of, years) for years in (1, 2, 3, 5)]
    day = chance.choice(bounds) + timedelta(days=chance.choice((-1, 0, 0, 1)))
    return chance.choice((day.isoformat(), day.isoformat(), day.isoformat(), "2026-02-30", None))


def _changed(value: Any, kind: str, as_of: date, codes: list[str], chance: random.Random) -> Any:
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if kind == "flag":
        return chance.random() < 0.5
    if kind == "date":
        return _day(as_of, chance)
    if kind == "code":
        return chance.choice([*codes, "none", "34", "13", "43", "44", "9"])
    number = value if isinstance(value, int) else 100
    near = [number - 1, number + 1, number * 2, number // 2, 0, number * 9 // 10, number * 11 // 10]
    years = [chance.randint(2015, 2028)] * 3 if 2000 < number < 2100 else []
    return max(0, chance.choice([*near, *years]))


def _list(some: list[dict[str, Any]], items: Any, as_of: date, codes: list[str], chance: random.Random) -> Any:
    found = [dict(one) for one in some if chance.random() < 0.9]
    if found and chance.random() < 0.4:
        found.append(dict(chance.choice(found)))
    for one in found:
        if chance.random() < 0.5 and one:
            name = chance.choice(sorted(one))
            field = items.fields.get(name)
            if chance.random() < 0.35:
                del one[name]
            elif field is not None:
                one[name] = _changed(one[name], field.type, as_of, codes, chance)
        if chance.random() < 0.1 and "revoked_on" in items.fields:
            one["revoked_on"] = _day(as_of, chance)
    return found


def spoken(id: str, state: Any) -> str:
    if state == NA:
        return str(NA)
    return "pass" if state is True else "fail" if state is False else "manual" if id == BY_PEOPLE else "unknown"


def judged(slug: str, as_of: date, firm: dict[str, Any]) -> dict[str, Any]:
    """What the plain policy says, in the form of the engine's verdict."""
    truths, whole, more = POLICIES[slug](Facts(firm, as_of))
    states = {id: spoken(id, one) for id, one in truths.items()}
    if states.get("base.score") == "unknown" and not lacks_points(Facts(firm, as_of)):
        states["base.score"] = "manual"
    verdict = {True: "eligible", False: "ineligible", None: "unknown"}[whole]
    if verdict == "unknown" and slug == "srdi-2026":
        # Data come before people: with the people's part settled, is anything still open?
        _truths, settled, _more = POLICIES[slug](Facts({**firm, "market_leading_reviewed": True}, as_of))
        verdict = "needs_review" if settled is True and truths[BY_PEOPLE] is None else "unknown"
    if verdict == "unknown" and slug == "high-tech-enterprise-2016" and "unknown" not in states.values():
        verdict = "needs_review"
    found: dict[str, Any] = {"verdict": verdict, "clauses": states}
    if slug in SCORED:
        low, high = more
        found["score"] = low if low == high else [low, high]
    elif slug not in ("srdi-2026", "little-giant-2026"):
        found["amount_fen"] = {"eligible": more, "ineligible": 0}.get(verdict)
    return found


def is_there(name: str, f: Facts) -> bool:
    """Whether a fact is known after all; a list may lack a field of an item."""
    words = policies.vocabulary()
    if name in words.lists:
        return False
    read = {"flag": f.flag, "date": f.day, "code": f.text}.get(words.attributes[name].type, f.number)
    return read(name) is not None


@pytest.mark.slow
@pytest.mark.parametrize("slug", POLICIES)
def test_engine_says_what_the_plain_policy_says(slug: str) -> None:
    seen: set[str] = set()
    for as_of, firm in firms(slug, count=COUNT):
        checker = policies.checker(slug, as_of=as_of)
        verdict = checker.check(checker.read(firm)).as_dict()
        wanted = judged(slug, as_of, firm)
        seen.add(wanted["verdict"])
        assert {name: verdict[name] for name in wanted} == wanted, (as_of, firm)
        assert [name for name in verdict["missing"] if is_there(name, Facts(firm, as_of))] == []
        assert bool(verdict["missing"]) >= (verdict["verdict"] == "unknown")
    assert seen >= {"eligible", "ineligible", "unknown"}
