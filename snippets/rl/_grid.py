"""The 4 x 4 grid world of the articles on reinforcement learning, and exact values in it."""

from __future__ import annotations

import torch
from torch import Tensor

SIZE = 4
GOAL, COSTLY = 15, (5, 7, 10)
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left


def entering() -> Tensor:
    """What entering each cell brings, (16,)."""
    gain = torch.zeros(SIZE * SIZE, dtype=torch.float64)
    gain[GOAL] = 1.0
    gain[list(COSTLY)] = -1.0
    return gain


def grid(slip: float) -> dict[str, Tensor]:
    """The 4 x 4 world: transitions (4, 16, 16), expected rewards (4, 16), terminal (16,)."""
    cells = SIZE * SIZE
    transitions = torch.zeros(len(MOVES), cells, cells, dtype=torch.float64)
    for cell in range(cells):
        for action in range(len(MOVES)):
            for turn, chance in ((0, 1 - slip), (1, slip / 2), (-1, slip / 2)):
                down, right = MOVES[(action + turn) % len(MOVES)]
                row, column = cell // SIZE + down, cell % SIZE + right
                inside = 0 <= row < SIZE and 0 <= column < SIZE
                transitions[action, cell, row * SIZE + column if inside else cell] += chance
    staying = torch.eye(cells, dtype=torch.float64)
    rewards = (transitions * (1 - staying)) @ entering()  # bumping into a wall enters nothing
    terminal = torch.zeros(cells, dtype=torch.bool)
    terminal[GOAL] = True
    return {"transitions": transitions, "rewards": rewards, "terminal": terminal}


def policy_values(
    transitions: Tensor, rewards: Tensor, gamma: float, terminal: Tensor, policy: Tensor
) -> Tensor:
    """Exact values of a policy, (S,) of actions or (S, A) of probabilities, by a linear system."""
    actions = len(transitions)
    if policy.dim() == 1:
        policy = torch.nn.functional.one_hot(policy, actions)
    weights = policy.to(rewards.dtype)
    step = torch.einsum("sa,ast->st", weights, transitions)
    gain = torch.einsum("sa,as->s", weights, rewards)
    step = step.masked_fill(terminal[:, None], 0.0)
    gain = gain.masked_fill(terminal, 0.0)
    one = torch.eye(len(terminal), dtype=rewards.dtype)
    return torch.linalg.solve(one - gamma * step, gain)
