"""One layer as a module and as a function: what the framework sees, and what it then misses.

The article's two filters are written in six ways. All give the same numbers; parameters, saved
tensors, conversions and hooks tell them apart. Then dropout is written in three ways, and the one
that forgets its mode is measured on the article's example, where its cost is known exactly, and on
a small classifier, where it is predicted by a normal law. Last, what a call costs.

References
  A. Paszke et al.: PyTorch, 2019, arXiv:1912.01703.
  N. Srivastava et al.: Dropout, JMLR 15, 2014.
  Y. Gal, Z. Ghahramani: Dropout as a Bayesian Approximation, 2015, arXiv:1506.02142.
"""

from __future__ import annotations

import math
import timeit
from collections.abc import Callable
from typing import Annotated, Any

import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
import typer
from _forgotten_dropout import Net, draw, evaluate, report_classifier, three_errors, train
from torch import Tensor, nn

# The exercise -------------------------------------------------------------------------------------


class Linear(nn.Module):
    """`y = x W^T + b`, a module over `F.linear` that can stand in for `nn.Linear`."""

    # exercise: write __init__(self, in_features, out_features, bias=True) and forward(self, x)
    # Names, shapes and start are those of nn.Linear: weight is (out, in), bias is (out,) or None,
    # and both start uniformly between -1/sqrt(in) and 1/sqrt(in).
    # solution
    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.register_parameter("bias", None)
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound))

    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer to the last axis of x."""
        return F.linear(x, self.weight, self.bias)

    # end


def shapes(layer: nn.Module) -> dict[str, tuple[int, ...]]:
    """The name and shape of whatever the layer would save."""
    return {name: tuple(tensor.shape) for name, tensor in layer.state_dict().items()}


def gradients(layer: nn.Module, x: Tensor, weights: Tensor) -> dict[str, Tensor]:
    """Gradients of the weighted sum of the outputs, by the names of the parameters."""
    layer.zero_grad()
    (layer(x) * weights).sum().backward()
    return {
        n: p.grad if p.grad is not None else torch.zeros(0) for n, p in layer.named_parameters()
    }


def check(seed: int = 0) -> None:
    """Judge Linear against nn.Linear, the smallest layers first."""
    torch.manual_seed(seed)
    for fan_in, fan_out in ((1, 1), (2, 1), (1, 2), (3, 2), (5, 7)):
        for bias in (True, False):
            case: Any = {"in_features": fan_in, "out_features": fan_out, "bias": bias}
            ours, theirs = Linear(fan_in, fan_out, bias), nn.Linear(fan_in, fan_out, bias)
            compare_state(ours, theirs, case)
            ours.load_state_dict(theirs.state_dict())
            compare_numbers(ours, theirs, case)
    compare_start(fan_in=100, fan_out=4000)


def compare_state(ours: nn.Module, theirs: nn.Module, case: Any) -> None:
    """Same saved names and shapes, same trained names, and a bias that is there or None."""
    came: Any = shapes(ours)
    should: Any = shapes(theirs)
    assert came == should, "state_dict holds other names or shapes than that of nn.Linear"
    came = {name: p.requires_grad for name, p in ours.named_parameters()}
    should = dict.fromkeys(should, True)
    assert came == should, "an optimiser is handed other parameters than those of nn.Linear"
    came, should = getattr(ours, "bias", "missing") is None, not case["bias"]
    assert came == should, "bias must be None without a bias, and only then"


def compare_numbers(ours: nn.Module, theirs: nn.Module, case: Any) -> None:
    """With the same weights: same outputs, same gradients, same step, also in float64."""
    fan_in, fan_out = case["in_features"], case["out_features"]
    for lead in ((), (1,), (3,), (2, 3), (0,)):
        x = torch.randn(*lead, fan_in)
        case = {"x": x}
        came, should = ours(x).detach(), theirs(x).detach()
        assert came.shape == should.shape, f"an input of shape {tuple(x.shape)}: another shape"
        assert torch.allclose(came, should, atol=1e-6), "outputs differ from x W^T + b"
    x, weights = torch.randn(4, fan_in), torch.randn(4, fan_out)
    case = {"x": x, "weights of the outputs in the loss": weights}
    came, should = gradients(ours, x, weights), gradients(theirs, x, weights)
    for name in should:
        same = came[name].shape == should[name].shape
        assert same and torch.allclose(came[name], should[name], atol=1e-5), (
            f"the gradient of {name} differs"
        )
    for layer in (ours, theirs):
        torch.optim.SGD(layer.parameters(), lr=0.1).step()
    came, should = ours(x).detach(), theirs(x).detach()
    assert torch.allclose(came, should, atol=1e-5), "outputs differ after one step of SGD"
    came, should = ours.double()(x.double()).dtype, torch.float64
    assert came == should, "double() must reach the weights"


def compare_start(fan_in: int, fan_out: int) -> None:
    """A start that is uniform within the bound, and new for each layer."""
    bound = 1 / math.sqrt(fan_in)
    one, two = Linear(fan_in, fan_out), Linear(fan_in, fan_out)
    case = {"in_features": fan_in, "out_features": fan_out}
    for name in ("weight", "bias"):
        values = getattr(one, name).detach()
        came = {"largest": values.abs().max().item(), "deviation": values.std().item()}
        should = {"largest": bound, "deviation": bound / math.sqrt(3)}
        assert came["largest"] <= should["largest"] * 1.00001, f"{name} starts beyond the bound"
        spread = came["deviation"] / should["deviation"]
        uniform = abs(spread - 1) < 0.05 and came["largest"] > 0.99 * should["largest"]
        assert uniform, f"the start of {name} is not uniform within the bound"
    came, should = torch.equal(one.weight, two.weight), False
    assert came == should, "two layers must not start alike"


# Six ways to write one layer ----------------------------------------------------------------------

X = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
"""The article's picture: one, of one channel, two by two."""
WEIGHT = torch.tensor([[[[1.0, -1.0], [0.0, 1.0]]], [[[-1.0, 0.0], [1.0, 0.0]]]])
BIAS = torch.tensor([-1.0, 2.0])
"""Two filters and what is added; on X they give 2 and 4."""


