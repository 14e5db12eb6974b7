#!/bin/bash
# The command line explains itself, wherever it is asked, and reads the
# configuration that it is told.
set -euo pipefail
convene=$(realpath build/convene)
count=0

say() { # STATUS WORDS
	count=$((count + 1))
	[ "$1" -eq 0 ] && echo "ok $count - $2" || echo "not ok $count - $2"
}

for command in $("$convene" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	status=0
	for words in --help 'schedule --help' 'a b --help'; do
		# shellcheck disable=SC2086
		CONVENE_CONF=/nonexistent "$convene" "$command" $words </dev/null |
			grep -q "^usage: convene $command" || status=1
	done
	say $status "$command --help explains it, also after other words"
done
[ $count -gt 5 ] || say 1 'the commands are listed'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/var"
echo 'of another version = yes' >"$folder/var/convene.conf"
echo "secret_key = $folder/secret" >"$folder/own.conf"
echo "ticket_key = $folder/ticket" >>"$folder/own.conf"
cd "$folder"
status=0
env -u CONVENE_CONF "$convene" keys >/dev/null 2>&1 && status=1
say $status 'a configuration that cannot be read is refused'
status=0
CONVENE_CONF=own.conf "$convene" keys >/dev/null || status=1
say $status 'and is not read where another is named'
[ -s secret ] || status=1
say $status 'which is the one that counts'
echo "1..$count"
