"""What the engine says of written pairs of replies, held against what is true of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from keqiao.catalogue.replies import link_replies, parse_reply
from keqiao.engines.replies import Links

from .pairs import Pair, pairs
from .writing import FIELDS, NAMES


@dataclass
class Judged:
    """What was said wrongly, in words, and how much of what is true was found: measure → (found, of)."""

    faults: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)


def judge(count: int, *, seed: int = 7) -> Judged:
    """Read and link `count` pairs and hold what is said against the truth."""
    judged = Judged()
    for pair in pairs(count, seed=seed):
        links = link_replies({doc: parse_reply(text) for doc, text in pair.texts.items()}, texts=pair.texts)
        key_of = {(doc, *span): key for key, places in pair.figures.items() for doc, span in places}
        _judge_series(pair, links, key_of, judged)
        _judge_promises(pair, links, judged)
        _judge_sums(pair, links, key_of, judged)
    return judged


def _judge_series(pair: Pair, links: Links, key_of: dict[tuple[str, int, int], str], judged: Judged) -> None:
    told: dict[str, str] = {}
    for one in links.series:
        keys = [key_of.get((part.doc, *part.span)) for part in one.points]
        if len(set(keys)) > 1 or None in keys:
            judged.faults.append(f"false link {[(part.raw, part.indicator) for part in one.points]}")
        elif keys[0] is not None:
            told[keys[0]] = one.relation
    for key, relations in pair.truth.relations.items():
        judged.of["series"] += 1
        judged.found["series"] += key in told
        if key in told and told[key] not in relations:
            judged.faults.append(f"relation {told[key]} for {relations}")
    for odd in links.inconsistencies:
        if odd.kind == "disagree" and not {key_of.get((doc, *span)) for doc, span in odd.spans} <= pair.truth.disagree:
            judged.faults.append(f"false contradiction {odd.text}")
    contradictions = sum(one.kind == "disagree" for one in links.inconsistencies)
    judged.of["contradictions"] += len(pair.truth.disagree)
    judged.found["contradictions"] += min(contradictions, len(pair.truth.disagree))


_RANK = {"no_evidence": 0, "too_soft": 0, "pending_at_date": 0, "partly": 1, "kept": 2}


def _judge_promises(pair: Pair, links: Links, judged: Judged) -> None:
    told = {one.promise["text"]: one for one in links.promises if one.promise["doc"] == "a"}
    for text, status in pair.truth.promises.items():
        judged.of[f"promises {status}"] += 1
        one = told.get(text)
        if one is None:
            continue
        judged.found[f"promises {status}"] += one.status == status
        if _RANK[one.status] > _RANK[status]:
            quotes = [told.quote for told in one.evidence]
            judged.faults.append(f"{one.status} for {status}: {text} {quotes} {one.note}")
        if one.status in ("kept", "partly") and not one.evidence:
            judged.faults.append(f"{one.status} without a place: {text}")
        for place in one.evidence:
            around = pair.texts[place.doc][max(0, place.span[0] - 40) : place.span[1] + 10]
            things = [name for name in (*FIELDS, *NAMES) if name in text]
            if not any(name in around for name in things):
                judged.faults.append(f"{place.quote} cited for {text}")


def _judge_sums(pair: Pair, links: Links, key_of: dict[tuple[str, int, int], str], judged: Judged) -> None:
    told: dict[str, str] = {}
    for one in links.arithmetic:
        if one.verdict not in ("ok", "ok_within_rounding", "mismatch"):
            continue
        keys = {key_of.get((part.doc, *part.span)) for part in one.parts}
        key = keys.pop()
        right = pair.truth.sums.get(key or "")
        if keys or right is None or right is (one.verdict == "mismatch"):
            judged.faults.append(f"{one.formula} {one.verdict} of {[(part.raw, part.indicator) for part in one.parts]}")
        elif key:
            told[key] = one.verdict
    for key, right in pair.truth.sums.items():
        if right is not None:
            judged.of["sums right" if right else "sums wrong"] += 1
            judged.found["sums right" if right else "sums wrong"] += key in told
