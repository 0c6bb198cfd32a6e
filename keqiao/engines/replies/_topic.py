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
_BROAD = re.compile(
    r"(?<=[。；\n])(?:(?:截至|到)?(?:20\d\d年(?:\d{1,2}月)?[底末]?|去年|今年|目前|上半年)，?)?"
    r"(?:全[省市县区国州盟]|我[省市县区州国](?!科技|财政)|[省市县区]内|下一步|下步|今后|接下来|[一-鿿]{2,8}方面[，：]|关于[^，。\n]{2,30}[，。])"
)
_PAPER = re.compile(
    "十[三四五六]五.{0,2}(?:规划|计划)$|^“[一二三两].”$|(?<!指导)目录$|^“(?:设立|新设|组建|建立|每年|新增|增设)"
)
_OPENING = re.compile(
    r"[。；\n](?:(?:截至|到)?(?:20\d\d年?(?:[—\-～至]20\d\d年)?(?:\d{1,2}月)?[底末]?(?:以来)?|去年|今年|目前|上半年|同时|此外|另外)，?){0,2}"
)
_NOUN = re.compile(r"[一-鿿“（）]{4}")
_NUMERAL = re.compile(r"(?:数|达|共有?|已有?)?[\d二三四五六七八九十百千]")
_COUNTS = re.compile(r"[^，。；、\d]{0,6}\d")
_ROLE = re.compile("担任|兼任|作为|成为|任")
_MANNER = tuple(lead + word for lead in ("", "等") for word in ("方式", "模式", "形式", "渠道", "途径", "手段"))
_AHEAD = 40


class Topics:
    """Finds the programme of a figure among the names of the text."""

    def __init__(self, flat: str, names: Names, vocabulary: Vocabulary) -> None:
        common = words(vocabulary.endings["common"]["words"]).pattern
        self._flat = flat
        self._names = names.without(
            lambda one: (
                bool(common.fullmatch(one.name) or _PAPER.search(one.name))
                or self._is_manner(one)
                or self._is_titled(one)
            )
        )
        self._acts, self._goes = vocabulary.lists["acts"], vocabulary.lists["topic.going_on"]
        self._known, self._types = words(vocabulary.endings["words"]), words(vocabulary.endings["types"])

    def programme(self, figure: Candidate, place: Place) -> Mention | None:
        """The nearest name that is not itself what is counted.

        Order: before the figure in its clause, right behind it, before it in its sentence, ahead in the sentence,
        before in the same block. A name of a mere project gives way to the programme of the sentence or block.
        """
        clause, sentence = place.clause, place.sentence
        floor = self._floor(figure, place)
        ahead = self._ahead(figure, min(clause[1], figure.end + 60))
        near = self._back(figure.start, clause[0]) or ahead
        if near is not None and self._rank(near) == 2 and not (near is ahead and self._is_behind(near, figure)):
            return near
        counted = self._counted(figure, clause)
        before = self._kept(self._back(clause[0], max(floor, sentence[0])), figure)
        if before is not None and self._rank(before) == 2 and not (counted and before.name.endswith(_PLACES)):
            return before
        if counted is not None and self._rank(counted) == 2:
            return counted
        far = self._ahead(figure, min(sentence[1], figure.end + _AHEAD))
        if far is not None and self._rank(far) == 2 and _ROLE.search(self._flat, figure.end, far.start):
            return far  # 1012名科技人才入驻799家企业，兼任科创专员
        named = self._last_named(max(floor, sentence[0]), figure.start)
        if named is not None and self._rank(named) == 2 and self._kept(named, figure):
            return named
        block = self._back(sentence[0], place.block) if floor <= place.block else self._back(sentence[0], floor)
        block = self._kept(block, figure)
        if (block is not None and self._rank(block) == 2) or counted is None:
            return block or near or before or self._last_named(max(floor, sentence[0]), figure.start)
        return counted

    def _floor(self, figure: Candidate, place: Place) -> int:
        """Where the text last turned to the whole region or to another matter: no programme reaches across."""
        floor = place.block
        for turn in _BROAD.finditer(self._flat, place.block, figure.start):
            floor = turn.start()
        return floor

    def _kept(self, one: Mention | None, figure: Candidate) -> Mention | None:
        """The programme, unless a sentence behind it opens with a subject of its own that says nothing of it.

        A sentence without subject goes on about the last one: 支持企业73户; 制种保险承保面积 begins anew.
        """
        if one is None:
            return None
        start = one.end
        for opening in _OPENING.finditer(self._flat, start, figure.start):
            at = opening.end()
            head = self._flat[at : min(at + 14, figure.start)]
            if not self._goes_on(head, one.name):
                return None
        return one

    def _goes_on(self, head: str, name: str) -> bool:
        if len(head) < 4 or self._acts.at(head, 0) or self._goes.at(head, 0) or not _NOUN.match(head):
            return True
        threes = {name[at : at + 3] for at in range(len(name) - 2)}
        return head[:2] == name.rstrip("”")[-2:] or any(head[at : at + 3] in threes for at in range(len(head) - 2))

    @staticmethod
    def _is_behind(one: Mention, figure: Candidate) -> bool:
        """91个企业高校联合创新平台: the thing counted, right behind its number."""
        return one.start - figure.end <= 1 and one.name.endswith(_PLACES)

    def _counted(self, figure: Candidate, clause: tuple[int, int]) -> Mention | None:
        """The name of what the figure counts, or the last in its clause."""
        one = self._names.last(clause[0], figure.start)
        if one is not None and not self._is_example(one):
            return one
        return self._ahead(figure, clause[1])

    def _last_named(self, start: int, end: int) -> Mention | None:
        one = self._names.last(start, end)
        if one is None or self._types.found(one.name) or self._is_example(one):
            return None
        return None if one.name.endswith(_PLACES) and self._is_counted(one) else one

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
        if one is None or ("、" in self._flat[figure.end : one.start] and _COUNTS.match(self._flat, one.end)):
            return None  # 创新型企业4126家、专精特新企业2058家: the name goes with the next number
        return one

    def _is_topic(self, one: Mention) -> bool:
        if self._is_manner(one) or self._is_example(one) or self._types.found(one.name):
            return False
        if not one.name.endswith(_COUNTED) or self._known.found(one.name):
            return True
        return not self._is_counted(one)

    def _is_counted(self, one: Mention) -> bool:
        """Right before or behind a number: how many of them, not what the next figures are about."""
        return bool(_NUMERAL.match(self._flat, one.end) or _UNIT.search(self._flat[max(0, one.start - 3) : one.start]))

    def _is_example(self, one: Mention) -> bool:
        """甲基地等17个: one of the things counted."""
        return self._flat[one.end : one.end + 1] == "等" and self._flat[one.end + 1 : one.end + 2].isdigit()

    def _is_manner(self, one: Mention) -> bool:
        end = one.end + (self._flat[one.end : one.end + 1] == "”")
        return self._flat.startswith(_MANNER, end)

    def _is_titled(self, one: Mention) -> bool:
        """Inside 《》: the title of a paper."""
        opened = self._flat.rfind("《", max(0, one.start - 40), one.start)
        return opened >= 0 and "》" not in self._flat[opened : one.start] and "\n" not in self._flat[opened : one.start]

    def _rank(self, one: Mention) -> int:
        """2 for a programme, 1 for a mere project or a kind of firm."""
        if self._known.found(one.name) or "“" in one.name or one.name.startswith(_OFFICIAL):
            return 2
        return 1 if one.name.endswith(_WEAK) or self._types.found(one.name) else 2
