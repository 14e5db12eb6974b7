/*
 * load: sends HTTP requests to a web and says how long their answers took.
 *
 *   load [option]… http://HOST:PORT/PATH      `load --help` lists the options
 *
 * At a constant rate (--rate) a request is due at its moment whether or not
 * earlier ones were answered, and its latency counts from that moment: what a
 * stalled server keeps waiting is not left out.  Without a rate each
 * connection sends its next request when the last is answered.
 *
 * Path, headers and body are templates: {n} is the request's number, {uuid} a
 * fresh UUID, {1} … {9} the columns (between tabs) of its line in --lines.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	HEADERS = 16,
	COLUMNS = 9,
	STATUSES = 600,
	EVENTS = 256,
	IN_ROOM = 16384,
	KEPT_MOST = 4096,  /* of an answer's body, when it is recorded */
	PAUSE_MS = 20,     /* before connecting anew */
	DRAIN_SECONDS = 10 /* at the end, for what is under way */
};

/* --- small things -------------------------------------------------------- */

static void __attribute__((format(printf, 1, 2), noreturn))
quit(const char *fmt, ...)
{
	va_list ap;

	fputs("load: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static void *
grown(void *p, size_t size)
{
	p = realloc(p, size == 0 ? 1 : size);
	if (p == NULL)
		quit("out of memory");
	return p;
}

/* Nanoseconds, for ever upwards. */
static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct text {
	char *data;
	size_t size, room;
};

static void
put(struct text *t, const char *s, size_t n)
{
	if (t->size + n + 1 > t->room) {
		t->room = (t->size + n + 1) * 2;
		t->data = grown(t->data, t->room);
	}
	if (n > 0)
		memcpy(t->data + t->size, s, n);
	t->size += n;
	t->data[t->size] = '\0';
}

static void __attribute__((format(printf, 2, 3)))
put_format(struct text *t, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line))
		quit("a line is too long");
	put(t, line, (size_t)n);
}

/* --- what is asked for --------------------------------------------------- */

static struct {
	const char *host, *port, *path;
	const char *method, *body, *header[HEADERS];
	int headers;
	int connections;
	double rate;    /* a second; 0: as fast as answers come */
	double seconds; /* 0: until `count` */
	long count;     /* 0: until `seconds` */
	long first;     /* {n} of the first request */
	double warm;    /* seconds at the beginning that do not count */
	double patience;
	bool again; /* a request without an answer is sent once more */
	const char *expected, *record;
	char **line;
	long lines;
	bool wraps; /* lines are used again from the first */
} want = { .method = "GET", .connections = 16, .patience = 30 };

static const char words[] =
    "usage: load [option]... http://HOST:PORT/PATH\n"
    "\n"
    "  -c, --connections N   kept alive, each with one request at a time (16)\n"
    "  -r, --rate N          requests a second; latency counts from when each\n"
    "                        was due.  Without: as fast as answers come\n"
    "  -d, --seconds N       how long; -n, --count N: how many\n"
    "  -w, --warm N          the first N seconds do not count\n"
    "  -m, --method M        (GET)\n"
    "  -H, --header 'A: b'   up to 16\n"
    "  -b, --body TEXT\n"
    "  -l, --lines FILE      {1} ... {9} are the columns of the request's "
    "line\n"
    "  -1, --once            ends with the last line; without: begins anew\n"
    "  -f, --first N         number of the first request (0)\n"
    "  -e, --expect 200,303  what is a good answer (any from 200 to 399)\n"
    "  -o, --record FILE     a line for each: n, status, sent and answered in\n"
    "                        microseconds, connection, Location or body\n"
    "  -t, --patience N      seconds to wait for an answer (30)\n"
    "  -a, --again           what got no answer is sent again, as it was\n"
    "\n"
    "{n}, {uuid} and {1} to {9} are replaced in path, method, headers, body.\n"
    "Exit status: 0 when every answer was good, 1 when one was not.\n";

static void
read_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (f == NULL)
		quit("%s: %s", path, strerror(errno));
	while ((n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if ((want.lines & (want.lines - 1)) == 0)
			want.line = grown(want.line,
			    (size_t)(want.lines + 1) * 2 * sizeof(char *));
		want.line[want.lines++] = line;
		line = NULL;
		room = 0;
	}
	free(line);
	fclose(f);
	if (want.lines == 0)
		quit("%s: no lines", path);
}

