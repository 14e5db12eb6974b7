"""What must hold of a history, whatever was killed meanwhile.

A world is what clients were told (`ops`) and what is there afterwards (rows of
the database, the audit, the mails that arrived).  Each invariant is a function
of a world alone: it yields a sentence for each place where it is broken.  The
numbers are those of the promises: twelve of the house, eleven of registration.
"""

from collections import Counter, defaultdict

SEATED = {"held", "offered", "confirmed"}
ENDED = {"declined", "withdrawn", "expired", "cancelled"}
NEXT = {
    None: {"held", "requested", "waitlisted", "offered", "confirmed"},
    "held": {"requested", "waitlisted", "confirmed"} | ENDED,
    "requested": {"waitlisted", "offered", "confirmed"} | ENDED,
    "waitlisted": {"requested", "offered", "confirmed"} | ENDED,
    "offered": {"confirmed", "requested"} | ENDED,
    "confirmed": {"requested"} | ENDED,
}
STAYS = {"edited", "transferred", "approved"}  # another answer, another person, another to decide
# What asks the database for nothing durable: a crash may take back what it saw.
READS = {"read", "list"}
# Changes that no mail tells, mails that tell no change, and why a line moves up.
SILENT = {"held"}
ASIDE = {"registration." + kind for kind in (
    "again", "edited", "reissued", "picked", "unpicked", "decide", "reminder_decide", "reminder_offer", "transferred_from")}
PROMOTED = {"promoted"}


def by(rows, *names):
    found = defaultdict(list)
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[n] for n in names)].append(row)
    return found


class Line:
    """One event as its audit tells it: who is in which state, step by step."""

    def __init__(self, world, event):
        self.rows = {r["id"]: r for r in world["registrations"] if r["event"] == event["id"]}
        self.audit = [a for a in world["audit"] if a["event"] == event["id"]]
        self.seats = event["seats"]
        self.parties = by(self.rows.values(), "party")
        self.allotments = {b["id"] for b in world["buckets"] if b["nominated"]}
        self.policy, self.promotion = event.get("party_policy", "split"), event.get("promotion", "confirm")
        self.buckets = {}   # id: [seats, released]
        self.state, self.bucket, self.kept = {}, {}, {}

    def steps(self):
        """Each step after it was taken: what was done, to whom, from, to."""
        for a in sorted(self.audit, key=lambda a: a["id"]):
            details, r = a["details"], a["object_id"]
            if a["object"] == "registration" and a["act"].split(".")[1] in NEXT.keys() | ENDED:
                became, was = a["act"].split(".")[1], self.state.get(r)
                self.kept[r] = became == "requested" and (was == "confirmed" or self.kept.get(r, False))
                self.state[r] = became
                self.bucket[r] = details.get("bucket", self.bucket.get(r))
                yield a, r, was, became
            elif a["act"] == "registration.set_seats" and a["object"] == "event":
                self.seats = details["seats"]
                yield a, None, None, None
            elif a["act"] in ("registration.bucket_put", "registration.bucket_release"):
                known = self.buckets.setdefault(details["bucket"], [0, False])
                known[0] = details.get("seats", known[0])
                known[1] = known[1] or a["act"].endswith("release")
                yield a, None, None, None
            elif a["act"] == "registration.bucket_drop":
                self.buckets.pop(details["bucket"], None)
                yield a, None, None, None

    def seated(self, r):
        return self.state.get(r) in SEATED or self.kept.get(r, False)

    def inside(self, r):
        """The bucket that a seat counts in; None: the common pool."""
        bucket = self.bucket.get(r)
        return None if bucket is None or self.buckets.get(bucket, [0, True])[1] else bucket

    def used(self):
        count = Counter(self.inside(r) for r in self.state if self.seated(r))
        return count, sum(count.values())

    def common(self):
        return None if self.seats is None else self.seats - sum(
            seats for seats, released in self.buckets.values() if not released)

    def waiting(self):
        return [r for r, s in self.state.items() if s == "waitlisted" and r in self.rows]

    def turn(self, r):
        """A party has the place of its first, where it is kept together."""
        party = self.rows[r].get("party")
        return min((m["priority"], m["arrival"]) for m in (
            self.parties[party] if party and self.policy != "split" else [self.rows[r]]))

    def allotted(self, r):
        """Who came in by an allotment waits for a seat of that."""
        return self.inside(r) in self.allotments

    def all_came(self, r):
        """Those of a party come one after the other, in one transaction."""
        party = r in self.rows and self.rows[r].get("party")
        return not party or all(m["id"] in self.state for m in self.parties[party])

    def size(self, r):
        """How many seats they need who come together and wait."""
        party = self.rows[r].get("party")
        return 1 if not party or self.policy == "split" else sum(
            self.state.get(m["id"]) == "waitlisted" for m in self.parties[party])


