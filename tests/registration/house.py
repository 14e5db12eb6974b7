"""Visitors, mails and TAP for tests that visit a running instance."""

import email
import email.policy
import glob
import http.cookies
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ["CONVENE_URL"].rstrip("/")
MAIL = os.environ["CONVENE_MAIL"]
TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))

count = broken = 0


def ok(what, is_so, why=""):
    global count, broken
    count += 1
    broken += not is_so
    print("%s %d - %s" % ("ok" if is_so else "not ok", count, what))
    if not is_so:
        line = sys._getframe(1 if sys._getframe(1).f_code.co_name != "same" else 2).f_lineno
        print("# line %d: %s" % (line, str(why)[:1500].replace("\n", "\n# ")))
    sys.stdout.flush()
    return is_so


def same(what, is_now, should_be):
    return ok(what, is_now == should_be, "is %r, not %r" % (is_now, should_be))


def end():
    print("1..%d" % count)
    sys.exit(1 if broken else 0)


def convene(*arguments):
    done = subprocess.run([os.path.join(TOP, "build/convene"), *map(str, arguments)],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def sql(words):
    return subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", words],
                          capture_output=True, text=True, check=True).stdout.strip()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")
        self.goes = headers.get("Location", "")

    @property
    def value(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return {}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """A browser without eyes: cookies, our origin, no redirects followed."""

    def __init__(self, address=None):
        self.cookies = {}
        self.opener = urllib.request.build_opener(NoRedirect)
        if address:
            status, said = convene("login", address)
            token = re.search(r"/signin/(\S+)", said)
            if status or not token:
                raise RuntimeError("no login for %s: %s" % (address, said))
            answer = self.post("/signin/link", token=token.group(1))
            if answer.status != 303:
                raise RuntimeError("the link of %s: %d" % (address, answer.status))

    def ask(self, method, path, body=None, headers=None):
        request = urllib.request.Request(BASE + path, body, method=method)
        request.add_header("Accept", "text/html")
        request.add_header("Accept-Language", "en")
        if method != "GET":
            request.add_header("Origin", BASE)
            request.add_header("Sec-Fetch-Site", "same-origin")
        if self.cookies:
            request.add_header("Cookie", "; ".join("%s=%s" % c for c in self.cookies.items()))
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with self.opener.open(request, timeout=20) as r:
                answer = Answer(r.status, r.headers, r.read())
        except urllib.error.HTTPError as e:
            answer = Answer(e.code, e.headers, e.read())
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, **fields):
        body = urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None}, doseq=True)
        return self.ask("POST", path, body.encode(),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def json(self, path, value=None):
        headers = {"Accept": "application/json"}
        if value is None:
            return self.ask("GET", path, headers=headers)
        headers["Content-Type"] = "application/json"
        return self.ask("POST", path, json.dumps(value).encode(), headers)


class Mails:
    """What the sink has for one address, in the order of arrival."""

    read = {}

    @classmethod
    def all(cls):
        for path in glob.glob(os.path.join(MAIL, "new", "*.eml")):
            if path not in cls.read:
                with open(path, "rb") as f:
                    cls.read[path] = email.message_from_binary_file(f, policy=email.policy.default)
        return [cls.read[p] for p in sorted(cls.read, key=os.path.basename)]

    @classmethod
    def to(cls, address):
        return [m for m in cls.all() if address in str(m["To"])]

    @classmethod
    def wait(cls, address, many, seconds=15):
        """The many-th mail to an address, or None; and none may come after it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = cls.to(address)
            if len(found) >= many:
                return found[many - 1]
            time.sleep(0.05)
        return None


def parts(message):
    return {p.get_content_type(): p for p in message.walk()} if message else {}