static void
read_url(char *url)
{
	char *colon, *slash;

	if (strncmp(url, "http://", 7) != 0)
		quit("not an http:// address: %s", url);
	want.host = url += 7;
	slash = strchr(url, '/');
	want.path = slash == NULL ? "/" : strdup(slash);
	if (slash != NULL)
		*slash = '\0';
	colon = strrchr(url, ':');
	want.port = colon == NULL ? "80" : colon + 1;
	if (colon != NULL)
		*colon = '\0';
}

static double
number(const char *s)
{
	char *end;
	double value = strtod(s, &end);

	if (end == s || *end != '\0' || value < 0)
		quit("not a number: %s", s);
	return value;
}

static const struct option options[] = {
	{ "connections", required_argument, NULL, 'c' },
	{ "rate", required_argument, NULL, 'r' },
	{ "seconds", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, 'n' },
	{ "warm", required_argument, NULL, 'w' },
	{ "method", required_argument, NULL, 'm' },
	{ "header", required_argument, NULL, 'H' },
	{ "body", required_argument, NULL, 'b' },
	{ "lines", required_argument, NULL, 'l' },
	{ "once", no_argument, NULL, '1' },
	{ "first", required_argument, NULL, 'f' },
	{ "expect", required_argument, NULL, 'e' },
	{ "record", required_argument, NULL, 'o' },
	{ "patience", required_argument, NULL, 't' },
	{ "again", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
take_number(int option, double value)
{
	switch (option) {
	case 'c':
		want.connections = (int)value;
		break;
	case 'r':
		want.rate = value;
		break;
	case 'd':
		want.seconds = value;
		break;
	case 'n':
		want.count = (long)value;
		break;
	case 'w':
		want.warm = value;
		break;
	case 'f':
		want.first = (long)value;
		break;
	default:
		want.patience = value;
	}
}

static void
take_option(int option, const char *value)
{
	switch (option) {
	case 'm':
		want.method = value;
		break;
	case 'H':
		if (want.headers == HEADERS)
			quit("more than %d headers", HEADERS);
		want.header[want.headers++] = value;
		break;
	case 'b':
		want.body = value;
		break;
	case 'l':
		read_lines(value);
		break;
	case '1':
		want.wraps = false;
		break;
	case 'e':
		want.expected = value;
		break;
	case 'o':
		want.record = value;
		break;
	case 'a':
		want.again = true;
		break;
	case 'h':
		fputs(words, stdout);
		exit(0);
	case '?':
		fputs(words, stderr);
		exit(2);
	default:
		take_number(option, number(value));
	}
}

static void
read_options(int argc, char **argv)
{
	int option;

	want.wraps = true;
	while ((option = getopt_long(argc, argv,
	            "c:r:d:n:w:m:H:b:l:1f:e:o:t:ah", options, NULL)) != -1)
		take_option(option, optarg);
	if (optind != argc - 1) {
		fputs(words, stderr);
		exit(2);
	}
	read_url(argv[optind]);
	if (want.lines > 0 && !want.wraps &&
	    (want.count == 0 || want.count > want.lines))
		want.count = want.lines;
	if (want.count == 0 && want.seconds <= 0)
		want.seconds = 10;
	if (want.connections < 1)
		quit("at least one connection");
}

/* --- requests ------------------------------------------------------------ */

static uint64_t seed;

/* splitmix64: only has to differ. */
static uint64_t
random_bits(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void
put_uuid(struct text *t)
{
	uint64_t a = random_bits(), b = random_bits();

	put_format(t, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32),
	    (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
	    ((unsigned)(b >> 48) & 0x3fff) | 0x8000, b & 0xffffffffffff);
}

static void
put_column(struct text *t, long n, int column)
{
	const char *at;

	if (want.lines == 0)
		return;
	at = want.line[n % want.lines];
	while (column-- > 1) {
		at += strcspn(at, "\t");
		if (*at == '\t')
			at++;
	}
	put(t, at, strcspn(at, "\t"));
}

/* A brace that begins none of the names stands for itself. */
static void
put_template(struct text *t, const char *s, long n)
{
	while (*s != '\0') {
		size_t plain = strcspn(s, "{");

		put(t, s, plain);
		s += plain;
		if (strncmp(s, "{n}", 3) == 0) {
			put_format(t, "%ld", n);
			s += 3;
		} else if (strncmp(s, "{uuid}", 6) == 0) {
			put_uuid(t);
			s += 6;
		} else if (s[0] == '{' && s[1] >= '1' && s[1] <= '9' &&
		           s[2] == '}') {
			put_column(t, n, s[1] - '0');
			s += 3;
		} else if (*s == '{') {
			put(t, s++, 1);
		}
	}
}

static void
put_request(struct text *t, long n)
{
	static struct text body;

	body.size = 0;
	if (want.body != NULL)
		put_template(&body, want.body, n);
	t->size = 0;
	put_template(t, want.method, n);
	put(t, " ", 1);
	put_template(t, want.path, n);
	put_format(t, " HTTP/1.1\r\nHost: %s:%s\r\n", want.host, want.port);
	for (int i = 0; i < want.headers; i++) {
		put_template(t, want.header[i], n);
		put(t, "\r\n", 2);
	}
	if (want.body != NULL)
		put_format(t, "Content-Length: %zu\r\n", body.size);
	put(t, "\r\n", 2);
	put(t, body.data, body.size);
}

/* --- what came of them --------------------------------------------------- */

static struct {
	int64_t began, ended; /* of what counts */
	long sent, answered, unexpected, lost, resent;
	long status[STATUSES];
	bool good[STATUSES];
	uint32_t *took; /* microseconds, of those answered */
	size_t takes, room;
	uint64_t bytes;
	FILE *record;
} sum;

static void
read_expected(void)
{
	const char *s = want.expected;

	for (int i = 200; i < 400; i++)
		sum.good[i] = s == NULL;
	while (s != NULL && *s != '\0') {
		char *end;
		long status = strtol(s, &end, 10);

		if (end == s || status < 100 || status >= STATUSES)
			quit("not a status: %s", s);
		sum.good[status] = true;
		s = *end == ',' ? end + 1 : end;
	}
}

static void
count_time(int64_t nanoseconds)
{
	if (sum.takes == sum.room) {
		sum.room = sum.room == 0 ? 65536 : sum.room * 2;
		sum.took = grown(sum.took, sum.room * sizeof(sum.took[0]));
	}
	sum.took[sum.takes++] = (uint32_t)(nanoseconds / 1000);
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double
percentile(double share)
{
	size_t at = (size_t)(share * (double)sum.takes);

	if (sum.takes == 0)
		return 0;
	return sum.took[at < sum.takes ? at : sum.takes - 1] / 1000.0;
}

static double
cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void
report(void)
{
	double seconds = (double)(sum.ended - sum.began) / 1e9;

	qsort(sum.took, sum.takes, sizeof(sum.took[0]), by_size);
	printf("requests %zu\nseconds %.3f\nrate %.1f\n", sum.takes, seconds,
	    seconds > 0 ? (double)sum.takes / seconds : 0);
	printf("p50_ms %.2f\np90_ms %.2f\np99_ms %.2f\np999_ms %.2f\n",
	    percentile(0.5), percentile(0.9), percentile(0.99),
	    percentile(0.999));
	printf("most_ms %.2f\n", percentile(1));
	for (int i = 0; i < STATUSES; i++)
		if (sum.status[i] > 0)
			printf("status_%d %ld\n", i, sum.status[i]);
	printf("unexpected %ld\nlost %ld\nresent %ld\nbytes %" PRIu64
	       "\ncpu_seconds %.2f\n",
	    sum.unexpected, sum.lost, sum.resent, sum.bytes, cpu_seconds());
}

/* --- connections --------------------------------------------------------- */

enum progress { CLOSED, CONNECTING, FREE, BUSY };

struct connection {
	int fd;
	enum progress progress;
	struct connection *next; /* among the free, or those to be opened */
	int64_t retry;           /* when to open it */

	long n;
	bool pending; /* has a request that was not answered */
	int64_t due, sent;
	struct text out;
	size_t written;

	char in[IN_ROOM];
	size_t size; /* of the head so far */
	bool headed, chunked, closes;
	int status;
	size_t left;       /* of the body */
	struct text chunk; /* the line of a chunk's size */
	enum { SIZE, DATA, DATA_END, TRAILER } part;
	struct text kept; /* Location or body, when recorded */
	bool located;
};

static struct connection *connections;
static struct connection *idle, **idle_last = &idle;
static int epoll, opened, busy;
static struct addrinfo *where;

static void
watch(struct connection *c, uint32_t events, int operation)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(epoll, operation, c->fd, &e) == -1)
		quit("epoll: %s", strerror(errno));
}

/* The one that was free longest is used next, so that all are. */
static void
make_free(struct connection *c)
{
	c->progress = FREE;
	c->next = NULL;
	*idle_last = c;
	idle_last = &c->next;
}

static struct connection *
take_free(void)
{
	struct connection *c = idle;

	if (c != NULL) {
		idle = c->next;
		if (idle == NULL)
			idle_last = &idle;
	}
	return c;
}

static void
leave_free(struct connection *c)
{
	struct connection **at = &idle;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	*at = c->next;
	if (idle_last == &c->next)
		idle_last = at;
}

static void
open_connection(struct connection *c)
{
	int one = 1;

	c->fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd == -1)
		quit("socket: %s", strerror(errno));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c->progress = CONNECTING;
	if (connect(c->fd, where->ai_addr, where->ai_addrlen) == -1 &&
	    errno != EINPROGRESS && errno != EAGAIN && errno != ECONNREFUSED)
		quit("connect: %s", strerror(errno));
	watch(c, EPOLLOUT | EPOLLIN, EPOLL_CTL_ADD);
}

static void
record(const struct connection *c, int64_t at)
{
	if (sum.record == NULL)
		return;
	fprintf(sum.record, "%ld\t%d\t%" PRId64 "\t%" PRId64 "\t%d\t", c->n,
	    c->status, c->sent / 1000, at / 1000, (int)(c - connections));
	for (size_t i = 0; i < c->kept.size; i++) {
		unsigned char byte = (unsigned char)c->kept.data[i];

		fputc(byte < ' ' || byte == '\\' ? ' ' : byte, sum.record);
	}
	fputc('\n', sum.record);
}

static void
finish(struct connection *c)
{
	int64_t at = now();

	busy--;
	c->pending = false;
	if (c->due >= sum.began) {
		count_time(at - c->due);
		sum.answered++;
		if (c->status < STATUSES)
			sum.status[c->status]++;
	}
	if (c->status >= STATUSES || !sum.good[c->status])
		sum.unexpected++;
	record(c, at);
}

static void
give_up(struct connection *c)
{
	busy--;
	c->pending = false;
	c->status = 0;
	sum.lost++;
	record(c, now());
}

static void
close_connection(struct connection *c)
{
	if (c->progress == FREE)
		leave_free(c);
	if (c->progress == FREE || c->progress == BUSY)
		opened--;
	if (c->progress == BUSY && c->pending && !want.again)
		give_up(c);
	close(c->fd);
	c->progress = CLOSED;
	c->retry = now() + (int64_t)PAUSE_MS * 1000000;
}

/* --- answers ------------------------------------------------------------- */

static void
keep(struct connection *c, const char *s, size_t n)
{
	if (sum.record != NULL && !c->located && c->kept.size < KEPT_MOST)
		put(&c->kept, s, n < KEPT_MOST ? n : KEPT_MOST);
}

static void
read_header(struct connection *c, const char *line, size_t n)
{
	if (n > 15 && strncasecmp(line, "content-length:", 15) == 0)
		c->left = strtoul(line + 15, NULL, 10);
	else if (n > 18 && strncasecmp(line, "transfer-encoding:", 18) == 0)
		c->chunked = true;
	else if (n > 11 && strncasecmp(line, "connection:", 11) == 0)
		c->closes = memmem(line, n, "close", 5) != NULL;
	else if (n > 10 && strncasecmp(line, "location: ", 10) == 0) {
		keep(c, line + 10, n - 10);
		c->located = sum.record != NULL;
	}
}

/* The head is whole in c->in, up to `end`. */
static int
read_head(struct connection *c, const char *end)
{
	const char *line = c->in;

	if (strncmp(line, "HTTP/1.", 7) != 0)
		return -1;
	c->status = (int)strtol(line + 9, NULL, 10);
	c->left = 0;
	c->chunked = c->closes = c->located = false;
	c->kept.size = c->chunk.size = 0;
	c->part = SIZE;
	while (line < end) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		if (next == NULL)
			break;
		read_header(c, line, (size_t)(next - line - 1));
		line = next + 1;
	}
	if (strcmp(want.method, "HEAD") == 0 || c->status == 204 ||
	    c->status == 304)
		c->left = 0;
	c->headed = true;
	return 0;
}

