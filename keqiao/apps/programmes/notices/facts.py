"""What is told about a firm's facts: that its office has changed or contradicted them. Never a value."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.files.models import ImportRow, ImportRun, ImportState, ImportVerdict
from keqiao.apps.ledger.models import Entry, EntryValues, Outcome
from keqiao.apps.parties import permissions
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import DECLARED, Organization, Role, User
from keqiao.apps.parties.queries import FactNews
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to
from keqiao.catalogue import facts

KINDS = ("facts", "certificates")
ENDINGS = ("import.write", "import.fail")
MOST_NAMED = 8
MOST_FIRMS = 2
TOPICS = (
    Topic(
        "facts.changed",
        gettext_lazy("本单位的企业数据"),
        gettext_lazy("主管部门导入或核对后，数据有变化，或者与其他来源不一致。"),
        email=Mode.DAILY,
    ),
)


def news_of(entry: Entry, bodies: Collection[str] = ()) -> list[FactNews]:
    """What an import that has ended with this entry has changed since it last ended; nothing while it goes on."""
    run = ImportRun.objects.filter(key=entry.subject.partition(":")[2], kind__in=KINDS).first()
    if run is None or run.sender.startswith("organization:"):
        return []
    moments, people = _batches(entry, run)
    if not moments:
        return []
    edited: Iterable[str] = ()
    if run.kind == "certificates":
        rows = ImportRow.objects.filter(run=run, verdict=ImportVerdict.CHANGED, is_written=True)
        edited = {subject.partition(":")[2] for subject in rows.values_list("subject", flat=True)}
    return parties.fact_news(by=people, moments=moments, bodies=bodies, edited=frozenset(edited))


def _batches(entry: Entry, run: ImportRun) -> tuple[list[datetime], set[str]]:
    """When this part of an import was written, and by whom; none where it is not the entry with which it ended."""
    past = Entry.objects.filter(subject=entry.subject, kind__in=ENDINGS, outcome=Outcome.DONE)
    if entry.kind == "import.write":
        last = past.filter(kind="import.write").order_by("-seq").values_list("seq", flat=True).first()
        if run.state != ImportState.DONE or last != entry.seq:
            return [], set()
    before = past.filter(kind="import.fail", seq__lt=entry.seq).order_by("-seq").first()
    rows = past.filter(kind="import.write", seq__lte=entry.seq, seq__gt=before.seq if before else 0)
    found = list(rows.values_list("at", "actor"))
    return [at for at, _actor in found], {actor for _at, actor in found}


def people(entry: Entry) -> Iterable[User]:
    firms = [news.body.pk for news in news_of(entry)]
    return _members(firms, entry) if firms else []


def _members(firms: Collection[int], entry: Entry) -> Iterable[User]:
    roles = (Role.MEMBER, Role.EDITOR, Role.MANAGER)
    return parties.people_with(*roles, on=localdate(entry.at), organization__in=firms)


def belongs(actor: Actor, entry: Entry) -> bool:
    return bool(actor.organizations())


def imported(entry: Entry, actor: Actor) -> Text | None:
    """One text for each reader, of the firms they belong to."""
    found = news_of(entry, bodies=actor.organizations() or {""})
    if not found:
        return None
    changed, disputed = (sum(len(getattr(news, part)) for news in found) for part in ("changed", "disputed"))
    words = {"firm": _firms(found), "changed": changed, "disputed": disputed}
    title = _("%(firm)s：主管部门的数据有 %(changed)d 项变化，%(disputed)d 项与其他来源不一致") % words
    lines = [line for news in found for line in _lines(news)]
    return Text(title, "\n".join(lines), link=link_to("desk:facts", found[0].body.key))


def _firms(found: Sequence[FactNews]) -> str:
    names = "、".join(_name(news.body) for news in found[:MOST_FIRMS])
    return names + (" …" if len(found) > MOST_FIRMS else "")


def _lines(news: FactNews) -> Iterable[str]:
    parts = ((_("有变化：%(facts)s"), news.changed), (_("不一致，弄清以前按“未知”处理：%(facts)s"), news.disputed))
    for words, slots in parts:
        if slots:
            named = "、".join(_called(name, year) for name, year in slots[:MOST_NAMED])
            yield words % {"facts": named + (" …" if len(slots) > MOST_NAMED else "")}


def _called(name: str, year: int | None) -> str:
    about = facts.facts().get(name)
    label = about.label(get_language() or "zh-hans") if about else name
    return f"{label} {year}" if year else label


def _name(firm: Organization) -> str:
    return (firm.name_en if get_language() == "en" else "") or firm.name


def _firm(entry: Entry) -> Organization:
    return Organization.objects.get(key=entry.subject.partition(":")[2])


def _values(entry: Entry) -> dict[str, object]:
    kept = EntryValues.objects.filter(entry=entry).first()
    return dict(kept.values) if kept else {}


def own_people(entry: Entry) -> Iterable[User]:
    return _members([_firm(entry).pk], entry)


def may_see(actor: Actor, entry: Entry) -> bool:
    firm = _firm(entry)
    return firm.key in actor.organizations() and permissions.can_see_facts(actor, firm).allowed


def decided(entry: Entry, actor: Actor) -> Text | None:
    """An officer has settled, confirmed, corrected or withdrawn one value; what the firm does itself is no news."""
    values, firm = _values(entry), _firm(entry)
    name, year = values.get("name"), values.get("year")
    is_own = values.get("register") == DECLARED and entry.kind in ("fact.correct", "fact.withdraw")
    if is_own or not isinstance(name, str):
        return None
    words = {"firm": _name(firm), "fact": _called(name, year if isinstance(year, int) else None)}
    title = {
        "fact.resolve": _("%(firm)s：主管部门核对了不一致的数据（%(fact)s）"),
        "fact.confirm": _("%(firm)s：主管部门核实了本单位填报的数据（%(fact)s）"),
        "fact.correct": _("%(firm)s：主管部门更正了数据（%(fact)s）"),
        "fact.withdraw": _("%(firm)s：主管部门撤回了数据（%(fact)s）"),
    }[entry.kind]
    return Text(title % words, link=link_to("desk:fact", firm.key, name))


NOTICES = (
    Notice("facts.changed", ENDINGS, recipients=people, text=imported, may=belongs),
    Notice(
        "facts.changed",
        ("fact.resolve", "fact.confirm", "fact.correct", "fact.withdraw"),
        recipients=own_people,
        text=decided,
        may=may_see,
    ),
)