def histories(world):
    """Of each registration: its states, in order."""
    found = defaultdict(list)
    for c in sorted(world["changes"], key=lambda c: c["id"]):
        found[c["registration"]].append(c)
    return found


def answered(world, *ops):
    return [o for o in world["ops"] if o["result"] == "ok" and (not ops or o["op"] in ops)]


def possible(world, *ops):
    """What was done, or may have been."""
    return [o for o in world["ops"] if o["result"] != "fail" and o["op"] in ops]


# --- the twelve of the house ---------------------------------------------------


def seats_at_every_commit(world):
    for event in world["events"]:
        line = Line(world, event)
        for a, *_ in line.steps():
            count, used = line.used()
            if line.seats is not None and used > line.seats:
                yield f"event {event['id']}: {used} of {line.seats} seats after audit {a['id']}"


def what_was_answered_is_there(world):
    changes, rows = histories(world), {r["id"]: r for r in world["registrations"]}
    keys, scans = {r["key"] for r in rows.values()}, {s["uuid"]: s for s in world["scans"]}
    seats = [a for a in world["audit"] if a["act"] == "registration.set_seats"]
    yield from groups_torn(world)
    yield from answers_lost(world)
    for o in answered(world):
        told = o["answer"]
        if o["op"] in ("register", "nominate") and "registration" not in told and o["key"] not in keys:
            yield f"{o['n']}: registered with {o['key']}, and no such row"
        if o["op"] not in READS and "registration" in told and "state" in told:
            r = rows.get(told["registration"])
            if r is None or r["event"] != o["event"]:
                yield f"{o['n']}: told of registration {told['registration']}, which is not there"
            elif told["state"] not in {c["became"] for c in changes[r["id"]]}:
                yield f"{o['n']}: told {told['state']} of {r['id']}, which it never was"
        if o["op"] == "scan" and (o["key"] not in scans or scans[o["key"]]["result"] != told.get("result")):
            yield f"{o['n']}: told {told.get('result')} of scan {o['key']}"
        if o["op"] == "seats" and not any(
                a["object_id"] == o["event"] and a["details"]["seats"] == o["seats"]
                and o["called"] - 1 <= a["at"] <= o["returned"] for a in seats):
            yield f"{o['n']}: {o['seats']} seats were set, and the audit knows nothing of it"


def groups_torn(world):
    """A group is registered whole, once; or not at all."""
    of, parties = {p["id"]: p["email"] for p in world["people"]}, defaultdict(list)
    for r in world["registrations"]:
        if r.get("party"):
            parties[r["party"]].append(of.get(r["person"]))
    for o in answered(world, "group"):
        if sorted(parties[o["answer"]["party"]]) != sorted(o["people"]):
            yield f"{o['n']}: group {o['answer']['party']} is {parties[o['answer']['party']]}, not {o['people']}"
    asked = {tuple(sorted(o["people"])) for o in possible(world, "group")}
    for party, people in parties.items():
        if tuple(sorted(people)) not in asked:
            yield f"group {party} of {people} is not what anybody asked for"


def answers_lost(world):
    """What stands there as an answer was given, and no later one was accepted."""
    there = {a["registration"]: a["text"] for a in world["answers"]}
    handed_on = {c["registration"] for c in world["changes"] if c["why"] == "transferred"}
    edits = by(possible(world, "edit"), "registration")
    first = by([o for o in possible(world, "register", "hold") if o.get("text")], "key")
    for r in world["registrations"]:
        mine = edits.get(r["id"], []) + first.get(r["key"], [])
        if r["id"] in handed_on or not mine:
            continue
        later = max((o["called"] for o in edits.get(r["id"], []) if o["result"] == "ok"), default=0)
        good = {o["text"] for o in mine if o["result"] == "unknown" or o["returned"] >= later}
        if there.get(r["id"]) not in good and (r["id"] in there or later):
            yield f"{r['id']} answered {there.get(r['id'])!r}, and should have one of {sorted(good)}"