/* One line of a chunk's frame; says whether the body is at its end. */
static bool
chunk_line(struct connection *c)
{
	size_t n = c->chunk.size;
	bool empty = n == 0 || (n == 1 && c->chunk.data[0] == '\r');

	if (c->part == TRAILER && empty)
		return true;
	if (c->part == DATA_END) {
		c->part = SIZE;
	} else if (c->part == SIZE) {
		c->left = strtoul(c->chunk.data, NULL, 16);
		c->part = c->left == 0 ? TRAILER : DATA;
	}
	c->chunk.size = 0;
	return false;
}

static bool
read_chunks(struct connection *c, const char *s, size_t n)
{
	while (n > 0) {
		size_t part = 1;

		if (c->part == DATA) {
			part = n < c->left ? n : c->left;
			keep(c, s, part);
			c->left -= part;
			if (c->left == 0)
				c->part = DATA_END;
		} else if (*s != '\n') {
			put(&c->chunk, s, 1);
		} else if (chunk_line(c)) {
			return true;
		}
		s += part;
		n -= part;
	}
	return false;
}

/* Says whether the answer is whole. */
static bool
read_body(struct connection *c, const char *s, size_t n)
{
	if (c->chunked)
		return read_chunks(c, s, n);
	if (n > c->left)
		n = c->left;
	keep(c, s, n);
	c->left -= n;
	return c->left == 0;
}

