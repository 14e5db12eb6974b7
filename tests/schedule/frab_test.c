#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"
#include "schedule/frab.h"
#include "schedule/frab_time.h"
#include "support/suite.h"

static const char *const real = "../shared/data/schedules/";

/* What a schedule is around its sessions. */
#define AROUND(more, sessions)                                                 \
	"<schedule>\n<version>1</version>\n<conference>\n"                     \
	"<acronym>Meet-2026</acronym><title>Meeting</title>\n" more            \
	"</conference>\n<day index=\"1\" date=\"2026-03-04\" "                 \
	"start=\"2026-03-04T09:00:00+05:45\" "                                 \
	"end=\"2026-03-05T04:00:00+05:45\">\n<room name=\"Hall\">\n" sessions  \
	"</room></day></schedule>"
#define ZONE "<time_zone_name>Asia/Kathmandu</time_zone_name>"
#define SESSION(id, start, length, more)                                       \
	"<event id=\"" id "\" guid=\"00000000-0000-4000-8000-00000000000" id   \
	"\"><title>Talk " id "</title><start>" start                           \
	"</start><duration>" length "</duration>" more "</event>\n"

struct outcome {
	json_t *document;
	long line;
	struct fault fault;
	int ret;
};

static struct outcome
read_text(const char *text)
{
	struct outcome o = { 0 };

	o.ret =
	    frab_read(text, strlen(text), NULL, &o.document, &o.line, &o.fault);

	return o;
}

static bool
refused(const char *text, const char *key, long line)
{
	struct outcome o = read_text(text);
	bool as_said = o.ret == -1 && o.document == NULL && o.line == line &&
	               strcmp(o.fault.key, key) == 0;

	if (!as_said)
		printf("\n    %d %s line %ld (%s) ", o.ret, o.fault.key, o.line,
		    o.fault.text);
	json_decref(o.document);

	return as_said;
}

static const json_t *
at(const json_t *document, const char *list, size_t i)
{
	return json_array_get(json_object_get(document, list), i);
}

static const char *
text_at(const json_t *document, const char *list, size_t i, const char *key)
{
	const char *text =
	    json_string_value(json_object_get(at(document, list, i), key));

	return text == NULL ? "(none)" : text;
}

static char *
read_file(const char *folder, const char *name, size_t *size)
{
	char path[256], *data;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	data = malloc((size_t)FRAB_BYTES);
	*size = fread(data, 1, (size_t)FRAB_BYTES, file);
	fclose(file);

	return data;
}

/* Lines are the file's, and a link that was dropped stays dropped. */
static void
forget_the_file(json_t *document)
{
	json_t *session;
	size_t i;

	json_array_foreach(json_object_get(document, "sessions"), i, session)
	{
		(void)json_object_del(session, "line");
	}
	(void)json_object_del(document, "dropped");
	(void)json_object_del(json_object_get(document, "event"), "zone_line");
}

/* The speakers may come in another order; persons say their place in it. */
static void
name_the_persons(json_t *document)
{
	json_t *speakers = json_object_get(document, "speakers");
	json_t *session, *place, *persons;
	json_t *by_id = json_object();
	size_t i, j;

	json_array_foreach(json_object_get(document, "sessions"), i, session)
	{
		persons = json_array();
		json_array_foreach(
		    json_object_get(session, "persons"), j, place)
		{
			(void)json_array_append(
			    persons, json_array_get(speakers,
			                 (size_t)json_integer_value(place)));
		}
		(void)json_object_set_new(session, "persons", persons);
		(void)json_object_set(by_id,
		    json_string_value(json_object_get(session, "guid")),
		    session);
	}
	(void)json_object_del(document, "speakers");
	(void)json_object_set_new(document, "sessions", by_id);
}

