"""DPO where everything can be computed: one optimum, three roads to it, and where the mass goes.

Policies are tables of logits over a few answers, so that the best policy, every divergence and the
error that a number of pairs leaves are known exactly. Preferences follow Bradley and Terry, each
pair of answers is compared equally often, and the table contains the best policy.

References
  R. Rafailov et al.: Direct Preference Optimization, 2023, arXiv:2305.18290.
  M. G. Azar et al.: A General Theoretical Paradigm (IPO), 2023, arXiv:2310.12036.
  N. Razin et al.: Unintentional Unalignment, 2024, arXiv:2410.08847.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

torch.set_default_dtype(torch.float64)

PROMPTS, ANSWERS, BETA, DRAWS = 4, 6, 0.5, 40


def dpo_loss(
    chosen: Tensor, rejected: Tensor, ref_chosen: Tensor, ref_rejected: Tensor, beta: float
) -> tuple[Tensor, Tensor, Tensor]:
    """DPO's loss of each pair, and the implicit rewards of the two answers for the log.

    chosen, rejected: log-probabilities of whole answers under the policy, (pairs,); ref_chosen,
    ref_rejected: the same under the reference. The two rewards carry no gradient.
    """
    # exercise: losses, rewards of the chosen and of the rejected answers, (pairs,) each
    # It must stay finite at margins of 10,000, and train the policy alone.
    # solution
    reward_chosen = beta * (chosen - ref_chosen.detach())
    reward_rejected = beta * (rejected - ref_rejected.detach())
    losses = -F.logsigmoid(reward_chosen - reward_rejected)
    return losses, reward_chosen.detach(), reward_rejected.detach()
    # end


def check(seed: int = 0) -> None:
    """Judge dpo_loss: a pair by hand, the formula, huge margins, gradients, invariances."""
    generator = torch.Generator().manual_seed(seed)
    names = ("chosen", "rejected", "ref_chosen", "ref_rejected")
    fixed = ((-12.0, -14.0, -13.0, -13.5, 0.1), (-5.0, -5.0, -5.0, -5.0, 0.3),
             (-20.0, -4.0, -10.0, -10.0, 0.5))  # fmt: skip
    rows = [*fixed, *((*(-20 * torch.rand(4, generator=generator)).tolist(), 0.2) for _ in "abc")]
    for row in rows:
        beta = row[4]
        case: Any = dict(zip((*names, "beta"), row, strict=True))
        parts = [torch.tensor([value], requires_grad=True) for value in row[:4]]
        losses, good, bad = dpo_loss(*parts, beta)
        margin = beta * ((row[0] - row[2]) - (row[1] - row[3]))
        came, should = float(losses.detach()), math.log1p(math.exp(-margin))
        assert abs(came - should) < 1e-12, "the loss of one pair is another"
        came, should = float(good.detach()), beta * (row[0] - row[2])
        assert abs(came - should) < 1e-12, "the reward of the chosen answer is another"
        came, should = float(bad.detach()), beta * (row[1] - row[3])
        assert abs(came - should) < 1e-12, "the reward of the rejected answer is another"
        came, should = bool(good.requires_grad or bad.requires_grad), False
        assert came == should, "the returned rewards must carry no gradient"
        losses.sum().backward()
        weight = beta / (1 + math.exp(margin))
        came, should = float(parts[0].grad), -weight
        assert abs(came - should) < 1e-12, "the gradient in the chosen log-probability is another"
        came, should = float(parts[1].grad), weight
        assert abs(came - should) < 1e-12, "the gradient in the rejected one is another"
        came, should = parts[2].grad, None
        assert came is None and parts[3].grad is None, "the reference must get no gradient"
    for value in (1e4, -1e4):
        zero = torch.zeros(1, dtype=torch.float32)
        case = {"margin": value, "dtype": "float32"}
        came = float(dpo_loss(torch.full_like(zero, value), zero, zero, zero, 1.0)[0])
        should = max(-value, 0.0)
        assert came == should, "a huge margin must give a finite loss"
    four = [-10 * torch.rand(5, generator=generator) for _ in range(4)]
    case = {"pairs": 5}
    came, should = dpo_loss(*four, 0.1)[0], torch.stack(
        [dpo_loss(*(part[i : i + 1] for part in four), 0.1)[0][0] for i in range(5)]
    )  # fmt: skip
    assert came.shape == should.shape, "one loss for each pair"
    assert torch.allclose(came, should), "each pair has a loss of its own"


def kl(p: Tensor, q: Tensor) -> Tensor:
    """The divergence of p from q over the last axis."""
    return (p * (p / q).log()).sum(-1).clamp(min=0)  # rounding may fall below


def best(ref: Tensor, reward: Tensor, beta: float) -> Tensor:
    """The policy that maximises reward minus beta times the divergence from ref."""
    return (ref.log() + reward / beta).softmax(-1)


def objective(p: Tensor, ref: Tensor, reward: Tensor, beta: float) -> Tensor:
    """Expected reward minus beta times the divergence from ref."""
    return (p * reward).sum(-1) - beta * kl(p, ref)


def fit(loss: Callable[[], Tensor], parameter: Tensor) -> None:
    """Minimise to the end with L-BFGS."""
    optimiser = torch.optim.LBFGS(
        [parameter],
        max_iter=300,
        tolerance_grad=1e-11,
        tolerance_change=1e-15,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return value

    optimiser.step(closure)


def pair_loss(logits: Tensor, ref: Tensor, wins: Tensor, beta: float) -> Tensor:
    """DPO's loss, mean over all pairs; wins[..., i, j] counts how often i was preferred to j."""
    logp, base = logits.log_softmax(-1), ref.log()
    shape = wins.shape
    chosen, rejected = logp[..., :, None].expand(shape), logp[..., None, :].expand(shape)
    ref_chosen, ref_rejected = base[..., :, None].expand(shape), base[..., None, :].expand(shape)
    losses = dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta)[0]
    return (wins * losses).sum() / wins.sum()


