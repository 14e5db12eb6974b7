#!/usr/bin/python3
"""The checker checked: an honest history holds, and each lie is found by the
invariant that it breaks."""

import copy
import sys

from invariants import INVARIANTS, broken

EVENT, CUTOFF = 7, 5000.0
LINK, OTHERS = "canary-11110000", "canary-22220000"


class House:
    """Honest, and small: two common seats, a bucket of one, one line each."""

    def __init__(self):
        self.clock, self.ids = 1000.0, iter(range(1, 10**6))
        self.world = {n: [] for n in ("ops", "people", "registrations", "changes", "audit", "pools", "buckets",
                                      "scans", "attendance", "calendars", "answers", "notices", "mails", "erased",
                                      "codes", "deaths")}
        self.world.update(chain={"broken": None, "loose": 0}, clients={}, events=[
            {"id": EVENT, "seats": None, "until": CUTOFF, "link": LINK},
            {"id": 8, "seats": 1, "until": CUTOFF, "link": OTHERS}])
        self.world["calendars"].append({"id": 70, "uid": "event@convene", "sequence": 0})
        self.world["buckets"].append({"id": 5, "event": EVENT, "nominated": False, "seats": 1, "held": 0, "offered": 0,
                                      "confirmed": 0, "kept": 0, "waitlisted": 0, "release": 2000.0, "released": None})
        self.world["deaths"].append({"pid": 4000, "status": 9, "killed": True})
        self.note("registration.set_seats", "event", EVENT, seats=3)
        self.note("registration.bucket_put", "event", EVENT, bucket=5, seats=1)
        self.world["ops"].append(self.op("boss", "seats", seats=3, answer={}))
        self.world["ops"][0]["called"] = 900.0
        self.world["clients"]["boss"] = {"role": "organizer", "event": EVENT, "person": None, "canary": None}

    def tick(self):
        self.clock += 1.0
        return self.clock

    def note(self, act, object, object_id, **details):
        self.world["audit"].append({"id": next(self.ids), "at": self.tick(), "act": act, "object": object,
                                    "object_id": object_id, "details": details, "event": EVENT})

    def op(self, client, op, **about):
        return {"n": next(self.ids), "client": client, "op": op, "key": None, "event": EVENT, "registration": None,
                "called": self.tick(), "returned": self.clock + 0.5, "status": 200, "result": "ok", "seen": [], **about}

    def mail(self, r, kind, method=None):
        calendar = self.world["calendars"][0]
        told = [n for n in self.world["notices"] if n["invite"] == r["person"]]
        if method and told and (method, calendar["sequence"]) != (told[-1]["method"], told[-1]["sequence"]):
            calendar["sequence"] = max(calendar["sequence"], told[-1]["sequence"] + 1)
        n = {"id": next(self.ids), "kind": kind, "email": "p%d" % r["person"], "registration": r["id"],
             "invite": r["person"] if method else None, "calendar": 70 if method else None, "method": method,
             "sequence": calendar["sequence"] if method else None, "state": "sent", "attempts": 1,
             "at": self.clock}
        self.world["notices"].append(n)
        self.world["mails"].append({
            "id": "<%d@x>" % n["id"], "notice": n["id"], "to": n["email"], "method": method,
            "uid": calendar["uid"] if method else None, "sequence": n["sequence"],
            "seen": [self.canary(r["person"])] + ([LINK] if method == "REQUEST" else [])})

    @staticmethod
    def canary(person):
        return "canary-%08x" % person

    def move(self, r, became, why, bucket=None):
        was = r["state"]
        r.update(state=became, bucket=bucket, kept=became == "requested" and was == "confirmed",
                 expires=4000.0 if became in ("offered", "held") else None)
        self.note("registration." + became, "registration", r["id"], why=why, bucket=bucket)
        self.world["changes"].append({"id": next(self.ids), "registration": r["id"], "at": self.clock,
                                      "was": was, "became": became, "why": why})
        if became == "held":
            return
        method = {"confirmed": None if why == "approved" and was == "requested" and r["person"] in self.invited()
                  else "REQUEST", "withdrawn": "CANCEL" if was == "confirmed" else None}.get(became)
        self.mail(r, "registration." + became, method)

    def invited(self):
        return {n["invite"] for n in self.world["notices"]}

    def known(self, person):
        if not any(p["id"] == person for p in self.world["people"]):
            self.world["people"].append({"id": person, "email": "p%d" % person, "event": EVENT,
                                         "canary": self.canary(person), "coordinated": person == 1})
            self.world["clients"]["p%d" % person] = {"role": "participant", "event": EVENT, "person": person,
                                                     "canary": self.canary(person)}

    def take(self, person, became, bucket=None):
        self.known(person)
        n = len(self.world["registrations"])
        r = {"id": 100 + n, "event": EVENT, "person": person, "state": None, "priority": 0, "arrival": n + 1,
             "key": "key-%d" % n, "bucket": None, "kept": False, "expires": None, "code": None,
             "party": None}
        self.world["registrations"].append(r)
        op = self.op("p%d" % person, "register", key=r["key"])
        self.move(r, became, "taken", bucket)
        op.update(returned=self.clock + 0.2, answer={"registration": r["id"], "state": became},
                  seen=[self.canary(person)] + ([LINK] if became == "confirmed" else []))
        self.world["ops"].append(op)
        return r

    def read(self, r):
        self.world["ops"].append(self.op("p%d" % r["person"], "read", registration=r["id"],
                                         answer={"registration": r["id"], "state": r["state"]}))

    def leave(self, r, *promoted):
        op = self.op("p%d" % r["person"], "withdraw", registration=r["id"])
        self.move(r, "withdrawn", "registration.withdrawn")
        for other, became, bucket in promoted:
            self.move(other, became, "promoted", bucket)
        op.update(returned=self.clock + 0.2, answer={"registration": r["id"], "state": "withdrawn"})
        self.world["ops"].append(op)

    def decide(self, client, r, became, **about):
        op = self.op(client, "approve", registration=r["id"], **about)
        self.move(r, became, "approved")
        op.update(returned=self.clock + 0.2, answer={"registration": r["id"], "state": became})
        self.world["ops"].append(op)

    def transfer(self, r, person, key):
        op = self.op("p%d" % r["person"], "transfer", registration=r["id"], key=key)
        self.mail(r, "registration.transferred_from", "CANCEL")
        self.known(person)
        r.update(person=person, key=key)
        self.note("registration.confirmed", "registration", r["id"], why="transferred", bucket=r["bucket"])
        self.world["changes"].append({"id": next(self.ids), "registration": r["id"], "at": self.clock,
                                      "was": "confirmed", "became": "confirmed", "why": "transferred"})
        self.mail(r, "registration.transferred_to", "REQUEST")
        op.update(returned=self.clock + 0.2, answer={"registration": r["id"], "state": "confirmed"})
        self.world["ops"].append(op)

    def scan(self, r, result, first=None):
        op = self.op("door", "scan", key="scan-%d" % next(self.ids))
        s = {"id": next(self.ids), "uuid": op["key"], "session": None, "registration": r["id"], "device": 3,
             "result": result, "first": first, "at": self.tick()}
        self.world["scans"].append(s)
        if result == "admitted":
            self.world["attendance"].append({"registration": r["id"], "session": None, "scan": s["id"]})
        op.update(returned=self.clock + 0.2, answer={"registration": r["id"], "scan": s["id"], "result": result})
        self.world["ops"].append(op)
        return s

    def party(self, number, *people):
        """They come together, find no seat for all of them, and wait."""
        came = [self.take(person, "waitlisted") for person in people]
        for r in came:
            r["party"] = number
        self.world["ops"].append(self.op("p%d" % people[0], "group", key="group-%d" % number,
                                         people=["p%d" % p for p in people], answer={"party": number}))
        return came

    def close(self):
        for p, rows in ((EVENT, self.world["registrations"]), (8, [])):
            count = {s: sum(r["state"] == s for r in rows) for s in ("held", "offered", "confirmed", "waitlisted")}
            count["kept"] = sum(r["kept"] for r in rows)
            inside = sum(r["bucket"] == 5 and r["state"] in ("held", "offered", "confirmed") for r in rows)
            self.world["pools"].append({"event": p, "seats": 3, **count, "inside": inside,
                                        "reserved": 1 if p == EVENT else 0})
        for s in ("held", "offered", "confirmed", "waitlisted"):
            self.world["buckets"][0][s] = sum(r["bucket"] == 5 and r["state"] == s for r in self.world["registrations"])
        return self.world