/* Bytes that came: 1 when the answer is whole, -1 when it is none. */
static int
take_bytes(struct connection *c, const char *s, size_t n)
{
	const char *end;
	size_t head;

	if (c->headed)
		return read_body(c, s, n);
	/* The bytes are in c->in already, at its end. */
	c->size += n;
	end = memmem(c->in, c->size, "\r\n\r\n", 4);
	if (end == NULL)
		return c->size == IN_ROOM ? -1 : 0;
	head = (size_t)(end - c->in) + 4;
	if (read_head(c, end + 2) == -1)
		return -1;
	return read_body(c, c->in + head, c->size - head);
}

static void issue(void);

static void
answered(struct connection *c)
{
	bool closes = c->closes;

	finish(c);
	if (closes) {
		c->progress = FREE;
		make_free(c);
		close_connection(c);
		c->retry = 0;
	} else {
		make_free(c);
	}
	if (want.rate <= 0)
		issue();
}

static void
readable(struct connection *c)
{
	static char more[65536];

	for (;;) {
		char *to = c->headed ? more : c->in + c->size;
		size_t room = c->headed ? sizeof(more) : IN_ROOM - c->size;
		ssize_t n = recv(c->fd, to, room, 0);
		int whole;

		if (n == -1 && errno == EAGAIN)
			return;
		if (n <= 0 || c->progress != BUSY) {
			close_connection(c);
			return;
		}
		sum.bytes += (uint64_t)n;
		whole = take_bytes(c, to, (size_t)n);
		if (whole == -1) {
			close_connection(c);
			return;
		}
		if (whole == 1) {
			answered(c);
			return;
		}
		if ((size_t)n < room)
			return;
	}
}

