"""Linear attention: one product bracketed in two ways, three causal forms, and how much it recalls.

Part 1 computes normalised kernel attention from the n x n scores and from the d x d state, and
times both over the length n beside the counted operations. Part 2 holds the causal forms against
one another: masked scores, a recurrence token by token, and chunks. Part 3 stores n random keys
in one d x d state and reads each back: the error of plain sums is (n - 1)/d; the delta rule,
which first removes what the state already says for a key, does better.

References
  A. Katharopoulos, A. Vyas, N. Pappas, F. Fleuret: Transformers are RNNs, 2020, arXiv:2006.16236.
  I. Schlag, K. Irie, J. Schmidhuber: Linear Transformers Are Secretly Fast Weight Programmers,
    2021, arXiv:2102.11174.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor


def phi(x: Tensor) -> Tensor:
    """elu(x) + 1, written so that it stays positive where elu itself has rounded to -1."""
    return torch.where(x > 0, x + 1, x.clamp(max=0).exp())


def quadratic(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> Tensor:
    """Normalised kernel attention from its n x n scores; q, k: (n, d) and v: (n, e), mapped."""
    scores = q @ k.T
    if causal:
        scores = scores.tril()
    return scores @ v / scores.sum(-1, keepdim=True)


def linear(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The same without a mask, from the d x e state; q, k: (n, d), v: (n, e)."""
    return q @ (k.T @ v) / (q @ k.sum(0))[:, None]


def causal_linear_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention by a recurrence. q, k: (n, d), already mapped, positive; v: (n, e).

    Row t is the mean of v_1 ... v_t with the weights q_t . k_i. Returns (n, e).
    """
    # exercise: keep a state S (d x e) and a normaliser z (d), and read them at every token
    # S gathers the outer products of k and v, z gathers the k. When may token t be read?
    # solution
    state = torch.zeros(k.shape[1], v.shape[1], dtype=v.dtype)
    normaliser = torch.zeros(k.shape[1], dtype=v.dtype)
    rows = []
    for query, key, value in zip(q, k, v, strict=True):
        state = state + torch.outer(key, value)  # not in place: autograd needs the old states
        normaliser = normaliser + key
        rows.append(query @ state / (query @ normaliser))
    return torch.stack(rows)
    # end


def check(seed: int = 0) -> None:
    """Judge causal_linear_attention: equal to the masked scores, and blind to the future."""
    small = {"q": [[1.0, 0], [0, 1], [1, 1]], "k": [[1.0, 0], [1, 1], [0, 2]]}
    small["v"] = [[1.0, 0], [0, 1], [2, 2]]
    means = [[1.0, 0], [0, 1], [1, 1.2]]
    for n in (1, 2, 3):
        case = {name: torch.tensor(rows[:n]).double() for name, rows in small.items()}
        came, should = causal_linear_attention(**case), torch.tensor(means[:n]).double()
        assert came.shape == should.shape, "the result has another shape than v"
        assert torch.allclose(came, should), f"not the weighted mean of the first {n} values"
    generator = torch.Generator().manual_seed(seed)
    for n, d, e in ((1, 1, 1), (2, 1, 2), (2, 3, 2), (5, 2, 3), (7, 4, 2), (33, 8, 5)):
        q = phi(torch.randn(n, d, generator=generator, dtype=torch.float64))
        k = phi(torch.randn(n, d, generator=generator, dtype=torch.float64))
        v = torch.randn(n, e, generator=generator, dtype=torch.float64)
        case = {"q": q, "k": k, "v": v}
        came, should = causal_linear_attention(**case), quadratic(q, k, v, causal=True)
        assert came.shape == should.shape, "the result has another shape than v"
        assert torch.allclose(came, should, atol=1e-10), "differs from the masked scores"
        came, should = causal_linear_attention(q, 3 * k, v), came
        assert torch.allclose(came, should, atol=1e-10), "keys three times as long change nothing"
        came, should = causal_linear_attention(q, k, torch.ones_like(v)), torch.ones_like(v)
        assert torch.allclose(came, should, atol=1e-10), "a mean of ones is one"
        mine = [tensor.clone().requires_grad_() for tensor in (q, k, v)]
        theirs = [tensor.clone().requires_grad_() for tensor in (q, k, v)]
        causal_linear_attention(*mine).square().sum().backward()
        quadratic(*theirs, causal=True).square().sum().backward()
        for name, one, other in zip("qkv", mine, theirs, strict=True):
            came, should = one.grad, other.grad
            assert came is not None, f"no gradient reaches {name}"
            assert torch.allclose(came, should, atol=1e-8), f"the gradient of {name} differs"


def chunked(q: Tensor, k: Tensor, v: Tensor, size: int) -> Tensor:
    """Causal attention chunk by chunk: scores inside a chunk, the state from all before it."""
    state, normaliser = torch.zeros(k.shape[1], v.shape[1]), torch.zeros(k.shape[1])
    rows = []
    for start in range(0, len(q), size):
        now = slice(start, start + size)
        scores = (q[now] @ k[now].T).tril()
        above = scores @ v[now] + q[now] @ state
        below = scores.sum(-1) + q[now] @ normaliser
        rows.append(above / below[:, None])
        state = state + k[now].T @ v[now]
        normaliser = normaliser + k[now].sum(0)
    return torch.cat(rows)


def draw_mapped(n: int, d: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Random q, k (mapped by phi) and v, each (n, d)."""
    q, k, v = torch.randn(3, n, d, generator=generator)
    return phi(q), phi(k), v