def filters() -> nn.Conv2d:
    """A module that holds the article's two filters."""
    conv = nn.Conv2d(1, 2, 2)
    conv.load_state_dict({"weight": WEIGHT, "bias": BIAS})
    return conv


class AsModule(nn.Module):
    """The module holds a module."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = filters()

    def forward(self, x: Tensor) -> Tensor:
        """The two features of x."""
        return self.conv(x)


class AsFunction(nn.Module):
    """The module calls the function with two attributes; `keep` decides what kind they are of."""

    def __init__(self, keep: Callable[[nn.Module, str, Tensor], None]) -> None:
        super().__init__()
        keep(self, "weight", WEIGHT.clone())
        keep(self, "bias", BIAS.clone())

    def forward(self, x: Tensor) -> Tensor:
        """The two features of x."""
        return F.conv2d(x, self.weight, self.bias)


class InList(nn.Module):
    """The module holds a module in a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = [filters()]

    def forward(self, x: Tensor) -> Tensor:
        """The two features of x."""
        return self.layers[0](x)


def as_parameter(module: nn.Module, name: str, value: Tensor) -> None:
    """Keep a tensor that is trained."""
    setattr(module, name, nn.Parameter(value))


def as_buffer(module: nn.Module, name: str, value: Tensor) -> None:
    """Keep a tensor that is saved and moved, and not trained."""
    module.register_buffer(name, value)


def as_passing_buffer(module: nn.Module, name: str, value: Tensor) -> None:
    """Keep a tensor that is moved, and neither saved nor trained."""
    module.register_buffer(name, value, persistent=False)


def as_tensor(module: nn.Module, name: str, value: Tensor) -> None:
    """Keep a tensor of which the module does not know, although it could be trained."""
    setattr(module, name, value.requires_grad_())


WAYS: dict[str, Callable[[], nn.Module]] = {
    "nn.Conv2d": AsModule,
    "F.conv2d, Parameters": lambda: AsFunction(as_parameter),
    "F.conv2d, buffers": lambda: AsFunction(as_buffer),
    "F.conv2d, not persistent": lambda: AsFunction(as_passing_buffer),
    "F.conv2d, plain tensors": lambda: AsFunction(as_tensor),
    "nn.Conv2d in a list": InList,
}


def converts(module: nn.Module) -> bool:
    """Whether double() reaches all that the module computes with."""
    try:
        module.double()(X.double())
    except RuntimeError:  # weights stayed in float32
        return False
    return True


def hook_calls(module: nn.Module) -> int:
    """How many inner layers report when the module is called."""
    seen: list[str] = []
    for layer in module.children():
        layer.register_forward_hook(lambda layer, _, __: seen.append(type(layer).__name__))
    module(X)
    return len(seen)