/* --- sending ------------------------------------------------------------- */

static long numbered; /* requests begun */
static int64_t start, end_at;

static void
write_more(struct connection *c)
{
	ssize_t n = send(c->fd, c->out.data + c->written,
	    c->out.size - c->written, MSG_NOSIGNAL);

	if (n == -1 && errno != EAGAIN) {
		close_connection(c);
		return;
	}
	if (n > 0)
		c->written += (size_t)n;
	watch(c, c->written < c->out.size ? EPOLLIN | EPOLLOUT : EPOLLIN,
	    EPOLL_CTL_MOD);
}

static void
send_request(struct connection *c)
{
	ssize_t n;

	c->progress = BUSY;
	c->headed = false;
	c->size = 0;
	c->sent = now();
	n = send(c->fd, c->out.data, c->out.size, MSG_NOSIGNAL);
	c->written = n > 0 ? (size_t)n : 0;
	if (n == -1 && errno != EAGAIN)
		close_connection(c);
	else if (c->written < c->out.size)
		watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static bool
over(int64_t at)
{
	return (want.count > 0 && numbered >= want.count) ||
	       (want.seconds > 0 && at >= end_at);
}

/* When the next is due; INT64_MAX when there is none. */
static int64_t
next_due(int64_t at)
{
	int64_t due = at;

	if (want.rate > 0)
		due = start + (int64_t)((double)numbered * 1e9 / want.rate);
	return over(want.rate > 0 ? due : at) ? INT64_MAX : due;
}

/* Sends what is due, as far as connections are free. */
static void
issue(void)
{
	int64_t at = now(), due;

	while (idle != NULL && (due = next_due(at)) <= at) {
		struct connection *c = take_free();

		c->n = want.first + numbered++;
		c->due = due;
		c->pending = true;
		put_request(&c->out, c->n);
		sum.sent++;
		busy++;
		send_request(c);
	}
}

static void
connected(struct connection *c)
{
	int fault = 0;
	socklen_t size = sizeof(fault);

	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &fault, &size);
	if (fault != 0) {
		close_connection(c);
		return;
	}
	opened++;
	watch(c, EPOLLIN, EPOLL_CTL_MOD);
	if (c->pending) {
		sum.resent++;
		send_request(c);
	} else {
		make_free(c);
	}
}

