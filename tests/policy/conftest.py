"""The pack that ships with the product, loaded once."""

import pytest

from jingzhun.policy import Pack, load_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("luliang_2018")
