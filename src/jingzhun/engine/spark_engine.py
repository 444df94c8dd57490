"""Spark, for registers that one machine no longer holds. Runs the same steps, translated; needs pyspark and Java 17.

Where it runs is Spark's business: ``JINGZHUN_SPARK_MASTER`` names the master (default ``local[*]``), and inside
``spark-submit`` the session that is there is used. See docs/spark.md.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from jingzhun.engine.spark_dialect import NotTranslatable, SparkSQL, created, to_spark
from jingzhun.engine.spark_kinds import Kind, type_kind
from jingzhun.engine.step import EngineMissing, Step, StepFailed, Traced

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

MASTER, MEMORY, FOLDER = "JINGZHUN_SPARK_MASTER", "JINGZHUN_SPARK_MEMORY", "JINGZHUN_SPARK_FOLDER"
"""Environment variables: the master's URL, the memory of the driver (which in local mode does all the work), and a
folder for what steps leave, seen under one path by every machine."""
_MEANING = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC", "spark.sql.caseSensitive": "false"}
"""Settings that a result depends on; set for every session, also one that was given."""
_SPARK_IN_CHARGE = "PYSPARK_GATEWAY_PORT"
"""Set by spark-submit: master, memory and network are then those of the submission."""
_SHOWN = 600


class SparkEngine:
    """One Spark session over Parquet files. Use as a context manager; what it stored and started goes with it.

    A session that runs already is used and left running. Raises ``EngineMissing`` without pyspark or Java.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="jingzhun-spark-", dir=os.environ.get(FOLDER))
        try:
            session, self._is_ours = _session(Path(self._folder.name))
        except EngineMissing:
            self._folder.cleanup()
            raise
        self._spark: SparkSession = session.newSession()
        logging.getLogger("SQLQueryContextLogger").disabled = True  # it would print the stack of what we tell
        for name, value in _MEANING.items():
            self._spark.conf.set(name, value)
        self._results = Path(self._folder.name) / "results"
        self._made = 0
        self._kinds: dict[str, Mapping[str, Kind]] = {}
        self.trace: list[Traced] = []

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._is_ours:
            self._spark.stop()
        self._folder.cleanup()

    def read_parquet(self, name: str, paths: Iterable[Path]) -> None:
        """Name Parquet files as a table without loading them. Every machine of a cluster must see the same paths."""
        from pyspark.sql.pandas.types import from_arrow_schema

        files = [path.resolve() for path in paths]
        self._read(name, files, from_arrow_schema(pq.read_schema(files[0])))

    def _read(self, name: str, files: Iterable[Path], schema: StructType) -> None:
        self._name(name, self._spark.read.schema(schema).parquet(*(file.as_uri() for file in files)))

    def load(self, name: str, table: pa.Table) -> None:
        """Store an Arrow table under a name."""
        self._name(name, self._spark.createDataFrame(table))

    def run(self, step: Step) -> None:
        started = time.perf_counter()
        with _told(step):
            translated = self._translated(step.sql, step.name)
            for part, sql in translated.parts:
                self._keep(part, sql)
            if step.view:
                self._name(step.name, self._spark.sql(translated.sql))
                rows = 0
            else:
                rows = self._keep(step.name, translated.sql)
        self.trace.append(Traced(step, rows, time.perf_counter() - started))

    def execute(self, sql: str) -> None:
        """Run a statement that is not a step. Spark knows those that make a table or a view of a query."""
        made = created(sql)
        if made is None:
            raise StepFailed(Step("statement", sql), "Spark 引擎只能执行 CREATE … AS / Spark only runs CREATE … AS")
        name, query, view = made
        self.run(Step(name, query, view=view))
        self.trace.pop()

    def arrow(self, sql: str) -> pa.Table:
        with _told(Step("query", sql)):
            return self._query(sql).toArrow()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.arrow(sql).to_pylist()
        return rows

    def value(self, sql: str) -> Any:
        """The single value of a query."""
        return self.arrow(sql).column(0)[0].as_py()

    def copy_to_parquet(self, sql: str, path: Path) -> None:
        """Write a query's rows to one Parquet file, in order. On a cluster the path must be seen by its machines."""
        parts = path.with_name(f".{path.name}.parts").resolve()
        with _told(Step("copy", sql)):
            written = self._query(sql).coalesce(1).write.mode("overwrite").option("compression", "zstd")
            written.parquet(parts.as_uri())
        shutil.move(next(parts.glob("*.parquet")), path)
        shutil.rmtree(parts)

    def _query(self, sql: str) -> DataFrame:
        translated = self._translated(sql, "query")
        for part, text in translated.parts:
            self._keep(part, text)
        return self._spark.sql(translated.sql)

    def _translated(self, sql: str, name: str) -> SparkSQL:
        return to_spark(sql, lambda table: self._kinds.get(table, {}), name)

    def _keep(self, name: str, sql: str) -> int:
        """Work a query out once, as Parquet, and count its rows. What reads it starts from there, not from its SQL."""
        frame = self._spark.sql(sql)
        if " UNION ALL " in sql:
            frame = frame.coalesce(self._spark.sparkContext.defaultParallelism)
        self._made += 1
        folder = self._results / f"{self._made}.{name}"
        frame.write.option("compression", "zstd").parquet(folder.as_uri())
        self._read(name, [folder], frame.schema)
        return sum(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))

    def _name(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)
        self._kinds[name.lower()] = {
            field.name.lower(): type_kind(field.dataType.simpleString()) for field in frame.schema.fields
        }


