# For the race tests: many clients at once, and TAP of what became of it.  Uses
# the PG* environment and a migrated database that may be written to.
set -u
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
number=0

psql() {
	command psql -qXAt -v ON_ERROR_STOP=1 "$@"
}

# check WHAT GOT WANTED
check() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "# got $2, wanted $3"
	fi
}

# together N SQL: N clients run it as the web, {} being their number, and hold
# their transaction open for a while; says how many were not refused.
together() {
	for i in $(seq "$1"); do
		{
			psql -c 'begin' -c 'set local role convene_web' \
			    -c "$(echo "$2" | sed "s/{}/$i/g")" \
			    -c 'select pg_sleep(0.1)' -c commit \
			    >"$run/$i.out" 2>"$run/$i.err" && touch "$run/$i.yes"
		} &
	done
	wait
	ls "$run" | grep -c yes
	rm -f "$run"/*.yes
}

