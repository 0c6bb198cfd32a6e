"""What the check of a reply remarks, in words: sums, lists and counts, growth, days."""

from collections.abc import Sequence

from keqiao.engines.replies import Reply
from keqiao.web.parts.reply_marks import Span


def findings(reply: Reply) -> list[tuple[str, Sequence[Span]]]:
    """Each remark as a sentence with the passages it speaks of."""
    return []
