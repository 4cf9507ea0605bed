"""Monte Carlo methods on the grid world: two estimates of a value, and control from returns alone.

Part 1 estimates the value of one state by first visits and by every visit: the first is unbiased,
the second is not, and after one episode the second is the better one all the same. Part 2 learns
to act from episodes: with exploring starts, and epsilon-greedily. The goal of the second is the
best epsilon-soft policy, computed exactly beside it; that of the first has no general theorem.
Part 3 shows the running mean of importance-sampled returns whose variance is infinite.

References
  R. S. Sutton, A. G. Barto: Reinforcement Learning: An Introduction, 2nd edition, 2018, ch. 5.
  S. P. Singh, R. S. Sutton: Reinforcement Learning with Replacing Eligibility Traces, 1996.
"""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from _grid import COSTLY, GOAL, SIZE, entering, grid, policy_values
from torch import Tensor
from tqdm import tqdm

CELLS, ACTIONS, GAMMA, LONGEST = SIZE * SIZE, 4, 0.9, 100


def first_visit(episode: list[tuple[Hashable, float]], gamma: float) -> dict[Hashable, float]:
    """The return from the first visit of each state of (state, reward after it) pairs."""
    # exercise: one pass from the end; the time must grow linearly with the episode
    # What an earlier visit writes must replace what a later one has written.
    # solution
    returns: dict[Hashable, float] = {}
    total = 0.0
    for state, reward in reversed(episode):
        total = reward + gamma * total
        returns[state] = total
    return returns
    # end


def check(seed: int = 0) -> None:
    """Judge first_visit: episodes by hand, by definition, long ones, and a known mean."""
    hand = [
        ([], 0.9, {}),
        ([("A", 3.0)], 0.9, {"A": 3.0}),
        ([("A", 0.0), ("B", 2.0)], 0.5, {"A": 1.0, "B": 2.0}),
        ([("A", 1.0), ("A", 1.0)], 0.5, {"A": 1.5}),
        ([("A", 0.0), ("B", 1.0), ("A", 0.0), ("B", 2.0)], 0.9, {"A": 2.358, "B": 2.62}),
        ([("A", 5.0), ("B", 7.0)], 0.0, {"A": 5.0, "B": 7.0}),
        ([("A", 1.0), ("B", 1.0), ("A", 1.0)], 1.0, {"A": 3.0, "B": 2.0}),
    ]
    for episode, gamma, should in hand:
        case = {"episode": episode, "gamma": gamma}
        came = first_visit(episode, gamma)
        assert came.keys() == should.keys(), "every state that was visited, and no other"
        assert all(abs(came[state] - should[state]) < 1e-9 for state in should), "a wrong return"
    drawn = random.Random(seed)
    for length in (3, 6, 12):
        episode = [(drawn.randrange(4), float(drawn.randrange(-3, 4))) for _ in range(length)]
        case = {"episode": episode, "gamma": 0.8}
        came, should = first_visit(episode, 0.8), {}
        for state, _ in episode:
            first = next(t for t, pair in enumerate(episode) if pair[0] == state)
            rest = enumerate(reward for _, reward in episode[first:])
            should[state] = sum(0.8**k * reward for k, reward in rest)
        assert came.keys() == should.keys(), "every state that was visited, and no other"
        assert all(abs(came[state] - should[state]) < 1e-9 for state in should), "a wrong return"
    steps = 100_000
    case = {"episode": f"{steps} steps through new states, reward 1 each", "gamma": 1.0}
    came = first_visit([(state, 1.0) for state in range(steps)], 1.0)[0]
    should = float(steps)
    assert abs(came - should) < 1e-6, "a long episode has a wrong return"


def geometric_chain(stay: float, drawn: random.Random) -> int:
    """Length of an episode in one state that is left with probability 1 - stay; reward 1 a step."""
    length = 1
    while drawn.random() < stay:
        length += 1
    return length