def what_was_refused_is_not(world):
    """Whatever is there, somebody asked for who was not told no."""
    took = {o["key"] for o in possible(world, "register", "hold", "nominate", "transfer")}
    ended = by(possible(world, "withdraw", "cancel", "decline"), "registration")
    scanned = {o["key"] for o in possible(world, "scan")}
    opened = [(o["event"], o["seats"]) for o in possible(world, "seats")]
    means = {"withdrawn": "withdraw", "cancelled": "cancel", "declined": "decline"}
    for r in world["registrations"]:
        if r["key"] not in took and not r.get("party"):
            yield f"registration {r['id']} was refused, or never asked for"
    for c in world["changes"]:
        op = means.get(c["became"])
        if op and not any(o["op"] == op and o["called"] <= c["at"] + 0.001 for o in ended[c["registration"]]):
            yield f"registration {c['registration']} is {c['became']}, and nobody has done that"
    for s in world["scans"]:
        if s["uuid"] not in scanned:
            yield f"scan {s['uuid']} was refused, or never made"
    for a in world["audit"]:
        if a["act"] == "registration.set_seats" and (a["object_id"], a["details"]["seats"]) not in opened:
            yield f"audit {a['id']}: seats that nobody has set"


def one_key_has_one_effect(world):
    for key, n in Counter(r["key"] for r in world["registrations"]).items():
        if n > 1:
            yield f"{n} registrations with key {key}"
    for key, n in Counter((s["device"], s["uuid"]) for s in world["scans"]).items():
        if n > 1:
            yield f"{n} scans with uuid {key[1]}"
    for key, ops in by(answered(world, "scan"), "key").items():
        told = {(o["answer"].get("scan"), o["answer"].get("result")) for o in ops}
        if len(told) > 1:
            yield f"scan {key} was answered in {len(told)} ways: {sorted(map(str, told))}"
    made = {r["key"]: r["id"] for r in world["registrations"]}
    since = {c["registration"]: c["at"] for c in world["changes"] if c["was"] is None}
    for o in answered(world, "register"):
        # Who is registered already is told so, and the key stays unused.
        mine, told = made.get(o["key"]), o["answer"].get("registration")
        if mine and told not in (None, mine) and o["called"] > since.get(mine, 0):
            yield f"{o['n']}: key {o['key']} made {mine}, and was answered with {told}"
    for r, changes in histories(world).items():
        if sum(c["was"] is None for c in changes) != 1:
            yield f"registration {r} was taken {sum(c['was'] is None for c in changes)} times"


def first_come_first_served(world):
    called, known, made = {}, {}, {r["key"]: r["id"] for r in world["registrations"]}
    for o in possible(world, "register", "hold"):
        called[o["key"]] = min(o["called"], called.get(o["key"], o["called"]))
        if o["result"] == "ok" and o["answer"].get("registration") in (None, made.get(o["key"])):
            known[o["key"]] = min(o["returned"], known.get(o["key"], o["returned"]))
    for event in world["events"]:
        line = Line(world, event)
        for a, r, was, became in line.steps():
            if was is not None or r not in line.rows or became not in SEATED or became == "offered":
                continue
            mine = called.get(line.rows[r]["key"], 0)
            passed = [w for w in line.waiting() if known.get(line.rows[w]["key"], 1e18) < mine
                      and line.inside(r) in (None, line.bucket.get(w))]
            if passed:
                yield f"{r} was seated at once, though {passed[0]} had been told before that they wait"
        rows = [r for r in line.rows.values() if r["key"] in called]
        told = sorted((r for r in rows if r["key"] in known), key=lambda r: known[r["key"]])
        last, i = None, 0
        for r in sorted(rows, key=lambda r: called[r["key"]]):
            while i < len(told) and known[told[i]["key"]] < called[r["key"]]:
                last = max(last or told[i], told[i], key=lambda t: t["arrival"])
                i += 1
            if last and last["arrival"] > r["arrival"]:
                yield f"{r['id']} has an earlier place than {last['id']}, who was answered before it asked"


