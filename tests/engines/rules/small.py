"""A small vocabulary and policies of one clause, for tests of single rules."""

from datetime import date
from typing import Any

from keqiao.engines.rules import Checker, Policy, Verdict, Vocabulary, compile_policy, read_policy, read_vocabulary

WORDS = read_vocabulary("""
[units]
"分" = ["分", "1"]
"元" = ["分", "100"]
"万元" = ["分", "1000000"]
"人" = ["人", "1"]
"件" = ["件", "1"]

[facts.founded]
type = "date"
label = "成立"

[facts.staff]
type = "count"
unit = "人"
periods = [1]
label = "职工"

[facts.sales_fen]
type = "money"
unit = "分"
periods = [1, 2, 3]
label = "销售"

[facts.rd_fen]
type = "money"
unit = "分"
periods = [1, 2, 3]
label = "研发"

[facts.kind]
type = "code"
label = "类别"

[facts.is_new]
type = "flag"
label = "新"

[facts.reviewed]
type = "flag"
by = "experts"
label = "评审"

[facts.year]
type = "count"
label = "年度"

[lists.items]
unit = "件"
label = "项目"
dated_by = "date"
optional = ["until"]
[lists.items.fields]
kind = "code"
date = "date"
until = "date"
year = "count"
paid_fen = "money 分"
cost_fen = "money 分"
""")
AS_OF = date(2026, 6, 15)


def policy_text(test: str, *, head: str = "", clause: str = "", rest: str = "") -> str:
    return f"""
[policy]
slug = "small"
version = "1"
title = "小"
title_en = "small"
document = "文"
eligible = "all(base.*)"
{head}

[[clauses]]
id = "base.one"
kind = "hard"
label = "一"
label_en = "one"
source = "第一条"
test = "{test}"
{clause}

{rest}
"""


def policy(test: str, *, words: Vocabulary = WORDS, head: str = "", clause: str = "", rest: str = "") -> Policy:
    return read_policy(policy_text(test, head=head, clause=clause, rest=rest), vocabulary=words)


def judged(test: str, facts: dict[str, Any], *, as_of: date = AS_OF, **parts: Any) -> Verdict:
    checker = Checker(compile_policy(policy(test, **parts), as_of=as_of))
    return checker.check(checker.read({"firm_id": "A", **facts}))


def state(test: str, facts: dict[str, Any], **parts: Any) -> str:
    return judged(test, facts, **parts).clauses["base.one"]
