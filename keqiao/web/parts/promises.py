"""Words and addresses of promises: their computed states, said neutrally, and what stands for them.

A state never says more than its evidence: that nothing was found is said with where one looked, and no promise is
called broken.
"""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import queries as figures
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.proposals import units
from keqiao.apps.proposals.models import DueBasis, Evidence, Promise, PromiseMove, PromiseState, Stance, Voice
from keqiao.apps.proposals.queries import Moment
from keqiao.web.parts import figures as figure_parts
from keqiao.web.parts.reply_marks import anchor_of
from keqiao.web.templatetags.keqiao import is_english

_ABOUT = re.compile(r"reply:(\w+)#(\d+)-(\d+)")
TAGS = {"kept": "pass", "partly": "unknown", "no_mention": "", "not_due": "kind", "too_soft": ""}
STANCE_TAGS = {"kept": "pass", "partly": "unknown", "under_way": "kind", "not_kept": "fail", "cannot_tell": ""}
MEANINGS = {
    PromiseState.KEPT: _("后来的答复、数据或文件里有依据表明已经做到。依据逐条列出。"),
    PromiseState.PARTLY: _("有依据表明做到了一部分。"),
    PromiseState.NO_MENTION: _("期限已到，在后来的答复里没有找到再提及的句子。没有找到不等于没有做。"),
    PromiseState.NOT_DUE: _("期限还没有到。"),
    PromiseState.TOO_SOFT: _("没有对象、数量和期限，无法核对；不作判断。"),
}

# Why a sentence found by the program shows only a part; under the engine's own words.
PARTS = {
    "under_way": _("句子说正在做，没有说做成。"),
    "name_part": _("句子只提到所承诺事项名称的一部分。"),
    "one_kind": _("句子说的是其中较窄的一类。"),
    "not_made": _("句子提到了它，没有说已经建成或出台。"),
    "was_there": _("承诺的那份答复里已经说它建成。"),
    "another_of_kind": _("承诺以“等”列举；句子说的是同类的另一项，不是列出的那几项。"),
    "another_name": _("句子说的是同类的另一个专项，名称与承诺的不同。"),
    "fewer": _("句子里的数少于承诺的数。"),
    "no_number": _("承诺写明了数量，句子里没有同单位的数。"),
    "some_names": _("承诺了几件事，句子只说到其中一部分。"),
}


def unit_name(promise: Promise) -> str:
    """Who has to keep it: the unit, else the department as it is printed."""
    if promise.unit:
        return units.label(promise.unit, "en" if is_english() else "zh-hans")
    return promise.department


def state_sentence(promise: Promise) -> str:
    """What the computed state says of this promise, in one neutral sentence."""
    if promise.state != PromiseState.NO_MENTION:
        return str(MEANINGS[PromiseState(promise.state)])
    if not promise.looked_in:
        return looked_through(promise)
    return f"{looked_through(promise)}{_gap()}{gettext('没有找到不等于没有做。')}"


def looked_through(promise: Promise) -> str:
    """Where a later mention was looked for and not found."""
    if not promise.looked_in:
        return gettext("期限已到，其后还没有可以查找的答复。")
    return gettext("在其后 %(count)d 份答复中未再提及。") % {"count": promise.looked_in}


def _gap() -> str:
    return " " if is_english() else ""


def due_note(promise: Promise) -> str:
    return str(DueBasis(promise.due_basis).label)


def evidence_note(evidence: Evidence) -> str:
    """What stands beside a piece of evidence: what a person wrote, or why what the program found is only a part."""
    return str(PARTS.get(evidence.note, evidence.note)) if evidence.is_automatic else evidence.note


def place(reply_key: str, start: int, end: int) -> str:
    """The address of a passage in a reply that is shown on the site."""
    address = reverse("public:reply", kwargs={"key": reply_key})
    return f"{address}?at={start}-{end}#{anchor_of((start, end))}"


def about_place(figure: PublishedFigure) -> str:
    """Where the sentence stands that a figure was stated from; empty for figures that are about nothing of the kind."""
    match = _ABOUT.fullmatch(figure.about)
    return place(match[1], int(match[2]), int(match[3])) if match else ""


def edition_name(key: str) -> str:
    """The name of a published figure with its value; the key where nobody may see it."""
    try:
        figure = figures.edition(key)
    except ObjectDoesNotExist:
        return key
    return f"{figure_parts.name(figure)} {figure_parts.shown(figure)}"


def indicator_name(code: str) -> str:
    """The name of the figure a promise is measured by; its code before anything was published of it."""
    newest = figures.newest(code)
    return figure_parts.name(newest) if newest else code


def days(promise: Promise, on: date) -> str:
    """How long until it is due, or since."""
    left = (promise.due_date - on).days
    if left >= 0:
        return gettext("还有 %(count)d 天") % {"count": left}
    return gettext("已过 %(count)d 天") % {"count": -left}


def target(promise: Promise) -> str:
    """≥ 60 家, as far as a target is set."""
    if promise.target_value is None:
        return ""
    sign = "≥" if promise.direction == "up" else "≤"
    return f"{sign} {promise.target_value.normalize():f} {promise.target_unit}".strip()


def stance_tag(voice: Any) -> str:
    return STANCE_TAGS.get(voice.stance, "") if voice else ""


def stance_name(voice: Any) -> str:
    return str(Stance(voice.stance).label)


def step_text(moment: Moment) -> str:
    """One dated thing in the life of a promise, in a few words."""
    row = moment.row
    if isinstance(row, PromiseMove):
        return f"{row.get_before_display()} → {row.get_after_display()}"
    if isinstance(row, Evidence):
        said = gettext("依据不采用") if moment.kind == "refused" else gettext("新增依据")
        return f"{said} · {row.get_kind_display()} · {row.get_supports_display()}"
    if isinstance(row, Voice):
        return f"{row.get_role_display()} · {stance_name(row)}"
    return gettext("到期") if moment.kind == "due" else gettext("作出承诺")
