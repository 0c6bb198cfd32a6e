"""What importing needs and importing offers share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files.kinds import Context, Item
from keqiao.apps.market import actions
from keqiao.apps.market.actions.inputs import IndicatorInput, check_indicators, check_words
from keqiao.apps.market.models import Listing, State
from keqiao.apps.market.names import MODELS, subject_of
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.imports import bodies
from keqiao.apps.parties.models import Organization, User
from keqiao.catalogue import lexicon
from keqiao.engines.matching import indicators_from
from keqiao.engines.text import extract, spelled

MOST_INDICATORS = 30
LONGEST_INDICATOR_NAME = 60


class ListingKind(bodies.RegisterKind):
    """Rows become drafts, or are handed in at once; none is published without an officer's look."""

    number = "number"
    starts = "title"
    can_submit = True
    listing = ""
    # What a row says beyond the words that stand in the listing under the same name.
    facts: tuple[str, ...] = ()

    def judge(self, items: Sequence[Item], context: Context) -> None:
        bodies.find(items, context, unknown=self._unknown(context))
        good = [item for item in items if not item.problems]
        for item in good:
            item.match = self._match(item)
        known = self._known(good, context)
        for item in good:
            row = known.get(context.numbers.get(item.values.get("number", ""), "")) or known.get(item.match)
            if row is not None:
                item.subject = item.match = subject_of(row)
                item.found["row"] = row
                self.compare(item, self.current(row))
            self._check(item, row, context)

    def _unknown(self, context: Context) -> Any:
        """Bodies that are in no register yet, where the importer wants them registered on the way."""
        if not context.options.get("register") or context.sender.startswith("organization:"):
            return None

        def note(item: Item, code: str) -> None:
            item.found["new_body"] = code

        return note

    def _match(self, item: Item) -> str:
        body = item.found.get("body")
        whose = body.key if body else item.found["new_body"]
        number = item.values.get("number")
        return f"{self.listing}:{whose}:{f'#{number}' if number else item.values['title']}"

    def _known(self, items: Sequence[Item], context: Context) -> dict[str, Any]:
        """Listings that rows may mean: by the sender's own number, and by body and title where there is no number."""
        model = MODELS[self.listing]
        by_body = {item.found["body"].pk: item.found["body"].key for item in items if "body" in item.found}
        titles = {item.values["title"] for item in items}
        rows = model._default_manager.filter(organization__in=by_body, title__in=titles).exclude(state=State.WITHDRAWN)
        found: dict[str, Any] = {}
        for row in rows.select_related("organization", "author").order_by("-pk"):
            for number in (None, *(item.values.get("number") for item in items if item.values["title"] == row.title)):
                whose = f"{self.listing}:{by_body[row.organization_id]}:"
                found[f"{whose}{row.title}" if number is None else f"{whose}#{number}"] = row
        keys = {subject.partition(":")[2] for subject in context.numbers.values()}
        for row in model._default_manager.filter(key__in=keys).select_related("organization", "author"):
            found[subject_of(row)] = row
        return found

    def current(self, row: Any) -> dict[str, Any]:
        """What stands now, under the codes of the fields."""
        return {name: getattr(row, name) for name in self.facts}

    def given(self, item: Item) -> dict[str, Any]:
        """What the row says, under the names of the action's values."""
        return {name: item.values[name] for name in self.facts if name in item.values}

    def draft(self, item: Item) -> Listing:
        """The listing as it would stand, for checks that need no database."""
        raise NotImplementedError

    def _check(self, item: Item, row: Listing | None, context: Context) -> None:
        if row is not None and item.changes and row.state != State.DRAFT:
            what = gettext("已有同一条，现在是“%(state)s”，不能由导入改动：请先撤回并重新编辑，或在页面上处理。")
            item.wrong(what % {"state": State(row.state).label}, field="title")
        draft = self.draft(item)
        skipped = ["organization", "author", "person", "key", "created_at", "updated_at", "details", "kind"]
        checks: list[Any] = [
            lambda: draft.clean_fields(exclude=skipped),
            lambda: check_words(draft),
            lambda: check_indicators(self.indicators(item)),
        ]
        for check in checks:
            try:
                check()
            except ValidationError as error:
                self._take(item, error)

    def _take(self, item: Item, error: ValidationError) -> None:
        for name, texts in error.message_dict.items():
            for text in texts:
                item.wrong(text, field=name if self.field(name) else "")

    def indicators(self, item: Item) -> list[IndicatorInput]:
        if "lines" not in item.found:
            item.found["lines"] = indicator_lines(item.values.get("indicators", ""))
        lines: list[IndicatorInput] = item.found["lines"]
        return lines

    def body_of(self, item: Item, context: Context) -> Organization:
        """The body a row is for; one that is new is registered on the way, once for all its rows."""
        if "body" in item.found:
            body: Organization = item.found["body"]
            return body
        code = item.found["new_body"]
        known = Organization.objects.filter(uscc=code).first()
        return known or register(item, code, context)

    def hand_in(self, row: Listing, context: Context) -> None:
        if context.options.get("submit") and row.state == State.DRAFT:
            actions.submit(row, by=context.actor, at=context.at)


def register(item: Item, code: str, context: Context) -> Organization:
    kind, _sep, area = context.sender.partition(":")
    place = item.values.get("area") or (area if kind == "area" else "")
    return parties.register_organization(
        uscc=code, name=item.values["organization"], kind="enterprise", area=place, by=context.actor, at=context.at
    )


def author_of(context: Context) -> User | None:
    """The person who brings the rows is their author."""
    kind, _sep, key = context.actor.key.partition(":")
    if "author" not in context.kept:
        context.kept["author"] = User.objects.filter(key=key).first() if kind == "user" else None
    author: User | None = context.kept["author"]
    return author


def indicator_lines(text: str) -> list[IndicatorInput]:
    """The measurable lines a cell states; a present value of the same name becomes a line's present level."""
    if not text:
        return []
    words = lexicon.shipped_lexicon()
    present = [(one.name or "", text[slice(*one.span)]) for one in extract(text, lexicon=words) if one.trap == "ctx"]
    return [
        IndicatorInput(
            name=(line.name or gettext("指标"))[:LONGEST_INDICATOR_NAME],
            op=line.op,
            low=line.value[0],
            high=line.value[1] if len(line.value) > 1 else None,
            unit=spelled(line.unit),
            sense=line.sense or "ge",
            must=line.must,
            current_value=next((value[:60] for name, value in present if line.name and line.name in name), ""),
        )
        for line in indicators_from(text, lexicon=words)
    ][:MOST_INDICATORS]


def counted(value: Any) -> str:
    """How many lines were read of a cell, for the preview."""
    n = len(value) if isinstance(value, list) else len(indicator_lines(str(value)))
    return gettext("指标：%(n)d 项") % {"n": n}


TEXT_HINT = _("现象、条件、试过什么、做到什么程度算解决。")
