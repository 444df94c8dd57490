"""Whether a printed percentage can come from whole numbers at all."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor


def integer_pairs(printed: Decimal, decimals: int, largest: int) -> list[tuple[int, int]]:
    """Pairs (k, n) with n ≤ ``largest`` whose percentage 100 k/n rounds (half up) to ``printed`` at ``decimals``.

    95.9 with one decimal and n ≤ 95 gives 47/49, 70/73 and 71/74 only: a rate of a small number of villages either
    comes from such a pair or was mistyped. Raises ``ValueError`` for a percentage outside 0..100.
    """
    if not 0 <= printed <= 100:
        raise ValueError(f"{printed} % is outside 0..100")
    step = Decimal(1).scaleb(-decimals)
    pairs = []
    for n in range(1, largest + 1):
        low, high = (printed - step / 2) * n / 100, (printed + step / 2) * n / 100
        for k in range(max(0, ceil(low)), min(n, floor(high)) + 1):
            if (Decimal(100 * k) / n).quantize(step, ROUND_HALF_UP) == printed.quantize(step):
                pairs.append((k, n))
    return pairs
