"""Why: each clause as what it asks, what the firm has, from which year and register, and where the text says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules._facts import Firm
from keqiao.engines.rules._instalments import pay_in_parts
from keqiao.engines.rules._lower import lower
from keqiao.engines.rules._nodes import ZERO, Node
from keqiao.engines.rules._policy import Clause
from keqiao.engines.rules._program import Program
from keqiao.engines.rules._python import compile_nodes
from keqiao.engines.rules._routes import Route, routes
from keqiao.engines.rules._values import Value
from keqiao.engines.rules._verdict import Checker, Verdict
from keqiao.engines.rules._words import LANGUAGES, Phrases, Wording, all_codes, code_name, fact_label

_STATES = {
    "pass": ("符合", "met"),
    "fail": ("不符合", "not met"),
    "unknown": ("缺数据", "data missing"),
    "manual": ("待人工认定", "for people to judge"),
    "not_applicable": ("不适用", "not applicable"),
}
_VERDICTS = {
    "eligible": ("符合条件", "eligible"),
    "ineligible": ("不符合条件", "not eligible"),
    "unknown": ("数据不足，暂不能判断", "unknown for want of data"),
    "needs_review": ("须人工认定", "needs review by people"),
}
_SHARES = 10_000  # a fact kept in ‱ is a share
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


@dataclass(frozen=True)
class _Atom:
    of: s.Expression
    is_negated: bool


class Finding(NamedTuple):
    """One condition inside a clause: what is looked at, the sign and bound it is held against, the firm's value."""

    what: str
    sign: str
    bound: str
    value: str


class ClauseNote(NamedTuple):
    """A clause explained; `registers` hold the facts it rests on."""

    id: str
    kind: str
    state: str
    label: str
    source: str
    note: str
    findings: tuple[Finding, ...]
    registers: tuple[str, ...]
    sentence: str