static void
happened(struct connection *c, uint32_t events)
{
	if (c->progress == CONNECTING) {
		connected(c);
		return;
	}
	if (c->progress == CLOSED)
		return;
	if ((events & EPOLLOUT) && c->progress == BUSY &&
	    c->written < c->out.size)
		write_more(c);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && c->progress != CLOSED)
		readable(c);
}

/* --- the loop ------------------------------------------------------------ */

/* Connections to be opened anew, and answers waited for too long. */
static void
look_after(int64_t at)
{
	for (int i = 0; i < want.connections; i++) {
		struct connection *c = &connections[i];

		if (c->progress == CLOSED && c->retry <= at)
			open_connection(c);
		else if (c->progress == BUSY &&
		         at - c->sent > (int64_t)(want.patience * 1e9))
			close_connection(c);
	}
}

static void
turn(int64_t until)
{
	struct epoll_event events[EVENTS];
	int64_t wait = until - now();
	struct timespec t;
	int n;

	if (wait < 0)
		wait = 0;
	t.tv_sec = wait / 1000000000;
	t.tv_nsec = wait % 1000000000;
	n = epoll_pwait2(epoll, events, EVENTS, &t, NULL);
	if (n == -1 && errno != EINTR)
		quit("epoll: %s", strerror(errno));
	for (int i = 0; i < n; i++)
		happened(events[i].data.ptr, events[i].events);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
connect_all(void)
{
	int64_t most = now() + (int64_t)10 * 1000000000;
	int64_t looked = 0;

	while (opened < want.connections) {
		if (now() - looked > PAUSE_MS * 1000000) {
			looked = now();
			look_after(looked);
		}
		turn(now() + PAUSE_MS * 1000000);
		if (now() > most)
			quit("%d of %d connections open after 10 s", opened,
			    want.connections);
	}
}

static void
run(void)
{
	int64_t looked = 0;
	int64_t wait = (int64_t)((DRAIN_SECONDS + want.patience) * 1e9);
	int64_t most = INT64_MAX;

	for (;;) {
		int64_t at = now();

		if (at - looked > PAUSE_MS * 1000000) {
			looked = at;
			look_after(at);
		}
		issue();
		if (next_due(at) == INT64_MAX) {
			if (busy == 0)
				break;
			if (most == INT64_MAX)
				most = at + wait;
			if (at > most)
				break;
		}
		turn(sooner(at + PAUSE_MS * 1000000,
		    idle == NULL ? INT64_MAX : next_due(at)));
	}
	sum.ended = now();
}

static void
prepare(void)
{
	struct addrinfo hints = { .ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM };
	int fault = getaddrinfo(want.host, want.port, &hints, &where);

	if (fault != 0)
		quit("%s: %s", want.host, gai_strerror(fault));
	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		quit("getrandom: %s", strerror(errno));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll == -1)
		quit("epoll: %s", strerror(errno));
	read_expected();
	if (want.record != NULL) {
		sum.record = fopen(want.record, "w");
		if (sum.record == NULL)
			quit("%s: %s", want.record, strerror(errno));
	}
	connections = calloc((size_t)want.connections, sizeof(connections[0]));
	if (connections == NULL)
		quit("out of memory");
	sum.began = INT64_MAX;
}

/* A descriptor for each connection. */
static void
allow_many(void)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) == 0) {
		most.rlim_cur = most.rlim_max;
		setrlimit(RLIMIT_NOFILE, &most);
	}
}

int
main(int argc, char **argv)
{
	read_options(argc, argv);
	prepare();
	allow_many();
	connect_all();
	start = now();
	sum.began = start + (int64_t)(want.warm * 1e9);
	end_at = sum.began + (int64_t)(want.seconds * 1e9);
	run();
	for (int i = 0; i < want.connections; i++)
		if (connections[i].pending)
			give_up(&connections[i]);
	report();
	if (sum.record != NULL && fclose(sum.record) != 0)
		quit("%s: %s", want.record, strerror(errno));
	return sum.unexpected > 0 || sum.lost > 0;
}