def freed_seats_go_on(world):
    """Whenever somebody comes, and at the end, nobody waits beside a seat that is theirs."""
    for event in world["events"]:
        line = Line(world, event)
        if line.promotion == "manual":
            continue
        for a, r, was, _ in line.steps():
            if was is None and r is not None and line.all_came(r):
                yield from idle(event, line, f"when {r} came")
        yield from idle(event, line, "at the end")


def idle(event, line, when):
    """Only a party that does not fit stands beside a seat, and who has to wait for it."""
    count, _ = line.used()
    for r in sorted(line.waiting(), key=line.turn):
        bucket = line.inside(r)
        room = bucket is not None and count[bucket] + line.size(r) <= line.buckets[bucket][0]
        if line.seats is None or room or not line.allotted(r) and count[None] + line.size(r) <= line.common():
            yield f"event {event['id']}: {r} waits beside a free seat {when}"
        elif line.policy != "wait" or line.size(r) == 1:
            continue
        return


def checkins_only_grow(world):
    stored = {s["uuid"]: s for s in world["scans"]}
    inside, seen = {}, {}
    for s in sorted(world["scans"], key=lambda s: s["id"]):
        r, place = s["registration"], (s["registration"], s["session"])
        if s["result"] == "undone":
            inside.pop(place, None)
        elif s["result"] == "admitted" and place in inside:
            yield f"{r} was admitted by scan {inside[place]} and again by {s['id']}"
        elif s["result"] == "admitted":
            inside[place] = s["id"]
        elif s["result"] == "already" and s["first"] != inside.get(place):
            yield f"scan {s['id']} is a duplicate of {s['first']}, not of {inside.get(place)}"
    attended = {(a["registration"], a["session"]): a["scan"] for a in world["attendance"]}
    if attended != inside:
        yield f"attendance is not what scans come to: {set(attended.items()) ^ set(inside.items())}"
    begun = {}  # a question that was not answered may have been heard, before it was asked again
    for o in world["ops"]:
        if o["op"] == "scan":
            begun[o["key"]] = min(o["called"], begun.get(o["key"], o["called"]))
    scans = sorted((o for o in answered(world, "scan")), key=lambda o: o["called"])
    for o in scans:
        s = stored.get(o["key"])
        if s is None:
            yield f"{o['n']}: scan {o['key']} is gone"
        elif s["registration"] is not None:
            seen.setdefault(s["registration"], []).append((o["returned"], begun[o["key"]], s["id"]))
    for r, times in seen.items():
        for returned, _, one in times:
            for _, called, other in times:
                if returned < called and one > other:
                    yield f"scan {other} of {r} came after {one} was answered, and is before it"


def tells_a_state(kind):
    return kind.startswith("registration.") and kind not in ASIDE


def one_mail_for_each_change(world):
    told = by([n for n in world["notices"] if n["registration"]], "registration")
    for r, changes in histories(world).items():
        states = [n for n in sorted(told[r], key=lambda n: n["id"]) if tells_a_state(n["kind"])]
        due = [c for c in changes if c["became"] not in SILENT and (c["was"] != c["became"] or c["why"] != "edited")]
        if len(states) != len(due):
            yield (f"registration {r} changed {len(due)} times ({' '.join(c['became'] for c in due)}) "
                   f"and was told {len(states)} times ({' '.join(n['kind'] for n in states)})")
    notices, uids = {n["id"]: n for n in world["notices"]}, {c["id"]: c["uid"] for c in world["calendars"]}
    for m in world["mails"]:
        n = notices.get(m["notice"])
        if n is None:
            yield f"a mail to {m['to']} that no notice orders: {m['id']}"
        elif (m["to"], m["method"], m["sequence"], m["uid"]) != (
                n["email"], n["method"], n["sequence"], uids.get(n["calendar"])):
            yield f"mail {m['id']} is not what notice {n['id']} says: {m}"
    arrived = {m["notice"] for m in world["mails"]}
    for n in world["notices"]:
        if n["state"] == "sent" and n["id"] not in arrived:
            yield f"notice {n['id']} was sent, and no mail arrived"
        if n["state"] == "waiting":
            yield f"notice {n['id']} was never sent"
    for who, several in by([n for n in world["notices"] if n["method"]], "invite").items():
        before = None
        for n in sorted(several, key=lambda n: n["id"]):
            if before and (n["sequence"] < before["sequence"]
                           or n["method"] != before["method"] and n["sequence"] == before["sequence"]):
                yield f"invite {who}: {n['method']} {n['sequence']} after {before['method']} {before['sequence']}"
            before = n


