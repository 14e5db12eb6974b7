#!/bin/bash
# Schedules from files and into files, with a database of its own.
set -euo pipefail
export PGOPTIONS='-c client_min_messages=warning'
convene=${CONVENE:-build/convene}
real=../shared/data/schedules

if [ -z "${PGHOST:-}" ] || [ ! -x "$convene" ]; then
	echo "1..0 # SKIP no database"
	exit 0
fi
base=import_test_$$
dir=$(mktemp -d)
finish() {
	rm -rf "$dir"
	dropdb --if-exists --force "$base"
}
trap finish EXIT
createdb "$base"
unset CONVENE_CONF
export PGDATABASE=$base
export CONVENE_DATABASE_OWNER="host=$PGHOST user=${PGUSER:-postgres} dbname=$base"
: >"$dir/empty.conf"

convene() { "$convene" -c "$dir/empty.conf" "$@"; }
import() { convene import schedule "$@"; }
ask() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }

number=0
# is NAME WHAT-IS WHAT-SHOULD-BE
is() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1: $2, not $3"
	fi
}

# What of "kind created changed removed" is not nought.
did() {
	awk '{ if ($2 + $4 + $6 > 0) printf "%s%s +%d ~%d -%d", n++ ? ", " : "", $1, $2, $4, $6 }'
}

# Every row of a schedule, with the transaction that wrote it.
rows() {
	ask "select md5(string_agg(x, ',' order by x)) from (
	    select 'e' || id || xmin from data.event union all
	    select 'r' || id || xmin from data.room union all
	    select 't' || id || xmin from data.track union all
	    select 's' || id || xmin from data.session union all
	    select 'p' || id || xmin from data.speaker union all
	    select 'c' || id || xmin from data.calendar union all
	    select 'i' || kind || id || xmin from data.search union all
	    select 'a' || session_id || '.' || speaker_id || xmin from data.session_speaker union all
	    select 'l' || session_id || kind || position || xmin from data.session_link union all
	    select 'n' || id || xmin from data.notice union all
	    select 'u' || id || xmin from data.audit) r (x)"
}

# A schedule of ours: talk NUMBER ROOM START TITLE [MORE] …, in a file.
talk() {
	cat <<-END
	<event guid="00000000-0000-4000-8000-00000000000$1" id="$1"><start>$3</start>
	<duration>01:00</duration><title>$4</title><room>$2</room>${5:-}</event>
	END
}
schedule() { # NORTH SOUTH: what happens in the two rooms
	cat <<-END
	<?xml version="1.0" encoding="UTF-8"?>
	<schedule><version>1</version><conference><acronym>rivers-2031</acronym>
	<title>Rivers &amp; lakes</title><venue>The hall</venue><city>काठमाडौँ</city>
	<start>2031-03-04</start><end>2031-03-04</end><day_change>04:00</day_change>
	<time_zone_name>${ZONE:-Asia/Kathmandu}</time_zone_name></conference>
	<day index="1" date="2031-03-04" start="2031-03-04T04:00:00+05:45"
	end="2031-03-05T03:59:00+05:45">
	<room name="North">
	$1
	</room><room name="South">
	$2
	</room></day></schedule>
	END
}
ada='<persons><person id="5">Ada</person></persons>'
links='<links><link href="https://example.org/a">A</link><link href="https://example.org/b">B</link></links>'
one=$(talk 1 North 10:00 Floods "$ada$links")
two=$(talk 2 South 10:00 Droughts)
three=$(talk 3 North 23:30 Nights)

convene migrate >/dev/null

# --- a first time, and again -----------------------------------------------------
schedule "$one$three" "$two" >"$dir/a.xml"
is "a schedule is stored" "$(import "$dir/a.xml" --publish | did)" \
    "event +1 ~0 -0, rooms +2 ~0 -0, speakers +1 ~0 -0, sessions +3 ~0 -0, appearances +1 ~0 -0, links +2 ~0 -0"
is "in a program for what was imported" \
    "$(ask "select slug, reach, title, state from data.program")" "imported-schedules|global|Imported schedules|published"
