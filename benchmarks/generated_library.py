"""A library of generated articles, the same at every run, for figures that need many."""

from __future__ import annotations

from pathlib import Path
from random import Random

_WORDS = """gradient variance estimator policy reward attention softmax kernel matrix momentum decay
learning rate batch sample noise score diffusion latent encoder decoder posterior prior likelihood entropy
divergence flow coupling jacobian determinant projection basis polynomial recurrence memory bandwidth
tile block warp thread process collective ring shard token sequence packing padding mask adapter rank
update bound limit series integral expectation distribution density transform inverse normal uniform
logit temperature sampling codebook quantiser perceptual adversarial guidance condition caption image
pixel channel filter stride precision recall threshold overlap anchor box curve area step function value
is the of a and to in that for with as by on from this it an at which be when are not than more""".split()
_CHINESE = "偏差修正动量梯度下降学习率注意力机制概率分布后验先验扩散模型采样噪声编码器解码器策略奖励随机逼近收敛方差期望"


def make(root: Path, count: int, sections: int = 8) -> Path:
    """Write a pack of ``count`` articles of about 12 KB into ``root`` and return it."""
    root.mkdir(parents=True, exist_ok=True)
    tracks = [f"track-{number}" for number in range(8)]
    lines = [f'id = "generated"\ntitle = "Generated"\n']
    lines += [f'[[tracks]]\nid = "{track}"\ntitle = "{track}"\n' for track in tracks]
    (root / "pack.toml").write_text("\n".join(lines), encoding="utf-8")
    for number in range(count):
        folder = root / tracks[number % len(tracks)]
        folder.mkdir(exist_ok=True)
        name = f"article-{number:04}"
        (folder / f"{name}.md").write_text(_article(name, number, sections), encoding="utf-8")
    return root


def _article(name: str, number: int, sections: int) -> str:
    random = Random(number)
    needs = f"article-{number // 2:04}" if number else ""
    parts = [f"---\nid: {name}\ntitle: {_some(random, 4)}\ntrack: track-{number % 8}"]
    parts.append(f"needs: [{needs}]\n---\n")
    for section in range(sections):
        parts.append(f"## {_some(random, 4)} {section}\n")
        for _ in range(4):
            parts.append(f"{_some(random, 45)}, with $x_{{{section}}}^2$ and *{_some(random, 5)}*.\n")
        parts.append("$$\n\\theta_{t+1} = \\theta_t - \\eta g_t\n$$\n")
    for card in range(10):
        parts.append(f"```{{card}} {name}-card-{card}\nkind: basic\nask: {_some(random, 10)}?")
        parts.append(f"answer: {_some(random, 8)}\n```\n")
    parts.append("## Terms\n\n```{terms}")
    for term in range(8):
        start = random.randrange(len(_CHINESE) - 4)
        chinese = _CHINESE[start : start + random.randint(2, 4)]
        parts.append(f"- {{id: term-{term}, zh: {chinese}, en: {_some(random, 2)}, say: {_some(random, 9)}}}")
    parts.append("```\n")
    return "\n".join(parts)


def _some(random: Random, count: int) -> str:
    return " ".join(random.choices(_WORDS, k=count))
