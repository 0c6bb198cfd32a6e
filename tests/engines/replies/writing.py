"""What pairs of replies are written with: words, sentences by office, and the truth that is noted beside them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

Span = tuple[int, int]
PROVINCE, CITY = "省科技厅", "市科技局"
NAMES = ("春苗", "星火", "远航", "攀登", "聚英", "启明", "强基", "领雁", "扬帆", "登峰", "沃土", "繁星", "青禾", "金桥")
FIELDS = (
    "量子信息",
    "氢能储运",
    "生物育种",
    "光电显示",
    "工业母机",
    "低空经济",
    "纳米材料",
    "脑机接口",
    "海洋装备",
    "智能传感",
    "卫星导航",
    "合成橡胶",
    "激光制造",
    "数字农机",
)
PLACES = ("中试基地", "检测平台", "成果转化中心", "联合实验室", "数据服务系统", "创新联合体")
COUNTS = (
    ("支持科技型企业", "家"), ("转化科技成果", "项"), ("引进高层次人才", "名"), ("培训技术经理人", "名"),
    ("发布技术需求", "项"),
    ("走访服务园区", "个"), ("组织对接活动", "场"), ("入选创新团队", "个"),
)  # fmt: skip
PLAIN = (
    ("技术合同成交额", "亿元"), ("高新技术企业总产值", "亿元"), ("科技保险赔付额", "万元"), ("专利质押融资额", "亿元"),
    ("研究开发经费投入", "亿元"), ("知识产权证券化规模", "亿元"),
)  # fmt: skip


@dataclass
class Truth:
    """What is true of a pair. relations: by key, those that may be told. promises: by text, what became of it.

    sums: by key of all the figures of a sum, whether it is right (None: nothing may be said).
    """

    relations: dict[str, set[str]] = field(default_factory=dict)
    promises: dict[str, str] = field(default_factory=dict)
    sums: dict[str, bool | None] = field(default_factory=dict)
    disagree: set[str] = field(default_factory=set)


@dataclass
class Written:
    """Sentences of the two letters by the office that says them, promises of the earlier one, and the truth."""

    earlier: dict[str, list[str]] = field(default_factory=lambda: {PROVINCE: [], CITY: []})
    later: dict[str, list[str]] = field(default_factory=lambda: {PROVINCE: [], CITY: []})
    promised: list[str] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)

    def tell(self, earlier: str, later: str, *, office: str = PROVINCE) -> None:
        if earlier:
            self.earlier[PROVINCE].append(earlier)
        if later:
            self.later[office].append(later)

    def promise(self, text: str, status: str, later: str, *, before: str = "", office: str = PROVINCE) -> None:
        self.promised.append(text)
        self.truth.promises[unmarked(text)] = status
        self.tell(before, later, office=office)


class Words:
    """Words for a pair, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._names, self._fields = list(NAMES), list(FIELDS)
        self._plain, self._counts = list(PLAIN), list(COUNTS)
        for rows in (self._names, self._fields, self._plain, self._counts):
            rng.shuffle(rows)

    def name(self) -> str:
        return self._names.pop()

    def field(self) -> str:
        return self._fields.pop()

    def plain(self) -> tuple[str, str]:
        return self._plain.pop()

    def count(self) -> tuple[str, str]:
        return self._counts.pop()

    def place(self) -> str:
        return self.rng.choice(PLACES)

    def number(self) -> int:
        return self.rng.randint(21, 900)

    def more(self, number: int) -> int:
        return number + self.rng.randint(max(3, number // 5), number)


def unmarked(marked: str) -> str:
    return re.sub(r"\[[^|\[\]]*\|([^\[\]]*)\]", r"\1", marked)