static bool
comes_back(json_t *document)
{
	struct text first, second;
	struct fault f = { 0 };
	json_t *again = NULL;
	long line;
	bool same;

	text_init(&first, (size_t)FRAB_BYTES);
	text_init(&second, (size_t)FRAB_BYTES);
	CU_ASSERT_EQUAL_FATAL(frab_write(document, &first, &f), 0);
	CU_ASSERT_FALSE(first.full);
	CU_ASSERT_EQUAL_FATAL(
	    frab_read(first.data, first.size, NULL, &again, &line, &f), 0);
	CU_ASSERT_EQUAL_FATAL(frab_write(again, &second, &f), 0);
	CU_ASSERT_STRING_EQUAL(first.data, second.data);

	forget_the_file(document);
	forget_the_file(again);
	name_the_persons(document);
	name_the_persons(again);
	same = json_equal(document, again) == 1;
	json_decref(again);
	text_free(&first);
	text_free(&second);

	return same;
}

static void
count_real(const char *name, size_t days, size_t rooms, size_t tracks,
    size_t sessions, size_t speakers)
{
	struct fault f = { 0 };
	json_t *document;
	size_t size;
	long line;
	char *data = read_file(real, name, &size);

	if (data == NULL) {
		SKIP("the real schedules are not here");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(
	    frab_read(data, size, NULL, &document, &line, &f), 0);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(document, "days")), days);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(document, "rooms")), rooms);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(document, "tracks")), tracks);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(document, "sessions")), sessions);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(document, "speakers")), speakers);
	CU_ASSERT_TRUE(comes_back(document));
	json_decref(document);
	free(data);
}

static void
fosdem_2024_is_read_whole_and_comes_back(void)
{
	count_real("fosdem-2024.xml", 2, 35, 67, 874, 948);
}

static void
fosdem_2025_is_read_whole_and_comes_back(void)
{
	count_real("fosdem-2025.xml", 2, 35, 79, 1105, 1193);
}

static void
the_json_examples_are_read_whole_and_come_back(void)
{
	count_real("examples/frab-camp2019.json", 5, 2, 7, 79, 90);
	count_real("examples/pretalx-democon.json", 3, 2, 2, 36, 27);
	count_real("examples/pretalx-rc3.json", 4, 5, 5, 48, 56);
}

static void
the_invalid_example_is_refused(void)
{
	size_t size;
	char *data = read_file(real, "examples/invalid-example.json", &size);

	if (data == NULL) {
		SKIP("the real schedules are not here");
		return;
	}
	data[size] = '\0';
	CU_ASSERT_TRUE(refused(data, "schedule.import.rooms_place", 6));
	free(data);
}

static void
a_start_before_the_change_of_day_is_the_next_morning(void)
{
	struct outcome o =
	    read_text(AROUND(ZONE, SESSION("1", "23:00", "00:30", "")
	                               SESSION("2", "00:30", "00:30", "")));

	CU_ASSERT_EQUAL_FATAL(o.ret, 0);
	CU_ASSERT_STRING_EQUAL(text_at(o.document, "sessions", 0, "starts"),
	    "2026-03-04T23:00:00");
	CU_ASSERT_STRING_EQUAL(text_at(o.document, "sessions", 1, "starts"),
	    "2026-03-05T00:30:00");
	CU_ASSERT_STRING_EQUAL(
	    text_at(o.document, "sessions", 1, "day"), "2026-03-04");
	json_decref(o.document);
}

static void
overlapping_sessions_are_both_named_with_the_line(void)
{
	struct outcome o = read_text(AROUND(
	    ZONE, SESSION("1", "10:00", "01:00", "") SESSION("2", "12:00",
	              "01:00", "") SESSION("3", "10:59", "00:10", "")));

	CU_ASSERT_EQUAL(o.ret, -1);
	CU_ASSERT_STRING_EQUAL(o.fault.key, "schedule.import.overlap");
	CU_ASSERT_STRING_EQUAL(o.fault.text, "\"Talk 1\", \"Talk 3\"");
	CU_ASSERT_EQUAL(o.line, 10);
	CU_ASSERT_EQUAL(o.fault.number, 8);
}

