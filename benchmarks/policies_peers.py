"""OpenFisca on the flat rule, run in the peers' environment: a line in is a round, whose milliseconds it prints.

Called by `policies_versus.py`, not by hand. NumPy and openfisca-core only.
"""

import sys
import time

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.taxscales import MarginalRateTaxScale, SingleAmountTaxScale
from openfisca_core.variables import Variable

FIRM = Entity("firm", "firms", "a firm", "")
YEAR = "2025"
WAY = sys.argv[3] if len(sys.argv) > 3 else "scales"  # or "choices"
INPUTS = {
    "resident": bool, "normal_product": bool, "clean": bool, "has_hte": bool, "has_award": bool, "has_body": bool,
    "has_standard": bool, "class_1": int, "class_2": int, "staff": int, "tech_staff": int, "sales": float,
    "assets": float, "cost": float, "rd": float, "rd_before": float,
}  # fmt: skip


def steps(name, pairs):
    """A scale of amounts by threshold, as the peer's users write one in a parameter file."""
    scale = SingleAmountTaxScale(name)
    for bound, worth in pairs:
        scale.add_bracket(bound, worth)
    return scale


STAFF = steps("staff", [(0, 0), (0.1, 4), (0.15, 8), (0.2, 12), (0.25, 16), (0.3, 20)])
SALES = steps("sales", [(0, 0), (0.02, 10), (0.03, 20), (0.04, 30), (0.05, 40), (0.06, 50)])
COST = steps("cost", [(0, 0), (0.1, 10), (0.15, 20), (0.2, 30), (0.25, 40), (0.3, 50)])
SECOND = steps("second", [(0, 0), (1, 6), (2, 12), (3, 18), (4, 24)])
BANDS = {
    "staff": [(0.3, 20), (0.25, 16), (0.2, 12), (0.15, 8), (0.1, 4)],
    "sales": [(0.06, 50), (0.05, 40), (0.04, 30), (0.03, 20), (0.02, 10)],
    "cost": [(0.3, 50), (0.25, 40), (0.2, 30), (0.15, 20), (0.1, 10)],
    "second": [(4, 24), (3, 18), (2, 12), (1, 6)],
}
RATES = MarginalRateTaxScale("subsidy")
for bound, rate in ((0, 0.1), (2e6, 0.05), (1e7, 0.02)):
    RATES.add_bracket(bound, rate)


def share(top, bottom):
    return np.divide(top, bottom, out=np.zeros(len(top), dtype=np.float32), where=bottom > 0)


def points(scale, value):
    """Points of a band: by a scale, or by a choice between conditions, as more of the peer's users write it."""
    if WAY == "scales":
        return {"staff": STAFF, "sales": SALES, "cost": COST, "second": SECOND}[scale].calc(value, right=True)
    return np.select([value >= bound for bound, _ in BANDS[scale]], [worth for _, worth in BANDS[scale]], default=0)


def staff_points(firm, period):
    return points("staff", share(firm("tech_staff", period), firm("staff", period)))


def rd_of_sales(firm, period):
    return points("sales", share(firm("rd", period), firm("sales", period)))


def rd_of_cost(firm, period):
    return points("cost", share(firm("rd", period), firm("cost", period)))


def rd_points(firm, period):
    return np.maximum(firm("rd_of_sales", period), firm("rd_of_cost", period))


def result_points(firm, period):
    return np.where(firm("class_1", period) >= 1, 30, points("second", firm("class_2", period)))


def score(firm, period):
    return firm("staff_points", period) + firm("rd_points", period) + firm("result_points", period)


def staff_ok(firm, period):
    return firm("staff", period) <= 500


def sales_ok(firm, period):
    return firm("sales", period) <= 2e8


def assets_ok(firm, period):
    return firm("assets", period) <= 2e8


def base(firm, period):
    names = ("resident", "staff_ok", "sales_ok", "assets_ok", "normal_product", "clean")
    return np.logical_and.reduce([firm(name, period) for name in names])


def direct(firm, period):
    return np.logical_or.reduce([firm(name, period) for name in ("has_hte", "has_award", "has_body", "has_standard")])


def total_ok(firm, period):
    return firm("score", period) >= 60


def staff_points_ok(firm, period):
    return firm("staff_points", period) > 0


def eligible(firm, period):
    scored = firm("total_ok", period) * firm("staff_points_ok", period)
    return firm("base", period) * (firm("direct", period) + scored)


def amount(firm, period):
    rd = firm("rd", period)
    increase = np.maximum(rd - firm("rd_before", period), 0)
    whole = np.floor(np.minimum(RATES.calc(rd) + 0.1 * increase, 1e6))
    return np.where(firm("eligible", period), whole, 0)


FORMULAS = {
    "staff_points": (int, staff_points), "rd_of_sales": (int, rd_of_sales), "rd_of_cost": (int, rd_of_cost),
    "rd_points": (int, rd_points), "result_points": (int, result_points), "score": (int, score),
    "staff_ok": (bool, staff_ok), "sales_ok": (bool, sales_ok), "assets_ok": (bool, assets_ok), "base": (bool, base),
    "direct": (bool, direct), "total_ok": (bool, total_ok), "staff_points_ok": (bool, staff_points_ok),
    "eligible": (bool, eligible), "amount": (float, amount),
}  # fmt: skip


def system():
    rules = TaxBenefitSystem([FIRM])
    shared = {"entity": FIRM, "definition_period": DateUnit.YEAR}
    for name, kind in INPUTS.items():
        rules.add_variable(type(name, (Variable,), {**shared, "value_type": kind, "label": name}))
    for name, (kind, formula) in FORMULAS.items():
        rules.add_variable(type(name, (Variable,), {**shared, "value_type": kind, "label": name, "formula": formula}))
    return rules


def main(columns_file, result_file):
    columns = dict(np.load(columns_file))
    rules, count = system(), len(columns["staff"])
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(rules, count=count)
        for name in INPUTS:
            simulation.set_input(name, YEAR, columns[name])
        middle = time.perf_counter()
        found = {name: simulation.calculate(name, YEAR) for name in ("eligible", "score", "amount")}
        print((middle - start) * 1e3, (time.perf_counter() - middle) * 1e3, flush=True)
    np.savez(result_file, **found)


if __name__ == "__main__":
    main(*sys.argv[1:3])