is "with its times from the zone's clocks" "$(ask "select schedule.at(starts, zone) || ' ' || schedule.at(ends, zone) from data.event")" \
    "2031-03-04T10:00:00+05:45 2031-03-05T00:30:00+05:45"
is "what runs past midnight belongs to the evening before" \
    "$(ask "select day from data.session where title = 'Nights'")" 2031-03-04
is "it can be searched for" "$(ask "select count(*) from data.search where kind in ('event', 'session')")" 4
before=$(rows)
is "a second import says that nothing changed" "$(import "$dir/a.xml" --publish | did)" ""
is "and writes no row" "$(rows)" "$before"

# --- somebody comes, and things move ---------------------------------------------
event=$(ask "select id from data.event")
ask "select registration.take($event, 'pia@example.org', 'Pia', 'en', null, '', null, gen_random_uuid(), sha256('m'))" >/dev/null
ask "select set_config('convene.actor', (select id::text from data.person where email = 'pia@example.org'), false);
    select registration.pick(id) from data.session where title in ('Floods', 'Nights')" >/dev/null
ask "update data.notice set state = 'sent', sent = now(), attempts = 1"
sequence() { ask "select string_agg(c.sequence::text, ' ' order by s.title nulls first) from data.calendar c left join data.session s on s.id = c.session_id"; }
told() { ask "select coalesce(string_agg(n.kind || coalesce(' ' || s.title, ''), ', ' order by n.id), '')
    from data.notice n left join data.invite i on i.id = n.invite_id left join data.calendar c on c.id = i.calendar_id
    left join data.session s on s.id = c.session_id where n.state = 'waiting'";
	ask "update data.notice set state = 'sent', sent = now(), attempts = 1 where state = 'waiting'"; }
is "one seat is taken" "$(sequence)" "0 0 0 0"

schedule "$(talk 1 North 10:00 "Floods today" "$ada$links")$three" "$two" >"$dir/title.xml"
revision=$(ask "select revision from data.event")
is "another title changes one session" "$(import "$dir/title.xml" | did)" "sessions +0 ~1 -0"
is "and one row of sessions" "$(ask "select count(*) from data.session where xmin = (select xmin from data.session where title = 'Floods today')")" 1
is "the event's revision rises once" "$(($(ask "select revision from data.event") - revision))" 1
is "who picked it is told, with the same number" "$(told) $(sequence)" "invite.changed Floods today 0 0 0 0"

schedule "$(talk 2 North 10:00 Droughts)$three" "$(talk 1 South 10:00 "Floods today" "$ada$links")" >"$dir/swap.xml"
is "two sessions can swap their rooms" "$(import "$dir/swap.xml" | did)" "sessions +0 ~2 -0"
is "which is no new question" "$(told) $(sequence)" "invite.changed Floods today 0 0 0 0"

schedule "$(talk 2 North 10:00 Droughts)$three" "$(talk 1 South 14:00 "Floods today" "$ada$links")" >"$dir/move.xml"
is "a session moves" "$(import "$dir/move.xml" | did)" "sessions +0 ~1 -0"
is "its number rises, and the event's, and both are told" "$(told) $(sequence)" \
    "invite.changed Floods today, invite.changed 1 0 1 0"

schedule "$(talk 1 North 14:00 "Floods today")" "" >"$dir/gone.xml"
is "what is gone from the file goes, with what only it used" "$(import "$dir/gone.xml" | did)" \
    "event +0 ~1 -0, speakers +0 ~0 -1, sessions +0 ~1 -2, appearances +0 ~0 -1, links +0 ~0 -2"
is "a session that nobody had is deleted, one that was picked is cancelled" \
    "$(ask "select string_agg(title || ' ' || state, ', ' order by title) from data.session")" "Floods today published, Nights cancelled"
is "and its people hear of it" "$(told | grep -o 'invite.session_cancelled Nights')" "invite.session_cancelled Nights"
is "the same again changes nothing" "$(import "$dir/gone.xml" | did)" ""
import "$dir/a.xml" >/dev/null
is "a session that comes back is not cancelled any more" \
    "$(ask "select string_agg(title || ' ' || state, ', ' order by title) from data.session")" "Droughts published, Floods published, Nights published"
