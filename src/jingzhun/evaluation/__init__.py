"""The third-party evaluation: whom to ask, what the answers say of everybody, and how sure that is."""

from jingzhun.evaluation.evaluate import About, evaluate
from jingzhun.evaluation.fault import NotASample, NotDrawable, NotEvaluable
from jingzhun.evaluation.frame import build_frame
from jingzhun.evaluation.gaps import gap_words
from jingzhun.evaluation.places import Evidence
from jingzhun.evaluation.planning import Planned, needed, proved
from jingzhun.evaluation.register import read_register
from jingzhun.evaluation.sample import (
    Origin,
    SampleManifest,
    open_sample,
    read_sample,
    sha256_of,
    write_tables,
)
from jingzhun.evaluation.selection import CountySample, Numbers, select
from jingzhun.evaluation.survey import NOT_VISITED, Found, findings, progress_step

__all__ = [
    "NOT_VISITED",
    "About",
    "CountySample",
    "Evidence",
    "Found",
    "NotASample",
    "NotDrawable",
    "NotEvaluable",
    "Numbers",
    "Origin",
    "Planned",
    "SampleManifest",
    "build_frame",
    "evaluate",
    "findings",
    "gap_words",
    "needed",
    "open_sample",
    "progress_step",
    "proved",
    "read_register",
    "read_sample",
    "select",
    "sha256_of",
    "write_tables",
]