def compare_visits(stay: float, repeats: int, drawn: random.Random) -> None:
    """Mean and mean square error of both estimates after 1, 5 and 50 episodes."""
    value = 1 / (1 - stay)
    print(f"one state, left with chance {1 - stay:.1f}; its value is {value:.0f}")
    print("episodes  mean: first  every   square error: first           every   theory first")
    for episodes in (1, 5, 50):
        first, every = [], []
        for _ in range(repeats):
            lengths = [geometric_chain(stay, drawn) for _ in range(episodes)]
            first.append(sum(lengths) / episodes)
            every.append(sum(n * (n + 1) / 2 for n in lengths) / sum(lengths))
        columns = [torch.tensor(values, dtype=torch.float64) for values in (first, every)]
        means = [float(values.mean()) for values in columns]
        squares = [(values - value).square() for values in columns]
        errors = [float(square.mean()) for square in squares]
        theory = stay / (1 - stay) ** 2 / episodes
        spread = [float(square.std()) / repeats**0.5 for square in squares]
        print(f"{episodes:8d} {means[0]:12.3f} {means[1]:6.3f}", end="")
        print(f" {errors[0]:13.3f} ± {spread[0]:5.3f} {errors[1]:7.3f} ± {spread[1]:5.3f}", end="")
        print(f" {theory:9.3f}")
        assert abs(errors[0] - theory) < 5 * spread[0], "first visits differ from theory"


class World:
    """The grid world for fast single steps: cumulative chances as plain lists."""

    def __init__(self, slip: float) -> None:
        self.exact = grid(slip)
        self.gain = entering().tolist()
        self.next = [
            [
                ([cell for cell, p in enumerate(row) if p > 0], [p for p in row if p > 0])
                for row in self.exact["transitions"][action].tolist()
            ]
            for action in range(ACTIONS)
        ]

    def step(self, cell: int, action: int, drawn: random.Random) -> tuple[int, float]:
        """The next cell and the reward for entering it."""
        cells, chances = self.next[action][cell]
        after = drawn.choices(cells, chances)[0]
        return after, self.gain[after] if after != cell else 0.0


def best(values: list[float]) -> int:
    """The first of the largest."""
    return values.index(max(values))


def play(
    world: World, q: list[list[float]], epsilon: float, start: tuple[int, int], drawn: random.Random
) -> list[tuple[tuple[int, int], float]]:
    """One episode of at most LONGEST steps: ((cell, action), reward) pairs."""
    (cell, action), episode = start, []
    while cell != GOAL and len(episode) < LONGEST:
        after, reward = world.step(cell, action, drawn)
        episode.append(((cell, action), reward))
        cell = after
        explore = drawn.random() < epsilon
        action = drawn.randrange(ACTIONS) if explore else best(q[cell])
    return episode


