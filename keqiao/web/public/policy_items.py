"""Lists asked in a human way: a clause that rests on a list is a yes or no, and an answer becomes items that say it.

An item that satisfies a condition is read off the condition itself; that it does is then tried on the policy, so a
condition this cannot serve is not asked about and stays unknown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from keqiao.engines.rules import Checker, ItemList

ITEM = "item."
IP = "ip_items"
Item = dict[str, Any]


def columns(*roots: Any) -> set[str]:
    """The names of all facts and list terms that nodes of a program rest on."""
    found: set[str] = set()
    seen: set[Any] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(node.args)
            if node.op == "col":
                found.add(str(node.value))
    return found


@dataclass
class Witness:
    """The fields an item needs for a condition to hold, found by walking the condition once."""

    items: ItemList
    facts: Mapping[str, Any]
    fields: Item = field(default_factory=dict)

    def satisfies(self, node: Any, *, holds: bool = True) -> bool:
        """Set fields so that the condition holds (or fails); False where this does not know how."""
        if node.op == "const":
            return bool(node.value) is holds
        if node.op == "not":
            return self.satisfies(node.args[0], holds=not holds)
        if node.op in ("and", "or"):
            if (node.op == "and") is holds:
                return all(self.satisfies(one, holds=holds) for one in node.args)
            return self.satisfies(node.args[0], holds=holds)
        if node.op == "col":
            return self._set(node, value=holds)
        if node.op == "in":
            return self._set(node.args[0], value=node.value[0]) if holds else True
        if node.op in ("eq", "le", "lt"):
            return self._compares(node, holds=holds)
        return False

    def _compares(self, node: Any, *, holds: bool) -> bool:
        left, right = node.args
        if not holds:  # another value than the one excluded is left to what other conditions ask
            return node.op == "eq"
        for one, other, step in ((left, right, -1), (right, left, 1)):
            if self._field(one):
                value = self._known(other)
                if value is None:
                    return False
                return self._set(one, value=value + step if node.op == "lt" else value)
        known = self._known(left), self._known(right)
        if None in known:
            return False
        return bool({"eq": known[0] == known[1], "le": known[0] <= known[1], "lt": known[0] < known[1]}[node.op])

    def _field(self, node: Any) -> str:
        return str(node.value)[len(ITEM) :] if node.op == "col" and str(node.value).startswith(ITEM) else ""

    def _known(self, node: Any) -> Any:
        return node.value if node.op == "const" else self.facts.get(str(node.value))

    def _set(self, node: Any, *, value: Any) -> bool:
        name = self._field(node)
        if not name or name not in self.items.fields:
            return False
        attribute = self.items.fields[name]
        if attribute.type == "date":
            if name in self.items.optional:
                return True  # left open
            value = date.fromordinal(value).isoformat()
        if name in self.fields and attribute.type == "date":
            return True  # the window's other end: checked with the whole
        self.fields[name] = value
        return True


def witness(term: Any, items: ItemList, facts: Mapping[str, Any]) -> Item | None:
    """An item that satisfies a term's condition; None where it cannot be read off."""
    found = Witness(items, facts)
    return found.fields if found.satisfies(term.condition) else None


@dataclass(frozen=True, kw_only=True)
class Rests:
    """What a clause rests on: the facts and lists it may lack, and the uses of lists in its test."""

    names: frozenset[str]
    terms: Sequence[Any]


