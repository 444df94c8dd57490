"""Who answers for whom in a county: letters, groups, ties, teams, helpers, enterprises."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from jingzhun.population.calibration import Pairing
from jingzhun.population.columns import Bools, between, joined, keep, numbered, pick, rows
from jingzhun.population.plan import Plan
from jingzhun.population.pool import Ground
from jingzhun.population.shares import Ints, share, sizes


def responsibility(ground: Ground) -> dict[str, pa.Table]:
    """All tables of the chapter for a county."""
    teams, members = _teams(ground)
    enterprises, pairings = _enterprises(ground)
    return {
        "responsibility_letter": _letters(ground),
        "leading_group": _groups(ground),
        "leader_tie": _ties(ground),
        "work_team": teams,
        "team_member": members,
        "helper_pairing": _helpers(ground),
        "enterprise": enterprises,
        "enterprise_pairing": pairings,
    }


def area_letters(plan: Plan) -> pa.Table:
    """The letter of the area's own party secretary."""
    return rows("responsibility_letter", 1, {
        "letter_no": [plan.region[:6] + "LT000001"],
        "year": plan.as_of.year,
        "issuer": "上级党委政府",
        "holder": plan.names.full(*_one_cadre(plan)),
        "holder_level": "市",
        "party_secretary": pa.array([True]),
        "region_code": plan.region,
        "signed_on": date(plan.as_of.year, 2, 22),
    })  # fmt: skip


def _one_cadre(plan: Plan) -> tuple[np.random.Generator, Ints, Bools, Bools]:
    rng = np.random.default_rng(plan.seed)
    return rng, plan.names.any_surname(rng, 1), np.zeros(1, bool), np.zeros(1, bool)


def _letters(ground: Ground) -> pa.Table:
    """A letter for the secretary of the county, each township and each village, and for county offices."""
    county, rng = ground.county, ground.rng("letters")
    fixed = 1 + sum(1 + len(other.townships) + len(other.is_village) for other in county.plan.counties.values())
    offices = county.plan.split("responsibility_letters", less=fixed)[county.code]
    villages = ground.villages
    parts = [1, len(county.townships), len(villages), offices]
    kind = np.repeat(np.arange(4), parts)
    region = pa.concat_arrays([
        pa.array([county.code]), pa.array(county.townships), villages, pa.repeat(pa.scalar(county.code), offices),
    ])  # fmt: skip
    return rows("responsibility_letter", len(kind), {
        "letter_no": ground.no("LT", len(kind)),
        "year": ground.year,
        "issuer": pick(("市委市政府", "县委县政府", "乡镇党委政府", "县脱贫攻坚领导小组"), kind),
        "holder": ground.names(rng, len(kind)),
        "holder_level": pick(("县", "乡", "村", "县"), kind),
        "party_secretary": pa.array(kind < 3),
        "region_code": region,
        "signed_on": between(rng, ground.date(2, 20), ground.date(4, 10), len(kind)),
    })  # fmt: skip


def _groups(ground: Ground) -> pa.Table:
    county, rng = ground.county, ground.rng("groups")
    working = county.plan.calibration.kinds.working_groups
    leading = 1 + len(county.townships) + len(ground.villages)
    level = np.r_[0, np.full(len(county.townships), 1), np.full(len(ground.villages), 2), np.zeros(len(working), int)]
    names = joined(pick(("县", "乡（镇）", "村"), level[:leading]), "脱贫攻坚领导小组")
    special = pa.array([f"{name}专项工作组" for name in working])
    places = [pa.array([county.code]), pa.array(county.townships), ground.villages]
    places.append(pa.repeat(pa.scalar(county.code), len(working)))
    return rows("leading_group", len(level), {
        "group_no": ground.no("LG", len(level)),
        "name": pa.concat_arrays([names, special]),
        "kind": pick(("领导小组", "专项工作组"), (np.arange(len(level)) >= leading).astype(np.int64)),
        "level": pick(("县", "乡", "村"), level),
        "head_one": ground.names(rng, len(level)),
        "head_two": keep(ground.names(rng, len(level)), level < 2),
        "region_code": pa.concat_arrays(places),
        "formed_on": between(rng, ground.date(1, 10, -2), ground.date(3, 30, -1), len(level)),
    })  # fmt: skip


