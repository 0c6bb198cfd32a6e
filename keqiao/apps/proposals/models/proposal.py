"""Proposals of deputies and of members of the consultative conference, who brought them, who handles them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User
from keqiao.catalogue.proposals import chinese


class Body(models.TextChoices):
    NPC = "npc", _("人大")
    CPPCC = "cppcc", _("政协")


class Publication(models.TextChoices):
    UNDECIDED = "undecided", _("未定")
    FULL = "full", _("主动公开全文")
    ABSTRACT = "abstract", _("主动公开摘要")
    ON_REQUEST = "on_request", _("依申请公开")
    WITHHELD = "withheld", _("不予公开")


PUBLIC = (Publication.FULL, Publication.ABSTRACT)


class ProposalState(models.TextChoices):
    RECEIVED = "received", _("已登记")
    ASSIGNED = "assigned", _("已交办")
    ANSWERING = "answering", _("办理中")
    ANSWERED = "answered", _("已答复")
    REDO = "redo", _("重新办理")
    CLOSED = "closed", _("已办结")


class UnitRole(models.TextChoices):
    LEAD = "lead", _("主办")
    SEPARATE = "separate", _("分办")
    CO = "co", _("协办")
    REFERENCE = "reference", _("参阅")


# Who answers the proposer, and so has the whole time limit.
ANSWERING_ROLES = (UnitRole.LEAD, UnitRole.SEPARATE)


class ReturnReason(models.TextChoices):
    NOT_OUR_DUTY = "not_our_duty", _("不属本单位职责")
    WRONG_ROLE = "wrong_role", _("主办、协办关系不当")
    DUPLICATE = "duplicate", _("与其他件重复")
    OTHER = "other", _("其他")


class SignerRole(models.TextChoices):
    PROPOSER = "proposer", _("提出人")
    CO_SIGNER = "co_signer", _("联名人")


def session_text(term: int, session: int) -> str:
    return f"{chinese(term)}届{chinese(session)}次会议"


class Proposal(models.Model):
    """One proposal. Body, term, session, class and number tell it from every other; `printed` is how its number reads.

    What class it is of stands in the rule book of the region, for regions divide them differently.
    """

    key = models.CharField(max_length=12, unique=True)
    body = models.CharField(_("提出机构"), max_length=6, choices=Body.choices)
    term = models.PositiveSmallIntegerField(_("届"))
    session = models.PositiveSmallIntegerField(_("次"))
    kind = models.CharField(_("类别"), max_length=20)
    number = models.CharField(_("编号"), max_length=12)
    printed = models.CharField(_("原编号"), max_length=40)
    title = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("正文"), blank=True)
    abstract = models.TextField(_("摘要"), blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    field = models.CharField(_("技术领域"), max_length=30, blank=True)
    received_date = models.DateField(_("收到日期"), null=True, blank=True)
    assigned_date = models.DateField(_("交办日期"), null=True, blank=True)
    is_key = models.BooleanField(_("重点督办"), default=False)
    supervisor = models.CharField(_("督办领导"), max_length=60, blank=True)
    is_broad = models.BooleanField(_("涉及面广，六个月内答复"), default=False)
    broad_agreed_by = models.CharField(_("同意延期的人"), max_length=60, blank=True)
    broad_agreed_date = models.DateField(_("同意延期的日期"), null=True, blank=True)
    publication = models.CharField(
        _("公开方式"), max_length=10, choices=Publication.choices, default=Publication.UNDECIDED
    )
    withheld_reason = models.CharField(_("不公开的理由"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState.choices, default=ProposalState.RECEIVED)
    registered_by = models.CharField(max_length=80)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "body", "kind", "pk")
        indexes = [models.Index(fields=("state", "year"), name="proposals_by_state")]
        constraints = [
            models.UniqueConstraint(fields=("body", "term", "session", "kind", "number"), name="proposals_number_once"),
            models.CheckConstraint(
                condition=models.Q(broad_agreed_date=None, broad_agreed_by="", is_broad=False)
                | (models.Q(broad_agreed_date__isnull=False, is_broad=True) & ~models.Q(broad_agreed_by="")),
                name="proposals_broad_with_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(publication=Publication.WITHHELD) | models.Q(withheld_reason=""),
                name="proposals_withheld_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed} {self.title}"

    @property
    def session_text(self) -> str:
        """As it is printed: 十三届三次会议."""
        return session_text(self.term, self.session)

    @property
    def is_public(self) -> bool:
        return self.publication in PUBLIC


class Signer(models.Model):
    """Somebody whose name stands on a proposal. Contacts are not kept: whoever has an account is told through it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="signers")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("姓名或名称"), max_length=100)
    role = models.CharField(_("身份"), max_length=10, choices=SignerRole.choices, default=SignerRole.PROPOSER)
    is_group = models.BooleanField(_("集体"), default=False)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("place", "pk")
        constraints = [models.UniqueConstraint(fields=("proposal", "name"), name="proposals_signer_once")]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """One unit that handles a proposal. `rule` names the rule, and its edition, that the last day was reckoned by."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="assignments")
    unit = models.CharField(_("承办单位"), max_length=40)
    role = models.CharField(_("承办方式"), max_length=10, choices=UnitRole.choices)
    assigned_date = models.DateField(_("交办日期"))
    due_date = models.DateField(_("办理期限"), null=True, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    returned_date = models.DateField(_("退回日期"), null=True, blank=True)
    return_reason = models.CharField(_("退回理由"), max_length=14, choices=ReturnReason.choices, blank=True)
    return_note = models.CharField(_("说明"), max_length=500, blank=True)
    answered_date = models.DateField(_("办结日期"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("round", "pk")
        indexes = [models.Index(fields=("unit", "due_date"), name="proposals_due_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=("proposal", "unit", "round"),
                condition=models.Q(returned_date=None),
                name="proposals_unit_once",
            ),
            models.UniqueConstraint(
                fields=("proposal", "round"),
                condition=models.Q(returned_date=None, role=UnitRole.LEAD),
                name="proposals_one_lead",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_date=None, return_reason="")
                | (models.Q(returned_date__isnull=False, answered_date=None) & ~models.Q(return_reason="")),
                name="proposals_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.role} of {self.proposal_id}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done; who only reads has nothing to answer."""
        return self.returned_date is None and self.answered_date is None and self.role != UnitRole.REFERENCE

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due_date is not None and self.due_date < on

    def days_left(self, on: date) -> int | None:
        """Days until the last one, below zero once it has passed; None where nothing is due."""
        return (self.due_date - on).days if self.is_open and self.due_date else None


class Suggestion(models.Model):
    """One thing that a proposal asks for, as its author put it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="suggestions")
    n = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("建议"), max_length=300)
    quoted = models.TextField(_("原文"), blank=True)

    class Meta:
        ordering = ("n",)
        constraints = [models.UniqueConstraint(fields=("proposal", "n"), name="proposals_suggestion_once")]

    def __str__(self) -> str:
        return f"{self.n} {self.title}"
