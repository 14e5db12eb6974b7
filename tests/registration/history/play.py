"""Who takes part: participants, strangers without an account, organizers and
doors, each in a thread of their own, each acting on what they were told."""

import random
import threading
import uuid

from client import Client, manage

ENDED = {"declined", "withdrawn", "expired", "cancelled"}
TRIES = 6


class Actor(threading.Thread):
    def __init__(self, stage, event, name, token=None):
        super().__init__(daemon=True)
        self.stage, self.event, self.random = stage, event["id"], random.Random("%s %s" % (stage.seed, name))
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
        while not self.stage.over.wait(self.random.uniform(0, 2 * self.stage.pause)):
            self.turn()
        self.client.hang_up()

    def choose(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]()


class Participant(Actor):
    """Signed in: sees at once what became of it."""

    def __init__(self, stage, event, person, token):
        super().__init__(stage, event, person["email"], token)
        self.person, self.mine, self.state, self.key = person, None, None, None

    def turn(self):
        if self.mine is None or self.state in ENDED:
            self.register(self.new_key())
            return
        self.choose({self.read: 4, self.withdraw: 2, self.again: 1, self.anew: 1, self.show: 2})

    def learn(self, answer):
        told = answer["answer"]
        if answer["result"] == "ok" and "state" in told:
            self.mine, self.state = told["registration"], told["state"]

    def register(self, key):
        self.key = key
        self.learn(self.insist("register", "POST", "/events/%d/register" % self.event,
                               {"key": key, "organisation": self.person["canary"]}, key=key))

    def again(self):
        self.register(self.key)

    def anew(self):
        self.register(self.new_key())

    def read(self):
        self.learn(self.ask("read", "GET", "/registrations/%d" % self.mine, registration=self.mine))

    def withdraw(self):
        self.learn(self.insist("withdraw", "POST", "/registrations/%d/withdraw" % self.mine, {},
                               registration=self.mine))

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
        if mine and self.random.random() < 0.3:
            left = self.insist("withdraw", "POST", link + "/withdraw", {}, registration=mine)
            self.key = None if left["result"] == "ok" else self.key
        elif read["result"] == "fail":
            self.key = None


class Organizer(Actor):
    def turn(self):
        self.choose({self.look: 3, self.seats: 1, self.cancel: 3})

    def look(self):
        self.ask("list", "GET", "/events/%d/registrations" % self.event)

    def seats(self):
        seats = self.random.randint(4, 24)
        self.ask("seats", "POST", "/events/%d/seats" % self.event, {"seats": seats}, seats=seats)

    def cancel(self):
        of = [a for a in self.stage.actors if isinstance(a, Participant) and a.event == self.event and a.mine]
        if of:
            mine = self.random.choice(of).mine
            self.insist("cancel", "POST", "/registrations/%d/cancel" % mine, {}, registration=mine)


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