def _ties(ground: Ground) -> pa.Table:
    """Each county leader is tied to one township and up to two poor villages."""
    rng, leaders = ground.rng("ties"), ground.county.truth.leaders
    ties = rng.integers(1, 4, leaders)
    who = np.repeat(np.arange(leaders), ties)
    first = np.r_[True, who[1:] != who[:-1]]
    townships = pick(ground.county.townships, np.arange(len(who)) % len(ground.county.townships))
    villages = ground.poor_villages.take(pa.array(np.arange(len(who)) % len(ground.poor_villages)))
    names, posts = distinct_names(ground, rng, leaders), ground.county.plan.calibration.kinds.posts
    region = [township if start else village for township, village, start in
              zip(townships.to_pylist(), villages.to_pylist(), first, strict=True)]  # fmt: skip
    return rows("leader_tie", len(who), {
        "tie_no": ground.no("LD", len(who)),
        "leader": names.take(pa.array(who)),
        "post": pick(posts, np.where(who < len(posts), who, len(posts) // 3 + who % (len(posts) - len(posts) // 3))),
        "level": "县",
        "region_code": region,
        "starts_on": ground.date(3, 1, -1),
    })  # fmt: skip


def distinct_names(ground: Ground, rng: np.random.Generator, count: int) -> pa.Array:
    """Names that are all different, because leaders are counted by name."""
    found: dict[str, None] = {}
    while len(found) < count:
        found |= dict.fromkeys(ground.names(rng, count).to_pylist())
    return pa.array(list(found)[:count])


def team_counts(plan: Plan) -> dict[str, int]:
    """Teams of each county: one for every poor village, the rest to other villages."""
    counties = plan.counties
    poor = sum(county.truth.poor_villages for county in counties.values())
    other = [len(county.is_village) - county.truth.poor_villages for county in counties.values()]
    more = share(plan.total("work_teams") - poor, other, other)
    return {
        code: county.truth.poor_villages + int(extra)
        for (code, county), extra in zip(counties.items(), more, strict=True)
    }


def _teams(ground: Ground) -> tuple[pa.Table, pa.Table]:
    county, plan, rng = ground.county, ground.county.plan, ground.rng("teams")
    counts = team_counts(plan)
    n, weights = counts[county.code], list(counts.values())
    place = list(counts).index(county.code)
    people = int(share(plan.total("team_members"), weights)[place])
    firsts = int(share(plan.total("first_secretaries"), weights, weights)[place])
    poor = county.village_attributes[0]
    other = rng.permutation(np.setdiff1d(county.is_village, poor))
    at = pa.array(county.places).take(pa.array(np.concatenate([poor, other])[:n]))
    offices = plan.calibration.labels.offices
    sender = pick(offices, rng.integers(0, len(offices), n))
    starts = between(rng, ground.date(7, 1, -1), ground.date(3, 20), n)
    team = ground.no("WT", n, 4)
    teams = rows("work_team", n, {
        "team_no": team,
        "sent_by": sender,
        "sent_by_level": pick(("市", "县", "省"), np.searchsorted((0.3, 0.93), rng.random(n))),
        "poor_village": pa.array(np.arange(n) < len(poor)),
        "region_code": at,
        "starts_on": starts,
    })  # fmt: skip
    size = sizes(n, people - n, rng, 4) + 1
    who = np.repeat(np.arange(n), size)
    lead = np.r_[True, who[1:] != who[:-1]]
    role = np.where(lead, np.where(who < firsts, 0, 1), 2)
    index = pa.array(who)
    members = rows("team_member", len(who), {
        "member_no": ground.no("TM", len(who), 5),
        "team_no": team.take(index),
        "name": ground.names(rng, len(who)),
        "role": pick(("第一书记", "工作队长", "工作队员"), role),
        "unit": sender.take(index),
        "region_code": at.take(index),
        "starts_on": starts[who],
    })  # fmt: skip
    return teams, members


def _helpers(ground: Ground) -> pa.Table:
    rng, households = ground.rng("helpers"), ground.households
    n, offices = len(households), ground.county.plan.calibration.labels.offices
    return rows("helper_pairing", n, {
        "pairing_no": ground.no("HP", n, 7),
        "household_code": households.code,
        "helper": ground.names(rng, n),
        "unit": pick(offices, rng.integers(0, len(offices), n)),
        "region_code": households.region,
        "starts_on": between(rng, ground.date(1, 1, -2), ground.date(6, 30, -1), n),
    })  # fmt: skip


def _enterprises(ground: Ground) -> tuple[pa.Table, pa.Table]:
    """The county's own enterprises, and the villages helped here, by them and by enterprises of other counties."""
    county, plan, rng = ground.county, ground.county.plan, ground.rng("enterprises")
    helped = [pair for pair in plan.calibration.pairings if pair.helped == county.code]
    helping = [pair for pair in plan.calibration.pairings if pair.helper == county.code]
    firms, villages = paired_counts(plan)[county.code]
    lenders = plan.county_share("model_loan_enterprises")[county.code] + plan.county_share("borrowers")[county.code]
    guests = sum(pair.enterprises for pair in helping)
    n = firms + lenders + guests
    crops = plan.calibration.labels.crops
    code = numbered(county.code[:6] + "EN", np.arange(1, n + 1), 5)
    kinds = ("龙头企业", "民营企业", "国有企业", "其他企业")
    model = plan.county_share("model_loan_enterprises")[county.code]
    trade = pick(crops, rng.integers(0, len(crops), n))
    enterprises = rows("enterprise", n, {
        "enterprise_code": code,
        "name": joined(county.name[:-1], trade, numbered("", np.arange(1, n + 1), 4), "有限公司"),
        "kind": pick(kinds, np.where(np.arange(n) < model, 0, rng.integers(0, 4, n))),
        "region_code": county.code,
    })  # fmt: skip
    own = code.slice(lenders + guests, firms)
    order = ground.poor_villages.take(pa.array(rng.permutation(len(ground.poor_villages))))
    parts = [_pairing(own, county.name, villages)]
    parts += [_pairing(_guest_codes(plan, pair), plan.tree.get(pair.helper).name, pair.villages) for pair in helped]
    firm = pa.concat_arrays([codes for codes, _ in parts])
    home = pa.concat_arrays([names for _, names in parts])
    pairings = rows("enterprise_pairing", len(firm), {
        "pairing_no": ground.no("EP", len(firm), 4),
        "enterprise_code": firm,
        "enterprise_county": home,
        "region_code": order.slice(0, len(firm)),
        "starts_on": between(rng, ground.date(1, 1, -2), ground.date(7, 31), len(firm)),
    })  # fmt: skip
    return enterprises, pairings


def _pairing(firms: pa.Array, county: str, villages: int) -> tuple[pa.Array, pa.Array]:
    """Enterprises repeated until every village has one."""
    index = np.arange(villages) % max(1, len(firms))
    return firms.take(pa.array(index)), pa.repeat(pa.scalar(county), villages)


def _guest_codes(plan: Plan, pair: Pairing) -> pa.Array:
    """Numbers of the enterprises that a county sends to help another: the first of its own after its borrowers."""
    helper = pair.helper
    first = plan.county_share("model_loan_enterprises")[helper] + plan.county_share("borrowers")[helper]
    for other in plan.calibration.pairings:
        if other == pair:
            break
        first += other.enterprises if other.helper == helper else 0
    return numbered(helper[:6] + "EN", np.arange(first + 1, first + 1 + pair.enterprises), 5)


def paired_counts(plan: Plan) -> dict[str, tuple[int, int]]:
    """Enterprises and villages helped by enterprises of the same county, beside the pairings between counties."""
    pairings, counties = plan.calibration.pairings, plan.counties
    taken = {code: sum(pair.villages for pair in pairings if pair.helped == code) for code in counties}
    room = [county.truth.poor_villages - taken[code] for code, county in counties.items()]
    villages = share(plan.total("helped_villages") - sum(taken.values()), room, room)
    firms = share(plan.total("helping_enterprises") - sum(pair.enterprises for pair in pairings), villages, villages)
    return {code: (int(firm), int(place)) for code, firm, place in zip(counties, firms, villages, strict=True)}
