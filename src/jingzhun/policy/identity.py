"""What an identity number says by itself (GB 11643—1999), as SQL over a column of text, worked out once for all rules.

Disability cards are the holder's number with two or four more digits: kind, degree, and a count of reissues.
"""

from __future__ import annotations

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

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
    """First level: the number cut up, its 17 digits as one integer, the letter after them as its code."""
    return (
        f"length({column}) AS id_length, left({column}, 18) AS id_18, "
        f"TRY_CAST(left({column}, 17) AS BIGINT) AS id_17, ascii(substr({column}, 18, 1)) AS id_letter"
    )


def from_parts(column: str) -> str:
    """Second level: what the parts say. Needs the columns of ``from_digits``."""
    whole = "id_length >= 18 AND id_17 >= 10000000000000000"
    sex = "CASE WHEN id_17 % 2 = 1 THEN '男' ELSE '女' END"
    day = f"TRY_CAST(TRY_STRPTIME(substr({column}, 7, 8), '%Y%m%d') AS DATE)"
    return (
        f"CASE WHEN id_length >= 18 THEN id_17 IS NOT NULL AND id_17 >= 10000000000000000 END AS id_in_digits, "
        f"CASE WHEN {whole} THEN {_check_holds()} END AS id_check_holds, "
        f"CASE WHEN {whole} THEN id_17 // 1000 % 100000000 END AS id_birth, "
        f"CASE WHEN {whole} THEN {day} IS NOT NULL END AS id_birth_is_a_day, "
        f"CASE WHEN {whole} THEN {sex} END AS id_sex, "
        f"CASE WHEN id_length >= 20 THEN substr({column}, 19, 1) END AS id_card_kind, "
        f"CASE WHEN id_length >= 20 THEN substr({column}, 20, 1) END AS id_card_degree"
    )


def _check_holds() -> str:
    """Whether the 17 digits by their weights, and the letter's value (X is ten), leave 1 modulo 11, as SQL.

    A digit is what stands up to its place less ten times what stands before it, and -10 is 1 modulo 11. So the sum of
    digits by weights is that of the leading parts, each by its place's weight and its right neighbour's: one division
    for each place instead of two. The sum is said once: inside a CASE nothing that is said twice is shared.
    """
    total = " + ".join(
        f"id_17 // {10 ** (16 - place)} * {(weight + right) % 11}"
        for place, (weight, right) in enumerate(zip(WEIGHTS, (*WEIGHTS[1:], 0), strict=True))
    )
    zero, nine, ten = ord("0"), ord("9"), ord("X")
    code = f"CASE WHEN id_letter = {ten} THEN {zero + 10} ELSE id_letter END"
    return f"({total} + {code}) % 11 = {(1 + zero) % 11} AND (id_letter = {ten} OR id_letter BETWEEN {zero} AND {nine})"
