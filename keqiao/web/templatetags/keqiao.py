"""Filters and tags that every template has."""

import json
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.template.context import Context
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files.kinds import kinds as import_kinds
from keqiao.apps.files.models import ImportVerdict
from keqiao.apps.ledger import models as figures
from keqiao.apps.market import kinds
from keqiao.apps.market import models as market
from keqiao.apps.market import permissions as market_permissions
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import OrganizationKind, Role, Scope, StationKind, TitleBand
from keqiao.apps.post.notices import topics
from keqiao.apps.programmes.models import StandingVerdict
from keqiao.apps.proposals import models as proposals
from keqiao.apps.registers.models import StrikeReason
from keqiao.catalogue import codes
from keqiao.catalogue.regions import Region
from keqiao.engines.text import spelled
from keqiao.web.parts import factors, kind_details, reasons
from keqiao.web.parts.workplaces import workplace

register = template.Library()
MOST_IN_BADGE = 99

CHOICES: dict[str, Any] = {
    "scope": Scope,
    "state": market.State,
    "introduction_state": market.IntroductionState,
    "event_state": market.EventState,
    "event_kind": market.EventKind,
    "strike_reason": StrikeReason,
    "figure_grade": figures.Grade,
    "figure_kind": figures.Kind,
    "figure_state": figures.FigureState,
    "figure_end": figures.EndReason,
    "standing_verdict": StandingVerdict,
    "proposal_state": proposals.ProposalState,
    "reply_state": proposals.ReplyState,
    "promise_state": proposals.PromiseState,
    "introduction_source": market.IntroductionSource,
    "side": market.Side,
    "answer": market.Answer,
    "decline_reason": market.DeclineReason,
    "contact_kind": market.ContactKind,
    "hand_over_reason": market.HandOverReason,
    "station_kind": StationKind,
    "secrecy": market.Secrecy,
    "need_kind": market.NeedKind,
    "coop_mode": market.CoopMode,
    "ip_policy": market.IpPolicy,
    "urgency": market.Urgency,
    "organization_kind": OrganizationKind,
    "role": Role,
    "title_band": TitleBand,
    "import_verdict": ImportVerdict,
    "agreement_state": market.AgreementState,
    "contract_type": market.ContractType,
    "payment_mode": market.PaymentMode,
    "pricing_mode": market.PricingMode,
    "license_kind": market.LicenseKind,
    "royalty_base": market.RoyaltyBase,
    "royalty_course": market.RoyaltyCourse,
    "termination_reason": market.TerminationReason,
    "notice_state": market.NoticeState,
    "objection_outcome": market.ObjectionOutcome,
    "trial_trigger": market.TrialTrigger,
    "trial_outcome": market.TrialOutcome,
    "registration_state": market.RegistrationState,
    "check_kind": market.CheckKind,
    "flow": market.Flow,
    "reject_reason": market.RejectReason,
    "supplement_reason": market.SupplementReason,
    "deregister_reason": market.DeregisterReason,
}
OPERATORS = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<", "eq": "=", "range": "", "pm": "±"}


def is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def say(thing: Any, name: str) -> str:
    """An attribute in the reader's language; the Chinese original where there is no English."""
    english = getattr(thing, f"{name}_en", "") if is_english() else ""
    return str(english or getattr(thing, name, ""))


@register.filter
def said(thing: Any, name: str) -> list[str]:
    """A list attribute in the reader's language."""
    english = getattr(thing, f"{name}_en", ()) if is_english() else ()
    return list(english or getattr(thing, name, ()))


@register.filter
def name_of(thing: Any) -> str:
    return say(thing, "name")


@register.filter
def label(code: str, table: str) -> str:
    """The label of a code: of an enumeration, an offer kind, a technology field, an area or an industry."""
    if not code:
        return ""
    if table in CHOICES:
        return str(CHOICES[table](code).label) if code in CHOICES[table].values else code
    if table == "offer_kind":
        kind = kinds.offer_kinds().get(code)
        return name_of(kind) if kind else code
    if table == "topic":
        return str(topics()[code].name) if code in topics() else code
    if table == "area":
        return places.label(code, language=get_language() or "zh-hans")
    if table == "party_area":
        known = code in places.region().areas
        return label(code, "area") if known else _code_label(f"{code[:2]}0000" if code.isdigit() else code, "provinces")
    return _code_label(code, table)


def _code_label(code: str, table: str) -> str:
    try:
        return codes.codes(table).label(code, get_language() or "zh-hans")
    except codes.UnknownCodeError:
        return code


LIKENESSES = {
    "same_name": _("名称相同"),
    "same_core": _("只差法律形式或地名"),
    "one_letter": _("只差一个字"),
    "short_for": _("一个是另一个的简称"),
    "same_organization_code": _("组织机构代码相同"),
    "same_orcid": _("ORCID 相同"),
    "same_email": _("邮箱相同"),
    "same_phone": _("电话相同"),
}


@register.filter
def likeness(code: str) -> str:
    """Why two records may be one."""
    return str(LIKENESSES.get(code, code))


@register.filter
def import_kind(code: str) -> str:
    """What a kind of import brings."""
    return str(import_kinds()[code].label) if code in import_kinds() else code


@register.filter
def import_problem(text: str) -> str:
    """Why an import stopped: a reason code as its sentence, anything else as it was said."""
    return reasons.sentence(text) if text in reasons.REASONS else text


@register.filter
def capped(count: int) -> str:
    """A count of what is counted to a hundred only."""
    return "99+" if count > MOST_IN_BADGE else str(count)


@register.filter
def reason(code: str) -> str:
    return reasons.sentence(code)


