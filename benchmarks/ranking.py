"""Ranking quality of the matching engine beside its peers, same fields, same run.

    .venv/bin/python benchmarks/ranking.py            all sets
    .venv/bin/python benchmarks/ranking.py --no-ablation

Ours: five folds by query; trees and calibration never saw the queries they are scored on. Peers run in an environment
of their own (var/peers, made from benchmarks/peers/requirements.txt). nDCG@10; differences with paired bootstrap.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

import numpy as np
from train_learn import FOLDS, Calibration, Floats, Group, calibrate, groups, list_features, out_of_fold, sigmoid
from train_sets import ROOT, Judged, JudgedSet, judged_sets

from keqiao.engines.matching import Model, ndcg

PEER_HOME = ROOT / "var" / "peers"
SAMPLES = 4000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ablation", action=argparse.BooleanOptionalAction, default=True)
    wanted = parser.parse_args()
    sets = list(judged_sets())
    peers = run_peers(sets)
    ours, everything, scores, calibrations = run_ours(sets, expand=True)
    report(sets, ours, peers)
    report_answerable(sets, everything, scores, calibrations, peers)
    if wanted.ablation:
        plain, *_ = run_ours(sets, expand=False)
        print("\nwithout the thesaurus (trained and measured the same way)")
        for part in sets:
            print(
                f"  {part.name:6s} {mean(ours, part):.4f} -> {mean(plain, part):.4f}   {difference(ours, plain, part)}"
            )


def run_ours(
    sets: Sequence[JudgedSet], *, expand: bool
) -> tuple[dict[str, Floats], list[Group], list[Floats], list[Calibration]]:
    """nDCG per query and set, by models of other folds."""
    everything = [g for part in sets for g in groups(part, model=Model(), expand=expand, strip=True)]
    scores = out_of_fold(everything)
    calibrations = []
    for fold in range(FOLDS):
        seen = [(g, s) for g, s in zip(everything, scores, strict=True) if g.fold != fold]
        calibrations.append(calibrate([g for g, _ in seen], [s for _, s in seen]))
    ranked = {
        (g.set, g.judged.key): [g.keys[place] for place in np.argsort(-s, kind="stable")]
        for g, s in zip(everything, scores, strict=True)
        if not g.stripped
    }
    found = {
        part.name: np.array([ndcg(ranked.get((part.name, j.key), []), j.gains) for j in measured(part)])
        for part in sets
    }
    return found, everything, scores, calibrations


def run_peers(sets: Sequence[JudgedSet]) -> dict[str, dict[str, list[list[tuple[int, float]]]]]:
    """Ranked lists of every peer; its environment is made on first use."""
    python = PEER_HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER_HOME)], check=True)
        needs = ROOT / "benchmarks" / "peers" / "requirements.txt"
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(needs)], check=True)
    source, target = PEER_HOME / "sets.json", PEER_HOME / "runs.json"
    plain = [
        {
            "name": part.name,
            "documents": ["\n".join([d.title, " ".join(d.keywords), d.text]) for d in part.documents],
            "queries": [
                "\n".join([j.query.title, j.query.field, *j.query.keywords, j.query.text]) for j in part.queries
            ],
        }
        for part in sets
    ]
    source.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    subprocess.run([str(python), str(ROOT / "benchmarks" / "ranking_peers.py"), str(source), str(target)], check=True)
    result: dict[str, dict[str, list[list[tuple[int, float]]]]] = json.loads(target.read_text(encoding="utf-8"))
    return result


def report(sets: Sequence[JudgedSet], ours: Mapping[str, Floats], peers: Mapping[str, Mapping[str, list]]) -> None:
    print("nDCG@10, out of fold")
    for part in sets:
        table = {peer: peer_ndcg(part, runs) for peer, runs in peers[part.name].items()}
        best = max(table, key=lambda peer: float(table[peer].mean()))
        print(f"{part.name:6s} n {len(ours[part.name]):4d}  keqiao {ours[part.name].mean():.4f}")
        for peer, values in table.items():
            print(f"         {peer:24s} {values.mean():.4f}")
        print(f"         against {best}: {interval(ours[part.name] - table[best])}")


def peer_ndcg(part: JudgedSet, runs: Sequence[Sequence[tuple[int, float]]]) -> Floats:
    keys = [document.key for document in part.documents]
    found = {
        judged.key: [keys[place] for place, _ in run if keys[place] != judged.left_out]
        for judged, run in zip(part.queries, runs, strict=True)
    }
    return np.array([ndcg(found[judged.key], judged.gains) for judged in measured(part)])


def report_answerable(
    sets: Sequence[JudgedSet],
    everything: Sequence[Group],
    scores: Sequence[Floats],
    calibrations: Sequence[Calibration],
    peers: Mapping[str, Mapping[str, list]],
) -> None:
    """AUROC of the top score for needs with against needs without a good answer; reliability of the chances."""
    for part in (part for part in sets if part.name in ("needs", "demo")):
        truth = {j.key: any(g >= part.useful for g in j.gains.values()) for j in part.queries}
        top, any_chance, pairs = {}, {}, []
        for group, score in zip(everything, scores, strict=True):
            if group.set == part.name and not group.stripped:
                cut = calibrations[group.fold]
                whole = list_features(group.rows, score)
                order = np.argsort(-score, kind="stable")[:10]
                chances = sigmoid(whole @ cut.chance[:-1] + cut.chance[-1] * (score[order] - score[order[0]]))
                top[group.judged.key] = float(chances[0])
                any_chance[group.judged.key] = float(sigmoid(whole @ cut.chance_any)), cut.abstain
                pairs += list(zip(chances, group.is_useful[order], strict=True))
        print(
            f"\n{part.name}: needs with a good answer {sum(truth.values())}, without {len(truth) - sum(truth.values())}"
        )
        whole_list = {key: value for key, (value, _) in any_chance.items()}
        print(f"  AUROC of the top chance  keqiao {auroc(top, truth):.3f} (chance_any {auroc(whole_list, truth):.3f})")
        for peer, runs in peers[part.name].items():
            first = {j.key: (run[0][1] if run else 0.0) for j, run in zip(part.queries, runs, strict=True)}
            print(f"  {peer:24s} {auroc(first, truth):.3f}")
        refused = {key for key, (value, limit) in any_chance.items() if value < limit}
        right = sum(not truth[key] for key in refused)
        print(f"  abstained {len(refused)}, rightly {right} of {len(truth) - sum(truth.values())}")
        for low, high in ((0, 0.05), (0.05, 0.15), (0.15, 0.3), (0.3, 0.5), (0.5, 0.75), (0.75, 1.01)):
            inside = [(c, y) for c, y in pairs if low <= c < high]
            if inside:
                said, useful = np.mean(np.array(inside, dtype=float), axis=0)
                print(f"  chance {low:.2f}-{high:.2f}: n {len(inside):5d}  said {said:.3f}  useful {useful:.3f}")


def measured(part: JudgedSet) -> list[Judged]:
    return [judged for judged in part.queries if any(gain >= part.useful for gain in judged.gains.values())]


def mean(found: Mapping[str, Floats], part: JudgedSet) -> float:
    return float(found[part.name].mean())


def difference(left: Mapping[str, Floats], right: Mapping[str, Floats], part: JudgedSet) -> str:
    return interval(left[part.name] - right[part.name])


def interval(differences: Floats) -> str:
    random = np.random.default_rng(1)
    picks = random.integers(0, differences.size, (SAMPLES, differences.size))
    means = differences[picks].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{differences.mean():+.4f} [{low:+.4f}, {high:+.4f}]  P(better) {float((means > 0).mean()):.3f}"


def auroc(score: Mapping[str, float], truth: Mapping[str, bool]) -> float:
    good = np.array([score.get(key, 0.0) for key, known in truth.items() if known])
    bad = np.array([score.get(key, 0.0) for key, known in truth.items() if not known])
    return float(((good[:, None] > bad) + 0.5 * (good[:, None] == bad)).mean())


if __name__ == "__main__":
    main()
