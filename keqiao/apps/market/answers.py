"""Answers to a problem: ranked listings with reasons, as faces the asker may see."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from keqiao.apps.parties.actors import Actor
from keqiao.catalogue import lexicon, matcher
from keqiao.engines.matching import Answer, Index, IndexProblem, IndicatorVerdict, Match, Matcher, Query, check

from . import queries
from .indexing import place
from .models import Listing
from .queries import Face
from .queries.documents import budget_of, engine_indicators


@dataclass(frozen=True)
class Answered:
    """One match beside what the asker may see of the listing."""

    match: Match
    face: Face


@dataclass(frozen=True)
class Answers:
    """The engine's answer and its matches as faces.

    `ready` is False while there is no index yet; `doubtful` says that probably nothing here solves the problem.
    """

    answer: Answer | None
    rows: tuple[Answered, ...]
    ready: bool = True
    doubtful: bool = False


@lru_cache(maxsize=2)
def _index(folder: str) -> Index:
    return matcher.open_index(Path(folder))


@lru_cache(maxsize=4)
def _matcher(folder: str, words: int) -> Matcher:
    """`words` is the ledger entry up to which the office's thesaurus was read: with the next one it is read anew."""
    path = own_model_path()
    own = matcher.read_model(path) if path else None
    return matcher.shipped_matcher(_index(folder), extra=queries.thesaurus_entries(), model=own)


def own_model_path() -> Path | None:
    """Where the model lies that the office trained itself; None: the shipped one is used."""
    return Path(settings.MATCHING_MODEL) if settings.MATCHING_MODEL else None


def current_matcher(listing: str) -> Matcher | None:
    """The matcher over the newest commit of an index; None before the worker has built it."""
    here = place(listing)
    if here is None:
        return None
    try:
        found = _matcher(here.folder, here.words)
    except IndexProblem:  # the worker writes it anew
        return None
    if _seen.get(here.folder) != here.seq:
        found.index.reload()
        _seen[here.folder] = here.seq
    return found


# Which ledger entry each opened index was read at: reloading only when the worker has moved on.
_seen: dict[str, int] = {}


def answer(listing: str, query: Query, *, actor: Actor, on: date, top: int = 10) -> Answers:
    """Match a query against needs or offers. A match whose listing has gone since is left out."""
    engine = current_matcher(listing)
    if engine is None:
        return Answers(answer=None, rows=(), ready=False)
    found = _without_faint(engine.answer(query, top=top))
    rows = queries.published(listing, on=on).filter(key__in=[match.key for match in found.matches])
    seen = {face.key: face for face in queries.faces(rows, actor)}
    matched = tuple(Answered(match, seen[match.key]) for match in found.matches if match.key in seen)
    return Answers(answer=found, rows=matched, doubtful=engine.is_doubtful(found))


# Below a tenth of the best chance a match is noise beside it; a few are shown all the same.
FAINT, ALWAYS_SHOWN = 0.1, 3


def _without_faint(found: Answer) -> Answer:
    least = FAINT * max((match.score for match in found.matches), default=0.0)
    kept = [match for place, match in enumerate(found.matches) if place < ALWAYS_SHOWN or match.score >= least]
    return replace(found, matches=kept)


def verdicts(need: Listing, offer: Listing) -> list[IndicatorVerdict]:
    """The need's indicators against the offer's, line by line, in the need's order; for who may read both."""
    return check(engine_indicators(need), engine_indicators(offer), lexicon=lexicon.shipped_lexicon())


def query_of(row: Listing, *, full: bool) -> Query:
    """A stored listing as a query: all of it for those who may read all, else its public part."""
    text = "\n".join(part for part in (row.abstract, row.text if full else "") if part)
    return Query(
        title=row.title,
        text=text,
        keywords=tuple(row.keywords),
        indicators=engine_indicators(row) if full else (),
        field=row.field,
        region=row.area,
        budget_fen=budget_of(row) if full else None,
    )