@register.filter
def grouped(number: int | None) -> str:
    """12345 as 12,345: Django's zh-hans prints no separators."""
    return "" if number is None else f"{number:,}"


# Chinese counts money in ten thousands, English in thousands: the steps differ, not only the words.
MONEY_STEPS = {
    "zh": ((Decimal(100_000_000), "亿元"), (Decimal(10_000), "万元"), (Decimal(0), "元")),
    "en": ((Decimal(1_000_000_000), "billion yuan"), (Decimal(1_000_000), "million yuan"), (Decimal(0), "yuan")),
}


@register.filter
def money(fen: int | None) -> str:
    """Integer fen as people say it: 元, 万元 or 亿元; yuan, million or billion in English."""
    if fen is None:
        return ""
    yuan = Decimal(fen) / 100
    steps = MONEY_STEPS["en" if is_english() else "zh"]
    size, unit = next((size, unit) for size, unit in steps if abs(yuan) >= size)
    return f"{_plain(yuan / (size or 1))} {unit}"


def _plain(value: Decimal) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def makes_events(actor: Actor | None) -> bool:
    return actor is not None and market_permissions.can_create_event(actor).allowed


@register.filter
def points(hundredths: int) -> str:
    """8367 as 83.67."""
    return f"{hundredths / 100:.2f}"


@register.filter
def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


# From which calibrated chance on an answer is called so.
LIKELIHOODS = ((0.5, _("很可能有用")), (0.15, _("可能有用")), (0.0, _("可作参考")))


@register.filter
def likelihood(share: float) -> str:
    return str(next(word for least, word in LIKELIHOODS if share >= least))


@register.filter
def unlocal(value: float) -> str:
    """A number as machines read it, whatever the language of the page."""
    return f"{value:.4f}"


@register.filter
def quantity(row: Any) -> str:
    """An indicator line as a person writes it: ≥ 2 kW, 1060–1100 nm, 1080 ± 5 nm."""
    values = tuple(row.value) if hasattr(row, "value") else (row.low, row.high)
    low, high = values[0], values[1] if len(values) > 1 else None
    unit = f" {spelled(row.unit)}".rstrip()
    if row.op == "range" and high is not None:
        return f"{low:g}–{high:g}{unit}"
    if row.op == "pm" and high is not None:
        return f"{low:g} ± {high:g}{unit}"
    return f"{OPERATORS.get(row.op, '')} {low:g}{unit}".strip()


VERDICTS = {"pass": _("满足"), "fail": _("不满足"), "unknown": _("待核实")}
SIGNS = {"pass": "✓", "fail": "✗", "unknown": "?"}


@register.filter
def verdict_word(verdict: str) -> str:
    return str(VERDICTS[verdict])


@register.filter
def verdict_sign(verdict: str) -> str:
    return SIGNS[verdict]


@register.filter
def signed_percent(margin: float) -> str:
    """A margin relative to the requirement: +25% is slack, −3% is missing."""
    return f"{margin * 100:+.0f}%".replace("-", "−")


FACETS = {
    "field": _("技术领域"),
    "region": _("地区"),
    "trl": _("技术就绪度"),
    "budget": _("预算"),
    "deadline": _("时限"),
}
FACET_TABLES = {"field": "fields", "region": "area"}


@register.filter
def facet_text(note: Any) -> str:
    """One soft facet in words: what it is, what each side says, whether they agree."""
    table = FACET_TABLES.get(note.name)
    need, offer = (label(side, table) if table else side for side in (note.need, note.offer))
    name = FACETS.get(note.name, note.name)
    if note.agrees:
        return gettext("%(name)s一致：%(offer)s") % {"name": name, "offer": offer}
    return f"{name}{colon()}{need} / {offer}"


@register.filter
def listed(words: list[str]) -> str:
    """Words in a row, parted as the reader's language parts them."""
    return comma().join(words)


@register.simple_tag
def colon() -> str:
    return ": " if is_english() else "："


@register.simple_tag
def comma() -> str:
    return ", " if is_english() else "、"


@register.filter
def must_have_factor(actor: Actor) -> bool:
    return factors.must_have_one(actor)


@register.filter
def as_json(value: Any) -> str:
    """Data for a script, to stand in an attribute."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def masked_email(address: str) -> str:
    """a***@example.cn: enough to recognise, too little to write to."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


@register.filter
def department(code: str) -> str:
    found = places.region().departments.get(code)
    return name_of(found) if found else code


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def detail_rows(face: Any, kind: Any) -> list[tuple[str, str]]:
    """The details of an offer as its kind names and shows them."""
    return kind_details.rows(kind, dict(face.details)) if kind else []


@register.filter
def has_office(actor: Actor | None) -> bool:
    """Whether the navigation leads to the office."""
    return actor is not None and bool(workplace(actor))


@register.filter
def may(actor: Actor, role: str) -> bool:
    return actor.has(role)


@register.filter
def footer_slots(region: Region) -> list[tuple[str, str]]:
    """The slots of the footer that the region has filled in, under the reader's labels."""
    slots = region.footer_en if is_english() else region.footer
    return [(name, text) for name, text in slots.items() if text]


@register.filter
def total(page: Page[Any]) -> str:
    """How many rows the list has; 1,000+ where counting stopped."""
    more = "+" if getattr(page.paginator, "is_capped", False) else ""
    return f"{grouped(page.paginator.count)}{more}"


@register.filter
def near_pages(page: Page[Any]) -> list[int | None]:
    """Page numbers around the current one; None stands for a gap."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    shown: list[int | None] = []
    for number in wanted:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int) -> str:
    """The address of another page of the same list."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def export_url(context: Context, kind: str) -> str:
    """The address of what the list shows, as a file."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["export"] = kind
    return f"?{query.urlencode()}"