def honest():
    h = House()
    h.world["clients"]["door"] = {"role": "door", "event": EVENT, "person": None, "canary": None}
    a, b, c = h.take(1, "confirmed", 5), h.take(2, "confirmed"), h.take(3, "confirmed")
    d, e, f = h.take(4, "waitlisted"), h.take(5, "waitlisted", 5), h.take(6, "waitlisted")
    h.read(d)
    h.leave(b, (d, "offered", None))
    h.leave(a, (e, "confirmed", 5))
    h.read(a)
    h.take(2, "waitlisted")
    first = h.scan(c, "admitted")
    h.scan(c, "already", first["id"])
    h.scan(b, "cancelled")
    accept = h.op("p4", "accept", registration=d["id"])
    h.move(d, "confirmed", "accepted")
    accept.update(returned=h.clock + 0.2, answer={"registration": d["id"], "state": "confirmed", "expires": 4000.0})
    h.world["ops"].append(accept)
    for text in ("before", "now"):
        h.world["ops"].append(h.op("p3", "edit", registration=c["id"], text=text,
                                   answer={"registration": c["id"], "state": "confirmed"}))
    h.world["answers"].append({"registration": c["id"], "text": "now"})
    member = h.take(7, "waitlisted")
    member["party"] = 40
    h.world["ops"].append(h.op("p3", "group", key="group", people=["p7"], answer={"party": 40}))
    h.world["ops"].append(h.op("p9", "register", key="never", status=503, result="unknown", answer={}))
    h.world["ops"].append(h.op("p9", "withdraw", registration=c["id"], status=409, result="fail", answer={}))
    h.world["clients"]["p9"] = {"role": "participant", "event": EVENT, "person": 9, "canary": h.canary(9)}
    d["code"] = 9
    h.world["codes"].append({"id": 9, "event": EVENT, "most": 1, "used": 1})
    return h.close()


