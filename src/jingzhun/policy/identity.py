"""What an identity number says by itself (GB 11643—1999), as SQL over a column of text, worked out once for all rules.

Disability cards are the holder's number with two or four more digits: kind, degree, and a count of reissues.
"""

from __future__ import annotations

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

COLUMNS = {
    "id_length": "BIGINT",
    "id_18": "VARCHAR",
    "id_in_digits": "BOOLEAN",
    "id_check_holds": "BOOLEAN",
    "id_birth": "BIGINT",
    "id_birth_is_a_day": "BOOLEAN",
    "id_sex": "VARCHAR",
    "id_card_kind": "VARCHAR",
    "id_card_degree": "VARCHAR",
}
"""Name and SQL type of what is known from an identity number. Empty where the number cannot say."""


def from_digits(column: str) -> str:
    """First level: the number cut up, its 17 digits as one integer."""
    return (
        f"length({column}) AS id_length, left({column}, 18) AS id_18, TRY_CAST(left({column}, 17) AS BIGINT) AS id_17"
    )


def from_parts() -> str:
    """Second level: what the parts say. Needs the columns of ``from_digits``."""
    total = " + ".join(f"id_17 // {10 ** (16 - place)} % 10 * {weight}" for place, weight in enumerate(WEIGHTS))
    whole = "id_length >= 18 AND id_17 >= 10000000000000000"
    sex = "CASE WHEN id_17 % 2 = 1 THEN '男' ELSE '女' END"
    day = "TRY_CAST(TRY_STRPTIME(substr(id_18, 7, 8), '%Y%m%d') AS DATE)"
    return (
        f"CASE WHEN id_length >= 18 THEN id_17 IS NOT NULL AND id_17 >= 10000000000000000 END AS id_in_digits, "
        f"CASE WHEN {whole} THEN substr('{CHECK_DIGITS}', (({total}) % 11)::INTEGER + 1, 1) = right(id_18, 1) END "
        "AS id_check_holds, "
        f"CASE WHEN {whole} THEN id_17 // 1000 % 100000000 END AS id_birth, "
        f"CASE WHEN {whole} THEN {day} IS NOT NULL END AS id_birth_is_a_day, "
        f"CASE WHEN {whole} THEN {sex} END AS id_sex, "
        "CASE WHEN id_length >= 20 THEN substr(id_number, 19, 1) END AS id_card_kind, "
        "CASE WHEN id_length >= 20 THEN substr(id_number, 20, 1) END AS id_card_degree"
    )
