#!/usr/bin/python3
"""Plays a piece of registration on a running instance while what it runs on is
killed, then asks whether all that must hold does.

    run.py [--seconds S] [--clients N] [--minutes M] [--seed SEED]
    run.py --check FILE

With --minutes, one play after the other.  What did not hold is kept whole in
CONVENE_DIR/history-SEED.json; --check looks at it again.
"""

import argparse
import collections
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import world as there
from client import Client, journal
from faults import DIR, Faults, pid_of
from invariants import INVARIANTS, broken
from play import Coordinator, Door, Organizer, Participant, Stage, Stranger

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
PACE = 120  # questions a second of all clients together, about
count = failed = 0


def ok(what, is_so, *why):
    global count, failed
    count += 1
    failed += not is_so
    print("%s %d - %s" % ("ok" if is_so else "not ok", count, what))
    for line in [] if is_so else why:
        print("# " + str(line)[:600])
    sys.stdout.flush()


def until(what, holds, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except subprocess.CalledProcessError:
            pass  # not up yet
        time.sleep(0.1)
    ok(what, False, "not within %d s" % seconds)


# --- one play -------------------------------------------------------------------


# What is registered for: by turns and in groups under each policy, by offers and buckets, by
# two approvals, with codes (how often, without approval, with what priority).  So each has
# others' secrets to keep, too.
EVENTS = (
    {"seats": 8, "party_most": 5},
    {"seats": 10, "promotion": "offer", "codes": ((6, False, -5),), "share": 3,
     "buckets": (("country", "EG", False, 3), ("region", "SSF", False, 2), ("unit", "", True, 2))},
    {"seats": 9, "approval": "both", "promotion": "manual", "reapprove": True, "transfer": True,
     "codes": ((3, True, 0), (1, False, 0))},
    {"seats": 7, "party_most": 4, "party_policy": "wait", "transfer": True},
    {"seats": 7, "party_most": 4, "party_policy": "skip"},
)


def cast(stage, clients):
    events = [there.make_event(stage.random, **spec) for spec in EVENTS]
    for event in events:
        each = clients * event["share"] // sum(e["share"] for e in events)
        few = max(2, each // 8)
        for person in there.make_people(stage.random, event, "participant", each - 2 * few):
            stage.actors.append(Participant(stage, event, person, person["token"]))
        for person in there.make_people(stage.random, event, "stranger", few, signed_in=False):
            stage.actors.append(Stranger(stage, event, person))
        for person in there.make_people(stage.random, event, "organizer", 2):
            stage.actors.append(Organizer(stage, event, person["email"], person["token"]))
        if event["approval"] == "both" or any(by == "unit" for by, *_ in event["buckets"]):
            for person in there.make_people(stage.random, event, "coordinator", 2):
                stage.actors.append(Coordinator(stage, event, person))
        for door in there.make_doors(event, few - 2 or 1):
            stage.actors.append(Door(stage, event, door["name"], door["token"]))
    return events


def described(stage):
    """Of each client: its part and event, for who may see what."""
    return {a.client.name: {"role": type(a).__name__.lower(), "event": a.event,
                            "canary": getattr(a, "person", {}).get("canary")} for a in stage.actors}


class Clock(threading.Thread):
    """Days pass in seconds: what is offered or asked for runs out, and a
    bucket's seats are let go."""

    def __init__(self, stage, events):
        super().__init__(daemon=True)
        self.stage, self.random = stage, random.Random(stage.seed)
        self.ids = ",".join(str(e["id"]) for e in events)

    def run(self):
        let_go = self.random.uniform(8, 12)
        began = time.monotonic()
        while not self.stage.over.wait(self.random.uniform(1, 3)):
            try:
                there.sql("update data.registration set expires = clock_timestamp() where id in (select"
                          " distinct on (state) id from data.registration where event_id in (:events)"
                          " and expires > clock_timestamp() order by state, random())", events=self.ids)
                if time.monotonic() - began > let_go:
                    there.sql("update data.bucket b set release = clock_timestamp() from data.pool p where"
                              " p.id = b.pool_id and p.event_id in (:events) and b.by = 'region' and"
                              " b.release is null", events=self.ids)
                there.sql("select registration.due()")
            except subprocess.CalledProcessError:
                pass  # the database is away


def heal(events):
    """All is up, nothing is on its way.  The two minutes that a mail waits
    whose worker died are over at once."""
    ids = ",".join(str(e["id"]) for e in events)
    ready = Client("healer")
    until("Convene is ready again", lambda: ready.send("GET", "/readyz", None)[0] == 200)
    os.kill(pid_of("worker"), signal.SIGKILL)
    until("the outbox is looked at", lambda: there.sql(
        "update data.notice set lease_until = null, next_try = now()"
        " where state = 'waiting' and event_id in (:events); select 1", events=ids))
    until("the outbox is empty", lambda: there.sql(
        "select count(*) from data.notice where state = 'waiting' and event_id in (:events)", events=ids) == "0")
    until("the audit is chained", lambda: there.sql("select count(*) from data.audit where hash is null") == "0")


def erase(stage, events):
    """Some ask to be forgotten, when all is done."""
    erased, persons = [], there.rows("select id, email from data.person")
    for actor in stage.random.sample([a for a in stage.actors if isinstance(a, Participant) and a.mine], 3):
        before = there.counted(actor.event)
        answer = actor.client.send("POST", "/profile/erase", {"email": actor.person["email"], "sure": True})
        person = next(p["id"] for p in persons if p["email"] == actor.person["email"])
        erased.append({"person": person, "answer": answer[0], "before": before, "after": there.counted(actor.event),
                       "words": [actor.person["canary"], actor.person["email"]]})
    heal(events)
    there.sql("select account.retain()")  # every ten minutes
    for e in erased:
        e["found"] = there.where_is(e["words"])
    return erased


DONE = ("register", "hold", "group", "edit", "withdraw", "read", "approve", "decline", "promote", "nominate",
        "cancel", "seats", "scan")
# What an event's own rules bring about, by what was and became: a held seat lapses, an offer,
# a request; what was approved is asked for anew; the second of two says yes.
STEPS = {("held", "expired"), ("offered", "expired"), ("requested", "expired"), ("confirmed", "requested"),
         ("requested", "requested"), ("waitlisted", "confirmed"), ("waitlisted", "offered")}
PLAYS_MOST = 3
WHYS = {"accepted", "approved", "edited", "promoted", "transferred"}


class Played:
    """What was done in all plays: one in which nothing happened shows nothing."""

    def __init__(self):
        self.done, self.kinds, self.whole = collections.Counter(), collections.Counter(), True
        self.steps, self.whys = set(), set()

    def add(self, world, faults):
        done = collections.Counter((o["op"], o["result"]) for o in world["ops"])
        kinds = collections.Counter(kind for _, kind in faults.done)
        print("# %d questions: %s" % (len(world["ops"]), ", ".join("%s %s %d" % (*k, n) for k, n in sorted(done.items()))))
        print("# killed: %s" % ", ".join("%s %d" % k for k in sorted(kinds.items())))
        self.done += done
        self.kinds += kinds
        self.steps |= {(c["was"], c["became"]) for c in world["changes"]}
        self.whys |= {c["why"] for c in world["changes"]}
        self.whole &= len({r["code"] for r in world["registrations"]} - {None}) == len(world["codes"])

    def lacks(self):
        return ([op for op in DONE if not self.done[op, "ok"]] + sorted(set(Faults.KINDS) - set(self.kinds))
                + sorted(STEPS - self.steps) + sorted(WHYS - self.whys) + ([] if self.whole else ["a code unused"]))


def nothing_odd(ops):
    odd = [o for o in ops if (o["status"] in (400, 401, 403, 500) or " " in o["answer"].get("fault", ""))
           and o["answer"].get("code") != "registration.not_your_step"]  # the other coordinator was faster
    ok("nobody was refused for no reason, and nothing broke", not odd, *odd[:5])


def play(seed, seconds, clients, played):
    began = time.time()
    journal.clear()
    print("# seed %s, %d clients, %d s" % (seed, clients, seconds))
    with open(os.path.join(DIR, "secret.key"), "rb") as f:
        stage = Stage(seed, clients / PACE, f.read())
    events = cast(stage, clients)
    Clock(stage, events).start()
    faults = Faults(stage.random, (seconds / 14, seconds / 7) if seconds < 60 else (2, 8))
    faults.start()
    stage.play(seconds)
    faults.over.set()
    faults.join()
    heal(events)
    world = there.read(events, described(stage), list(journal), began, deaths=faults.deaths())
    world["erased"] = erase(stage, events)
    played.add(world, faults)
    nothing_odd(world["ops"])
    judge(world, os.path.join(DIR, "history-%s.json.gz" % seed))


def judge(world, keep=None):
    wrong = broken(world)
    for name, _ in INVARIANTS:
        ok(name, name not in wrong, *wrong.get(name, [])[:8])
    if wrong and keep:
        with gzip.open(keep, "wt") as f:
            json.dump(world, f)
        print("# kept in %s" % keep)


def verify():
    made = subprocess.run([os.path.join(TOP, "build/convene"), "verify"], capture_output=True, text=True, check=False)
    ok("convene verify finds nothing broken", made.returncode == 0, *[line for line in made.stdout.split("\n") if not line.endswith(" ok")])


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--seconds", type=float, default=18)
    ask.add_argument("--clients", type=int, default=60)
    ask.add_argument("--minutes", type=float, default=0)
    ask.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    ask.add_argument("--check")
    args = ask.parse_args()
    if args.check:
        with gzip.open(args.check, "rt") as f:
            judge(json.load(f))
    else:
        end = time.monotonic() + 60 * args.minutes
        there.sql("insert into data.setting (name, value) select 'throttle.' || b, '1e9 1e9'"
                  " from unnest('{registration,group}'::text[]) b on conflict (name) do update set value = excluded.value")
        played, plays = Played(), 0
        # A short play may lack by chance what seldom happens: it is played again.
        while plays == 0 or time.monotonic() < end or (played.lacks() and plays < PLAYS_MOST):
            play(args.seed + plays, args.seconds, args.clients, played)
            plays += 1
        ok("what is to happen was done, and all was killed", not played.lacks(), played.lacks(), played.done)
        there.sql("delete from data.setting where name like 'throttle.%'")
        verify()
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


main()
