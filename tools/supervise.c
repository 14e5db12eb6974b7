/*
 * supervise: keeps the processes of one instance alive.
 *
 *   supervise DIR
 *
 * DIR/run/services has a line for each: name, the signal that stops it, and
 * the command for the shell.  A process that ends is started again at once; one
 * that keeps ending waits longer each time, at most a second, and the log says
 * so.  What a dead process leaves behind (Kore's workers outlive their parent)
 * is killed before it is started anew: each service has a process group of its
 * own, and whoever leaves it (PostgreSQL's backends) comes to us as an orphan.
 * SIGHUP reads the file again and starts what is new; SIGTERM stops all, the
 * last started first.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SERVICES = 16,
	LINE_ROOM = 1024,
	STEADY_MS = 5000, /* who lived so long starts with a clean slate */
	PAUSE_MS = 50,    /* the first pause; doubles */
	PAUSE_MOST_MS = 1000,
	LOUD_AFTER = 5, /* deaths in a row before the log cries */
	STOP_MS = 15000 /* then SIGKILL */
};

struct service {
	char name[32];
	int stop; /* signal */
	char command[LINE_ROOM];
	pid_t pid;            /* 0: not running */
	int64_t began, again; /* milliseconds; again: when to start */
	int deaths;           /* in a row */
};

static struct service services[SERVICES];
static int count;
static const char *directory;
static sigset_t signals, signals_before;

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void __attribute__((format(printf, 1, 2))) note(const char *fmt, ...)
{
	char when[32];
	time_t t = time(NULL);
	struct tm tm;
	va_list ap;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	fprintf(stderr, "%s ", when);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int
open_in(const char *folder, const char *name, const char *suffix, int flags)
{
	char path[LINE_ROOM];
	int n = snprintf(
	    path, sizeof(path), "%s/%s/%s%s", directory, folder, name, suffix);

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC, 0600);
}

/* DIR/run/NAME.pid: for people and tests; empty while it is down. */
static void
write_pid(const char *name, pid_t pid)
{
	int fd = open_in("run", name, ".pid", O_WRONLY | O_CREAT | O_TRUNC);

	if (fd == -1)
		return;
	if (pid > 0)
		dprintf(fd, "%d\n", (int)pid);
	close(fd);
}

static void
become(const struct service *s, pid_t parent)
{
	int in = open("/dev/null", O_RDONLY);
	int out =
	    open_in("log", s->name, ".log", O_WRONLY | O_CREAT | O_APPEND);

	setsid();
	prctl(PR_SET_PDEATHSIG, s->stop);
	if (getppid() != parent)
		_exit(1);
	if (in != -1)
		dup2(in, STDIN_FILENO);
	if (out != -1) {
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
	}
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	execl("/bin/sh", "sh", "-c", s->command, (char *)NULL);
	_exit(127);
}

static void
start(struct service *s)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		become(s, parent);
	s->again = 0;
	s->began = now();
	if (pid == -1) {
		note("%s: fork: %s", s->name, strerror(errno));
		s->again = s->began + PAUSE_MOST_MS;
		return;
	}
	s->pid = pid;
	write_pid(s->name, s->pid);
}

static struct service *
service_named(const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(services[i].name, name) == 0)
			return &services[i];
	return NULL;
}

static int
signal_named(const char *name)
{
	if (strcmp(name, "INT") == 0)
		return SIGINT;
	if (strcmp(name, "QUIT") == 0)
		return SIGQUIT;
	return SIGTERM;
}

static void
read_service(const char *line)
{
	struct service s = { 0 };
	char sig[8];
	int at = 0;

	if (sscanf(line, "%31s %7s %n", s.name, sig, &at) < 2 || at == 0)
		return;
	if (s.name[0] == '#' || service_named(s.name) != NULL ||
	    count == SERVICES)
		return;
	s.stop = signal_named(sig);
	snprintf(s.command, sizeof(s.command), "%s", line + at);
	s.command[strcspn(s.command, "\n")] = '\0';
	services[count++] = s;
	start(&services[count - 1]);
}

