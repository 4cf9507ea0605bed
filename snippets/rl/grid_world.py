"""A grid world: value iteration drawn as arrows, its error against its bound, and when it is right.

The world has 4 x 4 cells. Entering the goal (bottom right) brings +1 and ends the episode; three
cells cost 1 on entering. A move slips with some probability and then turns left or right. Part 1
draws values and greedy arrows as the sweeps go on. Part 2 holds the error of every sweep against
gamma^k times the first error, and tells from which sweep on the greedy policy is optimal. Part 3
runs the optimal and the uniformly random policy and holds mean returns, with two standard errors,
against exact values.

References
  R. S. Sutton, A. G. Barto: Reinforcement Learning: An Introduction, 2nd edition, 2018, ch. 3, 4.
  M. L. Puterman: Markov Decision Processes, 1994, section 6.3.
"""

from __future__ import annotations

from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from _grid import COSTLY, GOAL, SIZE, entering, grid, policy_values
from torch import Tensor

ARROWS = "↑→↓←"


def value_iteration(
    transitions: Tensor, rewards: Tensor, gamma: float, terminal: Tensor, tolerance: float
) -> tuple[Tensor, Tensor]:
    """Optimal values (S,) to within ``tolerance``, and a greedy policy (S,) for them.

    transitions: (A, S, S), row s of action a is where it leads; rewards: (A, S), expected;
    terminal: (S,) bool, states whose value is 0 whatever the other arguments say; 0 <= gamma < 1.
    """
    # exercise: sweep until the true error is at most the tolerance
    # The true error is at most gamma/(1 - gamma) times what the last sweep changed.
    # solution
    values = torch.zeros(len(terminal), dtype=rewards.dtype)
    while True:
        backups = (rewards + gamma * transitions @ values).masked_fill(terminal, 0.0)
        change = float((backups.amax(0) - values).abs().max())
        values = backups.amax(0)
        if gamma / (1 - gamma) * change <= tolerance:
            best = (rewards + gamma * transitions @ values).argmax(0)
            return values, best
    # end


def random_process(
    states: int, actions: int, ends: bool, generator: torch.Generator
) -> dict[str, Tensor]:
    """A random Markov decision process; with ``ends`` its last state is terminal."""
    chances = torch.rand(actions, states, states, generator=generator, dtype=torch.float64)
    terminal = torch.zeros(states, dtype=torch.bool)
    terminal[-1] = ends
    return {
        "transitions": chances / chances.sum(-1, keepdim=True),
        "rewards": torch.randn(actions, states, generator=generator, dtype=torch.float64),
        "terminal": terminal,
    }


def best_of_all(process: dict[str, Tensor], gamma: float) -> Tensor:
    """Optimal values by trying every deterministic policy."""
    actions, states = process["rewards"].shape
    everyone = torch.cartesian_prod(*[torch.arange(actions)] * states).reshape(-1, states)
    found = [policy_values(**process, gamma=gamma, policy=policy) for policy in everyone]
    return torch.stack(found).amax(0)


def check(seed: int = 0) -> None:
    """Judge value_iteration: against all policies, terminal states, gamma = 0, the stop rule."""
    generator = torch.Generator().manual_seed(seed)
    chain = {
        "transitions": torch.tensor([[[1.0, 0], [0, 1]], [[0, 1], [0, 1]]]).double(),
        "rewards": torch.tensor([[1.0, 2], [0, 2]]).double(),
        "terminal": torch.tensor([False, False]),
    }
    for gamma, values, actions in ((0.9, [18.0, 20.0], [1]), (0.4, [5 / 3, 10 / 3], [0])):
        case = {"world": "stay (+1) or go; there +2 for ever", "gamma": gamma}
        found, policy = value_iteration(**chain, gamma=gamma, tolerance=1e-6)
        came, should = found, torch.tensor(values).double()
        assert torch.allclose(came, should, atol=1e-5), "the values are wrong"
        came, should = policy[:1].tolist(), actions
        assert came == should, "the greedy action of the first state is wrong"
    for states, actions, ends, gamma in (
        (1, 1, False, 0.5), (1, 2, True, 0.5), (2, 2, True, 0.9), (3, 2, False, 0.0),
        (4, 2, True, 0.9), (4, 2, False, 0.8), (3, 3, True, 0.95),
    ):  # fmt: skip
        process = random_process(states, actions, ends, generator)
        case = {"states": states, "actions": actions, "ends": ends, "gamma": gamma}
        found, policy = value_iteration(**process, gamma=gamma, tolerance=1e-8)
        came, should = found, best_of_all(process, gamma)
        assert came.shape == should.shape, "one value per state"
        assert torch.allclose(came, should, atol=1e-7), "not the best of all policies"
        came = policy_values(**process, gamma=gamma, policy=policy)
        assert torch.allclose(came, should, atol=1e-5), "the policy does not reach these values"
        if not ends:
            raised = {**process, "rewards": process["rewards"] + 3}
            came = value_iteration(**raised, gamma=gamma, tolerance=1e-8)[0]
            should = found + 3 / (1 - gamma)
            assert torch.allclose(came, should, atol=1e-6), "3 more per step: 3/(1-gamma) more"
    process = random_process(4, 2, False, generator)
    case = {"states": 4, "actions": 2, "gamma": 0.99, "tolerance": 0.1}
    came = value_iteration(**process, gamma=0.99, tolerance=0.1)[0]
    should = best_of_all(process, 0.99)
    assert float((came - should).abs().max()) <= 0.1, "stopped before the true error was small"


