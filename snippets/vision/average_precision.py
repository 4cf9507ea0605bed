"""Average precision written out: matching, PASCAL VOC's two averages, COCO's, and the AP of chance.

Part 1 is a worked example of ten boxes in three orders of its ties. Part 2 matches the boxes of a
simulated detector to objects, by COCO's rule and by VOC's, over ten thresholds of overlap. Part 3
ranks at random and sets the mean beside its exact value.

References
  M. Everingham et al.: The PASCAL Visual Object Classes (VOC) Challenge, IJCV, 2010.
  T.-Y. Lin et al.: Microsoft COCO: Common Objects in Context, 2014, arXiv:1405.0312.
  Y. Bestgen: Exact Expected Average Precision of the Random Baseline for System Evaluation, 2015.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

import matplotlib.pyplot as plt
import numpy as np
import typer
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HIT, MISS, IGNORED = 1, 0, -1


def average_precision(
    scores: Floats, hits: NDArray[np.bool_], positives: int, points: int | None = None
) -> float:
    """Interpolated average precision of one class over a whole data set.

    scores: (n,); hits: (n,), which boxes found an object; positives: the number of objects.
    points: None for the area under the interpolated curve, 11 or 101 for a mean over that many
    recalls 0, 1 / (points - 1), ..., 1. Equal scores keep their order. Without objects: nan.
    """
    # exercise: sort, count, take the largest precision from the right, then the area or the mean
    # A recall that is never reached has the precision 0. Compare recalls in whole numbers.
    # solution
    if positives == 0:
        return math.nan
    ranked = hits[np.argsort(-scores, kind="stable")]
    found = np.cumsum(ranked)
    precision = found / np.arange(1, len(found) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    if points is None:
        return float(envelope[ranked].sum() / positives)
    # the first rank at which found / positives is at least j / (points - 1)
    ranks = np.searchsorted(found * (points - 1), np.arange(points) * positives)
    return float(np.append(envelope, 0.0)[ranks].mean())
    # end


def by_definition(verdicts: list[int], positives: int, points: int | None) -> float:
    """The same for a ranking, in fractions and word by word: the reference of check."""
    curve = [
        (Fraction(sum(verdicts[:k]), positives), Fraction(sum(verdicts[:k]), k))
        for k in range(1, len(verdicts) + 1)
    ]

    def best(recall: Fraction) -> Fraction:
        return max((p for r, p in curve if r >= recall), default=Fraction(0))

    if points is not None:
        return float(sum(best(Fraction(j, points - 1)) for j in range(points)) / points)
    recalls = sorted({Fraction(0)} | {r for r, _ in curve})
    return float(sum((b - a) * best(b) for a, b in itertools.pairwise(recalls)))


EXAMPLE = (1, 1, 0, 0, 0, 1, 0, 0, 1, 1)  # seven objects; scores .9 .9 .8 and seven times .7


def check(seed: int = 0) -> None:
    """Judge average_precision: by hand, by definition, and by what must change nothing."""

    def judged(verdicts: list[int], positives: int, points: int | None) -> float:
        scores = np.arange(len(verdicts), 0, -1.0)
        return average_precision(scores, np.array(verdicts, dtype=bool), positives, points)

    by_hand = (
        ([1], 1, 1.0), ([0, 1], 1, 0.5), ([1, 0], 2, 0.5), ([1, 0, 1], 2, 5 / 6),
        ([0, 0], 3, 0.0), ([], 2, 0.0), ([0, 1, 1], 2, 2 / 3),
    )  # fmt: skip
    for verdicts, positives, should in by_hand:
        case = {"verdicts": str(verdicts), "objects": positives}
        came = judged(verdicts, positives, None)
        assert abs(came - should) < 1e-12, "the area is another"
    for verdicts, positives, points in (
        ([1], 2, 11), ([1, 1, 1, 0, 0, 0, 0, 0], 10, 11), ([0, 1], 1, 11), ([], 2, 11),
        ([1] * 7 + [0] * 3, 10, 101), ([1, 0, 1, 1, 0, 1], 5, 11), ([1, 0, 1, 1, 0, 1], 5, 101),
    ):  # fmt: skip
        case = {"verdicts": str(verdicts), "objects": positives, "points": points}
        came, should = judged(verdicts, positives, points), by_definition(
            verdicts, positives, points)  # fmt: skip
        assert abs(came - should) < 1e-12, "the mean over the points is another"
    case = {"verdicts": "[0, 0]", "objects": 0}
    came, should = judged([0, 0], 0, None), math.nan
    assert math.isnan(came), "without objects there is nothing to average: nan"
    case = {"scores": ".5 .5 .5", "verdicts": "[0, 1, 1]", "objects": 2}
    came = average_precision(np.full(3, 0.5), np.array([False, True, True]), 2)
    should = 2 / 3
    assert abs(came - should) < 1e-12, "equal scores must keep their order"
    generator = np.random.default_rng(seed)
    for _ in range(60):
        size, points = int(generator.integers(1, 30)), [None, 11, 101][int(generator.integers(3))]
        verdicts = [int(v) for v in generator.random(size) < generator.random()]
        positives = sum(verdicts) + int(generator.integers(0, 4)) or 1
        scores, hits = np.arange(size, 0, -1.0), np.array(verdicts, dtype=bool)
        mixed = generator.permutation(size)
        case = {"size": size, "hits": sum(verdicts), "objects": positives, "points": str(points)}
        came = average_precision(scores[mixed], hits[mixed], positives, points)
        should = by_definition(verdicts, positives, points)
        assert abs(came - should) < 1e-9, "differs from the definition in fractions"
        should = average_precision(np.exp(scores / 9)[mixed], hits[mixed], positives, points)
        assert came == should, "only the order of the scores may matter"
        more = np.append(scores, -np.arange(5.0)), np.append(hits, np.zeros(5, dtype=bool))
        should = average_precision(*more, positives, points)
        assert abs(came - should) < 1e-12, "misses behind the last hit may change nothing"


def plain(verdicts: NDArray[np.bool_], positives: int) -> float:
    """AP without interpolation: the sum of the precisions at the hits over the objects."""
    precision = np.cumsum(verdicts) / np.arange(1, len(verdicts) + 1)
    return float(precision[verdicts].sum() / positives)


def overlaps(boxes: Floats, objects: Floats) -> tuple[Floats, Floats]:
    """IoU (D, G), and the share of each box that lies inside an object (D, G).

    boxes: (D, 4) and objects: (G, 4) as left, top, right, bottom; the right edge is not included.
    """
    low = np.maximum(boxes[:, None, :2], objects[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], objects[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(-1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(-1)[:, None]
    other = (objects[:, 2:] - objects[:, :2]).prod(-1)[None]
    return common / (area + other - common), common / area


def match(
    boxes: Floats,
    objects: Floats,
    threshold: float,
    rule: Literal["coco", "voc"] = "coco",
    crowd: NDArray[np.bool_] | None = None,
) -> list[int]:
    """The verdict on each box of one picture and class, HIT, MISS or IGNORED; best score first.

    coco: the best object that is still free; a box that finds none may vanish in a crowd region.
    voc: the best object, whether it is free or not; a box on a difficult object is ignored.
    """
    crowd = np.zeros(len(objects), dtype=bool) if crowd is None else crowd
    iou, inside = overlaps(boxes, objects)
    free, verdicts = ~crowd, []
    for d in range(len(boxes)):
        allowed = free if rule == "coco" else np.ones_like(crowd)
        reach = np.where(allowed, iou[d], -1.0)
        best = int(reach.argmax()) if len(reach) else -1
        if best < 0 or reach[best] < threshold:
            lost = rule == "coco" and bool((crowd & (inside[d] >= threshold)).any())
            verdicts.append(IGNORED if lost else MISS)
        elif crowd[best]:
            verdicts.append(IGNORED)
        else:
            verdicts.append(HIT if free[best] else MISS)
            free[best] = False
    return verdicts


def worked_example() -> None:
    """The ten boxes in three orders of their ties, and a ranking that tells the averages apart."""
    kind = (1, 1, 0, 1, 1, 1, 0, 0, 0, 0)
    cruel = (1, 1, 0, 0, 0, 0, 0, 1, 1, 1)
    print("ranking      objects   plain  all points  11 points  101 points")
    rows = (("as given", EXAMPLE, 7), ("kindest ties", kind, 7), ("cruellest", cruel, 7),
            ("1 0 1 1 0 1", (1, 0, 1, 1, 0, 1), 5))  # fmt: skip
    for name, verdicts, positives in rows:
        hits = np.array(verdicts, dtype=bool)
        scores = np.arange(len(hits), 0, -1.0)
        values = [average_precision(scores, hits, positives, points) for points in (None, 11, 101)]
        print(f"{name:13s} {positives:6d} {plain(hits, positives):7.4f}", end="")
        print(f" {values[0]:11.4f} {values[1]:10.4f} {values[2]:11.4f}")


@dataclass(frozen=True)
class Picture:
    """What is in one picture (G, 4), what was detected (D, 4) and with which scores (D,)."""

    objects: Floats
    boxes: Floats
    scores: Floats


def simulate(generator: np.random.Generator) -> Picture:
    """Pairs of neighbours, boxes near two thirds of the objects, copies, and false alarms."""
    corner = generator.uniform(0, 400, (3, 2))
    size = generator.uniform(30, 120, (3, 2))
    near = corner + size * generator.uniform(0.1, 0.5, (3, 2))  # stands partly behind the first
    corner, size = np.concatenate([corner, near]), np.concatenate([size, size])
    seen = np.repeat(np.flatnonzero(generator.random(6) < 0.67), generator.integers(1, 3))
    slip = generator.normal(0, 0.08, (len(seen), 2)) * size[seen]
    stray = generator.uniform(0, 400, (4, 2))
    left_top = np.concatenate([corner[seen] + slip, stray])
    extent = np.concatenate([size[seen], generator.uniform(30, 120, (4, 2))])
    skill = np.concatenate([np.full(len(seen), 1.5), np.zeros(4)])
    scores = skill + generator.normal(0, 1, len(skill))
    order = np.argsort(-scores, kind="stable")
    boxes = np.concatenate([left_top, left_top + extent], 1)[order]
    return Picture(np.concatenate([corner, corner + size], 1), boxes, scores[order])


def rank(pictures: list[Picture], threshold: float, rule: Literal["coco", "voc"]) -> tuple[
    Floats, NDArray[np.bool_], int
]:  # fmt: skip
    """Scores and hits of all boxes that count, and the number of objects, over all pictures."""
    verdicts = np.concatenate([match(p.boxes, p.objects, threshold, rule) for p in pictures])
    scores = np.concatenate([p.scores for p in pictures])
    counted = verdicts != IGNORED
    return scores[counted], verdicts[counted] == HIT, sum(len(p.objects) for p in pictures)


def detector(pictures: list[Picture]) -> None:
    """AP of the simulated detector by threshold, and what the rule of matching changes."""
    thresholds = [value / 100 for value in range(50, 100, 5)]
    values = [average_precision(*rank(pictures, t, "coco"), 101) for t in thresholds]
    voc = rank(pictures, 0.5, "voc")
    print(f"\na simulated detector, {len(pictures)} pictures of 6 objects")
    print(f"   COCO: AP50 {values[0]:.3f}, AP75 {values[5]:.3f}", end="")
    print(f", AP (mean over ten thresholds) {np.mean(values):.3f}")
    print(f"   hits at .50 by COCO's rule {rank(pictures, 0.5, 'coco')[1].sum()}", end="")
    print(f", by VOC's {voc[1].sum()}")
    print(f"   VOC07 {average_precision(*voc, 11):.3f}", end="")
    print(f", VOC10+ {average_precision(*voc):.3f}")


def chance(rankings: int, generator: np.random.Generator) -> tuple[Floats, float]:
    """AP of random rankings of 100 boxes with 20 hits beside the exact mean; both."""
    size, hits = 100, 20
    verdicts = np.zeros((rankings, size), dtype=bool)
    verdicts[:, :hits] = True
    verdicts = generator.permuted(verdicts, axis=1)
    precision = np.cumsum(verdicts, 1) / np.arange(1, size + 1)
    values = (precision * verdicts).sum(1) / hits
    envelope = np.maximum.accumulate(precision[:, ::-1], 1)[:, ::-1]
    harmonic = sum(1 / k for k in range(1, size + 1))
    theory = (hits - 1) / (size - 1) + (size - hits) / (size * (size - 1)) * harmonic
    error = values.std(ddof=1) / math.sqrt(rankings)
    print(f"\n{rankings} random rankings of {size} boxes, {hits} of them hits")
    print(f"   plain AP: exact mean {theory:.5f}, measured {values.mean():.5f}")
    print(f"   (one standard error {error:.5f}; expected within four)")
    print(f"   all-point AP: measured {(envelope * verdicts).sum(1).mean() / hits:.4f}", end="")
    scores = np.arange(size, 0, -1.0)
    eleven = [average_precision(scores, row, hits, 11) for row in verdicts[:300]]
    print(f"; 11 points, of 300 rankings: {np.mean(eleven):.4f}")
    return values, theory


def draw(pictures: list[Picture], random_values: Floats, exact: float) -> None:
    """The example's curve with its envelope, the detector's curves, and the AP of chance."""
    figure, (example, curves, histogram) = plt.subplots(1, 3, figsize=(13, 4))
    hits = np.array(EXAMPLE, dtype=bool)
    found = np.cumsum(hits)
    precision = found / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    example.plot(found / 7, precision, "o-", label="precision")
    recall = np.concatenate([[0], found / 7])
    example.fill_between(recall, np.append(envelope[0], envelope), step="pre", alpha=0.3,
                         label="envelope: area 1/2")  # fmt: skip
    eleven = [max([p for r, p in zip(found, precision, strict=True) if 10 * r >= j * 7] or [0])
              for j in range(11)]  # fmt: skip
    example.plot(np.arange(11) / 10, eleven, "x", label="eleven points: mean 1/2")
    for threshold in (0.5, 0.75, 0.9):
        scores, verdicts, positives = rank(pictures, threshold, "coco")
        ranked = np.cumsum(verdicts[np.argsort(-scores, kind="stable")])
        curves.plot(ranked / positives, ranked / np.arange(1, len(ranked) + 1),
                    label=f"IoU {threshold}")  # fmt: skip
    histogram.hist(random_values, 40)
    histogram.axvline(0.2, color="k", linestyle=":", label="share of hits")
    histogram.axvline(exact, color="r", label="exact mean")
    histogram.set_xlabel("AP of chance")
    for axes in (example, curves):
        axes.set_xlabel("recall")
        axes.set_ylabel("precision")
    for axes in (example, curves, histogram):
        axes.legend()
    figure.tight_layout()
    plt.show()


def main(
    pictures: Annotated[int, typer.Option(min=10, max=2000, help="Simulated pictures")] = 100,
    rankings: Annotated[int, typer.Option(min=300, max=50_000, help="Random rankings")] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Average precision of an example, of a simulated detector, and of chance."""
    generator = np.random.default_rng(seed)
    worked_example()
    shown = [simulate(generator) for _ in range(pictures)]
    detector(shown)
    draw(shown, *chance(rankings, generator))


if __name__ == "__main__":
    typer.run(main)