def rests(checker: Checker) -> dict[str, Rests]:
    """By clause, what it rests on."""
    found = {}
    for tested in checker.program.clauses:
        named = columns(tested.holds)
        keys = {name.rsplit(".", 1)[0] for name in named}
        terms = [term for term in checker.program.terms if term.key in keys]
        found[tested.clause.id] = Rests(names=frozenset(named | set(tested.value.gaps)), terms=terms)
    return found


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the answers yes, no and unsure to a clause add to its lists."""

    yes: Mapping[str, Sequence[Item]]
    no: Mapping[str, Sequence[Item]]
    unsure: Mapping[str, Sequence[Item]]


class Asker:
    """What of a policy's lists can be asked about for a firm of which some facts are known."""

    def __init__(self, checker: Checker, facts: Mapping[str, Any], *, rests: Mapping[str, Rests]) -> None:
        self.checker, self.program, self.facts = checker, checker.program, dict(facts)
        self.words = self.program.policy.vocabulary
        self.firm = checker.read(self.facts)
        self.rests = rests
        self._said: dict[str, Said | None] = {}

    def terms(self, id: str) -> Sequence[Any]:
        """The list terms a clause's test rests on."""
        return self.rests[id].terms

    def said(self, id: str) -> Said | None:
        """The items behind each answer to a clause that is a yes or no about lists; None where it is not one."""
        if id not in self._said:
            self._said[id] = self._tried(id)
        return self._said[id]

    def _tried(self, id: str) -> Said | None:
        terms = self.terms(id)
        if not terms or any(term.kind == "sum" or term.items == IP for term in terms):
            return None
        drafts = [self._draft(term) for term in terms]
        if None in drafts:
            return None
        with_all = _grouped(terms, [[draft[0]] for draft in drafts if draft])
        kept = [term.kind == "latest" for term in terms]
        without = _grouped(
            terms, [[draft[0]] if is_kept else [] for draft, is_kept in zip(drafts, kept, strict=True) if draft]
        )
        against = _grouped(terms, [[draft[1]] for draft in drafts if draft])
        tries = [with_all, without, against]
        yes = next((one for one in tries if self.state(id, one) == "pass"), None)
        no = next((one for one in reversed(tries) if self.state(id, one) == "fail"), None)
        if yes is None or no is None:
            return None
        return Said(yes=yes, no=no, unsure=self._unsure(id, with_all))

    def _draft(self, term: Any) -> tuple[Item, Item] | None:
        """An item for the term and one against it: for a newest state, one that says something else."""
        items = self.words.lists[term.items]
        found = witness(term, items, self.facts)
        if found is None:
            return None
        if term.kind != "latest":
            return found, found
        shown = str(term.value.value)[len(ITEM) :]
        wanted = [node.value for node in self._compared(f"{term.key}.value")]
        codes = [*wanted, *(code for code in items.codes if code not in wanted)]
        if not wanted or len(codes) < 2 or not term.by:
            return None
        day = self.program.as_of.isoformat()
        return {**found, term.by: day, shown: codes[0]}, {**found, term.by: day, shown: codes[1]}

    def _compared(self, name: str) -> Iterator[Any]:
        """The constants that a column is compared with."""
        stack = [one.holds for one in self.program.clauses]
        while stack:
            node = stack.pop()
            stack.extend(node.args)
            if node.op == "eq" and any(arg.op == "col" and arg.value == name for arg in node.args):
                yield from (arg for arg in node.args if arg.op == "const")

    def possible(self, term: Any) -> list[Item]:
        """An item that may or may not satisfy a term: one of its fields, a date where there is one, is left out."""
        items = self.words.lists[term.items]
        found = witness(term, items, self.facts) or {}
        last = min(found, key=partial(_weight, items), default="")
        return [{name: value for name, value in found.items() if name != last}]

    def state(self, id: str, lists: Mapping[str, Sequence[Item]]) -> str:
        return str(self.checker.check(self.checker.read({**self.facts, **lists})).clauses[id])

    def _unsure(self, id: str, items: Mapping[str, Sequence[Item]]) -> Mapping[str, Sequence[Item]]:
        """The items with one field left out, so that they may or may not be meant."""
        for name, some in items.items():
            fields = sorted(some[0], key=partial(_weight, self.words.lists[name])) if some else []
            for left_out in fields:
                tried = {name: [{key: value for key, value in item.items() if key != left_out} for item in some]}
                if self.state(id, tried) == "unknown":
                    return tried
        return {}


def _weight(items: ItemList, name: str) -> int:
    """How much a field says of what an item is: its day least, its kind most."""
    return {"date": 0, "code": 2}.get(items.fields[name].type, 1)


