"""GRPO on sums that can be checked; three estimates of a divergence; how 1 / length lengthens.

Part 1 puts k1, k2 and k3 side by side, as estimates and as losses, exactly. Part 2 trains a policy
to add modulo 10 with nothing but "right" or "wrong", for three sizes of group at equal numbers of
answers. Part 3 has answers whose length has no influence on the reward, and watches the lengths.

References
  Z. Shao et al.: DeepSeekMath (GRPO), 2024, arXiv:2402.03300.
  DeepSeek-AI: DeepSeek-R1, 2025, arXiv:2501.12948.
  J. Schulman: Approximating KL Divergence, 2020, joschu.net/blog/kl-approx.html.
  Z. Liu et al.: Understanding R1-Zero-Like Training (Dr. GRPO), 2025, arXiv:2503.20783.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

GROUPS, ANSWERS, CLIP, BETA = (2, 8, 32), 512, 0.2, 0.001
SHARE_RIGHT, GROUP, QUESTIONS, RATE = 0.5, 8, 1024, 1.0


def grpo_terms(rewards: Tensor, logp: Tensor, logp_ref: Tensor) -> tuple[Tensor, Tensor]:
    """Advantages within each group, and the estimate k3 of the divergence from the reference.

    rewards: (questions, group); logp, logp_ref: log-probabilities of the answers under the policy
    and the reference, of any one shape. Gradients flow through logp into k3, and nowhere else.
    """
    # exercise: advantages of mean 0 and mean square 1 in each row, and k3
    # A row of equal rewards teaches nothing: its advantages are exactly 0.
    # solution
    rewards = rewards.detach()
    centred = rewards - rewards.mean(-1, keepdim=True)
    deviation = centred.square().mean(-1, keepdim=True).sqrt()
    alive = rewards.amax(-1, keepdim=True) > rewards.amin(-1, keepdim=True)
    advantages = torch.where(alive, centred / deviation.where(alive, 1.0), 0.0)
    difference = logp_ref.detach() - logp
    return advantages, torch.expm1(difference) - difference
    # end


def check(seed: int = 0) -> None:
    """Judge grpo_terms: groups by hand, equal rewards, affine changes, k3 and its gradient."""
    generator = torch.Generator().manual_seed(seed)
    zero = torch.zeros(1, 2, dtype=torch.float64)
    root = math.sqrt(3)
    for row, wanted in (
        ([1.0, 0.0], [1.0, -1.0]), ([1.0, 0.0, 0.0, 0.0], [root, -1 / root, -1 / root, -1 / root]),
        ([0.0, 2.0, 4.0], [-math.sqrt(1.5), 0.0, math.sqrt(1.5)]),
    ):  # fmt: skip
        case: Any = {"rewards": torch.tensor([row], dtype=torch.float64)}
        came, should = (
            grpo_terms(case["rewards"], zero, zero)[0],
            torch.tensor([wanted], dtype=torch.float64),
        )
        assert came.shape == should.shape, "one advantage for each reward"
        assert torch.allclose(came, should, atol=1e-4), "the advantages are others"
    for value, size in ((0.0, 2), (1.0, 4), (0.1, 7), (-3.3, 1)):
        case = {"rewards": torch.full((1, size), value)}
        came = grpo_terms(case["rewards"], zero, zero)[0]
        should = torch.zeros(1, size)
        assert torch.equal(came, should), "equal rewards must give exactly 0"
    for shape in ((1, 2), (3, 7), (2, 5)):
        rewards = torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True)
        case = {"rewards": rewards.detach()}
        advantages = grpo_terms(rewards, zero, zero)[0]
        came, should = bool(advantages.requires_grad), False
        assert came == should, "no gradient may flow through the advantages"
        came, should = advantages.mean(-1), torch.zeros(shape[0], dtype=torch.float64)
        assert torch.allclose(came, should, atol=1e-9), "each row must have the mean 0"
        came, should = advantages.square().mean(-1), torch.ones(shape[0], dtype=torch.float64)
        assert torch.allclose(came, should, atol=1e-3), "each row must have the mean square 1"
        came, should = grpo_terms(3 * rewards + 5, zero, zero)[0], advantages
        assert torch.allclose(came, should, atol=1e-3), "3 r + 5 must have the advantages of r"
    for ours, theirs in ((0.0, 0.0), (-1.0, -2.0), (-2.0, -1.0), (-0.3, -5.0)):
        case = {"logp": ours, "logp_ref": theirs}
        leaf = torch.tensor([[ours]], dtype=torch.float64, requires_grad=True)
        fixed = torch.tensor([[theirs]], dtype=torch.float64, requires_grad=True)
        k3 = grpo_terms(zero, leaf, fixed)[1]
        came, should = float(k3.detach()), math.expm1(theirs - ours) - (theirs - ours)
        assert abs(came - should) < 1e-12, "k3 is another"
        k3.sum().backward()
        came, should = float(leaf.grad), 1 - math.exp(theirs - ours)
        assert abs(came - should) < 1e-12, "the gradient of k3 in logp is another"
        came, should = fixed.grad, None
        assert came is None, "the reference must get no gradient"
    case = {"logp": -1e-4, "logp_ref": 0, "dtype": "float32"}
    tiny = torch.full((1, 1), -1e-4)
    came, should = float(grpo_terms(zero, tiny, torch.zeros(1, 1))[1]), 5.0002e-9
    assert abs(came - should) < 0.01 * should, "small differences lose their digits"


def estimators(generator: torch.Generator) -> None:
    """k1, k2 and k3 on three answers: mean, spread, and what each does as a loss."""
    p, q = torch.tensor([0.5, 0.3, 0.2]).double(), torch.tensor([0.4, 0.4, 0.2]).double()
    logits = p.log().requires_grad_()
    logp = logits.log_softmax(-1)
    difference = q.log() - logp
    kinds = {
        "k1": -difference,
        "k2": difference.square() / 2,
        "k3": grpo_terms(torch.zeros(1, 2), logp, q.log())[1],
    }
    drawn = torch.multinomial(p, 100_000, replacement=True, generator=generator)
    print("policy (.5, .3, .2), reference (.4, .4, .2)")
    print("         exact mean  spread   100,000 draws   mean gradient as a loss")
    for name, values in kinds.items():
        fixed = values.detach()
        mean = float((p * fixed).sum())
        spread = float((p * (fixed - mean).square()).sum().sqrt())
        (gradient,) = torch.autograd.grad((p * values).sum(), logits, retain_graph=True)
        row = " ".join(f"{value + 0.0:8.4f}" for value in gradient.round(decimals=6).tolist())
        print(f"  {name}   {mean:12.4f} {spread:8.4f} {float(fixed[drawn].mean()):13.4f}    {row}")
    for name, divergence in (
        ("KL(policy, reference)", (logp.exp() * (logp - q.log())).sum()),
        ("KL(reference, policy)", (q * (q.log() - logp)).sum()),
    ):
        (gradient,) = torch.autograd.grad(divergence, logits, retain_graph=True)
        row = " ".join(f"{value + 0.0:8.4f}" for value in gradient.round(decimals=6).tolist())
        print(f"  {name:21s} {float(divergence.detach()):.4f}   true gradient {row}")
    print("  (expected: k1 and k3 have the mean of the first; draws within 0.005)")


def sums() -> tuple[Tensor, Tensor]:
    """All questions a + b modulo 10, as one-hot digits (100, 20), and the right answers (100,)."""
    first, second = torch.arange(10).repeat_interleave(10), torch.arange(10).repeat(10)
    questions = torch.cat([F.one_hot(first, 10), F.one_hot(second, 10)], 1).float()
    return questions, (first + second) % 10


def grpo(size: int, steps: int, generator: torch.Generator) -> list[tuple[float, float, float]]:
    """Train with groups of this size; accuracy, live share and its theory before each step."""
    questions, right = sums()
    policy = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 10))
    optimiser = torch.optim.Adam(policy.parameters(), lr=5e-3)
    rows = []
    with torch.no_grad():
        reference = policy(questions).log_softmax(-1)
    for _ in tqdm(range(steps), desc=f"groups of {size}", leave=False):
        # 1. Draw questions, and a group of answers to each from the policy as it stands.
        asked = torch.randint(100, (ANSWERS // size,), generator=generator)
        with torch.no_grad():
            old = policy(questions).log_softmax(-1)
        chances = old[asked].exp()
        answers = torch.multinomial(chances, size, replacement=True, generator=generator)
        old_logp = old[asked].gather(1, answers)
        # 2. Score by rule.
        rewards = (answers == right[asked, None]).float()
        # 3. Two steps on the same answers: ratio, clip, divergence.
        for _ in range(2):
            logp = policy(questions[asked]).log_softmax(-1).gather(1, answers)
            advantages, k3 = grpo_terms(rewards, logp, reference[asked].gather(1, answers))
            ratio = (logp - old_logp).exp()
            clipped = ratio.clamp(1 - CLIP, 1 + CLIP)
            gain = torch.minimum(ratio * advantages, clipped * advantages)
            loss = -(gain - BETA * k3).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        p = old.exp().gather(1, right[:, None])
        live = float((rewards.amax(1) > rewards.amin(1)).float().mean())
        rows.append((float(p.mean()), live, float((1 - p**size - (1 - p) ** size).mean())))
    return rows


def learning(steps: int, generator: torch.Generator) -> dict[int, list[tuple[float, float, float]]]:
    """GRPO at three sizes of group; the share of groups that teach, measured and in theory."""
    print(f"\nadding modulo 10, {ANSWERS} answers a step, reward 1 if right, else 0")
    print("  group   accuracy at the end   groups that teach   theory")
    found = {}
    for size in GROUPS:
        found[size] = rows = grpo(size, steps, generator)
        live, theory = (sum(row[part] for row in rows) / len(rows) for part in (1, 2))
        print(f"{size:7d} {rows[-1][0]:16.3f} {live:19.4f} {theory:13.4f}")
    print("  (expected after 300 steps: theory within 4 % of what is measured)")
    return found


def push(go_on: float) -> float:
    """Mean of (score of the length) / length, for answers that go on with this probability."""
    return (1 - go_on) * (1 + math.log1p(-go_on) / go_on)


def lengths(divide: bool, steps: int, generator: torch.Generator) -> list[tuple[float, float]]:
    """Mean lengths of right and of wrong answers, if the reward does not depend on the length.

    Each answer is right with probability 1/2 and then goes on, token by token, with a probability
    of its own for right and for wrong answers. divide: the loss of an answer is divided by length.
    """
    logits = torch.full((2,), math.log(4.0), requires_grad=True)  # wrong, right: mean length 5
    rows = []
    for _ in range(steps + 1):
        go_on = logits.sigmoid().detach()
        rows.append((float(1 / (1 - go_on[1])), float(1 / (1 - go_on[0]))))
        right = torch.rand(QUESTIONS, GROUP, generator=generator) < SHARE_RIGHT
        kind = right.long()
        uniform = torch.rand(QUESTIONS, GROUP, generator=generator).clamp(min=1e-9)
        length = 1 + torch.floor(uniform.log() / go_on[kind].log())
        logp = (length - 1) * F.logsigmoid(logits[kind]) + F.logsigmoid(-logits[kind])
        advantages = right.float() - right.float().mean(-1, keepdim=True)
        gain = advantages * logp / (length if divide else 1)
        (gradient,) = torch.autograd.grad(gain.mean(), logits)
        with torch.no_grad():
            logits += RATE * gradient
    return rows


def expected_lengths(steps: int) -> tuple[float, float]:
    """The same with division and with expectations in place of samples."""
    logits = [math.log(4.0)] * 2
    weight = SHARE_RIGHT * (1 - SHARE_RIGHT) * (1 - 1 / GROUP)
    for _ in range(steps):
        for kind, sign in ((0, -1), (1, 1)):
            go_on = 1 / (1 + math.exp(-logits[kind]))
            logits[kind] += RATE * sign * weight * push(go_on)
    return 1 + math.exp(logits[1]), 1 + math.exp(logits[0])


def length_bias(generator: torch.Generator) -> dict[str, list[tuple[float, float]]]:
    """Lengths after 80 steps with and without the division, beside theory."""
    steps = 80
    found = {
        "divided by length": lengths(True, steps, generator),
        "not divided": lengths(False, steps, generator),
    }
    theory = expected_lengths(steps)
    print("\nthe reward ignores length; mean lengths start at 5")
    print(f"  after {steps} steps        right   wrong   theory: right   wrong")
    for name, rows in found.items():
        wanted = theory if name == "divided by length" else (5.0, 5.0)
        print(f"  {name:20s} {rows[-1][0]:7.2f} {rows[-1][1]:7.2f}", end="")
        print(f" {wanted[0]:15.2f} {wanted[1]:7.2f}")
    print("  (expected within 15 %)")
    return found


def smooth(values: list[float]) -> list[float]:
    """Running means of ten."""
    spans = [values[max(0, end - 10) : end] for end in range(1, len(values) + 1)]
    return [sum(span) / len(span) for span in spans]


def draw(
    found: dict[int, list[tuple[float, float, float]]],
    biased: dict[str, list[tuple[float, float]]],
) -> None:
    """Accuracy; the share of groups that teach, with theory; lengths."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
    for size, rows in found.items():
        left.plot([row[0] for row in rows], label=f"groups of {size}")
        line = middle.plot(smooth([row[1] for row in rows]), label=f"groups of {size}")[0]
        middle.plot([row[2] for row in rows], "--", color=line.get_color(), linewidth=0.8)
    left.set_title("accuracy")
    middle.set_title("groups that teach; dashed: theory")
    for name, rows in biased.items():
        style = "-" if name.startswith("divided") else ":"
        right.plot([row[0] for row in rows], style, color="C2", label=f"right, {name}")
        right.plot([row[1] for row in rows], style, color="C3", label=f"wrong, {name}")
    right.set_title("mean length")
    for axes in (left, middle, right):
        axes.set_xlabel("step")
        axes.legend(fontsize=8)
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=10, max=5_000, help="Steps of each training")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Estimates of a divergence; GRPO at three sizes of group; the bias of dividing by length."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    estimators(generator)
    found = learning(steps, generator)
    draw(found, length_bias(generator))


if __name__ == "__main__":
    typer.run(main)
