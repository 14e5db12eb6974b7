"""Makes the events and people of a play, and reads afterwards what is there."""

import email
import glob
import hashlib
import json
import os
import re
import secrets
import subprocess

from client import CANARY

MAIL = os.environ.get("CONVENE_MAIL", "")


def sql(words, **values):
    """Runs it as the database's owner; values stand in it as psql's variables."""
    return subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1",
                           *(a for n, v in values.items() for a in ("-v", "%s=%s" % (n, v)))],
                          input=words, capture_output=True, text=True, check=True).stdout.strip()


def rows(query, **values):
    return json.loads(sql("select coalesce(json_agg(x), '[]') from (%s) x" % query, **values))


# --- before ------------------------------------------------------------------------


def canary(random):
    return "canary-%08x" % random.getrandbits(32)


def make_event(random, seats, buckets=(), **rules):
    """A published event with a question, and a link that only who has a seat may know."""
    link = canary(random)
    rules = {"promotion": "confirm", "approval": "none", "transfer": False, "reapprove": False,
             "party_most": 0, "party_policy": "split", "codes": (), "share": 1, **rules}
    codes = rules.pop("codes")
    made = json.loads(sql("""
        with p as (insert into data.program (slug, reach, title, state)
            values ('history-' || gen_random_uuid(), 'global', 'History', 'published') returning id),
        e as (insert into data.event (program_id, slug, title, zone, starts, ends, state, online_url)
            select id, 'history-' || gen_random_uuid(), 'History', 'Africa/Cairo', now() + interval '9 days',
            now() + interval '10 days', 'published', 'https://meet.example.org/' || :'link' from p
            returning id, ends),
        s as (insert into data.pool (event_id, seats) select id, :seats from e)
        select json_build_object('id', id, 'until', extract(epoch from ends)) from e""", link=link, seats=seats))
    sql("select schedule.calendars(id), schedule.index_event(id), program.index(program_id)"
        " from data.event where id = :id", id=made["id"])
    event = {**made, **rules, "buckets": buckets, "seats": seats, "link": link, "domain": "history-%d.example" % made["id"],
             "codes": [code(random, made["id"], *c) for c in codes]}
    sql("update data.pool set promotion = :'promotion', approval = :'approval', transfer = :'transfer',"
        " reapprove = :'reapprove', party_most = :party_most, party_policy = :'party_policy' where event_id = :id", id=made["id"], **rules)
    event["question"] = int(sql("select question from registration.question_put(:id, null, jsonb_build_object("
                                "'kind', 'short', 'label', jsonb_build_object('en', 'What do you hope for?')))",
                                id=made["id"]))
    event["unit"] = int(sql("insert into data.unit (code, name) values ('history-' || :id, 'History ' || :id)"
                            " returning id", id=made["id"]))
    for by, value, nominated, seats in buckets:
        sql("select registration.bucket_put(null, :id, :'name', :'by', null, array[:'value'], :'nominated', :seats,"
            " null)", id=made["id"], name="%s %s" % (by, value), by=by,
            value=event["unit"] if by == "unit" else value, nominated=nominated, seats=seats)
    return event


def code(random, event, most, waives, priority):
    """An access code for so many registrations."""
    made = "code%08x" % random.getrandbits(32)
    sql("insert into data.access_code (event_id, code, most, waives_approval, priority)"
        " values (:event, :'code', :most, :'waives', :priority)",
        event=event, code=made, most=most, waives=waives, priority=priority)
    return made


def token():
    """A login's token, and its hash as the database keeps it."""
    made = secrets.token_urlsafe(32)
    return made, hashlib.sha256(made.encode()).hexdigest()


LOGIN = """insert into data.login (token_hash, {0}_id, idle, idle_expiry, absolute_expiry)
    select decode(given.hash, 'hex'), {0}.id, '1 day', now() + interval '1 day', now() + interval '1 day'
    from given join {0} on {0}.name = given.name"""
GIVEN = "with given as (select * from jsonb_to_recordset(:'people'::jsonb) x (name text, email text, hash text)),"


def make_people(random, event, role, many, signed_in=True):
    """Persons of an event, each with a canary for a name, and their tokens."""
    people = []
    for n in range(many):
        secret, hashed = token()
        name = canary(random)
        people.append({"name": name, "canary": name, "hash": hashed, "token": secret,
                       "email": "%s-%d-%s@%s" % (role, n, name[7:], event["domain"])})
    if signed_in:
        sql(GIVEN + """ person as (insert into data.person (email, name, unit_id)
            select email, name, case when row_number() over () % 2 = 0 then :unit end
            from given returning id, name),
            role as (insert into data.role (person_id, kind, scope, scope_id)
            select person.id, w.kind::data.role_kind, w.scope::data.role_scope, w.id from person
            join (values ('organizer', 'event', :event), ('coordinator', 'unit', :unit)) w (kind, scope, id)
            on w.kind = :'role') """
            + LOGIN.format("person"), event=event["id"], unit=event["unit"], role=role,
            people=json.dumps([{k: p[k] for k in ("name", "email", "hash")} for p in people]))
    return people


def make_doors(event, many):
    doors = []
    for n in range(many):
        secret, hashed = token()
        doors.append({"name": "door-%d-%d" % (event["id"], n), "hash": hashed, "token": secret})
    sql(GIVEN + """ device as (insert into data.device (event_id, name, expires)
        select :event, name, now() + interval '1 day' from given returning id, name) """
        + LOGIN.format("device"), event=event["id"],
        people=json.dumps([{"name": d["name"], "hash": d["hash"]} for d in doors]))
    return doors