def _grouped(terms: Sequence[Any], drafts: Sequence[Sequence[Item]]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for term, some in zip(terms, drafts, strict=True):
        rows = found.setdefault(term.items, [])
        rows += [item for item in some if item not in rows]
    return found


def sum_item(term: Any, items: ItemList, facts: Mapping[str, Any], amount: int | None) -> Item | None:
    """The one item whose amount is a sum: into the first field that adds, or a cost where the sum is below zero."""
    found = witness(term, items, facts)
    if found is None:
        return None
    adds, costs = _signed(term.value)
    for name in (*adds, *costs):
        found[name] = 0
    if amount is None:
        for name in (*adds, *costs):
            del found[name]
    elif amount >= 0 or not costs:
        found[adds[0]] = amount
    else:
        found[costs[0]] = -amount
    return found


def codes_of(node: Any) -> list[str]:
    """The codes that a condition names, in its order."""
    found = list(node.value) if node.op == "in" else [node.value] if node.op == "const" else []
    return [one for one in found if isinstance(one, str)] + [code for arg in node.args for code in codes_of(arg)]


def costs_of(node: Any) -> list[str]:
    """The fields a sum takes off; where there are some it may fall below zero."""
    return _signed(node)[1]


def _signed(node: Any) -> tuple[list[str], list[str]]:
    """The fields that a sum adds and those it takes off."""
    if node.op == "col":
        return [str(node.value)[len(ITEM) :]], []
    if node.op not in ("add", "sub"):
        return [], []
    (left, left_off), (right, right_off) = _signed(node.args[0]), _signed(node.args[1])
    return (left + right, left_off + right_off) if node.op == "add" else (left + right_off, left_off + right)


def ip_parts(terms: Sequence[Any]) -> list[str]:
    """Which numbers of rights a policy asks for, as its conditions name them."""
    found: set[str] = set()
    for term in terms:
        if term.items == IP:
            named = set(_ip_named(term.condition))
            if "own_rd" in named and any(
                "class_1" in set(_ip_named(one)) for one in term.condition.args if one.op == "eq"
            ):
                named = {*named - {"own_rd"}, "class_1_own"}
            found |= named
    return [name for name in ("class_1", "class_1_own", "high_value", "class_2", "own_rd") if name in found]


def _ip_named(node: Any) -> Iterator[str]:
    if node.op == "eq" and {arg.op for arg in node.args} == {"col", "const"}:
        column, const = sorted(node.args, key=lambda arg: str(arg.op))
        if column.value == "item.class" and const.value in (1, 2):
            yield f"class_{const.value}"
        if column.value == "item.acquisition" and const.value == "own_rd":
            yield "own_rd"
    elif node.op == "col" and node.value == "item.high_value":
        yield "high_value"
    for arg in node.args:
        yield from _ip_named(arg)


def ip_fields(terms: Sequence[Any]) -> set[str]:
    """The fields of a right that the policy looks at."""
    named = columns(*(term.condition for term in terms if term.items == IP))
    return {name[len(ITEM) :] for name in named if name.startswith(ITEM)}


def ip_items(counts: Mapping[str, int], *, fields: Collection[str], day: date) -> list[Item]:
    """Rights that count, as many as were said: granted a year ago, valid, undisputed, in use, not used up.

    A field that the question does not speak of is left out, and with it whatever rests on it stays unknown.
    """
    whole = {
        "granted": (day - timedelta(days=365)).isoformat(), "valid_to": (day + timedelta(days=365)).isoformat(),
        "disputed": False, "product_linked": True, "in_use": True, "owner_rank": 1, "used_for_hte": False,
    }  # fmt: skip
    found: list[Item] = []
    for class_ in (1, 2):
        for place in range(counts.get(f"class_{class_}", 0)):
            own = counts.get("class_1_own") if class_ == 1 else None
            is_own = place < own if own is not None else len(found) < counts.get("own_rd", len(found) + 1)
            item = {**whole, "class": class_, "acquisition": "own_rd" if is_own else "merger",
                    "high_value": class_ == 1 and place < counts.get("high_value", 0)}  # fmt: skip
            found.append({name: value for name, value in item.items() if name in fields})
    return found