told >/dev/null

# --- what was made by hand -------------------------------------------------------
ask "insert into data.room (event_id, name) values ($event, 'Attic');
    insert into data.session (event_id, room_id, title, starts, ends, day)
    select $event, id, 'By hand', '2031-03-04 10:00 Asia/Kathmandu', '2031-03-04 11:00 Asia/Kathmandu', '2031-03-04'
    from data.room where name = 'Attic';
    select schedule.calendars($event), schedule.index_sessions($event)" >/dev/null
is "an import leaves alone what was made by hand" "$(import "$dir/a.xml" | did)" ""
schedule "$one$three" "$two" | sed 's/South/Attic/g' >"$dir/taken.xml"
was=$(rows)
is "a room taken by hand refuses the file" "$(import "$dir/taken.xml" 2>&1 >/dev/null | sed "s|$dir/||")" \
    "taken.xml: $(sed -n 's/.*"schedule.room_taken": "\(.*\)".*/\1/p' assets/messages/en.json)"
is "and nothing of it is stored" "$(rows)" "$was"
convene export schedule rivers-2031 "$dir/hand.xml"
is "what was made by hand comes back as it was" "$(import "$dir/hand.xml" | did)" ""

# --- refused, and nothing stored -------------------------------------------------
was=$(rows)
# refuses FILE REASON
refuses() {
	is "refused: $2" "$(import "$dir/$1" 2>&1 >/dev/null | sed "s|$dir/||") $(import "$dir/$1" >/dev/null 2>&1; echo $?)" "$1:$2 1"
}
head -n 12 "$dir/a.xml" >"$dir/broken.xml"
refuses broken.xml "13: The XML is broken: Premature end of data in tag room line 12"
ZONE=Mars/Olympus schedule "$one" "$two" >"$dir/zone.xml"
refuses zone.xml "5: This time zone is not known: Mars/Olympus"
schedule "$one$(talk 4 North 10:30 Rain)" "$two" >"$dir/overlap.xml"
refuses overlap.xml '10: Two sessions are in one room at once: "Floods", "Rain". The first begins on line 9.'
schedule "$one" "$(talk 1 South 10:30 Rain)" >"$dir/twice.xml"
refuses twice.xml "12: This is there twice: 00000000-0000-4000-8000-000000000001. The first is on line 9."
schedule "$one" "$(talk 4 South 10:30 '')" >"$dir/title_less.xml"
refuses title_less.xml "12: The session has no title."
schedule "$one" "$two" | sed 's/<duration>01:00/<duration>00:00/' >"$dir/short.xml"
refuses short.xml "9: This is not a duration: 00:00"
schedule "$(talk 1 North 02:30 Skipped)" "" | sed 's/2031-03-04/2031-03-29/g; s/2031-03-05/2031-03-30/; s/+05:45/+01:00/; s|Asia/Kathmandu|Europe/Brussels|' >"$dir/skipped.xml"
refuses skipped.xml "9: This time does not exist: clocks are put forward then. 2031-03-30T02:30:00"
printf '<!DOCTYPE schedule [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<schedule>&x;</schedule>' >"$dir/entity.xml"
refuses entity.xml "1: A document type is not accepted here."
printf '{"schedule":\n{"conference": 1}' >"$dir/broken.json"
refuses broken.json "2: The JSON is broken: '}' expected near end of file"
import "$dir/a.xml" --program nowhere 2>"$dir/said" || true
is "refused: a program that is not there" "$(sed "s|$dir/||" "$dir/said")" "a.xml: There is no program named nowhere."
is "and nothing of them is stored" "$(rows)" "$was"