# --- afterwards --------------------------------------------------------------------

EPOCH = "extract(epoch from {0})::float8"
TABLES = {
    "people": "select p.id, p.email, p.name as canary, p.unit_id is not null as coordinated, e.id as event from data.person p join data.event e"
              " on split_part(p.email, '@', 2) = 'history-' || e.id || '.example' where e.id in (:events)",
    "registrations": "select id, event_id as event, person_id as person, state, priority, arrival, key,"
                     " party_id as party, code_id as code, bucket_id as bucket, kept, " + EPOCH.format("expires") + " as expires"
                     " from data.registration where event_id in (:events)",
    "changes": "select c.id, c.registration_id as registration, " + EPOCH.format("c.at") + " as at, c.was, c.became,"
               " c.why from data.registration_change c join data.registration r on r.id = c.registration_id"
               " where r.event_id in (:events)",
    "audit": "select a.id, " + EPOCH.format("a.at") + " as at, a.act, a.object, a.object_id, a.details,"
             " coalesce(r.event_id, a.object_id) as event from data.audit a"
             " left join data.registration r on a.object = 'registration' and r.id = a.object_id"
             " where r.event_id in (:events) or a.object = 'event' and a.object_id in (:events)",
    "pools": "select event_id as event, seats, held, offered, confirmed, kept, waitlisted, reserved, inside"
             " from data.pool where event_id in (:events)",
    "codes": "select id, event_id as event, most, used from data.access_code where event_id in (:events)",
    "buckets": "select b.id, p.event_id as event, b.nominated, b.seats, b.held, b.offered, b.confirmed, b.kept, b.waitlisted, "
               + EPOCH.format("b.release") + " as release, " + EPOCH.format("b.released") + " as released"
               " from data.bucket b join data.pool p on p.id = b.pool_id where p.event_id in (:events)",
    "answers": "select registration_id as registration, value #>> '{}' as text from data.answer"
               " where event_id in (:events)",
    "scans": "select id, uuid, session_id as session, registration_id as registration, device_id as device,"
             " result, first_id as first, " + EPOCH.format("scanned") + " as at from data.scan"
             " where event_id in (:events)",
    "attendance": "select registration_id as registration, session_id as session, scan_id as scan"
                  " from data.attendance where event_id in (:events)",
    "calendars": "select id, uid, sequence from data.calendar where event_id in (:events)",
    "notices": "select n.id, n.kind, n.email, n.registration_id as registration, n.invite_id as invite,"
               " i.calendar_id as calendar, n.method, n.sequence, n.state, n.attempts, "
               + EPOCH.format("n.created") + " as at from data.notice n"
               " left join data.invite i on i.id = n.invite_id where n.event_id in (:events)",
}


def entry(part):
    """Method, UID and SEQUENCE of a calendar that came by mail."""
    text = re.sub(r"\r?\n[ \t]", "", part.get_payload(decode=True).decode())
    found = {n: re.search(r"^%s(?:;[^:\n]*)?:([^\r\n]*)" % n, text, re.M).group(1) for n in ("METHOD", "UID", "SEQUENCE")}
    return {"method": found["METHOD"], "uid": found["UID"], "sequence": int(found["SEQUENCE"])}


def read_mail(path):
    with open(path, "rb") as f:
        message = email.message_from_binary_file(f)
    mail = {"id": message["Message-ID"], "to": message["X-Rcpt-To"], "method": None, "uid": None, "sequence": None}
    mail["notice"] = int(re.search(r"(\d+)@", mail["id"]).group(1))
    seen = set(CANARY.findall(str(message["To"])))
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            mail.update(entry(part))
        if part.get_content_maintype() == "text":
            seen.update(CANARY.findall(part.get_payload(decode=True).decode()))
    return {**mail, "seen": sorted(seen)}


def mails(events, since):
    """What arrived since then for the people of a play: names begin with the time."""
    domains = {e["domain"] for e in events}
    for path in sorted(glob.glob(os.path.join(MAIL, "new", "*.eml"))):
        if int(os.path.basename(path).split(".")[0]) >= since * 1e9:
            mail = read_mail(path)
            if mail["to"].split("@")[1] in domains:
                yield mail


# --- who is erased ------------------------------------------------------------------


def counted(event):
    """What statistics are made of: no state, for who is erased leaves."""
    return rows("select country, via, unit_id, count(*), count(a.scan_id) as inside from data.registration r"
                " left join data.attendance a on a.registration_id = r.id where r.event_id = :event"
                " group by 1, 2, 3 order by 1, 2, 3", event=event)


def where_is(words):
    """The tables in which some of these words stand."""
    dump = subprocess.run(["pg_dump", "--data-only", "--schema=data"], capture_output=True, text=True, check=True).stdout
    table, found = "", set()
    for line in dump.split("\n"):
        if line.startswith("COPY "):
            table = line.split()[1]
        elif any(w in line for w in words):
            found.add(table)
    return sorted(found)


def read(events, clients, ops, since, **more):
    ids = ",".join(str(e["id"]) for e in events)
    world = {name: rows(query, events=ids) for name, query in TABLES.items()}
    broken = rows("select account.chain_broken() as id, (select count(*) from data.audit where hash is null) as loose")[0]
    return {**world, **more, "events": events, "clients": clients, "ops": ops, "erased": [],
            "chain": {"broken": broken["id"], "loose": broken["loose"]}, "mails": list(mails(events, since))}
