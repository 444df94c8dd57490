"""A process that makes recorded changes as fast as it can and prints each one that was acknowledged.

Run with the number of the first change and how many; killed at any moment by those who test that nothing breaks.
"""

from __future__ import annotations

import sys

from jingzhun_web.site import serving

serving.set_up()

from jingzhun_web.audit.services import Actor, recorded  # noqa: E402 - models only after Django is ready
from jingzhun_web.regions.models import Region  # noqa: E402
from tests.people import BEGINNING  # noqa: E402


def write(number: int) -> None:
    """One change of three rows, of which the last two belong together with the first."""
    codes = [f"{number:09}{at:03}" for at in range(3)]
    with recorded(Actor(f"writer-{number}"), "regions.take_in"):
        for code in codes:
            Region.objects.create(code=code, name="新村", level=5, path=f"{code}/", valid_from=BEGINNING)


if __name__ == "__main__":
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + count):
        write(number)
        print(number, flush=True)
