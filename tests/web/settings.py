"""The product's settings as tests use them: nothing of the tester's own environment but the database."""

from __future__ import annotations

import os
import tempfile

for name in [name for name in os.environ if name.startswith("JINGZHUN_") and name != "JINGZHUN_LANG"]:
    del os.environ[name]
os.environ |= {
    "JINGZHUN_DATA": tempfile.mkdtemp(prefix="jingzhun-test-"),
    "JINGZHUN_SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "JINGZHUN_HOSTS": "testserver,localhost,127.0.0.1",
    "JINGZHUN_SECOND_FACTOR": "1",
}

from jingzhun_web.site.settings import *  # noqa: E402, F403

LOGGING["loggers"] = {"django": {"level": "CRITICAL"}}  # noqa: F405 - thousands of refusals are what is tested
STATIC_ROOT.mkdir(parents=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a cast signs in thousands of times