def seconds(call: Callable[[], object]) -> float:
    """Least processor time of five calls on this thread: other programs do not count."""
    best = math.inf
    for _ in range(5):
        began = time.thread_time()
        call()
        best = min(best, time.thread_time() - began)
    return best


def slope(lengths: list[int], values: list[float]) -> float:
    """Slope of the least-squares line through (log length, log value)."""
    x, y = torch.tensor(lengths).double().log(), torch.tensor(values).double().log()
    return float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())


def race(d: int, generator: torch.Generator) -> dict[str, tuple[list[int], list[float]]]:
    """Time both brackets over n; print slopes of the counted operations and of the clock."""
    forms = {
        "quadratic": (quadratic, [256, 512, 1024, 2048], lambda n: 2 * n * n * d),
        "linear": (linear, [1024, 2048, 4096, 8192], lambda n: 2 * n * d * d),
    }
    times = {}
    print(f"d = {d}       slope in n: operations   clock (more where caches overflow)")
    for name, (form, lengths, operations) in forms.items():
        spent = []
        for n in lengths:
            q, k, v = draw_mapped(n, d, generator)
            spent.append(seconds(lambda form=form, q=q, k=k, v=v: form(q, k, v)))
        counted = slope(lengths, [float(operations(n)) for n in lengths])
        print(f"  {name:<10} {counted:19.2f} {slope(lengths, spent):12.2f}")
        times[name] = (lengths, spent)
    return times


def recall_errors(n: int, d: int, generator: torch.Generator) -> tuple[float, float]:
    """Relative square error of reading n stored pairs back: plain sums, delta rule."""
    keys = torch.nn.functional.normalize(torch.randn(n, d, generator=generator), dim=-1)
    values = torch.randn(n, d, generator=generator)
    state = torch.zeros(d, d)
    for key, value in zip(keys, values, strict=True):
        state = state + torch.outer(key, value - key @ state)
    size = values.square().sum()
    plain = (keys @ (keys.T @ values) - values).square().sum() / size
    return float(plain), float((keys @ state - values).square().sum() / size)


def recall(d: int, generator: torch.Generator) -> list[tuple[int, float, float, float]]:
    """Errors over the number of stored pairs beside (n - 1)/d; fail beyond five errors."""
    rows = []
    print(f"\nstored pairs   theory (n-1)/d   plain sums   delta rule   (d = {d})")
    for n in (max(2, d // 8), d // 2, d, 2 * d):
        errors = torch.tensor([recall_errors(n, d, generator) for _ in range(48)])
        plain, delta = errors.mean(0).tolist()
        theory, standard_error = (n - 1) / d, float(errors[:, 0].std()) / len(errors) ** 0.5
        rows.append((n, theory, plain, delta))
        print(f"{n:12d} {theory:16.3f} {plain:7.3f}±{standard_error:.3f} {delta:10.3f}")
        assert abs(plain - theory) < 5 * standard_error, "reading back differs from theory"
    print("(expected: plain sums within 5 standard errors of the theory)")
    return rows


def draw(times: dict[str, tuple[list[int], list[float]]],
         rows: list[tuple[int, float, float, float]]) -> None:  # fmt: skip
    """Left: time over n in logarithms. Right: error of reading back over stored pairs."""
    figure, (clock, errors) = plt.subplots(1, 2, figsize=(10, 4))
    for name, (lengths, spent) in times.items():
        clock.plot(lengths, spent, marker="o", label=name)
    clock.set_xscale("log", base=2)
    clock.set_yscale("log")
    clock.set_xlabel("n")
    clock.set_ylabel("seconds")
    clock.legend()
    stored = [row[0] for row in rows]
    errors.plot(stored, [row[1] for row in rows], linestyle="--", label="(n - 1)/d")
    errors.plot(stored, [row[2] for row in rows], marker="o", label="plain sums")
    errors.plot(stored, [row[3] for row in rows], marker="s", label="delta rule")
    errors.set_xlabel("stored pairs")
    errors.set_ylabel("relative square error")
    errors.legend()
    figure.tight_layout()
    plt.show()


def main(
    d: Annotated[int, typer.Option(min=16, max=128, help="Dimension of a head")] = 64,
    chunk: Annotated[int, typer.Option(min=1, max=1000, help="Tokens in a chunk")] = 64,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Hold the forms against one another, time them, and see how much one state can hold."""
    torch.set_num_threads(1)  # one thread, whose time is counted
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (tensor.double() for tensor in draw_mapped(300, d, generator))
    apart = float((quadratic(q, k, v) - linear(q, k, v)).abs().max())
    print(f"scores against state, largest difference:     {apart:.1e}  (float64)")
    q, k, v = draw_mapped(1000, d, generator)
    masked = quadratic(q, k, v, causal=True)
    forms = {"recurrence": causal_linear_attention(q, k, v), "chunks": chunked(q, k, v, chunk)}
    for name, result in forms.items():
        apart = float((result - masked).abs().max())
        print(f"{name:<10} against masked scores, n = 1000:    {apart:.1e}  (below 1e-5)")
        assert apart < 1e-5
    scores = q[:200].double() @ k[:200].double().T
    ranks = [int(torch.linalg.matrix_rank(matrix)) for matrix in (scores, scores.tril())]
    print(f"rank of 200 x 200 scores, whole and masked:   {ranks[0]}, {ranks[1]}\n")
    times = race(d, generator)
    draw(times, recall(d, generator))


if __name__ == "__main__":
    typer.run(main)