def counters_are_counts(world):
    rows = by(world["registrations"], "event")
    for p in world["pools"]:
        count = Counter(r["state"] for r in rows[p["event"]])
        count["kept"] = sum(r["kept"] for r in rows[p["event"]])
        for name in ("held", "offered", "confirmed", "kept", "waitlisted"):
            if p[name] != count[name]:
                yield f"event {p['event']} counts {p[name]} {name}, and has {count[name]}"
    for b in world["buckets"]:
        count = Counter(r["state"] for r in world["registrations"] if r["bucket"] == b["id"])
        count["kept"] = sum(r["kept"] for r in world["registrations"] if r["bucket"] == b["id"])
        for name in ("held", "offered", "confirmed", "kept", "waitlisted"):
            if b[name] != count[name]:
                yield f"bucket {b['id']} counts {b[name]} {name}, and has {count[name]}"


def the_audit_chain_is_whole(world):
    if world["chain"]["broken"] is not None:
        yield f"the chain breaks at {world['chain']['broken']}"
    if world["chain"]["loose"]:
        yield f"{world['chain']['loose']} rows were never chained"


def no_seat_after_the_end(world):
    """What was answered holds from then on: nobody is shown an older state."""
    changes = {r: [c["became"] for c in h] for r, h in histories(world).items()}
    told = by([o for o in answered(world) if "state" in o["answer"] and "registration" in o["answer"]
               and o["op"] != "scan"], "registration")
    for r, ops in told.items():
        known, states = [], changes.get(r, [])
        for o in sorted(ops, key=lambda o: o["called"]):
            floor = max((at for returned, at in known if returned < o["called"]), default=0)
            state = o["answer"]["state"]
            later = [i for i in range(floor, len(states)) if states[i] == state]
            if later and o["op"] not in READS:
                known.append((o["returned"], later[0]))
            elif not later and state in states[:floor]:
                yield f"{o['n']}: {r} was shown as {state} after it was {states[floor]}"


def nothing_of_others(world):
    clients, invited = world["clients"], defaultdict(lambda: 1e18)
    for n in world["notices"]:
        if n["method"] == "REQUEST":
            invited[n["email"]] = min(invited[n["email"]], n["at"])
    links, people = {e["id"]: e["link"] for e in world["events"]}, by(world["people"], "event")
    own = {e: {p["canary"] for p in group} for e, group in people.items()}
    units = {e: {p["canary"] for p in group if p["coordinated"]} for e, group in people.items()}
    for o in world["ops"]:
        if not o["seen"]:
            continue
        who = clients[o["client"]]
        may = {who["canary"]}
        if who["role"] in ("organizer", "door"):
            may = own.get(who["event"], set())
        elif who["role"] == "coordinator":
            may |= units.get(who["event"], set())
        if who["role"] == "organizer" or invited[o["client"]] <= o["returned"]:
            may = may | {links.get(who["event"])}
        if set(o["seen"]) - may:
            yield f"{o['n']}: {o['client']} was shown {sorted(set(o['seen']) - may)}"
    of = {p["email"]: p for p in world["people"]}
    for m in world["mails"]:
        person = of.get(m["to"])
        may = {person["canary"]} | ({links.get(person["event"])} if m["to"] in invited else set()) if person else set()
        if set(m["seen"]) - may:
            yield f"mail {m['id']} to {m['to']} has {sorted(set(m['seen']) - may)}"


# --- the eleven of registration ------------------------------------------------