def together(policy):
    """Two come together when it is full, and one after them; two seats are freed."""
    h = House()
    h.world["events"][0]["party_policy"] = policy
    h.take(1, "confirmed", 5)
    b, c = h.take(2, "confirmed"), h.take(3, "confirmed")
    d, e = h.party(40, 4, 5)
    f = h.take(6, "waitlisted")
    h.leave(b, *([(f, "confirmed", None)] if policy == "skip" else []))
    h.take(7, "waitlisted")
    if policy == "skip":
        h.leave(f, (h.world["registrations"][-1], "confirmed", None))
    else:
        h.leave(c, (d, "confirmed", None), (e, "confirmed", None))
    return h.close()


def waiting():
    """All wait for the party."""
    return together("wait")


def passing():
    """A party that does not fit is let past."""
    return together("skip")


def asked():
    """Two words for a seat that was held before, kept while it is asked for anew, and handed on."""
    h = House()
    h.world["events"][0]["approval"] = "both"
    h.world["clients"]["chief"] = {"role": "coordinator", "event": EVENT, "person": None, "canary": None}
    h.take(1, "confirmed", 5)
    held = h.take(2, "held")
    h.move(held, "expired", "registration.expired")
    b, c = h.take(3, "requested"), h.take(4, "confirmed")
    h.decide("chief", b, "requested", second=True)
    h.decide("boss", b, "confirmed")
    h.move(b, "requested", "edited")
    h.take(5, "waitlisted")
    h.decide("chief", b, "requested", second=True)
    b["kept"] = True
    h.transfer(c, 6, "handed-on")
    return h.close()


# --- lies --------------------------------------------------------------------------


def of(rows, **wanted):
    return next(r for r in rows if all(r[n] == v for n, v in wanted.items()))


def op(world, name, **wanted):
    return of([o for o in world["ops"] if o["op"] == name], **wanted)


def fewer_seats(w):
    of(w["audit"], act="registration.set_seats")["details"]["seats"] = 2


def bucket_of_nothing(w):
    of(w["audit"], act="registration.bucket_put")["details"]["seats"] = 0


def a_yes_that_is_lost(w):
    op(w, "register", client="p6")["answer"]["registration"] = 999


def a_state_that_never_was(w):
    op(w, "withdraw", client="p1")["answer"]["state"] = "cancelled"


def a_group_that_is_torn(w):
    op(w, "group")["people"].append("p6")


def an_answer_that_is_lost(w):
    of(w["answers"], registration=102)["text"] = "before"


def a_scan_that_was_otherwise(w):
    w["scans"][0]["result"] = "cancelled"


def a_no_that_was_done(w):
    op(w, "register", client="p6")["result"] = "fail"


def an_end_that_nobody_wanted(w):
    op(w, "withdraw", client="p1")["result"] = "fail"


def a_key_taken_twice(w):
    w["registrations"][5]["key"] = w["registrations"][4]["key"]


def a_key_answered_twice(w):
    again = copy.deepcopy(op(w, "register", client="p6"))
    again["answer"] = {"registration": 101}
    again.update(called=4000.0, returned=4001.0, n=99)
    w["ops"].append(again)