def compare_ways() -> None:
    """The six ways: same output, different for everybody who looks at the module."""
    print("way                       output  trained  saved  double()  layers hooked")
    for name, make in WAYS.items():
        module = make()
        h = module(X).flatten()
        assert torch.equal(h, torch.tensor([2.0, 4.0]))
        trained = sum(p.numel() for p in module.parameters())
        saved = sum(tensor.numel() for tensor in module.state_dict().values())
        hooked = hook_calls(module)
        moved = "works" if converts(module) else "fails"
        output = " ".join(f"{value:g}" for value in h.tolist())
        print(f"{name:<26}{output:<8}{trained:>7}  {saved:>5}  {moved:<8}  {hooked:>13}")


# The dropout that forgets its mode ----------------------------------------------------------------

KINDS = {
    "module": "self.dropout(h)",
    "told": "F.dropout(h, p, self.training)",
    "forgotten": "F.dropout(h, p)",
}


def example(kind: str, p: float) -> Net:
    """The article's network: two filters, dropout, and a read-out that adds."""
    read_out = nn.Linear(2, 1, bias=False)
    nn.init.ones_(read_out.weight)
    return Net(nn.Sequential(filters(), nn.Flatten()), read_out, kind, p)


def compare_modes(p: float) -> None:
    """How many different outputs the same input has, by way and by mode."""
    print(f"\ndifferent outputs in 5000 passes of the same input, p = {p:g}")
    print(f"  {'written as':<32}{'train()':>8}{'eval()':>8}{'train() in no_grad()':>22}")
    many = X.expand(5000, 1, 2, 2)
    for kind, text in KINDS.items():
        net = example(kind, p)
        train = len(net.train()(many).unique())
        evaluate = len(net.eval()(many).unique())
        with torch.no_grad():
            no_grad = len(net.train()(many).unique())
        print(f"  {text:<32}{train:>8}{evaluate:>8}{no_grad:>22}")


def measure_cost(p: float, passes: int, target: float = 7.0) -> None:
    """Mean, variance and squared error of the forgetful network, beside what they must be."""
    with torch.no_grad():
        y = example("forgotten", p).eval()(X.expand(passes, 1, 2, 2)).double()
    variance = p / (1 - p) * (2**2 + 4**2)
    rows = {
        "mean": (6.0, y),
        "variance": (variance, (y - 6) ** 2),
        f"squared error for target {target:g}": ((target - 6) ** 2 + variance, (target - y) ** 2),
    }
    print(f"\nthe flag forgotten, {passes} passes in eval(); without dropout the output is 6")
    print(f"  {'':<29}{'theory':>9}{'measured':>10}   3 standard errors")
    for name, (theory, values) in rows.items():
        print(f"  {name:<29}{theory:9.3f}{values.mean():10.3f}   {three_errors(values):.3f}")


# What a call costs --------------------------------------------------------------------------------


def compare_speed() -> None:
    """Microseconds for each call of a tiny and of a larger layer, module against function."""
    print("\nmicroseconds per call on this machine, best of 5")
    print(f"  {'layer':<26}{'module':>9}{'function':>10}")
    for rows, width, calls in ((1, 8, 2000), (256, 512, 20)):
        layer, x = nn.Linear(width, width), torch.randn(rows, width)
        weight, bias = layer.weight, layer.bias
        with torch.no_grad():
            times = [
                min(timeit.repeat(call, number=calls, repeat=5)) / calls * 1e6
                for call in (lambda: layer(x), lambda: F.linear(x, weight, bias))  # noqa: B023
            ]
        name = f"{rows} x {width} by {width} x {width}"
        print(f"  {name:<26}{times[0]:9.1f}{times[1]:10.1f}")


def main(
    p: Annotated[float, typer.Option(help="Dropout's probability.", min=0.05, max=0.9)] = 0.5,
    passes: Annotated[int, typer.Option(help="Example's passes.", min=100, max=10**6)] = 20_000,
    hidden: Annotated[int, typer.Option(help="Hidden units.", min=2, max=1024)] = 128,
    steps: Annotated[int, typer.Option(help="Training steps.", min=1, max=2000)] = 300,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Compare ways of writing a layer, and measure a dropout that forgets its mode."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # tensors this small gain nothing from more
    try:
        check(seed)
        compare_ways()
        torch.manual_seed(seed)
        compare_modes(p)
        measure_cost(p, passes)
        net = train(Linear, hidden, p, steps, seed)
        found = evaluate(net, seed)
        means = report_classifier(found)
        compare_speed()
        draw(net, found, means, seed)
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    typer.run(main)