def seats_of_buckets(world):
    for event in world["events"]:
        line = Line(world, event)
        for a, *_ in line.steps():
            count, _ = line.used()
            for bucket, n in count.items():
                most = line.common() if bucket is None else line.buckets[bucket][0]
                if most is not None and n > most:
                    yield f"event {event['id']}, bucket {bucket}: {n} of {most} seats after audit {a['id']}"
    for p in world["pools"]:
        held = [b for b in world["buckets"] if b["event"] == p["event"] and not b["released"]]
        used = sum(b["held"] + b["offered"] + b["confirmed"] + b["kept"] for b in held)
        if (p["reserved"], p["inside"]) != (sum(b["seats"] for b in held), used):
            yield f"event {p['event']}: reserved {p['reserved']}, inside {p['inside']} are not its buckets'"


def the_line_is_kept(world):
    """Who is promoted by the house is the first in the line of that seat."""
    for event in world["events"]:
        line = Line(world, event)
        before = {}
        for a, r, was, became in line.steps():
            if was == "waitlisted" and became in ("confirmed", "offered") and a["details"].get("why") in PROMOTED:
                bucket = line.inside(r)
                free = room(line, bucket) + 1
                rivals = [w for w in line.waiting() if (before.get(w) == bucket or bucket is None
                          and not line.allotted(w)) and (line.policy != "skip" or line.size(w) <= free)]
                first = min(rivals, key=line.turn, default=r)
                if line.turn(first) < line.turn(r):
                    yield f"event {event['id']}: {r} was promoted before {first}, who is ahead"
            before = dict(line.bucket)


def room(line, bucket):
    count, _ = line.used()
    most = line.common() if bucket is None else line.buckets[bucket][0]
    return 1e9 if most is None else most - count[bucket]


def codes_let_in_no_more(world):
    most = {c["id"]: c["most"] for c in world["codes"]}
    live = Counter()
    for event in world["events"]:
        line = Line(world, event)
        for a, r, was, became in line.steps():
            code = line.rows[r]["code"] if r in line.rows else None
            if code is None:
                continue
            live[code] += (became not in ENDED) - (was is not None and was not in ENDED)
            if live[code] > most[code]:
                yield f"code {code} let in {live[code]}, not {most[code]}, after audit {a['id']}"
    for c in world["codes"]:
        if c["used"] != live[c["id"]]:
            yield f"code {c['id']} says it is used by {c['used']}, and {live[c['id']]} are there"


def nobody_else_died(world):
    for d in world["deaths"]:
        if not d["killed"] or d["status"] != 9:
            yield f"process {d['pid']} of the web ended with status {d['status']}"


def two_say_yes(world):
    """Who was asked for twice is let in by both words, in turn."""
    asked = {e["id"] for e in world["events"] if e.get("approval") == "both"}
    seconded = Counter(o["registration"] for o in possible(world, "approve") if o.get("second"))
    rows = {r["id"]: r for r in world["registrations"]}
    for r, changes in histories(world).items():
        if rows[r]["event"] in asked:
            yes = sum(c["was"] == c["became"] == "requested" and c["why"] == "approved" for c in changes)
            if yes > seconded[r]:
                yield f"{r} was approved {yes} times by a coordinator, who said so {seconded[r]} times"


def no_offer_after_the_cutoff(world):
    until = {e["id"]: e["until"] for e in world["events"]}
    rows = {r["id"]: r for r in world["registrations"]}
    for c in world["changes"]:
        if c["became"] == "offered" and c["at"] > until[rows[c["registration"]]["event"]]:
            yield f"{c['registration']} was offered a seat after the cutoff"
    for r in rows.values():
        if r["state"] in ("held", "offered") and not (r["expires"] and r["expires"] <= until[r["event"]] + 1):
            yield f"{r['id']} is {r['state']} until {r['expires']}, past the cutoff"
    for o in answered(world):
        expires = o["answer"].get("expires")
        if o["op"] == "accept" and expires and o["called"] > expires:
            yield f"{o['n']}: {o['registration']} accepted an offer that was over"


def what_is_over_stays_over(world):
    for r, changes in histories(world).items():
        was = None
        for c in changes:
            stays = c["became"] == was and was not in ENDED and c["why"] in STAYS
            if c["was"] != was or not stays and c["became"] not in NEXT.get(was, set()):
                yield f"{r} went from {was} to {c['became']} (it says from {c['was']})"
            was = c["became"]


