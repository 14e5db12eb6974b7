#!/usr/bin/python3
"""Registers, moves, picks, leaves and cancels on a running instance, and reads
every mail that comes of it.  See journey_test.sh.
"""

import datetime
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import uuid

import icalendar

from house import BASE, Mails, Visitor, convene, end, ok, parts, same, sql

MARK = "j%x" % time.time_ns()
TITLE = "Rivers & ورشة 基础 <%s>" % MARK
SOON = datetime.date.today() + datetime.timedelta(days=40)


def who(name):
    return "%s@%s.example" % (name, MARK)


def key():
    return str(uuid.uuid4())


def at(hour, days=0):
    return "%sT%s" % (SOON + datetime.timedelta(days=days), hour)


def calendar(message, method):
    """The one VEVENT of a mail, checked against its MIME part."""
    part = parts(message).get("text/calendar")
    if part is None:
        return None
    raw = part.get_payload(decode=True)
    read = icalendar.Calendar.from_ical(raw)
    events = read.walk("VEVENT")
    good = (part.get_param("method") == method and read["METHOD"] == method
            and len(events) == 1 and not events[0].errors)
    return events[0] if good else None


def manage_path(message):
    found = re.search(re.escape(BASE) + r"(/r/[A-Za-z0-9_-]{43})", parts(message)["text/plain"].get_content())
    return found.group(1) if found else "/r/none"