class Block(NamedTuple):
    """Clauses as they hang together: one with its note, or parts of which all or any must hold.

    `kind` is clause, all, any, or aside for a clause that decides nothing by itself.
    """

    kind: str
    state: str
    note: ClauseNote | None = None
    parts: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the score."""

    label: str
    points: str


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A fact that is missing and the register that holds it."""

    name: str
    label: str
    register: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """A part of the amount: the year it is paid in, the amount, its share in per cent, what it waits for."""

    year: int
    amount: str
    amount_fen: int
    percent: int
    when: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A verdict with its reasons in one language."""

    verdict: Verdict
    headline: str
    clauses: tuple[ClauseNote, ...]
    parts: tuple[Part, ...]
    missing: tuple[Lack, ...]
    dues: tuple[Due, ...] = ()
    blocks: tuple[Block, ...] = ()  # the same clauses: all blocks must hold but those aside


class Explainer:
    """A program made ready to explain its verdicts in a language ("zh" or "en")."""

    def __init__(self, program: Program, *, language: str = "zh") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"there is no language {language!r}: use one of {', '.join(LANGUAGES)}")
        self.program, self.language = program, language
        policy, held = program.policy, {}
        for name, parameter in policy.parameters.items():
            stages = [one for one in parameter.stages if one.start is None or one.start <= program.as_of]
            held[name] = stages[-1].text if stages else ""
        self._phrases = Phrases(policy, as_of=program.as_of, language=language, stages=held)
        self._codes = all_codes(policy.vocabulary)
        self._wording = Wording(policy.vocabulary, language=language)
        self._atoms = [list(_conditions(clause.test)) for clause in policy.clauses]
        self._parts = [one for one in policy.definitions.values() if one.label and _is_points(one.value)]
        self._values = [value for atoms in self._atoms for atom in atoms for value in self._sides(atom.of)]
        self._points = [lower(one.value, program.scope) for one in self._parts] if policy.score else []
        self._checker = Checker(program)
        roots: list[Node] = []
        for value in (*self._values, *self._points):
            roots += [value.low, value.high, ZERO if value.bottom is None else value.bottom]
        self._evaluate = compile_nodes(roots)
        self._forms = [[self._form(atom) for atom in atoms] for atoms in self._atoms]
        self._heads = [self._head(clause) for clause in policy.clauses]
        self._routes = routes(policy)
        self._fixed = [self._constant(at) for at in range(len(roots) // 3)]

    def explain(self, firm: Firm) -> Explanation:
        """Return the verdict on a firm with its reasons."""
        row = self._checker.row(firm)
        verdict = self._checker.judge(firm, row)
        found = self._evaluate(row)
        texts = [
            self._shown(at, found[3 * at : 3 * at + 3]) if text is None else text for at, text in enumerate(self._fixed)
        ]
        notes, at = [], 0
        for head, forms in zip(self._heads, self._forms, strict=True):
            findings = []
            for what, sign, bound in forms:
                against = texts[at + 1] if bound is None else bound
                findings.append(Finding(what, sign, against, texts[at]))
                at += 2
            notes.append(self._note(head, findings, verdict.clauses[head.id]))
        by_id = {note.id: note for note in notes}
        parts = zip(self._parts if self._points else [], texts[at:], strict=True)
        return Explanation(
            verdict=verdict,
            headline=self._headline(verdict),
            clauses=tuple(notes),
            parts=tuple(Part(label=self._labelled(one), points=text) for one, text in parts),
            missing=tuple(self._lack(name) for name in verdict.missing),
            dues=tuple(self._dues(verdict)),
            blocks=tuple(_block(one, by_id, verdict.clauses) for one in self._routes),
        )

    def _dues(self, verdict: Verdict) -> Iterator[Due]:
        """The parts of an amount that is paid in parts."""
        policy = self.program.policy
        plan = policy.benefit.instalments if policy.benefit else ()
        if plan and verdict.amount_fen:
            for part in pay_in_parts(verdict.amount_fen, plan, year=self.program.as_of.year):
                when = part.of.when_en or part.of.when if self.language == "en" else part.of.when
                money = self._wording.amount(part.amount, 1, policy.currency)
                yield Due(year=part.year, amount=money, amount_fen=part.amount, percent=part.of.percent, when=when)

    def _labelled(self, one: Any) -> str:
        return str(one.label_en or one.label if self.language == "en" else one.label)

    def _sides(self, atom: s.Expression) -> tuple[Value, Value]:
        """What of a condition the firm has a value for, and what that is held against."""
        scope = self.program.scope
        if isinstance(atom, s.Binary):
            return lower(atom.left, scope), lower(atom.right, scope)
        if isinstance(atom, s.Among):
            one = lower(atom.of, scope)
        elif isinstance(atom, s.Over) and atom.name == "exists":
            one = lower(replace(atom, name="count"), scope)
        else:
            one = lower(atom, scope)
        return one, one

    def _constant(self, at: int) -> str | None:
        """The text of a value that no firm changes, such as a threshold of the day."""
        value = (*self._values, *self._points)[at]
        ends = (value.low, value.high) if value.bottom is None else (value.low, value.high, value.bottom)
        if any(end.op != "const" for end in ends):
            return None
        return self._shown(at, [value.low.value, value.high.value, value.bottom.value if value.bottom else 0])

    def _shown(self, at: int, found: Sequence[Any]) -> str:
        is_point = at >= len(self._values)
        value = self._points[at - len(self._values)] if is_point else self._values[at]
        held_against = value if is_point else self._values[at - at % 2]
        is_share = held_against.bottom is not None or held_against.den == _SHARES
        text = self._wording.shown(value, *found, is_share=is_share)
        return code_name(text, self._codes_of(held_against), self.language) if value.kind == "code" else text

    def _codes_of(self, value: Value) -> Mapping[str, tuple[str, str]]:
        """What codes are called beside a fact: by its own names first."""
        facts = self.program.policy.vocabulary.attributes
        own = facts[value.low.value].codes if value.low.op == "col" and value.low.value in facts else {}
        return {**self._codes, **own}

    def _form(self, atom: _Atom) -> tuple[str, str, str | None]:
        """What is looked at, the sign, and what it is held against, None where the firm or the day decides."""
        of, node = self._phrases.of, atom.of
        if isinstance(node, s.Binary):
            return of(node.left), _SIGNS.get(node.op, node.op), None
        if isinstance(node, s.Among):
            return of(node.of), "∉" if atom.is_negated else "∈", of(node)
        return of(node), "", ""

    def _head(self, clause: Clause) -> ClauseNote:
        """What is said of a clause whatever the firm."""
        named = dict.fromkeys(register for register in self._registers(clause.test) if register)
        return ClauseNote(
            id=clause.id,
            kind=clause.kind,
            state="",
            label=self._labelled(clause),
            source=f"{clause.document or self.program.policy.document} {clause.source}",
            note=clause.note_en if self.language == "en" else clause.note,
            findings=(),
            registers=tuple(self._register(one) for one in named),
            sentence="",
        )

    def _note(self, head: ClauseNote, findings: list[Finding], state: str) -> ClauseNote:
        word = _STATES[state][LANGUAGES.index(self.language)]
        said = [f"{one.what} {one.sign} {one.bound}".strip() + self._colon() + one.value for one in findings]
        if self.language == "en":
            sentence = f"{head.label}: {word}. {'; '.join(said)}. Basis: {head.source}."
        else:
            sentence = f"{head.label}：{word}。{'；'.join(said)}。依据：{head.source}。"
        return head._replace(state=state, findings=tuple(findings), sentence=sentence)

    def _colon(self) -> str:
        return ": " if self.language == "en" else "："

    def _registers(self, node: s.Expression) -> Iterator[str]:
        """The registers of every fact an expression rests on."""
        words, definitions = self.program.policy.vocabulary, self.program.policy.definitions
        for name in names_in(node):
            if name in definitions:
                yield from self._registers(definitions[name].value)
            elif name in words.attributes:
                yield words.attributes[name].source
            elif name in words.lists:
                yield words.lists[name].source
            elif f"{name}_t1" in words.attributes:
                yield words.attributes[f"{name}_t1"].source

    def _register(self, name: str) -> str:
        return self.program.policy.vocabulary.registers_en.get(name, name) if self.language == "en" else name

    def _lack(self, name: str) -> Lack:
        words = self.program.policy.vocabulary
        if name in words.attributes:
            one = words.attributes[name]
            return Lack(
                name=name,
                label=fact_label(one, self.language, year=self.program.as_of.year),
                register=self._register(one.source),
            )
        if name in words.lists:
            items = words.lists[name]
            return Lack(name=name, label=self._labelled(items), register=self._register(items.source))
        parameter = self.program.policy.parameters.get(name)
        return Lack(
            name=name, label=self._labelled(parameter) if parameter else name, register=self.program.policy.issuer
        )

    def _headline(self, verdict: Verdict) -> str:
        policy, is_english = self.program.policy, self.language == "en"
        word = _VERDICTS[verdict.verdict][LANGUAGES.index(self.language)]
        form = "{} ({}): {}" if is_english else "{}（{}）：{}"
        text = form.format(policy.title_en if is_english else policy.title, policy.document, word)
        if verdict.amount_fen is None or policy.benefit is None or verdict.verdict != "eligible":
            return text
        money = self._wording.amount(verdict.amount_fen, 1, policy.currency)
        return text + ("; {} {}" if is_english else "；{} {}").format(self._labelled(policy.benefit), money)


def _block(route: Route, notes: Mapping[str, ClauseNote], states: Mapping[str, str]) -> Block:
    parts = tuple(_block(part, notes, states) for part in route.parts)
    return Block(route.kind, route.state(states), notes.get(route.clause), parts)


def _conditions(node: s.Expression, *, is_negated: bool = False) -> Iterator[_Atom]:
    """The conditions a test is made of."""
    if isinstance(node, s.Binary) and node.op in ("and", "or"):
        yield from _conditions(node.left, is_negated=is_negated)
        yield from _conditions(node.right, is_negated=is_negated)
    elif isinstance(node, s.Unary) and node.op == "not":
        yield from _conditions(node.of, is_negated=not is_negated)
    else:
        yield _Atom(node, is_negated)


def _is_points(node: s.Expression) -> bool:
    return not (isinstance(node, s.Over) and node.name == "sum")


def names_in(node: Any) -> Iterator[str]:
    """Every name of an expression, lists included."""
    if isinstance(node, s.Name):
        yield node.name
    elif isinstance(node, s.Over):
        yield node.items
    elif isinstance(node, tuple):
        for one in node:
            yield from names_in(one)
    elif hasattr(node, "__dataclass_fields__"):
        for name in node.__dataclass_fields__:
            yield from names_in(getattr(node, name))


@dataclass(frozen=True, kw_only=True)
class Question:
    """A missing fact: in how many open verdicts it is missing, and in how many it alone."""

    name: str
    settles: int
    asked_in: int
    policies: tuple[str, ...]


def plan_questions(verdicts: Sequence[Verdict]) -> tuple[Question, ...]:
    """Return the facts that would settle most open verdicts, the most useful first.

    A verdict that lacks one fact alone is settled by it; of those that lack several, each gets its share.

    >>> one = Verdict(policy="p", version="1", as_of="", firm="A", verdict="unknown", score=None, clauses={},
    ...               amount_fen=None, missing=("staff_t1",))
    >>> plan_questions([one])[0].settles
    1
    """
    alone: dict[str, int] = {}
    asked: dict[str, list[str]] = {}
    for verdict in verdicts:
        for name in verdict.missing:
            asked.setdefault(name, []).append(verdict.policy)
            alone[name] = alone.get(name, 0) + (len(verdict.missing) == 1)
    found = [
        Question(name=name, settles=alone[name], asked_in=len(some), policies=tuple(sorted(set(some))))
        for name, some in asked.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.settles, -one.asked_in, one.name)))


def _block_dict(block: Block) -> Mapping[str, Any]:
    if block.note is not None:
        return {"id": block.note.id, "state": block.state, "kind": block.kind}
    return {block.kind: [_block_dict(part) for part in block.parts], "state": block.state}


def explanation_dict(explanation: Explanation) -> Mapping[str, Any]:
    """Return an explanation as plain values for JSON: the verdict, then its reasons."""
    return {
        **explanation.verdict.as_dict(),
        "headline": explanation.headline,
        "routes": [_block_dict(block) for block in explanation.blocks],
        "reasons": [
            {
                "id": one.id, "state": one.state, "label": one.label, "sentence": one.sentence, "source": one.source,
                "note": one.note, "registers": list(one.registers),
                "findings": [finding._asdict() for finding in one.findings],
            }
            for one in explanation.clauses
        ],
        "parts": [vars(one) for one in explanation.parts],
        "lacks": [vars(one) for one in explanation.missing],
        "instalments": [vars(one) for one in explanation.dues],
    }  # fmt: skip
