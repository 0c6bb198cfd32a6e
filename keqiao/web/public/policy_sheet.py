"""A self-check as it stands: what was answered, what that says of the policy, and what is worth asking next.

Nothing is kept: the sheet is built anew from the form each time. Which questions still matter is what the engine calls
missing; a list is filled only from answers about it, and what was not answered about it stays possible.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.engines.rules import Attribute, Explanation, Verdict
from keqiao.web.public import policy_items as items
from keqiao.web.public import policy_questions as questions
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.public.policy_items import IP, Item
from keqiao.web.public.policy_questions import AnswerError, Asked, Question
from keqiao.web.templatetags.keqiao import say

STEP = 5  # questions at a time
MOST_ITEMS = 1000
PREFIX = "q-"
CODES = {
    "international": _("国际级"), "national": _("国家级"), "ministry": _("部级"), "provincial": _("省级"),
    "industry": _("行业级"), "lead": _("主导制定"),
}  # fmt: skip


class Sheet:
    """The answers of one form, read for an edition and a day."""

    def __init__(self, edition: shelf.Edition, *, on: date, given: Mapping[str, str], asked: Sequence[str]) -> None:
        self.edition, self.on = edition, on
        self.policy, self.day = edition.policy, edition.day(on)
        self.checker = shelf.checker(self.policy.slug, self.policy.version, self.day)
        self.program, self.words = self.checker.program, self.policy.vocabulary
        self.rests = shelf.rests(self.policy.slug, self.policy.version, self.day)
        self._given = given
        self.errors: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self.questions = {name: one for name in asked if (one := self._question(name))}
        for one in self.questions.values():
            self._read(one)
        facts = {name: value for name, value in self._values.items() if name in self.words.attributes}
        self._asker = items.Asker(self.checker, facts, rests=self.rests)
        self.facts: dict[str, Any] = {**facts, **self._lists()}
        self._refuse_contradictions()

    def _read(self, one: Question) -> None:
        try:
            value = questions.read(one, self._given.get(one.name, ""), words=self.words, on=self.on)
            if one.name.startswith(("ip-", "count-")) and value is not None and value > MOST_ITEMS:
                raise AnswerError(gettext("这个数太大了，请检查。"))
        except AnswerError as error:
            self.errors[one.name] = str(error)
        else:
            if value is not None:
                self._values[one.name] = value

    # Questions by name

    def _question(self, name: str) -> Question | None:
        kind, _dash, rest = name.partition("-")
        if name in self.words.attributes:
            attribute = self.words.attributes[name]
            return questions.fact_question(self.policy, attribute, day=self.day, why=self._why(name))
        if kind == "clause" and any(one.id == rest for one in self.policy.clauses):
            return self._clause_question(rest)
        place = (
            int(rest) if kind in ("sum", "count") and rest.isdecimal() and len(rest) < 4 else len(self.program.terms)
        )
        if place < len(self.program.terms) and self.program.terms[place].kind == kind:
            return self._term_question(kind, place)
        if kind == "ip" and rest in items.ip_parts(self.program.terms):
            return self._ip_question(rest)
        return None

    def _why(self, name: str) -> str:
        """The first clause a fact is asked for."""
        return next((say(one, "label") for one in self.policy.clauses if name in self.rests[one.id].names), "")

    def _clause_question(self, id: str) -> Question:
        clause = self.policy.clause(id)
        choices = [("yes", gettext("符合")), ("no", gettext("不符合")), (questions.UNSURE, gettext("不清楚"))]
        lists = [term.items for term in self.rests[id].terms]
        return Question(
            name=f"clause-{id}", fills=lists[0] if lists else "", kind="choice", label=say(clause, "label"),
            help=self._source(self.words.lists[lists[0]].source) if lists else "", choices=choices, clause=id,
        )  # fmt: skip

    def _term_question(self, kind: str, place: int) -> Question:
        term = self.program.terms[place]
        listed = self.words.lists[term.items]
        unit, type_ = (self.policy.currency, "money") if kind == "sum" else (listed.unit, "count")
        attribute = Attribute(name=f"{kind}-{place}", type=type_, unit=unit, is_signed=_has_costs(term))
        form = gettext("符合条件的{}合计") if kind == "sum" else gettext("符合条件的{}，共几项")
        why = next((say(one, "label") for one in self.policy.clauses if term in self.rests[one.id].terms), "")
        return Question(
            name=attribute.name, fills=term.items, kind="number", label=form.format(say(listed, "label")), why=why,
            unit=questions.display_unit(attribute, self.words), attribute=attribute,
            help=" ".join(filter(None, (self._which(term), self._source(listed.source)))),
        )  # fmt: skip

    def _which(self, term: Any) -> str:
        """Which items are meant, by the codes of the condition that have a name."""
        named = [str(CODES[code]) for code in items.codes_of(term.condition) if code in CODES]
        return gettext("指：{which}。").format(which=gettext("、").join(named)) if named else ""

    def _ip_question(self, part: str) -> Question:
        labels = {
            "class_1": gettext("Ⅰ类知识产权（发明专利、植物新品种、集成电路布图设计等）"),
            "class_1_own": gettext("Ⅰ类中自主研发取得的"),
            "high_value": gettext("Ⅰ类中的高价值发明专利"),
            "class_2": gettext("Ⅱ类知识产权（实用新型、外观设计、软件著作权等）"),
            "own_rd": gettext("以上两类中自主研发取得的"),
        }
        attribute = Attribute(name=f"ip-{part}", type="count", unit=self.words.lists[IP].unit)
        return Question(
            name=attribute.name, fills=IP, kind="number", label=labels[part], attribute=attribute,
            unit=questions.unit_name(attribute.unit, self.words),
            help=self._which_rights() if part in ("class_1", "class_2") else "",
        )  # fmt: skip

    def _which_rights(self) -> str:
        """Which rights count, in words of the fields that the policy looks at."""
        said = {
            "granted": gettext("已授权"), "valid_to": gettext("在有效期内"), "disputed": gettext("没有权属争议"),
            "product_linked": gettext("与主要产品（服务）相关"), "in_use": gettext("已实际应用"),
            "owner_rank": gettext("本企业排在权利人前三名"), "used_for_hte": gettext("未用于过高新技术企业认定"),
        }  # fmt: skip
        fields = items.ip_fields(self.program.terms)
        listed = gettext("、").join(text for name, text in said.items() if name in fields)
        return gettext("只数{which}的；自主研发、受让、受赠、并购取得的都算。").format(which=listed)

    def _source(self, register: str) -> str:
        if not register:
            return ""
        name = self.words.registers_en.get(register, register) if shelf.language() == "en" else register
        return gettext("数据来自{register}").format(register=name)

    # Answers about lists become items

    def _lists(self) -> dict[str, list[Item]]:
        """The lists that something was said about; what was not said about them stays possible."""
        spoken = {one.fills for name, one in self.questions.items() if name in self._values}
        found = {}
        for name in spoken & set(self.words.lists):
            rows = self._rights() if name == IP else self._rows(name)
            if rows is not None:
                found[name] = rows
        return found

    def _rights(self) -> list[Item] | None:
        parts = items.ip_parts(self.program.terms)
        counts = {part: self._values[f"ip-{part}"] for part in parts if f"ip-{part}" in self._values}
        rights = counts.get("class_1", 0) + counts.get("class_2", 0)
        wholes = {"class_1_own": counts.get("class_1"), "high_value": counts.get("class_1"), "own_rd": rights}
        for part in parts:
            whole = wholes.get(part)
            if part in wholes and part in counts and counts[part] > (whole or 0):
                self.errors[f"ip-{part}"] = gettext("不能多于前面填的 {count} 件。").format(count=whole or 0)
            elif part in wholes and whole and part not in counts and f"ip-{part}" in self.questions:
                text = gettext("前面填了件数，这里请一并填写，没有填 0；不清楚就把前面也留空。")
                self.errors.setdefault(f"ip-{part}", text)
        if any(f"ip-{part}" in self.errors or f"ip-{part}" not in self.questions for part in parts):
            return None
        rows = items.ip_items(counts, fields=items.ip_fields(self.program.terms), day=self.day)
        if unsaid := [part for part in ("class_1", "class_2") if part in parts and part not in counts]:
            rows += [{"class": int(part[-1])} for part in unsaid]
        return rows

    def _rows(self, name: str) -> list[Item]:
        """The items of a list: of numbers and amounts first, then of each clause about it."""
        terms = [(place, term) for place, term in enumerate(self.program.terms) if term.items == name]
        rows, settled = self._numbered(terms)
        for clause in self.policy.clauses:
            mine = [term for term in self.rests[clause.id].terms if term.items == name]
            said = self._asker.said(clause.id) if mine else None
            answer = self._values.get(f"clause-{clause.id}")
            if said is None or (answer is None and all(term.condition in settled for term in mine)):
                continue
            more = said.unsure if answer is None else said.yes if answer else said.no
            state = self._asker.state(clause.id, {name: rows})
            if answer is None or state != ("pass" if answer else "fail"):
                rows += [item for item in more.get(name, ()) if item not in rows]
            settled.update(term.condition for term in mine)
        for _place, term in terms:
            if term.kind != "latest" and term.condition not in settled:
                rows += self._asker.possible(term)
        return rows

    def _numbered(self, terms: Sequence[tuple[int, Any]]) -> tuple[list[Item], set[Any]]:
        """The items of sums and counts that were given, and the conditions they settle."""
        rows: list[Item] = []
        settled = set()
        for place, term in terms:
            listed, facts = self.words.lists[term.items], self._asker.facts
            amount, count = self._values.get(f"sum-{place}"), self._values.get(f"count-{place}")
            one = items.witness(term, listed, facts) if amount is None else items.sum_item(term, listed, facts, amount)
            if one is not None and (amount is not None or count is not None):
                rows += [one] * (1 if amount is not None else count or 0)
                settled.add(term.condition)
        return rows, settled

    def _refuse_contradictions(self) -> None:
        """An answer that the others on its list make impossible says so; what it stands for is then not used."""
        for name, value in self._values.items():
            id = name.removeprefix("clause-")
            if id != name and self.verdict.clauses[id] == ("fail" if value else "pass"):
                self.errors[name] = gettext("这个回答和同一方面的其他回答矛盾，请改其中一个。")

    # What it says

    @cached_property
    def firm(self) -> Any:
        return self.checker.read(self.facts)

    @cached_property
    def verdict(self) -> Verdict:
        return self.checker.check(self.firm)

    @cached_property
    def explanation(self) -> Explanation:
        return shelf.explainer(self.policy.slug, self.policy.version, self.day, shelf.language()).explain(self.firm)

    def asked(self, names: Sequence[str]) -> list[Asked]:
        return [Asked(question=self.questions[name], raw=self._given.get(name, ""), error=self.errors.get(name, ""))
                for name in names]  # fmt: skip

    @property
    def answered(self) -> list[str]:
        """Everything that was asked and can be used, in the order of the text."""
        return sorted((name for name in self.questions if name not in self.errors), key=self._rank)

    def _rank(self, name: str) -> tuple[int, int]:
        one, order = self.questions[name], list(self.words.attributes)
        within = order.index(name) if name in order else len(order)
        for place, clause in enumerate(self.policy.clauses):
            if one.clause == clause.id or (not one.clause and one.fills in self.rests[clause.id].names):
                return place, within
        return len(self.policy.clauses), within

    def upcoming(self, *, everything: bool) -> list[Question]:
        """The next questions: facts that still matter, clause by clause in the order of the text."""
        names = dict.fromkeys(name for name in self._open(everything=everything) if name not in self.questions)
        # Numbers of rights refer to one another: they are asked together.
        chosen = list(names)[:STEP]
        chosen += [name for name in list(names)[STEP:] if name.startswith("ip-") and chosen[-1].startswith("ip-")]
        return [one for name in chosen if (one := self._question(name))]

    def has_more(self) -> bool:
        """Whether clauses are open that the verdict no longer depends on."""
        return any(name not in self.questions for name in self._open(everything=True))

    def _open(self, *, everything: bool) -> Iterator[str]:
        missing = set(self.verdict.missing)
        for tested in self.program.clauses:
            if self.verdict.clauses[tested.clause.id] != "unknown":
                continue
            rests_on = self.rests[tested.clause.id].names
            wanted = rests_on if everything else rests_on & missing
            yield from self._facts_among(wanted)
            yield from self._about_lists(tested.clause.id, wanted)
        yield from self._facts_among(missing)
        for place, term in enumerate(self.program.terms):
            if term.items in missing:
                yield from self._about_term(place, term)

    def _facts_among(self, names: Collection[str]) -> Iterator[str]:
        for name, attribute in self.words.attributes.items():
            if name in names and not attribute.by and self.firm.values[name] is None:
                yield name

    def _about_lists(self, id: str, wanted: Collection[str]) -> Iterator[str]:
        terms = [term for term in self._asker.terms(id) if term.items in wanted]
        if terms and self._asker.said(id):
            yield f"clause-{id}"
            return
        for place, term in enumerate(self.program.terms):
            if term in terms:
                yield from self._about_term(place, term)

    def _about_term(self, place: int, term: Any) -> Iterator[str]:
        if term.items == IP:
            yield from (f"ip-{part}" for part in items.ip_parts(self.program.terms))
            return
        is_asked_whole = any(
            term in self.rests[clause.id].terms and self._asker.said(clause.id) for clause in self.policy.clauses
        )
        listed = self.words.lists[term.items]
        if term.kind in ("sum", "count") and not is_asked_whole and items.witness(term, listed, self._asker.facts):
            yield f"{term.kind}-{place}"


def _has_costs(term: Any) -> bool:
    return term.kind == "sum" and bool(items.costs_of(term.value))