# --- who must not ----------------------------------------------------------------
web() { PGOPTIONS='-c role=convene_web' psql -qAtX -v VERBOSITY=sqlstate -c "$1" 2>&1 | grep -o '[0-9P]*$'; }
document="(select jsonb_build_object('event', jsonb_build_object('slug', 'rivers-2031', 'zone', 'UTC'), 'days', '[{\"index\": 1, \"date\": \"2031-03-04\"}]'::jsonb, 'sessions', '[]'::jsonb, 'rooms', '[]'::jsonb, 'tracks', '[]'::jsonb, 'speakers', '[]'::jsonb))"
is "nobody imports by the web" "$(web "select schedule.import(1, $document)")" 28000
is "nor publishes a program for it" "$(web "select schedule.import_program(null, 'T', 'e', true)")" 28000
is "nor a part of it" "$(web "select schedule.import_gone($event, $document)")" 42501
is "nor exports" "$(web "select schedule.export('rivers-2031')")" 28000
is "and nothing is stored by that either" "$(rows)" "$was"

# --- real ones -------------------------------------------------------------------
comes_back() { # SLUG
	convene export schedule "$1" "$dir/$1.xml"
	is "$1 is valid by the schema" "$(xmllint --noout --schema $real/schedule.xml.xsd "$dir/$1.xml" 2>&1)" "$dir/$1.xml validates"
	was=$(rows)
	is "$1 comes back without a change" "$(import "$dir/$1.xml" | did)" ""
	is "$1 is the same, row by row" "$(rows)" "$was"
	is "$1 is written the same again" "$(convene export schedule "$1" | cmp - "$dir/$1.xml" && echo same)" same
}
# One and a half seconds each on a quiet machine; a busy one gets more.
# whole FILE SLUG "SESSIONS SPEAKERS ROOMS TRACKS APPEARANCES LINKS"
whole() {
	local begin took
	begin=$(date +%s%N)
	import "$real/$1" >/dev/null
	took=$((($(date +%s%N) - begin) / 1000000))
	echo "# $1: $took ms"
	is "$1 takes seconds" $((took < 20000)) 1
	is "$1 is there whole" "$(ask "select concat_ws(' ',
	    (select count(*) from data.session s where s.event_id = e.id),
	    (select count(*) from data.speaker s where s.event_id = e.id),
	    (select count(*) from data.room s where s.event_id = e.id),
	    (select count(*) from data.track s where s.event_id = e.id),
	    (select count(*) from data.session_speaker x join data.session s on s.id = x.session_id where s.event_id = e.id),
	    (select count(*) from data.session_link x join data.session s on s.id = x.session_id where s.event_id = e.id))
	    from data.event e where e.slug = '$2'")" "$3"
	was=$(rows)
	is "$1 a second time changes nothing" "$(import "$real/$1" | did)$(rows)" "$was"
	comes_back "$2"
}
if [ -d $real ] && command -v xmllint >/dev/null; then
	comes_back rivers-2031
	whole fosdem-2025.xml fosdem-2025 "1105 1193 35 79 1455 7900"
	whole fosdem-2024.xml fosdem-2024 "874 948 35 67 1128 5810"
	whole examples/frab-camp2019.json camp2019 "79 90 2 7 96 64"
	whole examples/pretalx-democon.json democon "36 27 2 2 43 0"
	whole examples/pretalx-rc3.json rc3-channels-2020 "48 56 5 5 57 0"
	sed 's|<title>Welcome to FOSDEM 2025|&, friends|' $real/fosdem-2025.xml >"$dir/friends.xml"
	is "one title of 1105 changes one session" "$(import "$dir/friends.xml" | did)" "sessions +0 ~1 -0"
	was=$(rows)
	import $real/examples/invalid-example.json 2>"$dir/said" || true
	is "the invalid example is refused" "$(cut -d: -f2- "$dir/said")$(rows)" "6: The list of rooms belongs into the conference.$was"
else
	echo "# skipped: the real schedules or xmllint are not here"
fi
if convene verify schedule program registration invite >"$dir/verify"; then
	is "every invariant holds" yes yes
else
	is "every invariant holds" "$(grep -v ' ok$' "$dir/verify" | tr '\n' ' ')" ""
fi
echo "1..$number"
