"""Who takes part: participants, strangers without an account, organizers and
doors, each in a thread of their own, each acting on what they were told."""

import random
import threading
import uuid

from client import Client, manage

ENDED = {"declined", "withdrawn", "expired", "cancelled"}
TRIES = 6


class Actor(threading.Thread):
    haste = 1  # how often, of what others do

    def __init__(self, stage, event, name, token=None):
        super().__init__(daemon=True)
        self.stage, self.event, self.rules = stage, event["id"], event
        self.random = random.Random("%s %s" % (stage.seed, name))
        self.client = Client(name, token)

    def new_key(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def ask(self, op, method, path, body=None, **about):
        return self.client.ask(op, method, path, body, event=self.event, **about)

    def insist(self, *question, **about):
        """Asks again, with the same key, until there is a yes or a no."""
        for _ in range(TRIES):
            answer = self.ask(*question, **about)
            if answer["result"] != "unknown" or self.stage.over.wait(self.random.uniform(0.1, 1)):
                break
        return answer

    def run(self):
        while not self.stage.over.wait(self.random.uniform(0, 2 * self.stage.pause / self.haste)):
            self.turn()
        self.client.hang_up()

    def choose(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]()


class Participant(Actor):
    """Signed in: sees at once what became of it."""

    COUNTRIES = ("EG", "EG", "KE", "FR", "BR")

    def __init__(self, stage, event, person, token):
        super().__init__(stage, event, person["email"], token)
        self.person, self.country = person, self.random.choice(self.COUNTRIES)
        self.forget()

    def forget(self):
        self.mine, self.state, self.key, self.version = None, None, None, None

    def turn(self):
        if self.mine is None or self.state in ENDED:
            self.choose({self.arrive: 4, self.hold: 2, self.group: 1 if self.rules["party_most"] else 0})
        elif self.state == "offered":
            self.choose({self.accept: 6, self.read: 2, self.withdraw: 1})
        elif self.state == "held":
            self.choose({self.again: 2, self.withdraw: 1, self.read: 4})
        else:
            self.choose({self.read: 4, self.withdraw: 2, self.again: 1, self.arrive: 1, self.edit: 2,
                         self.show: 2, self.transfer: 2 if self.may_transfer() else 0})

    def learn(self, answer):
        told = answer["answer"]
        if answer["result"] == "ok" and "state" in told and "registration" in told:
            self.mine, self.state = told["registration"], told["state"]
            self.version = told.get("version", self.version)

    def register(self, key, op="register", **more):
        self.key = key
        text = "%s %06x" % (self.person["canary"], self.random.getrandbits(24))
        if self.rules["codes"] and self.random.random() < 0.4:
            more["code"] = self.random.choice(self.rules["codes"])
        self.learn(self.insist(op, "POST", "/events/%d/register" % self.event, {
            "key": key, "organisation": self.person["canary"], "country": self.country,
            "q%d" % self.rules["question"]: text, **more}, key=key, text=text))

    def arrive(self):
        self.register(self.new_key())

    def again(self):
        self.register(self.key)

    def group(self):
        """Registers colleagues, each of whom learns of it by mail."""
        key, people = self.new_key(), []
        for _ in range(self.random.randint(2, 4)):
            canary = "canary-%08x" % self.random.getrandbits(32)
            people.append({"name": canary, "email": "member-%s@%s" % (canary[7:], self.rules["domain"])})
        self.insist("group", "POST", "/events/%d/group" % self.event,
                    {"key": key, "group_name": "Colleagues", "people": people},
                    key=key, people=[p["email"] for p in people])

    def hold(self):
        """A seat for who fills in the form, where they are scarce."""
        self.register(self.new_key(), "hold", hold=True)

    def read(self):
        self.learn(self.ask("read", "GET", "/registrations/%d" % self.mine, registration=self.mine))

    def own(self, op, **body):
        self.learn(self.insist(op, "POST", "/registrations/%d/%s" % (self.mine, op), body, registration=self.mine,
                               **{n: body[n] for n in ("key", "text") if n in body}))

    def accept(self):
        self.own("accept")

    def withdraw(self):
        self.own("withdraw")

    def edit(self):
        """Another answer, from the version that the form showed."""
        form = self.ask("read", "GET", "/registrations/%d/edit" % self.mine, registration=self.mine)
        version = form["answer"].get("version")
        if form["result"] == "ok" and version is not None:
            text = "%s %06x" % (self.person["canary"], self.random.getrandbits(24))
            self.learn(self.ask("edit", "POST", "/registrations/%d/edit" % self.mine,
                                {"version": version, "q%d" % self.rules["question"]: text},
                                registration=self.mine, text=text))

    def may_transfer(self):
        return self.rules["transfer"] and self.state == "confirmed"

    def transfer(self):
        """To a colleague, who learns of it by mail."""
        canary, key = "canary-%08x" % self.random.getrandbits(32), self.new_key()
        self.own("transfer", key=key, name=canary, email="colleague-%s@%s" % (canary[7:], self.rules["domain"]))
        self.forget()

    def show(self):
        """The ticket, held where the door can read it."""
        answer = self.ask("read", "GET", "/registrations/%d/ticket" % self.mine, registration=self.mine)
        self.learn(answer)
        if answer["answer"].get("ticket"):
            self.stage.tickets.append((self.event, answer["answer"]["ticket"]))


class Stranger(Actor):
    """Gives an address, and learns by mail alone; the link in it gives the place up."""

    def __init__(self, stage, event, person):
        super().__init__(stage, event, person["email"])
        self.person, self.key = person, None

    def turn(self):
        if self.key is None:
            self.key = self.new_key()
            self.insist("register", "POST", "/events/%d/register" % self.event,
                        {"key": self.key, "email": self.person["email"], "name": self.person["canary"],
                         "organisation": self.person["canary"]}, key=self.key)
            return
        link = "/r/" + manage(self.stage.secret, self.key)
        read = self.ask("read", "GET", link)
        mine = read["answer"].get("registration")
        if mine and read["answer"].get("state") == "offered":
            self.insist("accept", "POST", link + "/accept", {}, registration=mine)
        elif mine and self.random.random() < 0.3:
            left = self.insist("withdraw", "POST", link + "/withdraw", {}, registration=mine)
            self.key = None if left["result"] == "ok" else self.key
        elif read["result"] == "fail":
            self.key = None


class Organizer(Actor):
    haste = 2

    def turn(self):
        asked = 6 if self.rules["approval"] != "none" else 0
        hands_on = 5 if self.rules["promotion"] == "manual" else 0
        self.choose({self.look: 3, self.seats: 1, self.cancel: 2, self.decide: asked, self.offer: hands_on,
                     self.promote: hands_on})

    def look(self):
        self.ask("list", "GET", "/events/%d/registrations" % self.event)

    def decide(self):
        """Yes to most of those who ask, as the page of requests lists them."""
        asked = self.ask("list", "GET", "/events/%d/requests" % self.event)["answer"].get("requests", [])
        for one in self.random.sample(asked, min(len(asked), 3)):
            decision = self.random.choice(("approve", "approve", "approve", "decline"))
            self.insist(decision, "POST", "/events/%d/requests" % self.event,
                        {"registrations": [one], "decision": decision}, registration=one)

    def offer(self):
        """A seat out of turn, to whoever waits."""
        waits = [a.mine for a in self.stage.actors if isinstance(a, Participant)
                 and a.event == self.event and a.state == "waitlisted"]
        if waits:
            one = self.random.choice(waits)
            self.ask("offer", "POST", "/registrations/%d/offer" % one, {}, registration=one)

    def promote(self):
        self.ask("promote", "POST", "/events/%d/queue" % self.event, {"count": self.random.randint(1, 3)})

    def seats(self):
        seats = self.random.randint(4, 16)
        self.ask("seats", "POST", "/events/%d/seats" % self.event, {"seats": seats}, seats=seats)

    def cancel(self):
        of = [a for a in self.stage.actors if isinstance(a, Participant) and a.event == self.event and a.mine]
        if of:
            mine = self.random.choice(of).mine
            self.insist("cancel", "POST", "/registrations/%d/cancel" % mine, {}, registration=mine)


class Coordinator(Actor):
    """Decides first of who is asked for, or names people for the allotment of a
    unit and takes some back."""

    haste = 2

    def __init__(self, stage, event, person):
        super().__init__(stage, event, person["email"], person["token"])
        self.named = []

    def turn(self):
        if self.rules["approval"] == "none":
            self.nominate()
            return
        asked = self.ask("list", "GET", "/coordinate")["answer"].get("requests", [])
        for one in self.random.sample(asked, min(len(asked), 3)):
            decision = self.random.choice(("approve", "approve", "approve", "decline"))
            self.insist(decision, "POST", "/coordinate", {"registrations": [one], "decision": decision},
                        registration=one, second=True)

    def nominate(self):
        if self.named and self.random.random() < 0.3:
            one = self.named.pop()
            self.insist("cancel", "POST", "/registrations/%d/nomination/withdraw" % one, {}, registration=one)
            return
        canary, key = "canary-%08x" % self.random.getrandbits(32), self.new_key()
        people = [{"name": canary, "email": "nominee-%s@%s" % (canary[7:], self.rules["domain"]), "key": key}]
        told = self.insist("nominate", "POST", "/events/%d/nominations/people" % self.event,
                           {"unit": self.rules["unit"], "people": people}, key=key)
        if told["result"] == "ok" and told["answer"].get("registration"):
            self.named.append(told["answer"]["registration"])


class Door(Actor):
    """A device: scans what it is shown, sends some again, and some much later."""

    def __init__(self, stage, event, name, token):
        super().__init__(stage, event, name, token)
        self.kept = []

    def turn(self):
        if not self.stage.tickets:
            return
        _, ticket = self.random.choice(self.stage.tickets[-200:])
        scan = (self.new_key(), ticket)
        if self.random.random() < 0.3:
            self.kept.append(scan)  # without network
        else:
            self.send(*scan)
        if self.random.random() < 0.1:
            self.send(*scan)
        if len(self.kept) > 5:
            self.bring()

    def send(self, key, ticket):
        return self.insist("scan", "POST", "/events/%d/scans" % self.event, {"ticket": ticket, "key": key}, key=key)

    def bring(self):
        """What was scanned without network; all of it again if some went lost."""
        if any(self.send(*scan)["result"] == "unknown" for scan in list(self.kept)):
            return
        self.kept.clear()


class Stage:
    """The play: who is on, and what they share."""

    def __init__(self, seed, pause, secret):
        self.seed, self.pause, self.secret = seed, pause, secret
        self.random = random.Random(seed)
        self.over, self.tickets, self.actors = threading.Event(), [], []

    def play(self, seconds):
        for actor in self.actors:
            actor.start()
        self.over.wait(seconds)
        self.over.set()
        for actor in self.actors:
            actor.join()
