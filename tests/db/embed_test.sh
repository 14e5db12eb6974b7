#!/bin/bash
# tools/embed turns named parameters into numbered ones, and says where a
# statement is wrong.
set -u
embed=${EMBED:-build/embed}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

is() { # what, expected, got
	if [ "$2" != "$3" ]; then
		printf 'not ok: %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
		failed=1
	fi
}

# The text of the one statement, lines joined.
text_of() {
	printf -- '-- name: t\n%s\n' "$1" >"$dir/q.sql"
	"$embed" -o "$dir" --sql "$dir/q.sql" 2>&1 || return
	sed -n '/^const struct sql SQL_T = /,/};/p' "$dir/sql.c" | sed '1d;$d' |
	sed 's/^\t"//; s/",\?$//; s/\\n$/ /' | tr -d '\n' | sed 's/\\"/"/g; s/\\\\/\\/g'
}

complaint_of() {
	printf '%s\n' "$1" >"$dir/q.sql"
	"$embed" -o "$dir" --sql "$dir/q.sql" 2>&1 | sed "s|$dir/||"
}

is 'a name becomes a number' 'select $1::bigint' "$(text_of 'select :a::bigint;')"
is 'the same name, the same number' 'select $1::int, $2::text, $1' \
	"$(text_of 'select :a::int, :b::text, :a')"
is 'a cast is no parameter' "select now()::date" "$(text_of 'select now()::date')"
is 'a slice is no parameter' 'select a[1:2]' "$(text_of 'select a[1:2]')"
is 'quotes are left alone' "select ':a', \":b\", E'\\':c'" \
	"$(text_of "select ':a', \":b\", E'\\':c'")"
is 'doubled quotes are left alone' "select 'it''s :a'" "$(text_of "select 'it''s :a'")"
is 'dollar quotes are left alone' 'select $$ :a $$, $x$ :b $$ $x$' \
	"$(text_of 'select $$ :a $$, $x$ :b $$ $x$')"
is 'a named argument is no parameter' 'select f(a := $1::int)' \
	"$(text_of 'select f(a := :a::int)')"
is 'comments are lost' 'select 1 from b' \
	"$(text_of 'select 1 -- :a
/* :b /* nested :c */ ; */
from b')"
is 'a semicolon within quotes ends nothing' "select ';' , 1" "$(text_of "select ';' , 1;")"

is 'a statement needs a name' \
	'q.sql:1: a statement without name: put "-- name: room_verb" before it' \
	"$(complaint_of 'select 1;')"
is 'a name is taken once' 'q.sql:3: a is already a statement, at q.sql:1' \
	"$(complaint_of '-- name: a
select 1;
-- name: a
select 2;' | sed "s|$dir/||")"
printf -- '-- name: a\nselect 1;\n' >"$dir/q.sql"
printf -- '-- name: b\nselect 2;\n' >"$dir/seats_queries.sql"
"$embed" -o "$dir" --sql "$dir/q.sql" "$dir/seats_queries.sql"
is 'a room has several files' 'SQL_A SQL_B' \
	"$(grep -o 'SQL_[AB]\b' "$dir/sql.h" | paste -sd ' ')"
printf -- '-- name: a\nselect 2;\n' >"$dir/seats_queries.sql"
is 'a name is taken once in all of them' \
	'seats_queries.sql:1: a is already a statement, at q.sql:1' \
	"$("$embed" -o "$dir" --sql "$dir/q.sql" "$dir/seats_queries.sql" 2>&1 |
	sed "s|$dir/||g")"
is 'a parameter needs a type' 'q.sql:3: a: the first :x needs a type, as in :x::bigint' \
	"$(complaint_of '-- name: a
select 1,
:x;')"
is 'a name holds one statement' 'q.sql:2: a holds more than one statement' \
	"$(complaint_of '-- name: a
select 1; select 2;')"
is 'numbers are not written by hand' 'q.sql:2: write :name instead of $1' \
	"$(complaint_of '-- name: a
select $1;')"
is 'nothing is not a statement' 'q.sql:1: a is empty' \
	"$(complaint_of '-- name: a')"

text_of 'select 1' >/dev/null
touch -d '1 hour ago' "$dir/sql.h"
before=$(stat -c %Y "$dir/sql.h")
text_of 'select 2' >/dev/null
is 'sql.h is not written when no statement comes or goes' "$before" \
	"$(stat -c %Y "$dir/sql.h")"

[ $failed = 0 ] && echo 'ok: 19 sentences about tools/embed'
exit $failed