def passed_in_the_line(w):
    """p6 is seated at once, while p4 and p5 wait."""
    r = of(w["registrations"], person=6)
    of(w["audit"], object_id=r["id"])["act"] = "registration.confirmed"


def an_earlier_place(w):
    r, s = of(w["registrations"], person=5), of(w["registrations"], person=6)
    r["arrival"], s["arrival"] = s["arrival"], r["arrival"]


def a_seat_left_free(w):
    w["audit"] = [a for a in w["audit"] if a["act"] != "registration.offered"]


def promoted_out_of_turn(w):
    """p6 is offered the common seat that is p4's."""
    four, six = of(w["registrations"], person=4), of(w["registrations"], person=6)
    of(w["audit"], act="registration.offered")["object_id"] = six["id"]
    of([a for a in w["audit"] if a["object_id"] == four["id"]], act="registration.confirmed")["object_id"] = six["id"]


def admitted_twice(w):
    w["scans"][1].update(result="admitted", first=None)


def duplicate_of_another(w):
    w["scans"][1]["first"] = 1


def a_scan_that_is_gone(w):
    del w["scans"][2]


def a_change_untold(w):
    w["notices"].remove(of(w["notices"], kind="registration.withdrawn"))


def a_second_name_for_a_mail(w):
    w["mails"].append({**w["mails"][0], "id": "<77777@x>", "notice": 77777})


def the_same_mail_otherwise(w):
    w["mails"].append({**w["mails"][0], "uid": "another@convene"})


def a_mail_that_is_lost(w):
    del w["mails"][0]


def a_number_that_stands(w):
    n = of(w["notices"], method="CANCEL")
    n["sequence"] = 0
    of(w["mails"], notice=n["id"])["sequence"] = 0


def a_counter_off_by_one(w):
    w["pools"][0]["confirmed"] += 1


def a_bucket_off_by_one(w):
    w["buckets"][0]["confirmed"] += 1


def a_chain_that_breaks(w):
    w["chain"]["broken"] = 12


def a_row_unchained(w):
    w["chain"]["loose"] = 1


def shown_after_the_end(w):
    of([o for o in w["ops"] if o["client"] == "p1"], op="read")["answer"]["state"] = "confirmed"


def shown_to_another(w):
    op(w, "read", client="p4")["seen"] = ["canary-00000001"]


def the_link_to_who_waits(w):
    op(w, "register", client="p6")["seen"].append(LINK)


def mailed_to_another(w):
    w["mails"][0]["seen"].append(OTHERS)


def reserved_for_nobody(w):
    w["pools"][0]["reserved"] = 2


def an_offer_too_late(w):
    w["events"][0]["until"] = 1001.0


def accepted_too_late(w):
    op(w, "accept")["answer"]["expires"] = 1000.0


def come_back(w):
    r = of(w["registrations"], person=1)
    end = of(w["changes"], registration=r["id"], became="withdrawn")
    w["changes"].append({**end, "id": 10**7, "was": "withdrawn", "became": "confirmed"})


def history_with_a_hole(w):
    w["changes"].remove(of(w["changes"], became="offered"))


def audit_with_a_hole(w):
    w["audit"].remove(of(w["audit"], act="registration.withdrawn"))


def a_calendar_behind(w):
    w["calendars"][0]["sequence"] = 0


def two_at_once(w):
    of(w["registrations"], person=6)["person"] = 4


def admitted_without_a_seat(w):
    s = w["scans"][2]
    s["result"] = "admitted"
    w["attendance"].append({"registration": s["registration"], "session": None, "scan": s["id"]})


def released_twice(w):
    for n in (1, 2):
        w["audit"].append({"id": 10**6 + n, "at": 3000.0, "act": "registration.bucket_release", "object": "event",
                           "object_id": EVENT, "details": {"bucket": 5}, "event": EVENT})


def released_too_early(w):
    w["buckets"][0]["released"] = 1500.0


def erased_and_uncounted(w):
    w["erased"].append({"person": 1, "answer": 200, "before": {"EG": 2}, "after": {"EG": 1}, "found": []})


def erased_and_found(w):
    w["erased"].append({"person": 1, "answer": 200, "before": {}, "after": {}, "found": ["mail"]})


def a_party_let_past(w):
    w["events"][0]["party_policy"] = "wait"


def a_party_kept_together_for_nothing(w):
    w["events"][0]["party_policy"] = "split"


def waiting_for_a_party_in_vain(w):
    w["events"][0]["party_policy"] = "skip"


def a_code_for_one_more(w):
    w["codes"][0]["most"] = 0