def by_hand() -> None:
    """Three answers: the closed form, ascent of the objective, and DPO on all preferences."""
    ref, reward, beta = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.0, 1.0, 2.0]), 1.0
    prefer = (reward[:, None] - reward).sigmoid() * (1 - torch.eye(3))
    first, second = (ref.log().clone().requires_grad_() for _ in range(2))
    fit(lambda: -objective(first.softmax(-1), ref, reward, beta), first)
    fit(lambda: pair_loss(second, ref, prefer, beta), second)
    optimum = best(ref, reward, beta)
    print("three answers, reference (.5, .3, .2), rewards 0, 1, 2, beta 1")
    for name, p in (
        ("closed form", optimum),
        ("reward minus KL, ascended", first.softmax(-1)),
        ("DPO on all preferences", second.softmax(-1)),
    ):
        p = p.detach()
        shown = "  ".join(f"{value:.6f}" for value in p.tolist())
        print(f"  {name:26s} {shown}   off {float((p - optimum).abs().max()):.0e}")
    print("  (expected: off by less than 1e-6)")


def world(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """References, (prompts, answers), and centred rewards of the same shape."""
    ref = torch.randn(PROMPTS, ANSWERS, generator=generator).softmax(-1)
    reward = torch.randn(PROMPTS, ANSWERS, generator=generator)
    return ref, reward - reward.mean(-1, keepdim=True)


def preferences(reward: Tensor, pairs: int, generator: torch.Generator, draws: int = 1) -> Tensor:
    """How often i was preferred to j in so many comparisons, (draws, prompts, answers, answers)."""
    each = pairs // (PROMPTS * ANSWERS * (ANSWERS - 1) // 2)
    chance = (reward[:, :, None] - reward[:, None, :]).sigmoid().expand(draws, -1, -1, -1)
    count = torch.full(chance.shape, float(each))
    wins = torch.binomial(count, chance, generator=generator).triu(1)
    return wins + (each - wins).triu(1).mT.contiguous()


def trained(
    ref: Tensor, reward: Tensor, wins: Tensor, steps: int
) -> tuple[list[tuple[float, float, float]], float]:
    """Adam on sampled pairs: margin, KL to the reference and to the best policy at each step.

    Also the largest violation of J* - J = beta KL(policy, best) on the way.
    """
    optimum = best(ref, reward, BETA)
    logits = ref.log().clone().requires_grad_()
    optimiser = torch.optim.Adam([logits], lr=0.05)
    curve, worst = [], 0.0
    for _ in range(steps):
        with torch.no_grad():
            p = logits.softmax(-1)
            implicit = BETA * (p / ref).log()
            margin = (wins[0] * (implicit[:, :, None] - implicit[:, None, :])).sum() / wins.sum()
            margin = margin.abs() if margin.abs() < 1e-12 else margin  # no minus before a zero
            curve.append((float(margin), float(kl(p, ref).mean()), float(kl(p, optimum).mean())))
            missing = objective(optimum, ref, reward, BETA) - objective(p, ref, reward, BETA)
            worst = max(worst, float((missing - BETA * kl(p, optimum)).abs().max()))
        optimiser.zero_grad()
        pair_loss(logits, ref, wins[0], BETA).backward()
        optimiser.step()
    return curve, worst


def two_roads(ref: Tensor, wins: Tensor) -> float:
    """A reward model, then its best policy, against DPO on the same pairs: largest difference."""
    reward = torch.zeros_like(ref, requires_grad=True)
    logits = ref.log().clone().requires_grad_()

    def reward_model() -> Tensor:
        gaps = reward[:, :, None] - reward[:, None, :]
        return -(wins[0] * F.logsigmoid(gaps)).sum() / wins.sum()

    fit(reward_model, reward)
    fit(lambda: pair_loss(logits, ref, wins[0], BETA), logits)
    return float((best(ref, reward.detach(), BETA) - logits.detach().softmax(-1)).abs().max())


def measured_error(ref: Tensor, reward: Tensor, pairs: int, generator: torch.Generator) -> float:
    """Root mean square error of the implicit rewards (centred) over DRAWS sets of pairs."""
    wins = preferences(reward, pairs, generator, DRAWS)
    logits = ref.log().expand(DRAWS, -1, -1).clone().requires_grad_()
    fit(lambda: pair_loss(logits, ref.expand(DRAWS, -1, -1), wins, BETA), logits)
    implicit = BETA * (logits.detach().log_softmax(-1) - ref.log())
    implicit = implicit - implicit.mean(-1, keepdim=True)
    return float((implicit - reward).square().mean().sqrt())


def expected_error(reward: Tensor, pairs: int) -> float:
    """The same from the Fisher information of the comparisons, for many pairs."""
    each = pairs // (PROMPTS * ANSWERS * (ANSWERS - 1) // 2)
    chance = (reward[:, :, None] - reward[:, None, :]).sigmoid()
    weight = each * chance * (1 - chance) * (1 - torch.eye(ANSWERS))
    laplacian = torch.diag_embed(weight.sum(-1)) - weight
    traces = torch.linalg.pinv(laplacian).diagonal(dim1=-2, dim2=-1).sum(-1)
    return float((traces / ANSWERS).mean().sqrt())


def gap(share: float, beta: float, time: float) -> float:
    """The gap in log-ratios after gradient flow from 0, if the first answer wins this share."""
    h, step = 0.0, 0.02
    for _ in range(round(time / step)):
        sigmoid = 1 / (1 + math.exp(-beta * h))
        h += step * beta * (share * (1 - sigmoid) - (1 - share) * sigmoid)
    return h


def runaway(beta: float, time: float) -> float:
    """The gap h with beta h + exp(beta h) = 1 + beta^2 t, by bisection."""
    low, high = 0.0, 50.0 / beta
    for _ in range(80):
        middle = (low + high) / 2
        below = beta * middle + math.exp(beta * middle) < 1 + beta**2 * time
        low, high = (middle, high) if below else (low, middle)
    return low


def agreement() -> None:
    """Two answers: what the gap tends to when labels disagree, and when they never do."""
    print("\ntwo answers, gradient flow: gap between the log-ratios at time t")
    print("                                 t = 10   t = 100   t = 1000   its theory")
    limit = math.log(0.8 / 0.2) / 0.5
    for name, share, beta in (
        ("80 of 100 prefer it, beta .5", 0.8, 0.5),
        ("all prefer it, beta .5", 1.0, 0.5),
        ("all prefer it, beta 2", 1.0, 2.0),
    ):
        row = [gap(share, beta, time) for time in (10, 100, 1000)]
        theory = limit if share < 1 else runaway(beta, 1000)
        print(f"  {name:28s} {row[0]:8.3f} {row[1]:9.3f} {row[2]:10.3f} {theory:10.3f}")
    print("  (expected within 0.01; IPO with tau .5 would stop at 1)")


def displacement(steps: int) -> list[list[float]]:
    """Three answers that share a hidden state of two numbers; probabilities at each step."""
    vectors = torch.tensor([[2.0, 1.0], [2.0, 0.0], [-1.0, 4.0]])
    state = torch.tensor([1.5, 0.2], requires_grad=True)
    base = (vectors @ state).log_softmax(-1).detach()
    rows = []
    print("\nlikelihood displacement: answer 1 is preferred to answer 2, beta .1")
    print("  step   loss   margin   p(chosen)  p(rejected)  p(third)")
    for step in range(steps + 1):
        logp = (vectors @ state).log_softmax(-1)
        losses, good, bad = dpo_loss(logp[:1], logp[1:2], base[:1], base[1:2], 0.1)
        rows.append(logp.detach().exp().tolist())
        if step in (0, 20, 50, 200):
            loss, margin = float(losses.detach()), float(good - bad)
            shown = "".join(f"{value:12.3f}" for value in rows[-1])
            print(f"{step:6d} {loss:7.3f} {margin:7.3f} {shown}")
        (gradient,) = torch.autograd.grad(losses.sum(), state)
        with torch.no_grad():
            state -= gradient
    return rows


def draw(
    curve: list[tuple[float, float, float]], goal: float, errors: list[tuple[int, float, float]],
    rows: list[list[float]],
) -> None:  # fmt: skip
    """Margin and divergences over steps; error over pairs; where the probability goes."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
    names = ("margin", "KL to the reference", "KL to the best policy")
    for name, values in zip(names, zip(*curve, strict=True), strict=True):
        left.plot(values, label=name)
    left.axhline(goal, color="gray", linestyle="--", label="KL of the best policy")
    left.set_xlabel("step")
    left.legend()
    middle.loglog([row[0] for row in errors], [row[2] for row in errors], label="theory")
    middle.loglog([row[0] for row in errors], [row[1] for row in errors], "o", label="measured")
    middle.set_xticks([row[0] for row in errors], [f"{row[0]:,}" for row in errors])
    middle.set_yticks([0.05, 0.1, 0.2], ["0.05", "0.1", "0.2"])
    middle.minorticks_off()
    middle.set_xlabel("pairs")
    middle.set_ylabel("error of the implicit rewards")
    middle.legend()
    for name, values in zip(("chosen", "rejected", "third"), zip(*rows, strict=True), strict=True):
        right.plot(values, label=name)
    right.set_xlabel("step")
    right.set_ylabel("probability")
    right.legend()
    figure.tight_layout()
    plt.show()


def main(
    pairs: Annotated[int, typer.Option(min=1_800, max=1_000_000, help="Pairs to train on")] = 6_000,
    steps: Annotated[int, typer.Option(min=1, max=5_000, help="Steps of Adam")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """One optimum by three roads; training on pairs; agreement; displacement."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    by_hand()
    ref, reward = world(generator)
    wins = preferences(reward, pairs, generator)
    curve, worst = trained(ref, reward, wins, steps)
    goal = float(kl(best(ref, reward, BETA), ref).mean())
    print(f"\n{PROMPTS} prompts, {ANSWERS} answers, {int(wins.sum())} sampled pairs, beta {BETA}")
    print("  step   margin   KL to reference   KL to the best policy")
    for step in sorted({0, steps // 10, steps // 3, steps - 1}):
        print(f"{step:6d} {curve[step][0]:8.3f} {curve[step][1]:17.4f} {curve[step][2]:23.4f}")
    print(f"  the best policy has a KL of {goal:.4f} to the reference")
    print(f"  J* - J = beta KL(policy, best) holds to {worst:.0e} (expected below 1e-12)")
    print(f"  reward model, then closed form, against DPO: {two_roads(ref, wins):.0e} apart")
    print("  (expected below 1e-6)")
    print(f"\nerror of the implicit rewards over {DRAWS} sets of pairs")
    print("   pairs   measured   theory")
    errors = []
    for count in (1_800, 6_000, 24_000):
        pair = (measured_error(ref, reward, count, generator), expected_error(reward, count))
        errors.append((count, *pair))
        print(f"{count:8d} {pair[0]:10.4f} {pair[1]:8.4f}")
    print("  (expected within 15 %)")
    agreement()
    draw(curve, goal, errors, displacement(200))


if __name__ == "__main__":
    typer.run(main)
