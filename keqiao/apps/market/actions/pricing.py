"""The price on notice: who may object, what came of it, who bid. Signing waits for it where the law says so."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import agreement_rules, permissions
from keqiao.apps.market.models import (
    Agreement,
    AgreementState,
    Bid,
    NoticeState,
    Objection,
    ObjectionOutcome,
    PricingMode,
    PricingNotice,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.parties import places, queries
from keqiao.apps.parties.actors import Actor
from keqiao.catalogue import contracts


def subject_of(notice: PricingNotice) -> str:
    return f"notice:{notice.key}"


def _lock(notice: PricingNotice) -> None:
    notice.refresh_from_db(from_queryset=PricingNotice.objects.select_for_update())


def fewest_days(on: date) -> int:
    """For how many calendar days at least a price is on notice."""
    return contracts.rule("pricing_notice", region=places.region().code, on=on).value


def publish_notice(
    agreement: Agreement,
    *,
    title: str,
    price_fen: int,
    place: str,
    start_date: date,
    by: Actor,
    at: datetime,
    mode: str = PricingMode.AGREEMENT,
    days: int | None = None,
    title_en: str = "",
) -> PricingNotice:
    """Put the achievement's name and intended price on notice. The contract and its buyer are not shown.

    The first day is not counted, as the Civil Code has it for periods of days (Art. 201).
    """
    least = fewest_days(start_date)
    days = least if days is None else days
    row = PricingNotice(
        key=new_key("P"), agreement=agreement, mode=mode, title=title.strip(), title_en=title_en.strip(),
        price_fen=price_fen, place=place.strip(), days=days, start_date=start_date,
        end_date=start_date + timedelta(days=max(days, 1) + 1), created_at=at,
    )  # fmt: skip
    with ledger.action("notice.publish", by=by, at=at, subject=subject_of(row)) as entry:
        agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())
        entry.require(permissions.can_price(by, agreement))
        if agreement.state != AgreementState.DRAFT:
            raise ledger.Refused(f"agreement_is_{agreement.state}")
        if agreement.notices.exclude(state=NoticeState.VOID).exists():
            raise ledger.Refused("notice_exists")
        _check_notice(row, least=least, on=localdate(at))
        row.full_clean(exclude=["agreement"], validate_constraints=False)
        row.save(force_insert=True)
        agreement.pricing_mode, agreement.updated_at = mode, at
        agreement.save(update_fields=["pricing_mode", "updated_at"])
        entry.change(title=row.title, price_fen=price_fen, start_date=start_date.isoformat(), days=days)
    return row


def _check_notice(row: PricingNotice, *, least: int, on: date) -> None:
    found: dict[str, list[str]] = {}
    if row.days < least:
        found["days"] = [_("公示不少于 %(least)s 日（自然日）。") % {"least": least}]
    if row.start_date < on:
        found["start_date"] = [_("公示开始不能早于今天。")]
    if row.price_fen <= 0:
        found["price_fen"] = [_("拟交易价格应大于 0。")]
    if found:
        raise ValidationError(found)


def is_over(notice: PricingNotice, *, on: date) -> bool:
    """The first day after the notice has come: `end_date` is the first day on which nobody can object any more."""
    return notice.end_date <= on


def object_to(notice: PricingNotice, *, text: str, by: Actor, at: datetime) -> Objection:
    """Say what one holds against the price, as long as the notice runs."""
    with ledger.action("notice.object", by=by, at=at, subject=subject_of(notice)) as entry:
        _lock(notice)
        entry.require(permissions.can_object(by))
        today = localdate(at)
        if notice.state != NoticeState.RUNNING or today < notice.start_date or is_over(notice, on=today):
            raise ledger.Refused("notice_not_running")
        if len(text.strip()) < 5:
            raise ValidationError({"text": [_("请写明异议的理由。")]})
        author = queries.user(by.key.removeprefix("user:")) if by.key.startswith("user:") else None
        row = Objection(notice=notice, author=author, text=text.strip(), at=at)
        row.full_clean(exclude=["notice", "author"])
        row.save(force_insert=True)
        entry.change(objection=row.pk)
    return row


def handle_objection(objection: Objection, *, outcome: str, answer: str, by: Actor, at: datetime) -> None:
    """Answer an objection. One that is upheld makes the notice void: the price is put on notice anew."""
    notice = objection.notice
    with ledger.action("notice.handle_objection", by=by, at=at, subject=subject_of(notice)) as entry:
        _lock(notice)
        objection.refresh_from_db(from_queryset=Objection.objects.select_for_update())
        entry.require(permissions.can_handle_objection(by, notice.agreement, objection))
        if objection.outcome:
            raise ledger.Refused("objection_handled")
        if outcome not in ObjectionOutcome.values:
            raise ValidationError({"outcome": [_("请选择处理结果。")]})
        if not answer.strip():
            raise ValidationError({"answer": [_("请说明处理的依据，提出人能看到。")]})
        objection.outcome, objection.answer, objection.handled_at = outcome, answer.strip()[:500], at
        objection.save()
        if outcome == ObjectionOutcome.UPHELD:
            notice.state, notice.closed_at, notice.result = NoticeState.VOID, at, objection.answer[:300]
            notice.save(update_fields=["state", "closed_at", "result"])
        entry.change(objection=objection.pk, outcome=outcome)


def record_bid(notice: PricingNotice, *, bidder: str, price_fen: int, bid_date: date, by: Actor, at: datetime) -> Bid:
    """Note one bid of a listing or an auction."""
    with ledger.action("notice.record_bid", by=by, at=at, subject=subject_of(notice)) as entry:
        _lock(notice)
        entry.require(permissions.can_price(by, notice.agreement))
        if notice.mode == PricingMode.AGREEMENT:
            raise ledger.Refused("no_bids_at_agreement")
        if notice.state != NoticeState.RUNNING:
            raise ledger.Refused("notice_not_running")
        found: dict[str, list[str]] = {}
        if not bidder.strip():
            found["bidder"] = [_("请填写竞买方。")]
        if price_fen <= 0:
            found["price_fen"] = [_("报价应大于 0。")]
        if not notice.start_date <= bid_date <= localdate(at):
            found["bid_date"] = [_("报价日期应在公示开始之后、今天之前。")]
        if found:
            raise ValidationError(found)
        row = Bid.objects.create(notice=notice, bidder=bidder.strip(), price_fen=price_fen, bid_date=bid_date, at=at)
        entry.change(bid=row.pk, price_fen=price_fen)
    return row


def close_notice(
    notice: PricingNotice, *, by: Actor, at: datetime, winner: Bid | None = None, result: str = ""
) -> None:
    """The notice has run, every objection is answered; at a listing or auction one bid wins, the highest."""
    with ledger.action("notice.close", by=by, at=at, subject=subject_of(notice)) as entry:
        _lock(notice)
        entry.require(permissions.can_price(by, notice.agreement))
        if notice.state != NoticeState.RUNNING:
            raise ledger.Refused("notice_not_running")
        if not is_over(notice, on=localdate(at)):
            raise ledger.Refused("notice_running")
        if notice.objections.filter(outcome="").exists():
            raise ledger.Refused("objections_open")
        if notice.mode != PricingMode.AGREEMENT:
            _win(notice, winner)
        notice.state, notice.closed_at, notice.result = NoticeState.CONFIRMED, at, result.strip()[:300]
        notice.save(update_fields=["state", "closed_at", "result"])
        entry.change(state=str(notice.state), price_fen=winner.price_fen if winner else notice.price_fen)


def _win(notice: PricingNotice, winner: Bid | None) -> None:
    if winner is None or winner.notice_id != notice.pk:
        raise ValidationError({"winner": [_("请选择成交的报价。")]})
    best = notice.bids.order_by("-price_fen")[:1].get()
    if winner.price_fen < best.price_fen:
        raise ValidationError({"winner": [_("成交的应是最高报价。")]})
    if winner.price_fen < notice.price_fen:
        raise ValidationError({"winner": [_("成交价不能低于公示价格；没有合格报价时，请重新公示。")]})
    winner.is_winner = True
    winner.save(update_fields=["is_winner"])


def withdraw_notice(notice: PricingNotice, *, result: str, by: Actor, at: datetime) -> None:
    """Take a notice back: nobody bid enough, or the price is to be another. A new one can follow."""
    with ledger.action("notice.withdraw", by=by, at=at, subject=subject_of(notice)) as entry:
        _lock(notice)
        entry.require(permissions.can_price(by, notice.agreement))
        if notice.state == NoticeState.VOID or notice.agreement.state != AgreementState.DRAFT:
            raise ledger.Refused("notice_not_running")
        if not result.strip():
            raise ValidationError({"result": [_("请说明撤回的原因，公示页会显示。")]})
        notice.state, notice.closed_at, notice.result = NoticeState.VOID, at, result.strip()[:300]
        notice.save(update_fields=["state", "closed_at", "result"])
        entry.change(state=str(notice.state))


def require_priced(agreement: Agreement, *, signed: date) -> None:
    """Refuse a signature before the price was on notice long enough, or under another price than the one shown."""
    notice = agreement.notices.exclude(state=NoticeState.VOID).first()
    if notice is None:
        if agreement_rules.needs_notice(agreement):
            raise ledger.Refused("notice_needed")
        return
    if notice.state == NoticeState.RUNNING:
        raise ledger.Refused("notice_running" if not is_over(notice, on=signed) else "notice_not_closed")
    if not is_over(notice, on=signed):
        raise ledger.Refused("notice_running")
    winner = notice.bids.filter(is_winner=True).first()
    price = winner.price_fen if winner else notice.price_fen
    if (agreement.contract_amount_fen or 0) < price:
        text = _("合同成交额低于公示或成交的价格 %(price)s 元，不能签订；要降价请撤回公示并重新公示。")
        raise ValidationError({"contract_amount_fen": [text % {"price": f"{price / 100:,.2f}"}]})
