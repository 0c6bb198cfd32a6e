"""Policies as dated, cited, tested code: who qualifies, by which clause, for how much, and what is still missing.

A policy is read (`read_policy`) and compiled for a day (`compile_policy`); a `Checker` judges one firm, an `Explainer`
says why, and `keqiao.engines.rules.batch` judges a million; that module is imported by name, since it needs Polars.

Method. Expressions are typed and carry units; ratios are pairs of integers compared by cross-multiplication; lists
become counts with a sure and a possible end; conditions follow Kleene's strong logic (1938), points are intervals added
end by end. Every result, the missing facts included, is one expression of a small arithmetic of three back ends.
"""

from keqiao.engines.rules._budget import share_budget
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._explain import Block, Explainer, Explanation, Question, explanation_dict, plan_questions
from keqiao.engines.rules._facts import Attribute, Firm, ItemList, Vocabulary, read_firm, unknown_names
from keqiao.engines.rules._file import read_policy, read_vocabulary
from keqiao.engines.rules._instalments import Instalment, Payment, pay_in_parts
from keqiao.engines.rules._nearest import Move, Nearest, Searcher, Way
from keqiao.engines.rules._obstacles import Obstacle
from keqiao.engines.rules._policy import Article, Benefit, Clause, Definition, Lever, Parameter, Policy
from keqiao.engines.rules._problems import Problem
from keqiao.engines.rules._program import Program, compile_policy
from keqiao.engines.rules._routes import Route, routes
from keqiao.engines.rules._stacking import Award, Combination, Group, Share, combine
from keqiao.engines.rules._stacking_file import Stacking, read_stacking
from keqiao.engines.rules._verdict import STATES, VERDICTS, Checker, Verdict

__all__ = [
    "STATES",
    "VERDICTS",
    "Article",
    "Attribute",
    "Award",
    "Benefit",
    "Block",
    "Checker",
    "Clause",
    "Combination",
    "Definition",
    "Explainer",
    "Explanation",
    "Firm",
    "Group",
    "Instalment",
    "ItemList",
    "Lever",
    "Move",
    "Nearest",
    "Obstacle",
    "Parameter",
    "Payment",
    "Policy",
    "Problem",
    "Program",
    "Question",
    "Route",
    "RuleError",
    "Searcher",
    "Share",
    "Stacking",
    "Verdict",
    "Vocabulary",
    "Way",
    "combine",
    "compile_policy",
    "explanation_dict",
    "pay_in_parts",
    "plan_questions",
    "read_firm",
    "read_policy",
    "read_stacking",
    "read_vocabulary",
    "routes",
    "share_budget",
    "unknown_names",
]