static void
broken_xml_is_refused_with_its_line(void)
{
	CU_ASSERT_TRUE(refused(
	    "<schedule>\n<conference>\n</schedule>", "schedule.import.xml", 3));
	CU_ASSERT_TRUE(refused("<schedule>", "schedule.import.xml", 1));
	CU_ASSERT_TRUE(refused("\n\nnothing", "schedule.import.xml", 3));
	CU_ASSERT_TRUE(refused("", "schedule.import.empty", 0));
	CU_ASSERT_TRUE(refused("<html/>", "schedule.import.root", 1));
	CU_ASSERT_TRUE(
	    refused("<schedule/>", "schedule.import.no_conference", 0));
	CU_ASSERT_TRUE(refused(
	    "<schedule><a>&nbsp;</a></schedule>", "schedule.import.xml", 1));
}

static void
broken_json_is_refused_with_its_line(void)
{
	CU_ASSERT_TRUE(
	    refused("{\n\"schedule\":\n}", "schedule.import.json", 3));
	CU_ASSERT_TRUE(refused("{}", "schedule.import.no_conference", 0));
	CU_ASSERT_TRUE(refused("{\"schedule\":{\"conference\":\n"
	                       "{\"title\":\"T\",\"days\":[{}]}}}",
	    "schedule.import.shape", 2));
}

static void
entities_are_neither_fetched_nor_expanded(void)
{
	CU_ASSERT_TRUE(refused("<!DOCTYPE schedule [<!ENTITY x SYSTEM "
	                       "\"file:///etc/passwd\">]>\n"
	                       "<schedule>&x;</schedule>",
	    "schedule.import.doctype", 1));
	CU_ASSERT_TRUE(refused("<!DOCTYPE schedule SYSTEM "
	                       "\"http://example.org/a.dtd\"><schedule/>",
	    "schedule.import.doctype", 1));
}

static void
what_is_wrong_with_a_session_is_said_with_its_line(void)
{
	static const struct {
		const char *text, *key;
	} wrong[] = {
		{ "<event id=\"1\"><start>10:00</start><duration>00:10"
		  "</duration><title> </title></event>",
		    "schedule.import.title" },
		{ "<event id=\"x\"><title>T</title></event>",
		    "schedule.import.id" },
		{ "<event id=\"0\"><title>T</title></event>",
		    "schedule.import.id" },
		{ "<event guid=\"12\"><title>T</title></event>",
		    "schedule.import.guid" },
		{ "<event><title>T</title></event>",
		    "schedule.import.identity" },
		{ SESSION("1", "10:00", "00:00", ""),
		    "schedule.import.duration" },
		{ SESSION("1", "10:00", "-1:00", ""),
		    "schedule.import.duration" },
		{ SESSION("1", "25:00", "00:10", ""), "schedule.import.time" },
		{ SESSION("1", "", "00:10", ""), "schedule.import.time" },
		{ SESSION("1", "10:00", "00:10",
		      "<date>2026-02-29T10:00:00+05:45</date>"),
		    "schedule.import.time" },
		{ SESSION("1", "10:00", "00:10",
		      "<persons><person id=\"a\">A</person></persons>"),
		    "schedule.import.person_id" },
	};
	char text[2048];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(
		    text, sizeof(text), AROUND(ZONE, "%s"), wrong[i].text);
		CU_ASSERT_TRUE(refused(text, wrong[i].key, 8));
	}
	CU_ASSERT_TRUE(
	    refused(AROUND(ZONE, SESSION("1", "10:00", "00:10", "")
	                             SESSION("1", "11:00", "00:10", "")),
	        "schedule.import.twice", 9));
}

