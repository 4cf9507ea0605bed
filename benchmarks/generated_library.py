"""A library of generated articles, the same at every run, for figures that need many."""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path
from random import Random

SYLLABLES = re.findall(
    "[a-z]+",
    "gra va ri es ti ma re po li at ten so ft ker ma tri mo men tum de ca le sam no ise sco lat en "
    "co der pos pri ent ro di ver gen flo cou ja co bi pro jec ba sis nor mal lo git tem per co",
)
CHINESE = (
    "偏差修正动量梯度下降学习率注意力机制概率分布后验先验扩散模型"
    "采样噪声编码器解码器策略奖励随机逼近收敛方差期望矩阵"
)
VOCABULARY = 6_000
FUNCTION_WORDS = 30
TRACKS = tuple(f"track-{number}" for number in range(8))


class Writer:
    """Words as rare and as common as in a language: the n-th most common with weight 1/n."""

    def __init__(self) -> None:
        random = Random(0)
        words = {
            "".join(random.choices(SYLLABLES, k=random.randint(2, 4)))
            for _ in range(VOCABULARY * 2)
        }
        self.words = sorted(words)[:VOCABULARY]
        random.shuffle(self.words)
        weights = (1 / rank for rank in range(1, len(self.words) + 1))
        self.cumulative = list(accumulate(weights))

    def some(self, random: Random, count: int) -> str:
        """A run of words."""
        return " ".join(random.choices(self.words, cum_weights=self.cumulative, k=count))

    def telling(self, random: Random, count: int) -> str:
        """Words as people search for them: not the commonest, which mean nothing alone."""
        found: list[str] = []
        while len(found) < count:
            word = self.some(random, 1)
            if word not in self.words[:FUNCTION_WORDS]:
                found.append(word)
        return " ".join(found)

    def chinese(self, random: Random) -> str:
        """A term of two to four characters."""
        start = random.randrange(len(CHINESE) - 4)
        return CHINESE[start : start + random.randint(2, 4)]

    def article(self, number: int, sections: int = 8) -> str:
        """An article of about 17 KB with cards and terms."""
        random = Random(number)
        name = f"article-{number:04}"
        need = f"needs: [article-{number // 2:04}]\n" if number else ""
        parts = [
            f"---\nid: {name}\ntitle: {self.some(random, 4)}\n"
            f"track: {TRACKS[number % len(TRACKS)]}\n{need}---\n"
        ]
        for section in range(sections):
            parts.append(f"## {self.some(random, 4)} {section}\n")
            parts += [
                f"{self.some(random, 45)}, with $x_{{{section}}}^2$ and *{self.some(random, 5)}*.\n"
                for _ in range(4)
            ]
            parts.append("$$\n\\theta_{t+1} = \\theta_t - \\eta g_t\n$$\n")
        for card in range(10):
            ask, answer = self.some(random, 10), self.some(random, 8)
            parts.append(
                f"```{{card}} {name}-{card}\nkind: basic\nask: {ask}?\nanswer: {answer}\n```\n"
            )
        parts.append("## Terms\n\n```{terms}")
        for term in range(8):
            parts.append(
                f"- {{id: term-{term}, zh: {self.chinese(random)}, en: {self.some(random, 2)}, "
                f"say: {self.some(random, 9)}}}"
            )
        return "\n".join([*parts, "```\n"])


def make(root: Path, count: int) -> Path:
    """Write a pack of ``count`` articles into ``root`` and return it."""
    writer = Writer()
    root.mkdir(parents=True)
    tracks = "".join(f'[[tracks]]\nid = "{track}"\ntitle = "{track}"\n' for track in TRACKS)
    (root / "pack.toml").write_text(f'id = "generated"\ntitle = "Generated"\n{tracks}')
    for track in TRACKS:
        (root / track).mkdir()
    for number in range(count):
        path = root / TRACKS[number % len(TRACKS)] / f"article-{number:04}.md"
        path.write_text(writer.article(number), encoding="utf-8")
    return root