def ticket_of(png):
    """The 80 bytes of a ticket's picture, as zbar sees them."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    with tempfile.NamedTemporaryFile(suffix=".png") as f:
        f.write(png)
        f.flush()
        seen = subprocess.run(["zbarimg", "-q", "--raw", f.name], capture_output=True, check=False).stdout
    text = seen.decode().rstrip("\n")
    out = b""
    for i in range(0, len(text), 3):
        value = sum(digits.index(c) * 45 ** n for n, c in enumerate(text[i:i + 3]))
        out += value.to_bytes(2 if len(text[i:i + 3]) == 3 else 1, "big")
    return out


def register(visitor, event, name, k=None, **more):
    fields = {"email": who(name), "name": "%s %s" % (name.title(), MARK), "key": k or key()}
    fields.update(more)
    return visitor.post("/events/%d/register" % event, **fields)


def listed(event, **query):
    said = organizer.json("/events/%d/registrations?%s" % (
        event, "&".join("%s=%s" % q for q in query.items()))).value
    return {r["email"].split("@")[0]: r for r in said.get("registrations", [])}


# --- a program with an event of two seats, by its organizer ---
convene("grant", who("boss"), "Boss", "admin")
organizer, nobody = Visitor(who("boss")), Visitor()
program = organizer.json("/programs", {"title": "Journey %s" % MARK, "reach": "global", "language": "en"}).value["program"]
organizer.json("/programs/%d/publish" % program, {})
EVENT = {"title": TITLE, "summary": "Bring boots.", "language": "en", "zone": "Asia/Kathmandu",
         "starts": at("09:00"), "ends": at("17:00"), "mode": "hybrid", "venue": "Hall 3", "city": "Kathmandu",
         "country": "NP", "online_url": "https://meet.example.org/%s" % MARK, "access": "public", "seats": 2}


def make(**change):
    made = organizer.json("/programs/%d/events" % program, {**EVENT, **change})
    event = made.value.get("event", 0)
    ok("an event is made and published", event and organizer.json("/events/%d/publish" % event, {}).status == 200, made.text)
    return event


event = make()
made = organizer.json("/events/%d/sessions" % event, {"title": "Floods", "starts": at("10:00"), "ends": at("11:00")})
session = made.value.get("session", 0)
ok("it has a session", session > 0, made.text)

# --- without an account ---
page = nobody.get("/events/%d/register" % event)
same("the form is there for everybody", page.status, 200)
form_key = re.search(r'name="key" value="([0-9a-f-]{36})"', page.text)
ok("with a key of its own", form_key, page.text)
ok("it says how many seats are free", "2 seats free" in page.text)
answer = register(nobody, event, "amina", form_key.group(1), via="face_to_face", country="EG", organisation="=1+1")
same("registering goes on to a page", (answer.status, answer.goes.split("?")[0]), (303, "/events/%d/registered" % event))
page = nobody.get(answer.goes)
ok("that page shows the address as it was typed", page.status == 200 and who("amina") in page.text)
ok("and nothing of what became of it", "seat is kept" not in page.text and "waiting list" not in page.text)
ok("other browsers are shown no address", who("amina") not in Visitor().get(answer.goes).text)

mail = Mails.wait(who("amina"), 1)
ok("the mail comes", mail is not None)
found = parts(mail)
text, html = found["text/plain"].get_content(), found["text/html"].get_content()
ok("its subject names the event", TITLE in str(mail["Subject"]), mail["Subject"])
ok("the plain text alone says when, where and how to leave",
   TITLE in text and "09:00" in text and "UTC+05:45" in text and "Hall 3" in text and "/r/" in text, text)
ok("the HTML is escaped", "&lt;%s&gt;" % MARK in html and "<%s>" % MARK not in html)
first = calendar(mail, "REQUEST")
ok("it has one calendar REQUEST", first is not None)
UID = str(first["UID"])
same("for its one reader alone", str(first["ATTENDEE"]).lower(), "mailto:" + who("amina"))
same("who is asked for an answer", (first["ATTENDEE"].params["PARTSTAT"], first["ATTENDEE"].params["RSVP"]), ("NEEDS-ACTION", "TRUE"))
ok("From is the organizer in the calendar", str(first["ORGANIZER"])[7:] in str(mail["From"]))
same("it starts at 09:00 of Kathmandu", first["DTSTART"].dt.strftime("%Y%m%dT%H%M%S%z"), SOON.strftime("%Y%m%d") + "T031500+0000")
pictures = [p for p in mail.walk() if p.get_content_type() == "image/png"]
same("the ticket is in it twice: to be seen, and to be kept",
     sorted(p.get_content_disposition() for p in pictures), ["attachment", "inline"])
ok("the HTML shows the one that is inline", any("cid:" + str(p["Content-ID"]).strip("<>") in html for p in pictures if p["Content-ID"]))
same("both are the same", len({p.get_payload(decode=True) for p in pictures}), 1)
amina = listed(event).get("amina", {})
if shutil.which("zbarimg"):
    ticket = ticket_of(pictures[0].get_payload(decode=True))
    same("the picture says event, registration and serial", (len(ticket), *struct.unpack(">BBIQH", ticket[:16])[2:]), (80, event, amina.get("id"), 0))

# --- the same again ---
answer = register(nobody, event, "amina", form_key.group(1))
same("the same form sent twice is answered the same", (answer.status, answer.goes.split("?")[0]), (303, "/events/%d/registered" % event))
answer = register(nobody, event, "amina")
same("the same person with another form, too", (answer.status, answer.goes.split("?")[0]), (303, "/events/%d/registered" % event))
same("and there is one registration", len(listed(event)), 1)
answer = register(nobody, event, "thief", form_key.group(1))
same("another person with that key is refused", answer.status, 409)
ok("in words", "already sent for someone else" in answer.text)
answer = nobody.json("/events/%d/register" % event, {"email": who("ben"), "name": "Ben", "key": key()})
same("a program without an account learns as little", (answer.status, answer.value), (202, {"mailed": True}))
for field, change in (("email", {"email": "nowhere"}), ("name", {"name": ""}), ("key", {"key": "7"}), ("via", {"via": "boat"})):
    answer = nobody.json("/events/%d/register" % event, {"email": who("x"), "name": "X", "key": key(), **change})
    same("refused at its field: " + field, (answer.status, [e["field"] for e in answer.value.get("errors", [])]), (422, [field]))
answer = register(nobody, event, "x", email="nowhere")
ok("a person's form keeps what was typed", answer.status == 422 and 'value="nowhere"' in answer.text and "X %s" % MARK in answer.text)

# --- a full event ---
ok("an open page says that it is full", "All seats are taken" in nobody.get("/events/%d/register" % event).text)
register(nobody, event, "chen")
mail = Mails.wait(who("chen"), 1)
ok("who comes later is on the waiting list, and told so", mail and "waiting list" in str(mail["Subject"]) and "number 1" in parts(mail)["text/plain"].get_content())
ok("without a calendar and without a ticket", mail and not {"text/calendar", "image/png"} & set(parts(mail)))
register(nobody, event, "dora")
same("in order", [listed(event)[n]["place"] for n in ("chen", "dora")], [1, 2])
chen = Visitor(who("chen"))
answer = chen.json("/events/%d/register" % event, {"key": key()})
same("who is signed in gets the answer at once", (answer.status, answer.value.get("state"), answer.value.get("place")), (200, "waitlisted", 1))
answer = chen.post("/events/%d/register" % event, key=key())
registration = answer.value or re.search(r"/registrations/(\d+)", answer.goes)
chen_page = answer.goes.split("?")[0]
ok("and as a person goes on to their registration", answer.status == 303 and chen_page.startswith("/registrations/"), answer.goes)
page = chen.get(answer.goes)
ok("which says the place", page.status == 200 and "1 of 2 in your line" in page.text, page.text)
ok("the form says so too", "at place 1" in chen.get("/events/%d/register" % event).text)

# --- the link in the mail ---
path = manage_path(Mails.wait(who("amina"), 1))
page = nobody.get(path)
ok("the mail's link shows the seat and the ticket, without signing in", page.status == 200 and "You have a seat" in page.text and "<svg" in page.text)
same("it is kept by nobody", (page.headers["Cache-Control"], page.headers["Referrer-Policy"]), ("no-store", "no-referrer"))
same("the ticket has a page of its own", nobody.get(path + "/ticket").status, 200)
entry = icalendar.Calendar.from_ical(nobody.get(path + "/invite.ics").body).walk("VEVENT")[0]
same("the entry to download is the mail's", (str(entry["UID"]), entry["SEQUENCE"], entry["DTSTART"].dt), (UID, first["SEQUENCE"], first["DTSTART"].dt))
waiting = manage_path(Mails.wait(who("chen"), 1))
same("who waits has no ticket", nobody.get(waiting + "/ticket").status, 409)
same("nor an entry", nobody.get(waiting + "/invite.ics").status, 404)
for unknown in ("/r/" + "x" * 43, "/r/1", path[:-1] + ("A" if path[-1] != "A" else "B"), path + "/ticket/x", "/feed/%s.ics" % ("y" * 43)):
    same("an unknown token is not found: %s…" % unknown[:8], nobody.get(unknown).status, 404)
same("nor does it cancel", nobody.post("/r/%s/withdraw" % ("x" * 43)).status, 404)

# --- one's own pages, and nobody else's ---
mine = chen.json("/my").value
same("my page lists what is mine", [(r["event_id"], r["state"]) for r in mine["registrations"]], [(event, "waitlisted")])
same("it asks others to sign in", nobody.get("/my").goes, "/signin?next=%2Fmy")
for way in ("", "/ticket", "/withdraw"):
    same("another's registration is not found: %s" % way, chen.get("/registrations/%d%s" % (amina["id"], way)).status, 404)
same("nor given up", chen.post("/registrations/%d/withdraw" % amina["id"]).status, 404)
same("nor cancelled", chen.post("/registrations/%d/cancel" % amina["id"]).status, 403)
same("nobody sees the list", nobody.get("/events/%d/registrations" % event).status, 303)
same("a participant does not", chen.get("/events/%d/registrations" % event).status, 403)
same("nor the file", chen.get("/events/%d/registrations.csv" % event).status, 403)
same("nor sets seats", chen.post("/events/%d/seats" % event, seats=50).status, 403)
same("nor sees the mails", chen.get("/events/%d/failures" % event).status, 403)
same("who waits cannot pick a session", chen.post("/sessions/%d/pick" % session).status, 409)
answer = nobody.ask("POST", path + "/withdraw", b"", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
same("another site cannot cancel with the link", answer.status, 403)

# --- leaving: the seat goes to the next in line ---
page = nobody.get(path + "/withdraw")
ok("giving up is asked about first", page.status == 200 and "Cancel your registration?" in page.text and len(Mails.to(who("amina"))) == 1)
answer = nobody.post(path + "/withdraw")
same("and then done", (answer.status, answer.goes.split("?")[0]), (303, path))
ok("the page says so", "You left this event" in nobody.get(answer.goes).text)
mail = Mails.wait(who("amina"), 2)
gone = calendar(mail, "CANCEL")
ok("the calendar gets a CANCEL of the same entry, above it", gone and str(gone["UID"]) == UID and gone["SEQUENCE"] > first["SEQUENCE"] and str(gone["STATUS"]) == "CANCELLED")
ok("without a ticket", mail and "image/png" not in parts(mail))
mail = Mails.wait(who("chen"), 2)
asked = calendar(mail, "REQUEST")
ok("the next in line has the seat, and is invited", asked and str(asked["UID"]) == UID and "seat is yours" in str(mail["Subject"]))
same("giving up twice changes nothing", nobody.post(path + "/withdraw").status, 303)
same("the page without a place has no ticket", nobody.get(path + "/ticket").status, 409)
same("the queue moved up", (listed(event)["chen"]["state"], listed(event)["dora"]["place"]), ("confirmed", 1))
register(nobody, event, "amina")
mail = Mails.wait(who("amina"), 3)
ok("who comes again is last", listed(event, state="waitlisted")["amina"]["place"] == 2 and mail is not None)

# --- an agenda, a feed ---
answer = chen.post("/sessions/%d/pick" % session)
same("a session is picked", answer.goes.split("?")[0], "/sessions/%d" % session)
mail = Mails.wait(who("chen"), 3)
picked = calendar(mail, "REQUEST")
ok("with an invitation of its own", picked and str(picked["UID"]) != UID and str(picked["SUMMARY"]) == "Floods")
chen.post("/sessions/%d/pick" % session)
mine = chen.json("/my").value
same("it is on the agenda", [p["id"] for p in mine["picks"]], [session])
same("there is no feed before it is asked for", mine["has_feed"], False)
feed = chen.json("/my/feed", {}).value.get("feed", "")
ok("the feed's address is told once", re.fullmatch(re.escape(BASE) + r"/feed/[A-Za-z0-9_-]{43}\.ics", feed), feed)
ok("and not again", chen.json("/my").value.get("feed") is None and chen.json("/my").value["has_feed"] is True)
feed = feed[len(BASE):]
one, two = nobody.get(feed), Visitor().get(feed, Accept="*/*", Accept_Language="ar")
same("it is a calendar", (one.status, one.headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
ok("byte for byte the same to all", one.body == two.body and one.headers["ETag"] == two.headers["ETag"])
ok("with a strong tag, kept by nobody in between", re.fullmatch(r'"\w+"', one.headers["ETag"] or "") and "private" in one.headers["Cache-Control"] and one.headers["Last-Modified"])
again = nobody.get(feed, If_None_Match=one.headers["ETag"])
same("who has it gets 304", (again.status, again.body), (304, b""))
same("an older one does not", nobody.get(feed, If_None_Match='"old"').status, 200)


def entries():
    read = icalendar.Calendar.from_ical(nobody.get(feed).body)
    return {str(e["UID"]): (e["SEQUENCE"], str(e["STATUS"]), e["DTSTART"].dt) for e in read.walk("VEVENT")}


same("the feed says what the mails said", {u: s for u, (s, *_) in entries().items()}, {UID: asked["SEQUENCE"], str(picked["UID"]): picked["SEQUENCE"]})
ok("it has no person in it", b"ATTENDEE" not in one.body and b"METHOD" not in one.body and who("chen").encode() not in one.body)
for download, uid in (("/events/%d/event.ics" % event, UID), ("/sessions/%d/session.ics" % session, str(picked["UID"]))):
    answer = nobody.get(download)
    entry = icalendar.Calendar.from_ical(answer.body).walk("VEVENT")[0]
    ok("everybody may download the entry, without the joining link: " + download,
       str(entry["UID"]) == uid and b"meet.example.org" not in answer.body)
ok("who has a seat gets the joining link", b"meet.example.org" in chen.get("/events/%d/event.ics" % event).body)

# --- a session is moved ---
edit = organizer.json("/sessions/%d/edit" % session).value["session"]
answer = organizer.post("/sessions/%d/move" % session, starts=at("14:00"), ends=at("15:00"), version=edit["version"])
same("the organizer moves the session", answer.status, 303)
mail = Mails.wait(who("chen"), 4)
moved = calendar(mail, "REQUEST")
ok("who picked it is told: the same entry, above the first",
   moved and moved["UID"] == picked["UID"] and moved["SEQUENCE"] > picked["SEQUENCE"]
   and (moved["DTSTART"].dt - picked["DTSTART"].dt) == datetime.timedelta(hours=4))
same("the feed has it, with the mail's number", entries().get(str(picked["UID"]), ())[0], moved and moved["SEQUENCE"])
ok("under another tag", nobody.get(feed, If_None_Match=one.headers["ETag"]).status == 200)
same("nobody else was told", len(Mails.to(who("ben"))), 1)
same("taking it off the agenda", chen.post("/sessions/%d/unpick" % session, next="/my").goes, "/my?said=flash.unpicked")
off = calendar(Mails.wait(who("chen"), 5), "CANCEL")
ok("cancels it in the calendar", off and off["UID"] == picked["UID"] and off["SEQUENCE"] > moved["SEQUENCE"])
same("and in the feed", entries().get(str(picked["UID"]), (0, ""))[:2], (off and off["SEQUENCE"], "CANCELLED"))
chen.json("/my/feed", {})
same("a new address ends the old one", nobody.get(feed).status, 404)

# --- the organizer's list ---
page = organizer.get("/events/%d/registrations" % event)
ok("the organizer's page lists them", page.status == 200 and who("dora") in page.text)
same("by state", sorted(listed(event, state="confirmed")), ["ben", "chen"])
same("by name", sorted(listed(event, q="Dora")), ["dora"])
same("an unknown state is refused", organizer.get("/events/%d/registrations?state=odd" % event).status, 422)
answer = organizer.get("/events/%d/registrations.csv" % event)
ok("as a file", answer.body.startswith(b"\xef\xbb\xbfid,name,email,") and "\"'=1+1\"" in answer.text, answer.text)
sql("insert into data.registration (event_id, pool_id, person_id, state, arrival, key, manage_hash) select p.event_id, p.id,"
    " (select id from data.person where email = '%s'), 'withdrawn', 1000 + g, gen_random_uuid(), sha256(gen_random_uuid()::text::bytea)"
    " from data.pool p, generate_series(1, 120) g where p.event_id = %d" % (who("ben"), event))
many = organizer.json("/events/%d/registrations?state=withdrawn" % event).value
more = organizer.json(many.get("nav", {}).get("after", "/")).value
same("a hundred at a time", (len(many["registrations"]), len(more.get("registrations", [])), "nav" in more), (100, 21, False))
sql("delete from data.registration r using data.event e where e.id = r.event_id and e.id = %d and r.arrival > 1000" % event)
same("fewer seats than are taken are refused", organizer.post("/events/%d/seats" % event, seats=1).status, 422)
same("seats are added", organizer.post("/events/%d/seats" % event, seats=3).status, 303)
dora = Mails.wait(who("dora"), 2)
ok("and given to who waits, in order", calendar(dora, "REQUEST") is not None and listed(event)["amina"]["place"] == 1)
ben = listed(event)["ben"]
page = organizer.get("/registrations/%d/organize" % ben["id"])
ok("each has a page", page.status == 200 and who("ben") in page.text)
same("a new ticket", organizer.post("/registrations/%d/reissue" % ben["id"]).status, 303)
mail = Mails.wait(who("ben"), 2)
if shutil.which("zbarimg") and mail:
    ticket = ticket_of(parts(mail)["image/png"].get_payload(decode=True))
    same("has the next serial", struct.unpack(">H", ticket[14:16])[0], 1)
same("the organizer cancels one", organizer.post("/registrations/%d/cancel" % ben["id"]).status, 303)
ok("who is told, and their calendar", calendar(Mails.wait(who("ben"), 3), "CANCEL") is not None)
ok("and the next has the seat", calendar(Mails.wait(who("amina"), 4), "REQUEST") is not None)
back = calendar(Mails.wait(who("amina"), 4), "REQUEST")
ok("above what the calendar had before", back and str(back["UID"]) == UID and back["SEQUENCE"] > gone["SEQUENCE"])
other = "other-" + MARK
elsewhere = make(title="Elsewhere")
convene("grant", who("other"), "Other", "organizer", "event", elsewhere)
stranger = Visitor(who("other"))
same("the organizer of another event sees none of it",
     [stranger.get(p).status for p in ("/events/%d/registrations" % event, "/registrations/%d/organize" % ben["id"], "/events/%d/failures" % event)], [403, 403, 403])
same("nor cancels", stranger.post("/registrations/%d/cancel" % listed(event)["chen"]["id"]).status, 403)
same("but sees their own", stranger.get("/events/%d/registrations" % elsewhere).status, 200)

# --- a mail that does not arrive ---
register(nobody, elsewhere, "550-nobody")
for _ in range(100):
    failed = stranger.json("/events/%d/failures" % elsewhere).value["failures"]
    if failed:
        break
    time.sleep(0.1)
ok("a mail that was refused is shown to the organizer", failed and failed[0]["state"] == "failed" and "550" in failed[0]["problem"], failed)
ok("on a page", who("550-nobody") in stranger.get("/events/%d/failures" % elsewhere).text)
same("another's organizer does not send it again", Visitor(who("dora")).post("/notices/%d/again" % failed[0]["id"]).status, 403)
sql("update data.person set email = '%s' where email = '%s'" % (who("somebody"), who("550-nobody")))
same("it is sent again", stranger.post("/notices/%d/again" % failed[0]["id"]).status, 303)
ok("to the address of now", Mails.wait(who("somebody"), 1) is not None)

# --- what cannot be registered for ---
late = make(title="Late", cutoff=(datetime.date.today() - datetime.timedelta(days=1)).isoformat() + "T10:00")
answer = register(nobody, late, "late")
same("after the cutoff", (answer.status, "has closed" in answer.text), (410, True))
ok("the form says so", "is closed" in nobody.get("/events/%d/register" % late).text)
same("an event that is not there", register(nobody, 999999999, "late").status, 404)
same("its form", nobody.get("/events/999999999/register").status, 404)
draft = organizer.json("/programs/%d/events" % program, {**EVENT, "title": "Draft"}).value["event"]
same("a draft", [register(nobody, draft, "late").status, nobody.get("/events/%d/register" % draft).status, nobody.get("/events/%d/event.ics" % draft).status], [404, 404, 404])

# --- over several days: whole days ---
long = make(title="Long", ends=at("17:00", 2), seats=None)
register(nobody, long, "lena")
days = calendar(Mails.wait(who("lena"), 1), "REQUEST")
ok("an event over several days is whole days", days and (days["DTSTART"].dt, days["DTEND"].dt) == (SOON, SOON + datetime.timedelta(days=3)) and str(days["TRANSP"]) == "TRANSPARENT")

# --- the event is cancelled ---
register(nobody, event, "eva")
Mails.wait(who("eva"), 1)
sent = {name: len(Mails.to(who(name))) for name in ("amina", "chen", "dora", "eva", "ben")}
same("the event is cancelled", organizer.post("/events/%d/cancel" % event, sure="true").status, 303)
for name in ("amina", "chen", "dora"):
    said = calendar(Mails.wait(who(name), sent[name] + 1), "CANCEL")
    ok("%s's calendar is told" % name, said and str(said["UID"]) == UID)
mail = Mails.wait(who("eva"), sent["eva"] + 1)
ok("who waited is told, without a calendar", mail and "text/calendar" not in parts(mail) and "Cancelled" in str(mail["Subject"]))
same("nobody can register for it", (register(nobody, event, "fay").status, register(chen, event, "chen").status), (410, 410))
ok("the form says why", "has been cancelled" in nobody.get("/events/%d/register" % event).text)
time.sleep(0.5)
same("who had left is not told again", len(Mails.to(who("ben"))), sent["ben"])

# --- what is left behind ---
log = os.path.join(os.environ["CONVENE_DIR"], "log/access.log")
time.sleep(1.2)
with open(log, encoding="utf-8", errors="replace") as f:
    written = f.read()
ok("no token is in the log", "/feed/" in written and feed[6:49] not in written and path[3:] not in written)
status, said = convene("verify")
ok("what must hold does: convene verify", status == 0, said)
end()