def learn(
    world: World, epsilon: float, episodes: int, drawn: random.Random, label: str
) -> tuple[list[list[float]], list[tuple[int, float, float]]]:
    """First-visit Monte Carlo control; starts are random cells, and with epsilon 0 random actions.

    Returns the action values, and over time the exact value of the top left cell under the greedy
    policy and under the policy that explores around it. Episodes are cut after LONGEST steps: what
    a cut leaves out of the return from the start weighs GAMMA**LONGEST, less than 3e-5.
    """
    q = [[0.0] * ACTIONS for _ in range(CELLS)]
    visits = [[0] * ACTIONS for _ in range(CELLS)]
    history = []
    for number in tqdm(range(1, episodes + 1), desc=label, leave=False):
        cell = drawn.randrange(GOAL)
        explore = epsilon == 0 or drawn.random() < epsilon
        action = drawn.randrange(ACTIONS) if explore else best(q[cell])
        episode = play(world, q, epsilon, (cell, action), drawn)
        for (cell, action), value in first_visit(episode, GAMMA).items():
            visits[cell][action] += 1
            q[cell][action] += (value - q[cell][action]) / visits[cell][action]
        if number % (episodes // 20) == 0 or number == episodes:
            greedy = torch.tensor([best(row) for row in q])
            values = policy_values(**world.exact, gamma=GAMMA, policy=greedy)
            acting = policy_values(**world.exact, gamma=GAMMA, policy=soft(greedy, epsilon))
            history.append((number, float(values[0]), float(acting[0])))
    return q, history


def soft(policy: Tensor, epsilon: float) -> Tensor:
    """The epsilon-soft policy that prefers these actions, (cells, actions)."""
    greedy = torch.nn.functional.one_hot(policy, ACTIONS).double()
    return greedy * (1 - epsilon) + epsilon / ACTIONS


def soft_optimum(world: World, epsilon: float) -> Tensor:
    """Exact values of the best epsilon-soft policy (epsilon 0: of the best one)."""
    exact = world.exact
    policy = torch.zeros(CELLS, dtype=torch.long)
    while True:
        values = policy_values(**exact, gamma=GAMMA, policy=soft(policy, epsilon))
        backups = exact["rewards"] + GAMMA * exact["transitions"] @ values
        better = backups.argmax(0)
        gain = backups.amax(0) - backups.gather(0, policy[None])[0]
        if float(gain.max()) < 1e-12:
            return values
        policy = torch.where(gain > 1e-12, better, policy)


def control(slip: float, epsilon: float, episodes: int, drawn: random.Random) -> tuple:
    """Both ways to explore beside their targets; returns the histories and the targets."""
    world = World(slip)
    optimum = float(soft_optimum(world, 0.0)[0])
    target = float(soft_optimum(world, epsilon)[0])
    print(f"\nslip {slip}, {episodes} episodes: value of the top left cell")
    print(f"  best policy {optimum:.4f}; best {epsilon}-soft policy {target:.4f}  (both exact)")
    histories = {}
    for name, chance in (("exploring starts", 0.0), ("epsilon-greedy", epsilon)):
        q, history = learn(world, chance, episodes, drawn, name)
        print(f"  {name:<17} greedy policy {history[-1][1]:.4f}", end="")
        print(f", while exploring {history[-1][2]:.4f}" if chance else "")
        histories[name] = history
        assert history[-1][1] <= optimum + 1e-9
        if chance:
            print("  its greedy policy (* costly cell, G goal):")
            for row in range(SIZE):
                cells = range(row * SIZE, row * SIZE + SIZE)
                marks = ["G" if c == GOAL else "↑→↓←"[best(q[c])] for c in cells]
                costly = ["*" if c in COSTLY else " " for c in cells]
                print("     " + "  ".join(a + b for a, b in zip(marks, costly, strict=True)))
    return histories, optimum, target


def running_mean(runs: int, drawn: random.Random) -> list[float]:
    """Running mean of importance-sampled returns with infinite variance; the true value is 1.

    One state. The target policy always goes left: it stays with 0.9, ends with reward 1 with 0.1.
    Behaviour goes left with 1/2; each step to the left doubles the weight, right ends with 0.
    """
    total, means = 0.0, []
    for number in range(1, runs + 1):
        weight = 1.0
        while drawn.random() < 0.5:
            weight *= 2
            if drawn.random() < 0.1:
                total += weight
                break
        means.append(total / number)
    return means


def draw(histories: dict, optimum: float, target: float, means: list[float]) -> None:
    """Left: greedy policies over episodes, and one while it explores. Right: the running mean."""
    figure, (learning, running) = plt.subplots(1, 2, figsize=(11, 4))
    for name, history in histories.items():
        learning.plot(
            [row[0] for row in history], [row[1] for row in history], marker=".", label=name
        )
    soft_history = histories["epsilon-greedy"]
    learning.plot(
        [row[0] for row in soft_history],
        [row[2] for row in soft_history],
        linestyle=":",
        label="epsilon-greedy, while exploring",
    )
    learning.axhline(optimum, linestyle="--", color="black", label="best policy")
    learning.axhline(target, linestyle=":", color="gray", label="best soft policy")
    learning.set_xlabel("episodes")
    learning.set_ylabel("value of the top left cell")
    learning.legend()
    running.plot(means[99::100])
    running.axhline(1.0, linestyle="--", color="black")
    running.set_xlabel("hundreds of runs")
    running.set_title("importance sampling, true value 1")
    figure.tight_layout()
    plt.show()


def main(
    episodes: Annotated[
        int, typer.Option(min=1000, max=200_000, help="Episodes of control")
    ] = 10_000,
    slip: Annotated[float, typer.Option(min=0.0, max=0.6, help="Chance that a move turns")] = 0.2,
    epsilon: Annotated[
        float, typer.Option(min=0.01, max=0.9, help="Share of random actions")
    ] = 0.1,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Compare first and every visits, learn to act, and look at a mean of infinite variance."""
    torch.set_num_threads(1)
    drawn = random.Random(seed)
    compare_visits(0.8, 4000, drawn)
    histories, optimum, target = control(slip, epsilon, episodes, drawn)
    means = running_mean(100_000, drawn)
    low, high = min(means[10_000:]), max(means[10_000:])
    print("\nimportance sampling with infinite variance, 100000 runs, true value 1")
    print(f"  mean at the end {means[-1]:.3f};", end="")
    print(f" after run 10000 it was between {low:.3f} and {high:.3f}")
    draw(histories, optimum, target, means)


if __name__ == "__main__":
    typer.run(main)