def picture(values: Tensor, world: dict[str, Tensor], gamma: float) -> list[str]:
    """Rows of coloured values with greedy arrows, ten columns a cell."""
    best = (world["rewards"] + gamma * world["transitions"] @ values).argmax(0)
    rows = []
    for row in range(SIZE):
        line = ""
        for cell in range(row * SIZE, row * SIZE + SIZE):
            if cell == GOAL:
                line += "\033[32m    goal  \033[0m"
                continue
            colour = 31 if cell in COSTLY else 36
            line += f"\033[{colour}m{float(values[cell]):+7.3f} {ARROWS[int(best[cell])]} \033[0m"
        rows.append(line)
    return rows


def sweeps(
    world: dict[str, Tensor], gamma: float, count: int
) -> tuple[list[float], list[float], Tensor]:
    """Error and loss of the greedy policy before each sweep, and the optimal values."""
    optimal, _ = value_iteration(**world, gamma=gamma, tolerance=1e-12)
    values = torch.zeros_like(optimal)
    errors, losses = [], []
    for sweep in range(count + 1):
        backups = world["rewards"] + gamma * world["transitions"] @ values
        backups = backups.masked_fill(world["terminal"], 0.0)
        errors.append(float((values - optimal).abs().max()))
        reached = policy_values(**world, gamma=gamma, policy=backups.argmax(0))
        losses.append(float((optimal - reached).max().clamp(min=0)))
        if sweep in (0, 2, 4, 8, count):
            print(f"after {sweep} sweeps")
            print("\n".join(picture(values, world, gamma)))
        values = backups.amax(0)
    return errors, losses, optimal


def mean_return(
    world: dict[str, Tensor], gamma: float, policy: Tensor, runs: int, generator: torch.Generator
) -> tuple[float, float]:
    """Mean discounted return from the top left cell over sampled episodes; two standard errors."""
    step = torch.einsum("sa,ast->sat", policy, world["transitions"])
    gain = entering()
    place = torch.zeros(runs, dtype=torch.long)
    total, discount = torch.zeros(runs, dtype=torch.float64), 1.0
    for _ in range(400):
        alive = place != GOAL
        if not alive.any() or discount < 1e-9:
            break
        chances = step[place].sum(1)
        after = torch.multinomial(chances, 1, generator=generator)[:, 0]
        total += discount * gain[after] * alive * (after != place)
        place = torch.where(alive, after, place)
        discount *= gamma
    return float(total.mean()), 2 * float(total.std()) / runs**0.5


def compare_returns(
    world: dict[str, Tensor], gamma: float, runs: int, generator: torch.Generator
) -> None:
    """Mean returns of two policies beside their exact values."""
    _, best = value_iteration(**world, gamma=gamma, tolerance=1e-10)
    policies = {
        "optimal": torch.nn.functional.one_hot(best, 4).double(),
        "uniformly random": torch.full((SIZE * SIZE, 4), 0.25, dtype=torch.float64),
    }
    print(f"\nreturn from the top left cell, {runs} episodes    exact    sampled")
    for name, policy in policies.items():
        exact = float(policy_values(**world, gamma=gamma, policy=policy)[0])
        mean, error = mean_return(world, gamma, policy, runs, generator)
        print(f"  {name:<35} {exact:14.4f} {mean:8.4f}±{error:.4f}")


def draw(errors: list[float], losses: list[float], gamma: float) -> None:
    """Error beside its bound, and below it what the greedy policy of each sweep loses."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(7, 6), sharex=True)
    above.plot(errors, marker=".", label="error of the values")
    bound = [errors[0] * gamma**k for k in range(len(errors))]
    above.plot(bound, linestyle="--", label="bound")
    above.set_yscale("log")
    above.legend()
    below.step(range(len(losses)), losses, where="mid", label="loss of the greedy policy")
    below.set_xlabel("sweep")
    below.legend()
    figure.tight_layout()
    plt.show()


def main(
    gamma: Annotated[float, typer.Option(min=0.1, max=0.98, help="Discount")] = 0.9,
    slip: Annotated[float, typer.Option(min=0.0, max=0.6, help="Chance that a move turns")] = 0.2,
    runs: Annotated[int, typer.Option(min=100, max=50_000, help="Episodes of part 3")] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of the episodes")] = 0,
) -> None:
    """Draw value iteration, hold its error against the bound, and sample returns."""
    world = grid(slip)
    errors, losses, optimal = sweeps(world, gamma, 40)
    print(f"\nvalue of the top left cell: {float(optimal[0]):.4f}")
    print("sweep    error    bound    loss of the greedy policy")
    for k in (0, 1, 5, 10, 20, 40):
        print(f"{k:5d} {errors[k]:8.4f} {errors[0] * gamma**k:8.4f} {losses[k]:15.4f}")
        assert errors[k] <= errors[0] * gamma**k + 1e-12
    right = next((k for k in range(41) if max(losses[k:]) < 1e-9), None)
    print(f"greedy policy optimal for good from sweep: {'after 40' if right is None else right}")
    compare_returns(world, gamma, runs, torch.Generator().manual_seed(seed))
    draw(errors, losses, gamma)


if __name__ == "__main__":
    typer.run(main)
