"""Chance: one seeded source of it per chunk of people, and tables to draw from. What is drawn is decided elsewhere."""

import random
import uuid
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SLOTS = 4096


def skewed(items: Sequence[T], skew: float = 12.0) -> list[T]:
    """SLOTS entries in which the item of rank r appears in proportion to 1 / (r + skew): a name table to pick from."""
    weights = [1 / (rank + skew) for rank in range(len(items))]
    total = sum(weights)
    table: list[T] = []
    reached = 0.0
    for item, weight in zip(items, weights, strict=True):
        reached += weight
        table.extend([item] * (round(reached / total * SLOTS) - len(table)))
    return table


class Dice(random.Random):
    """A seeded random source with the few moves that the generator makes."""

    @classmethod
    def for_chunk(cls, seed: int, chunk: int) -> "Dice":
        return cls(f"demo company {seed} {chunk}")

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def between(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def digits(self, count: int) -> str:
        return f"{int(self.random() * 10**count):0{count}d}"

    def hexadecimal(self, count: int) -> str:
        return f"{self.getrandbits(count * 4):0{count}x}"

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def token(self, length: int) -> str:
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return "".join([letters[int(self.random() * 57)] for _ in range(length)])


class Numbers:
    """Ids that are unique over all chunks, sparse, and say nothing about whose they are."""

    def __init__(self, dice: Dice, chunk: int, start: int, per_chunk: int = 400_000, step: int = 7):
        self._dice = dice
        self._step = step
        self._next = start + chunk * per_chunk * step

    def take(self) -> int:
        value = self._next + int(self._dice.random() * self._step)
        self._next += self._step
        return value