static void
a_session_without_a_guid_is_found_again_by_its_number(void)
{
	static const char text[] =
	    AROUND(ZONE, "<event id=\"7\"><title>T</title><start>10:00</start>"
	                 "<duration>1:00</duration></event>");
	struct outcome a = read_text(text), b = read_text(text);

	CU_ASSERT_EQUAL_FATAL(a.ret, 0);
	CU_ASSERT_STRING_EQUAL(text_at(a.document, "sessions", 0, "guid"),
	    text_at(b.document, "sessions", 0, "guid"));
	CU_ASSERT_EQUAL(text_at(a.document, "sessions", 0, "guid")[14], '8');
	json_decref(a.document);
	json_decref(b.document);
}

static void
a_file_without_a_zone_has_that_of_its_one_offset(void)
{
	struct outcome o = read_text(
	    AROUND("", SESSION("1", "10:00", "01:00",
	                   "<date>2026-03-04T10:00:00+02:00</date>")));

	CU_ASSERT_EQUAL_FATAL(o.ret, 0);
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(
	        json_object_get(json_object_get(o.document, "event"), "zone")),
	    "Etc/GMT-2");
	json_decref(o.document);
	CU_ASSERT_TRUE(refused(AROUND("", SESSION("1", "10:00", "01:00", "")),
	    "schedule.import.zone_missing", 3));
	CU_ASSERT_TRUE(
	    refused(AROUND("", SESSION("1", "10:00", "01:00",
	                           "<date>2026-03-04T10:00:00+05:45</date>")),
	        "schedule.import.zone_missing", 3));
}

static void
a_link_that_runs_a_program_is_passed_over(void)
{
	struct outcome o = read_text(
	    AROUND(ZONE "<base_url>https://example.org/2026/</base_url>",
	        SESSION("1", "10:00", "01:00",
	            "<links><link href=\"javascript:alert(1)\">a</link>"
	            "<link href=\"slides.pdf\">b</link></links>")));
	const json_t *links;

	CU_ASSERT_EQUAL_FATAL(o.ret, 0);
	links = json_object_get(at(o.document, "sessions", 0), "links");
	CU_ASSERT_EQUAL(json_array_size(links), 1);
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(json_array_get(links, 0), "url")),
	    "https://example.org/2026/slides.pdf");
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(o.document, "dropped")), 1);
	json_decref(o.document);
}

static void
what_the_schema_cannot_say_comes_back_too(void)
{
	struct outcome o = read_text(AROUND(ZONE
	    "<subtitle>Sub</subtitle><venue>A &amp; B ?&gt;</venue>"
	    "<city>\xe0\xa4\x95\xe0\xa4\xbe\xe0\xa4\xa0\xe0\xa4\xae"
	    "\xe0\xa4\xbe\xe0\xa4\xa1\xe0\xa5\x8c\xe0\xa4\x81</city>",
	    SESSION("1", "10:00", "120:00",
	        "<date>2026-03-04T10:00:00+05:45</date><slug>?&gt;</slug>"
	        "<odd>kept &lt;p&gt;</odd><abstract>&lt;p&gt;a&#13;\n b"
	        "&lt;/p&gt;</abstract><recording><license>CC</license>"
	        "<optout>false</optout></recording><persons><person>No id"
	        "</person><person guid=\"00000000-0000-4000-8000-"
	        "0000000000aa\">Guid</person></persons>")
	        SESSION("2", "10:00", "00:00:30",
	            "<date>2026-03-14T10:00:00+05:45</date><persons>"
	            "<person>No id</person></persons>")));

	CU_ASSERT_EQUAL_FATAL(o.ret, 0);
	CU_ASSERT_EQUAL(
	    json_array_size(json_object_get(o.document, "speakers")), 2);
	CU_ASSERT_TRUE(comes_back(o.document));
	json_decref(o.document);
}

static void
a_depth_without_end_is_refused(void)
{
	char text[4096] = "<schedule>";

	for (int i = 0; i < 60; i++)
		strcat(text, "<a>");
	CU_ASSERT_TRUE(refused(text, "schedule.import.deep", 1));
	strcpy(text, "{\"schedule\":");
	for (int i = 0; i < 60; i++)
		strcat(text, "[");
	for (int i = 0; i < 60; i++)
		strcat(text, "]");
	strcat(text, "}");
	CU_ASSERT_TRUE(refused(text, "schedule.import.deep", 1));
}

