"""What pages of promises need: words of states, places in replies, names of figures."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.proposals.models import Evidence, Promise
from keqiao.apps.proposals.queries import board as queries
from keqiao.web.parts import promises as words

register = template.Library()


@register.filter
def state_tag(state: str) -> str:
    return words.TAGS.get(state, "")


@register.filter
def unit_name(promise: Promise) -> str:
    return words.unit_name(promise)


@register.filter
def state_sentence(promise: Promise) -> str:
    return words.state_sentence(promise)


@register.filter
def looked_through(promise: Promise) -> str:
    return words.looked_through(promise)


@register.filter
def due_note(promise: Promise) -> str:
    return words.due_note(promise)


@register.filter
def days(promise: Promise, on: Any) -> str:
    return words.days(promise, on)


@register.filter
def target(promise: Promise) -> str:
    return words.target(promise)


@register.filter
def stance_tag(voice: Any) -> str:
    return words.stance_tag(voice)


@register.filter
def marked_sentence(promise: Promise) -> SafeString:
    """The sentence with the promise in it marked."""
    start, end = promise.start - promise.sentence_start, promise.end - promise.sentence_start
    return _marked(promise.sentence, start, end)


@register.filter
def evidence_sentence(evidence: Evidence) -> SafeString:
    """The later sentence with the words that count marked; those words alone where its text is not for everybody."""
    found = queries.sentence_of(evidence)
    return _marked(*found) if found else format_html("{}", evidence.quote)


def _marked(sentence: str, start: int, end: int) -> SafeString:
    if not 0 <= start < end <= len(sentence):
        return format_html("{}", sentence)
    return format_html("{}<mark>{}</mark>{}", sentence[:start], sentence[start:end], sentence[end:])


@register.filter
def sentence_place(promise: Promise) -> str:
    return words.place(promise.reply.key, promise.start, promise.end)


@register.filter
def evidence_note(evidence: Evidence) -> str:
    return words.evidence_note(evidence)


@register.filter
def evidence_place(evidence: Evidence) -> str:
    """Where the later sentence stands; the top of the reply where it is not known."""
    if evidence.later is None:
        return ""
    return words.place(evidence.later.key, evidence.start or 0, evidence.end or 0)


@register.filter
def edition_name(key: str) -> str:
    """The name of a published figure with its value; the key where it is gone."""
    return words.edition_name(key)


@register.filter
def step_text(moment: Any) -> str:
    return words.step_text(moment)


@register.filter
def indicator_name(code: str) -> str:
    """The name of the figure a promise is measured by; its code before anything was published of it."""
    return words.indicator_name(code)


@register.filter
def about_place(figure: PublishedFigure) -> str:
    return words.about_place(figure)