@contextmanager
def _told(step: Step) -> Iterator[None]:
    """Whatever Spark has against a step is said with the step's name and SQL."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except NotTranslatable as error:
        raise StepFailed(step, f"Spark 引擎不能执行 / Spark cannot run this: {error}") from error
    except (PySparkException, Py4JError) as error:
        raise StepFailed(step, _words(str(error))) from error


def _words(text: str) -> str:
    """What went wrong, without the places in Spark's own code where it did."""
    lines = re.split(r";\n|\n\tat |JVM stacktrace", text)[0].splitlines()
    return "\n".join(line for line in lines if line.strip())[:_SHOWN]


def _session(folder: Path) -> tuple[SparkSession, bool]:
    """The session that runs already, or one that we start, and whether it is ours to stop.

    Ours is on the chosen master, or inside spark-submit as that was told.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(
            "使用 Spark 引擎需要 pyspark：pip install 'jingzhun[spark]'。",
            "the Spark engine needs pyspark: pip install 'jingzhun[spark]'.",
        ) from error
    running = SparkSession.getActiveSession()
    if running is not None:
        return running, False
    builder = SparkSession.builder.appName("jingzhun")
    if _SPARK_IN_CHARGE not in os.environ:
        if not java_found():
            raise _no_java()
        builder = builder.master(os.environ.get(MASTER, "local[*]"))
        for name, value in _settings(folder, os.environ.get(MASTER, "local[*]")).items():
            builder = builder.config(name, value)
    try:
        return builder.getOrCreate(), True
    except PySparkException as error:
        raise _no_java() from error


def java_found() -> bool:
    """Whether there is a Java to start: that of ``JAVA_HOME``, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin") if home else None) is not None


def _no_java() -> EngineMissing:
    return EngineMissing(
        "使用 Spark 引擎需要 Java 17 或更新版本，没有找到或无法启动。请安装（Debian/Ubuntu: sudo apt install "
        "openjdk-17-jre-headless；Fedora: java-17-openjdk-headless），或用 JAVA_HOME 指明位置。",
        "the Spark engine needs Java 17 or newer; none was found, or it does not start. Install one (Debian/Ubuntu: "
        "sudo apt install openjdk-17-jre-headless; Fedora: java-17-openjdk-headless) or set JAVA_HOME.",
    )


def _settings(folder: Path, master: str) -> dict[str, str]:
    """Settings of a session that we start. On one machine nothing is opened to the network."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": os.environ.get(MEMORY, "4g"),
        "spark.driver.maxResultSize": "0",
        "spark.log.level": "OFF",
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
    }
    if master.startswith("local"):
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": str(folder),
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 2)),
        }
    return settings