def a_code_for_two_at_once(w):
    of(w["registrations"], person=3)["code"] = 9


def a_code_counted_twice(w):
    w["codes"][0]["used"] = 2


def a_word_that_was_not_said(w):
    op(w, "approve", client="chief")["result"] = "fail"


def a_kept_seat_given_away(w):
    of([a for a in w["audit"] if a["act"] == "registration.waitlisted"])["act"] = "registration.confirmed"


def a_lapsed_seat_left_free(w):
    """p4 waits beside the seat that nobody holds any more."""
    r = of(w["registrations"], key="handed-on")
    of([a for a in w["audit"] if a["act"] == "registration.confirmed"], object_id=r["id"])["act"] = "registration.waitlisted"


def handed_on_by_nobody(w):
    op(w, "transfer")["result"] = "fail"


def shown_to_a_coordinator(w):
    op(w, "approve", client="chief")["seen"] = [House.canary(3)]


def a_process_that_broke(w):
    w["deaths"].append({"pid": 4001, "status": 11, "killed": False})


def a_process_killed_by_another(w):
    w["deaths"][0]["killed"] = False


LIES = {
    "never more seats than there are, at every commit": (fewer_seats,),
    "every yes is there": (a_yes_that_is_lost, a_state_that_never_was, an_answer_that_is_lost, a_group_that_is_torn,
                           a_scan_that_was_otherwise),
    "every no is not": (a_no_that_was_done, an_end_that_nobody_wanted, handed_on_by_nobody),
    "one key, one effect": (a_key_taken_twice, a_key_answered_twice),
    "first come, first served": (passed_in_the_line, an_earlier_place),
    "a freed seat goes on": (a_seat_left_free, a_lapsed_seat_left_free, waiting_for_a_party_in_vain),
    "check-ins only grow, and the first one counts": (admitted_twice, duplicate_of_another, a_scan_that_is_gone),
    "one mail for each change, SEQUENCE rising": (
        a_change_untold, a_second_name_for_a_mail, the_same_mail_otherwise, a_mail_that_is_lost, a_number_that_stands),
    "counters are counts": (a_counter_off_by_one, a_bucket_off_by_one),
    "the audit's chain is whole": (a_chain_that_breaks, a_row_unchained),
    "no answer shows a seat that was given up": (shown_after_the_end,),
    "no answer and no mail has what is another's": (shown_to_another, the_link_to_who_waits, mailed_to_another,
                                                     shown_to_a_coordinator),
    "no bucket has more seats than it was given": (bucket_of_nothing, reserved_for_nobody, a_kept_seat_given_away),
    "the line is kept, by priority and arrival": (promoted_out_of_turn, a_party_let_past,
                                                  a_party_kept_together_for_nothing),
    "no offer after the cutoff, or longer": (an_offer_too_late, accepted_too_late),
    "what is over does not come back": (come_back, history_with_a_hole),
    "each change is in history and audit": (audit_with_a_hole, a_calendar_behind),
    "one live registration, and its ticket dies with it": (two_at_once, admitted_without_a_seat),
    "a bucket is released once, at its time": (released_twice, released_too_early),
    "a code lets in no more than it may": (a_code_for_one_more, a_code_for_two_at_once, a_code_counted_twice),
    "who needs two words has both": (a_word_that_was_not_said,),
    "erasure keeps what is counted": (erased_and_uncounted, erased_and_found),
    "nothing of the web died but what was killed": (a_process_that_broke, a_process_killed_by_another),
}
# Of which history a lie is told, when not of the first.
OF = {a_party_let_past: passing, a_party_kept_together_for_nothing: passing, waiting_for_a_party_in_vain: waiting,
      a_word_that_was_not_said: asked, a_kept_seat_given_away: asked, a_lapsed_seat_left_free: asked,
      handed_on_by_nobody: asked, shown_to_a_coordinator: asked}


def main():
    count = failed = 0
    cases = [(history, None, None) for history in (honest, waiting, passing, asked)]
    cases += [(OF.get(lie, honest), name, lie) for name, _ in INVARIANTS for lie in LIES[name]]
    for history, name, lie in cases:
        world = history()
        if lie:
            lie(world)
        wrong = broken(world)
        so = name in wrong if lie else not wrong
        count, failed = count + 1, failed + (not so)
        words = "%s: found by “%s”" % (lie.__name__.replace("_", " "), name) if lie else "an honest history (%s) holds" % history.__name__
        print("%s %d - %s" % ("ok" if so else "not ok", count, words))
        if not so:
            print("# %s" % wrong)
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


main()
