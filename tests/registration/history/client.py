"""A client: one connection, and a journal of what it asked and was told."""

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import os
import re
import time
import urllib.parse

BASE = urllib.parse.urlsplit(os.environ.get("CONVENE_URL", "http://localhost:0"))
CANARY = re.compile(r"canary-[0-9a-f]{8}")
PATIENCE = 12

journal, numbers = [], itertools.count()


def manage(secret, key):
    """The token of the link in the mail for who registered with this key."""
    made = hmac.new(secret, b"manage|" + str(key).lower().encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def verdict(status):
    """A no changed nothing.  Neither a yes nor a no: it may have been done."""
    if 200 <= status < 400:
        return "ok"
    return "fail" if 400 <= status < 500 else "unknown"


class Client:
    def __init__(self, name, token=None):
        self.name, self.wire = name, None
        self.headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
        if token:
            self.headers["Cookie"] = "convene=" + token

    def send(self, method, path, body):
        headers = dict(self.headers)
        if body is not None:
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            if self.wire is None:
                self.wire = http.client.HTTPConnection("127.0.0.1", BASE.port, timeout=PATIENCE)
            self.wire.request(method, path, body, {**headers, "Host": BASE.netloc})
            answer = self.wire.getresponse()
            text = answer.read().decode("utf-8", "replace")
            if answer.will_close:
                self.hang_up()
            return answer.status, text
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return 0, ""

    def hang_up(self):
        if self.wire:
            self.wire.close()
        self.wire = None

    def ask(self, op, method, path, body=None, **about):
        """Asks, and writes down what came of it; see invariants.py."""
        called = time.time()
        status, text = self.send(method, path, body)
        answer = told(text)
        entry = {"n": next(numbers), "client": self.name, "op": op, "key": None, "event": None,
                 "registration": None, **about, "called": called, "returned": time.time(),
                 "status": status, "result": "fail" if answer.get("fault") else verdict(status), "answer": answer,
                 "seen": sorted(set(CANARY.findall(text)))}
        journal.append(entry)
        return entry


def told(text):
    """Of an answer, what says something of one registration or scan."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    for name in ("registration", "edit"):
        if isinstance(value.get(name), dict):
            value = {**value, **value[name], "registration": value.get("registration")}
            if isinstance(value["registration"], dict):
                value["registration"] = value["registration"]["id"]
    for name in ("decided", "nominated"):
        if value.get(name):
            value = {**value, **value[name][0]}
    if isinstance(value.get("requests"), list):
        value["requests"] = [r["id"] for r in value["requests"] if r.get("is_mine")]
    names = ("registration", "state", "place", "scan", "result", "code", "ticket", "version", "requests", "fault", "party")
    return {n: value[n] for n in names if value.get(n) is not None}