static void
read_services(void)
{
	char line[LINE_ROOM];
	int fd = open_in("run", "services", "", O_RDONLY);
	FILE *file = fd == -1 ? NULL : fdopen(fd, "r");

	if (file == NULL) {
		note("services: %s", strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL)
		read_service(line);
	fclose(file);
}

static bool
is_service(pid_t pid)
{
	for (int i = 0; i < count; i++)
		if (services[i].pid == pid)
			return true;
	return false;
}

/* Children that we did not start were left to us by a parent that died. */
static void
kill_orphans(void)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	long pid;

	if (file == NULL)
		return;
	while (fscanf(file, "%ld", &pid) == 1)
		if (!is_service((pid_t)pid))
			kill((pid_t)pid, SIGKILL);
	fclose(file);
}

static void
died(struct service *s, int status)
{
	int64_t pause;

	killpg(s->pid, SIGKILL);
	kill_orphans();
	s->pid = 0;
	write_pid(s->name, s->pid);
	if (now() - s->began >= STEADY_MS)
		s->deaths = 0;
	pause = s->deaths < 5 ? (int64_t)PAUSE_MS << s->deaths : PAUSE_MOST_MS;
	if (pause > PAUSE_MOST_MS)
		pause = PAUSE_MOST_MS;
	s->deaths++;
	s->again = now() + pause;
	note("%s: ended (%s %d), starting again in %d ms%s", s->name,
	    WIFSIGNALED(status) ? "signal" : "status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	    (int)pause,
	    s->deaths > LOUD_AFTER ? " - IT KEEPS DYING, see its log" : "");
}

/* Returns how many services still run. */
static int
reap(void)
{
	int status, running = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < count; i++)
			if (services[i].pid == pid)
				died(&services[i], status);
	for (int i = 0; i < count; i++)
		running += services[i].pid > 0;
	return running;
}

/* Milliseconds until the next start, or -1. */
static int
start_due(void)
{
	int64_t soonest = -1, t = now();

	for (int i = 0; i < count; i++) {
		struct service *s = &services[i];

		if (s->pid == 0 && s->again != 0 && s->again <= t)
			start(s);
		if (s->pid == 0 && s->again != 0 &&
		    (soonest == -1 || s->again - t < soonest))
			soonest = s->again - t;
	}
	return soonest < 0 && soonest != -1 ? 0 : (int)soonest;
}

static void
stop_one(struct service *s)
{
	int64_t until = now() + STOP_MS;
	pid_t pid = s->pid;

	s->again = 0;
	if (pid == 0)
		return;
	kill(pid, s->stop);
	while (s->pid != 0 && now() < until) {
		int status;

		if (waitpid(pid, &status, WNOHANG) == pid)
			s->pid = 0;
		else
			poll(NULL, 0, 10);
	}
	killpg(pid, SIGKILL);
	s->pid = 0;
	kill_orphans();
	write_pid(s->name, s->pid);
}

static void
stop_all(void)
{
	note("stopping");
	for (int i = count; i-- > 0;)
		stop_one(&services[i]);
	note("stopped");
}

static void
serve(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct signalfd_siginfo what;

	for (;;) {
		poll(&ready, 1, start_due());
		while (read(fd, &what, sizeof(what)) == (ssize_t)sizeof(what)) {
			if (what.ssi_signo == SIGHUP)
				read_services();
			else if (what.ssi_signo != SIGCHLD)
				return;
		}
		reap();
	}
}

int
main(int argc, char **argv)
{
	int fd;

	if (argc != 2) {
		fputs("usage: supervise DIR\n", stderr);
		return 2;
	}
	directory = argv[1];
	setvbuf(stderr, NULL, _IOLBF, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &signals_before);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd == -1) {
		note("signalfd: %s", strerror(errno));
		return 1;
	}
	note("watching");
	write_pid("supervise", getpid());
	read_services();
	serve(fd);
	stop_all();
	write_pid("supervise", 0);
	return 0;
}
