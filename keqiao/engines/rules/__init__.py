"""Policies as dated, cited, tested code: who qualifies, by which clause, for how much, and what is still missing."""

from keqiao.engines.rules._budget import share_budget
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._explain import Explainer, Explanation, Question, explanation_dict, plan_questions
from keqiao.engines.rules._facts import Attribute, Firm, ItemList, Problem, Vocabulary, read_firm, unknown_names
from keqiao.engines.rules._file import read_policy, read_vocabulary
from keqiao.engines.rules._policy import Article, Benefit, Clause, Definition, Parameter, Policy
from keqiao.engines.rules._program import Program, compile_policy
from keqiao.engines.rules._verdict import STATES, VERDICTS, Checker, Verdict

__all__ = [
    "STATES",
    "VERDICTS",
    "Article",
    "Attribute",
    "Benefit",
    "Checker",
    "Clause",
    "Definition",
    "Explainer",
    "Explanation",
    "Firm",
    "ItemList",
    "Parameter",
    "Policy",
    "Problem",
    "Program",
    "Question",
    "RuleError",
    "Verdict",
    "Vocabulary",
    "compile_policy",
    "explanation_dict",
    "plan_questions",
    "read_firm",
    "read_policy",
    "read_vocabulary",
    "share_budget",
    "unknown_names",
]