def every_change_is_written(world):
    changes, written = histories(world), defaultdict(list)
    for a in sorted(world["audit"], key=lambda a: a["id"]):
        if a["object"] == "registration" and a["act"].split(".")[1] in NEXT.keys() | ENDED:
            written[a["object_id"]].append(a["act"].split(".")[1])
    for r in world["registrations"]:
        states = [c["became"] for c in changes[r["id"]]]
        if not states or states[-1] != r["state"]:
            yield f"{r['id']} is {r['state']}, and its history ends with {states[-1:]}"
        if states != written[r["id"]]:
            yield f"{r['id']}: history {states}, audit {written[r['id']]}"
    numbers = {c["id"]: c["sequence"] for c in world["calendars"]}
    for n in world["notices"]:
        if n["method"] and n["sequence"] > numbers.get(n["calendar"], -1):
            yield f"notice {n['id']} has SEQUENCE {n['sequence']}, its calendar {numbers.get(n['calendar'])}"


def one_live_registration_each(world):
    for event in world["events"]:
        line, live, before = Line(world, event), {}, Counter(
            c["registration"] for c in world["changes"] if c["why"] == "transferred")
        for a, r, was, became in line.steps():
            if r not in line.rows:
                continue
            before[r] -= a["details"].get("why") == "transferred"
            if before[r] > 0:
                continue  # somebody else's yet
            person = line.rows[r]["person"]
            if became in ENDED and live.get(person) == r:
                del live[person]
            elif became not in ENDED and live.setdefault(person, r) != r:
                yield f"person {person} has {live[person]} and {r} after audit {a['id']}"
    changes = histories(world)
    for s in world["scans"]:
        if s["result"] == "admitted":
            before = [c["became"] for c in changes[s["registration"]] if c["at"] <= s["at"]]
            if before[-1:] != ["confirmed"]:
                yield f"scan {s['id']} admitted {s['registration']}, which was {before[-1:]}"


def released_once(world):
    for bucket, n in Counter(a["details"]["bucket"] for a in world["audit"]
                             if a["act"] == "registration.bucket_release").items():
        if n > 1:
            yield f"bucket {bucket} was released {n} times"
    for b in world["buckets"]:
        if b["released"] and b["release"] and b["released"] < b["release"] - 1:
            yield f"bucket {b['id']} was released {b['release'] - b['released']:.0f} s too early"


def erasure_keeps_counts(world):
    for e in world["erased"]:
        if e["answer"] != 200:
            yield f"person {e['person']} was not erased: {e['answer']}"
        if e["before"] != e["after"]:
            yield f"erasing person {e['person']} changed what is counted: {e['before']}, {e['after']}"
        if e["found"]:
            yield f"person {e['person']} was erased, and is still in {e['found']}"


INVARIANTS = (
    ("never more seats than there are, at every commit", seats_at_every_commit),
    ("every yes is there", what_was_answered_is_there),
    ("every no is not", what_was_refused_is_not),
    ("one key, one effect", one_key_has_one_effect),
    ("first come, first served", first_come_first_served),
    ("a freed seat goes on", freed_seats_go_on),
    ("check-ins only grow, and the first one counts", checkins_only_grow),
    ("one mail for each change, SEQUENCE rising", one_mail_for_each_change),
    ("counters are counts", counters_are_counts),
    ("the audit's chain is whole", the_audit_chain_is_whole),
    ("no answer shows a seat that was given up", no_seat_after_the_end),
    ("no answer and no mail has what is another's", nothing_of_others),
    ("no bucket has more seats than it was given", seats_of_buckets),
    ("the line is kept, by priority and arrival", the_line_is_kept),
    ("no offer after the cutoff, or longer", no_offer_after_the_cutoff),
    ("what is over does not come back", what_is_over_stays_over),
    ("each change is in history and audit", every_change_is_written),
    ("one live registration, and its ticket dies with it", one_live_registration_each),
    ("a bucket is released once, at its time", released_once),
    ("a code lets in no more than it may", codes_let_in_no_more),
    ("who needs two words has both", two_say_yes),
    ("erasure keeps what is counted", erasure_keeps_counts),
    ("nothing of the web died but what was killed", nobody_else_died),
)


def broken(world):
    """The names of those that do not hold, with the first sentences of each."""
    return {name: why for name, check in INVARIANTS for why in [list(check(world))] if why}
