"""The programme a figure belongs to: named in its clause, its sentence, or before."""

from __future__ import annotations

import re

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._names import Mention, Names
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary, words

# Names that mostly tell what is counted (58 of 设施农业类项目), and not under which programme.
_COUNTED = ("项目", "课题", "活动", "基地", "平台", "专项", "产业园", "孵化器", "实验室", "众创空间", "清单")
_WEAK = ("项目", "课题", "活动", "清单")
_UNIT = re.compile(r"[\d余多一二三四五六七八九十百千万](?:个|项|家|户|批|场|次|条|支|件|名|人|位|处|期|种|类|所|座)$")
_MANNER = ("方式", "模式", "形式", "渠道", "等方式")
_AHEAD = 40


class Topics:
    """Finds the programme of a figure among the names of the text."""

    def __init__(self, flat: str, names: Names, vocabulary: Vocabulary) -> None:
        self._flat, self._names = flat, names
        self._known = words(vocabulary.endings["words"])

    def programme(self, figure: Candidate, place: Place) -> Mention | None:
        """The nearest name that is not itself what is counted.

        Order: before the figure in its clause, right behind it, before it in its sentence, ahead in the sentence,
        before in the same block. A name of a mere project gives way to the programme of the sentence or block.
        """
        clause, sentence = place.clause, place.sentence
        ahead = self._ahead(figure, min(clause[1], figure.end + 60))
        near = self._back(figure.start, clause[0]) or ahead
        if near is not None and not self._is_weak(near):
            return near
        before = self._back(clause[0], sentence[0])
        if before is not None and not self._is_weak(before):
            return before
        far = self._ahead(figure, min(sentence[1], figure.end + _AHEAD))
        if far is not None and not self._is_weak(far):
            return far
        block = self._back(sentence[0], place.block)
        counted = self._names.last(clause[0], figure.start) or self._names.first(figure.end, clause[1])
        return block or near or before or counted

    def _back(self, end: int, start: int) -> Mention | None:
        """The last name in flat[start:end] that is a topic."""
        weak = None
        one = self._names.last(start, end)
        for _ in range(6):
            if one is None:
                break
            if one.end <= end and self._is_topic(one):
                if not self._is_weak(one):
                    return one
                weak = weak or one
            one = self._names.last(start, one.start)
        return weak

    def _ahead(self, figure: Candidate, end: int) -> Mention | None:
        """The first name behind the figure, within reach."""
        one = self._names.first(figure.end, end)
        return one if one is not None and not self._is_manner(one) else None

    def _is_topic(self, one: Mention) -> bool:
        after = self._flat[one.end : one.end + 2]
        if self._is_manner(one) or (after[:1] == "等" and after[1:].isdigit()):
            return False
        if not one.name.endswith(_COUNTED) or self._known.found(one.name):
            return True
        return not (after[:1].isdigit() or _UNIT.search(self._flat[max(0, one.start - 3) : one.start]))

    def _is_manner(self, one: Mention) -> bool:
        end = one.end + (self._flat[one.end : one.end + 1] == "”")
        return self._flat.startswith(_MANNER, end)

    def _is_weak(self, one: Mention) -> bool:
        return one.name.endswith(_WEAK) and "“" not in one.name and not self._known.found(one.name)
