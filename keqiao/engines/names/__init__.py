"""Names of bodies compared: which two may be one, and why.

Method. A name is brought to plain form (width, case, spaces, brackets, traditional characters). From it the *core* is
taken: places given by the caller are cut off its front, legal forms (有限责任公司, 股份有限公司, 集团, Co., Ltd …) off
its end. Two names are then compared by four rules, the first that holds decides:

* `same_name` 1.0: the plain names are equal;
* `same_core` 0.9: the cores are equal, so the names differ in legal form or place only;
* `one_letter` 0.8: the cores have at least five characters and differ in one (typed wrong, left out, swapped with its
  neighbour) that is neither a digit nor an ordinal, for 第一医院 and 第二医院 are two;
* `short_for` 0.6: one core of at least four characters begins the other, and what follows is no part or branch
  (分公司, 学院, 医院, 研究所 …), for a university is not its hospital.

The scores order a reviewer's queue; they are no chances. Nothing is decided here: a person merges. The rules are our
own, after the practice of registers of bodies (normalise, block, compare); see docs/decisions.

Pairs among many names are found without comparing all: names are put into blocks by core, by every core with one
character left out, and by the first four characters of the core.

>>> compare("示范光学有限公司", "示范光学股份有限公司")
Likeness(score=0.9, reason='same_core')
>>> compare("示范市第一医院", "示范市第二医院") is None
True
"""

from keqiao.engines.names._names import Likeness, compare, core, pairs, plain

__all__ = ["Likeness", "compare", "core", "pairs", "plain"]
