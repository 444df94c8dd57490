"""The third-party evaluation: whom to ask, what the answers say of everybody, and how sure that is."""

from jingzhun.evaluation.fault import NotASample, NotDrawable
from jingzhun.evaluation.frame import build_frame
from jingzhun.evaluation.gaps import gap_words
from jingzhun.evaluation.planning import Planned, needed, proved
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
    "CountySample",
    "Found",
    "NotASample",
    "NotDrawable",
    "Numbers",
    "Origin",
    "Planned",
    "SampleManifest",
    "build_frame",
    "findings",
    "gap_words",
    "needed",
    "open_sample",
    "progress_step",
    "proved",
    "read_sample",
    "select",
    "sha256_of",
    "write_tables",
]