static bool
named(const char *acronym, const char *slug)
{
	char text[2048];
	struct outcome o;
	const char *is;
	bool as_said;

	(void)snprintf(text, sizeof(text),
	    "<schedule><conference><title>T</title><acronym>%s</acronym>"
	    "<start>2026-03-04</start>" ZONE "</conference>"
	    "<day date=\"2026-03-04\" start=\"2026-03-04T00:00:00+05:45\" "
	    "end=\"2026-03-04T23:59:00+05:45\"/></schedule>",
	    acronym);
	o = read_text(text);
	is = json_string_value(
	    json_object_get(json_object_get(o.document, "event"), "slug"));
	as_said = is != NULL && strcmp(is, slug) == 0 && comes_back(o.document);
	json_decref(o.document);

	return as_said;
}

static void
an_acronym_becomes_a_name_for_addresses(void)
{
	CU_ASSERT_TRUE(named("Camp2019", "camp2019"));
	CU_ASSERT_TRUE(named("a_b-2019", "a_b-2019"));
	CU_ASSERT_TRUE(named(" Ca/mp -- 2019!", "ca-mp-2019"));
	CU_ASSERT_TRUE(named("rc3", "rc3-2026"));
	CU_ASSERT_TRUE(
	    named("?</acronym><?convene {\"slug\":\"e1\"}?><acronym>", "e1"));
}

static void
days_that_do_not_exist_are_no_times(void)
{
	struct frab_time t;
	char spelt[FRAB_TIME_CHARS + 1];

	CU_ASSERT_EQUAL(frab_time("2026-02-29", &t), -1);
	CU_ASSERT_EQUAL(frab_time("2024-02-29T23:59:59Z", &t), 0);
	frab_time_spell(&t, spelt);
	CU_ASSERT_STRING_EQUAL(spelt, "2024-02-29T23:59:59+00:00");
	CU_ASSERT_EQUAL(frab_time("2024-02-29T24:00:00Z", &t), -1);
	CU_ASSERT_EQUAL(frab_time("2024-03-10T02:30:00-03:30", &t), 0);
	frab_time_spell(&t, spelt);
	CU_ASSERT_STRING_EQUAL(spelt, "2024-03-10T02:30:00-03:30");
	CU_ASSERT_EQUAL(frab_time("2024-03-10T02:30", &t), 0);
	CU_ASSERT_TRUE(t.local);
	CU_ASSERT_EQUAL(frab_time("2024-03-10T02:30:00+1", &t), -1);
}

SUITE(frab, SAYS(fosdem_2024_is_read_whole_and_comes_back),
    SAYS(fosdem_2025_is_read_whole_and_comes_back),
    SAYS(the_json_examples_are_read_whole_and_come_back),
    SAYS(the_invalid_example_is_refused),
    SAYS(a_start_before_the_change_of_day_is_the_next_morning),
    SAYS(overlapping_sessions_are_both_named_with_the_line),
    SAYS(broken_xml_is_refused_with_its_line),
    SAYS(broken_json_is_refused_with_its_line),
    SAYS(entities_are_neither_fetched_nor_expanded),
    SAYS(what_is_wrong_with_a_session_is_said_with_its_line),
    SAYS(a_session_without_a_guid_is_found_again_by_its_number),
    SAYS(a_file_without_a_zone_has_that_of_its_one_offset),
    SAYS(a_link_that_runs_a_program_is_passed_over),
    SAYS(what_the_schema_cannot_say_comes_back_too),
    SAYS(a_depth_without_end_is_refused),
    SAYS(an_acronym_becomes_a_name_for_addresses),
    SAYS(days_that_do_not_exist_are_no_times))
