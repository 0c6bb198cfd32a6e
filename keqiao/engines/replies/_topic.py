"""The programme a figure belongs to: named in its clause, its sentence, or before."""

from __future__ import annotations

import re

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._names import Mention, Names
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary, words

# Names that mostly tell what is counted (58 of 设施农业类项目), and not under which programme.
_COUNTED = ("项目", "课题", "活动", "基地", "平台", "产业园", "孵化器", "实验室", "众创空间", "清单")
_WEAK = ("项目", "课题", "活动")
_PLACES = ("基地", "平台", "产业园", "孵化器", "实验室", "众创空间", "中心")
_OFFICIAL = ("国家", "省", "市", "中央", "重大")
_UNIT = re.compile(r"[\d余多一二三四五六七八九十百千万](?:个|项|家|户|批|场|次|条|支|件|名|人|位|处|期|种|类|所|座)$")
_MANNER = ("方式", "模式", "形式", "渠道", "等方式")
_AHEAD = 40


class Topics:
    """Finds the programme of a figure among the names of the text."""

    def __init__(self, flat: str, names: Names, vocabulary: Vocabulary) -> None:
        self._flat, self._names = flat, names
        self._known, self._types = words(vocabulary.endings["words"]), words(vocabulary.endings["types"])

    def programme(self, figure: Candidate, place: Place) -> Mention | None:
        """The nearest name that is not itself what is counted.

        Order: before the figure in its clause, right behind it, before it in its sentence, ahead in the sentence,
        before in the same block. A name of a mere project gives way to the programme of the sentence or block.
        """
        clause, sentence = place.clause, place.sentence
        ahead = self._ahead(figure, min(clause[1], figure.end + 60))
        near = self._back(figure.start, clause[0]) or ahead
        if near is not None and self._rank(near) == 2 and not (near is ahead and self._is_behind(near, figure)):
            return near
        counted = self._counted(figure, clause)
        before = self._back(clause[0], sentence[0])
        if before is not None and self._rank(before) == 2 and not (counted and before.name.endswith(_PLACES)):
            return before
        if counted is not None and self._rank(counted) == 2:
            return counted
        far = self._ahead(figure, min(sentence[1], figure.end + _AHEAD))
        if far is not None and self._rank(far) == 2:
            return far
        named = self._last_named(sentence[0], figure.start)
        if named is not None and self._rank(named) == 2:
            return named
        block = self._back(sentence[0], place.block)
        if (block is not None and self._rank(block) == 2) or counted is None:
            return block or near or before or self._names.last(sentence[0], figure.start)
        return counted

    @staticmethod
    def _is_behind(one: Mention, figure: Candidate) -> bool:
        """91个企业高校联合创新平台: the thing counted, right behind its number."""
        return one.start - figure.end <= 1 and one.name.endswith(_PLACES)

    def _counted(self, figure: Candidate, clause: tuple[int, int]) -> Mention | None:
        """The name of what the figure counts, or the last in its clause."""
        one = self._names.last(clause[0], figure.start)
        if one is not None and not self._is_example(one):
            return one
        return self._names.first(figure.end, clause[1])

    def _last_named(self, start: int, end: int) -> Mention | None:
        one = self._names.last(start, end)
        return None if one is None or self._types.found(one.name) or self._is_example(one) else one

    def _back(self, end: int, start: int) -> Mention | None:
        """The last name in flat[start:end] that is a topic."""
        weak = None
        one = self._names.last(start, end)
        for _ in range(6):
            if one is None:
                break
            if one.end <= end and self._is_topic(one):
                if self._rank(one) == 2:
                    return one
                weak = weak or one
            one = self._names.last(start, one.start)
        return weak

    def _ahead(self, figure: Candidate, end: int) -> Mention | None:
        """The first name behind the figure, within reach."""
        one = self._names.first(figure.end, end)
        return one if one is not None and not self._is_manner(one) else None

    def _is_topic(self, one: Mention) -> bool:
        if self._is_manner(one) or self._is_example(one) or self._types.found(one.name):
            return False
        if not one.name.endswith(_COUNTED) or self._known.found(one.name):
            return True
        after = self._flat[one.end : one.end + 1]
        return not (after.isdigit() or _UNIT.search(self._flat[max(0, one.start - 3) : one.start]))

    def _is_example(self, one: Mention) -> bool:
        """甲基地等17个: one of the things counted."""
        return self._flat[one.end : one.end + 1] == "等" and self._flat[one.end + 1 : one.end + 2].isdigit()

    def _is_manner(self, one: Mention) -> bool:
        end = one.end + (self._flat[one.end : one.end + 1] == "”")
        return self._flat.startswith(_MANNER, end)

    def _rank(self, one: Mention) -> int:
        """2 for a programme, 1 for a mere project or a kind of firm."""
        if self._known.found(one.name) or "“" in one.name or one.name.startswith(_OFFICIAL):
            return 2
        return 1 if one.name.endswith(_WEAK) or self._types.found(one.name) else 2
