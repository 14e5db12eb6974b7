# Convene.  `make help` says what there is to make.
#
# app/<room>/*.c are found by themselves.  All of them go into one archive;
# each program adds its own main and takes from the archive what it needs.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:

FUZZ_SECONDS ?= 20
MINUTES ?= 30
ROOM ?=
B ?= build
V ?= 0
Q := $(if $(filter 0,$(V)),@)
say = $(if $(Q),@echo '$(1)')

PACKAGES := libpq jansson libsodium libical libqrencode gmime-3.0 libcurl \
	icu-uc icu-i18n libxml-2.0 libpng xlsxwriter zlib
FOREIGN := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES)))
LIBS := $(shell pkg-config --libs $(PACKAGES)) -lmagic -lm

# The defines decide the layout of Kore's structures: they must be the binary's.
KORE_FEATURES := $(patsubst -I%,-isystem %,$(shell cat /usr/share/kore/features))

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wvla -Wformat=2 \
	-Werror
STANDARD := -std=gnu17 -D_GNU_SOURCE
INCLUDES := -Iapp -I$(B) $(FOREIGN)
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
COMPILE = $(STANDARD) $(INCLUDES) -MMD -MP
LINK := -Wl,--as-needed -Wl,-z,relro,-z,now $(LDFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined
# SANITIZED=yes B=<folder>: the programs themselves, for CONVENE_SANITIZE of tools/run.
ifdef SANITIZED
CFLAGS := -O1 -g $(SANITIZE)
LINK += $(SANITIZE)
endif

# --- what there is ---
APART := app/web/kore.c app/main_web.c app/main_worker.c app/main_cli.c
ROOMS := $(filter-out $(APART),$(wildcard app/*.c app/*/*.c))
QUERIES := $(sort $(wildcard sql/*/*queries.sql))
ASSETS := $(sort $(wildcard assets/messages/*.json assets/demo/*.json) \
	$(filter-out assets/node_modules/%,$(wildcard assets/*/*.html assets/*/*.txt)) \
	$(filter-out %queries.sql,$(wildcard sql/*/*.sql)))
# Without Node the pages go without scripts and style, and the tests of rules run.
MANIFEST := $(if $(shell command -v node),$(B)/static/manifest.json)
STATIC := $(sort assets/package-lock.json assets/build.mjs \
	$(wildcard assets/static/* assets/*/*.css assets/*/*.js))
MADE := $(B)/sql.c $(B)/assets.c

# A room under test needs the house, and itself.
HOUSE := base db $(if $(filter base db,$(ROOM)),,web)
NEEDS_registration := archive checkin invite schedule
NEEDS_notice := registration $(NEEDS_registration)
TESTED := $(if $(ROOM),$(foreach r,$(sort $(HOUSE) $(ROOM) $(NEEDS_$(ROOM))),$(filter app/$(r)/%,$(ROOMS))),$(ROOMS))
TESTS := $(sort $(if $(ROOM),$(wildcard tests/$(ROOM)/*_test.c),$(wildcard tests/*/*_test.c)))
SUPPORT := $(wildcard tests/support/*.c)
FUZZERS := $(sort $(wildcard tests/fuzz/*_fuzz.c))
OF_ROOM := $(if $(ROOM),-$(ROOM))

OBJECTS := $(ROOMS:%.c=$(B)/obj/%.o) $(MADE:$(B)/%.c=$(B)/obj/made/%.o)
# A room alone has no doors: the table of routes would bring all the others in.
NO_ROUTES := $(if $(ROOM),$(B)/san/tests/web/no_routes.o)
TESTED_OBJECTS := $(TESTED:%.c=$(B)/san/%.o) $(NO_ROUTES) $(MADE:$(B)/%.c=$(B)/san/made/%.o)
TEST_OBJECTS := $(TESTS:%.c=$(B)/san/%.o) $(SUPPORT:%.c=$(B)/san/%.o)
FUZZED_OBJECTS := $(ROOMS:%.c=$(B)/fuzz/%.o) $(MADE:$(B)/%.c=$(B)/fuzz/made/%.o)

.PHONY: all web worker cli test-unit unit fuzz fuzzers lint format run test soak \
	bench clean help FORCE
.SECONDARY:

all: web worker cli ## the three programs
web: $(if $(wildcard app/web/kore.c),$(B)/convene.so) ## the module for Kore
worker: $(if $(wildcard app/main_worker.c),$(B)/convene-worker) ## what works behind
cli: $(if $(wildcard app/main_cli.c),$(B)/convene) ## the command line

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 14
	@echo 'B=<folder> builds elsewhere, V=1 shows the commands.'
	@echo 'test-unit and unit take ROOM=<room>: that room alone, with the house.'

# --- made sources ---
$(B)/embed: tools/embed.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(STANDARD) $(WARNINGS) -O1 -g -o $@ $<

$(B)/supervise: tools/supervise.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(STANDARD) $(WARNINGS) $(CFLAGS) -o $@ $<

$(B)/load: tools/load.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(STANDARD) $(WARNINGS) $(CFLAGS) -o $@ $<

# A list that changes when a file comes or goes.
$(B)/%.list: FORCE
	@mkdir -p $(@D)
	@echo '$(sort $(LISTED))' | cmp -s - $@ || echo '$(sort $(LISTED))' >$@
FORCE:
$(B)/queries.list: LISTED = $(QUERIES)
$(B)/assets.list: LISTED = $(ASSETS) $(MANIFEST)

# A stamp, since what did not change is not written: sql.h changes only when
# a statement comes or goes, and every room includes it.
$(B)/sql.stamp: $(B)/embed $(B)/queries.list $(QUERIES)
	$(call say,EMBED $@)
	$(Q)$(B)/embed -o $(B) --sql $(QUERIES)
	@touch $@
$(B)/sql.c $(B)/sql.h: $(B)/sql.stamp ;

# Touched, since what did not change is not written.
$(B)/static/manifest.json: $(STATIC)
	@mkdir -p $(@D)
	$(call say,NODE $@)
	$(Q)node assets/build.mjs $(B) >$(B)/static.log
	@touch $@

$(B)/assets.stamp: $(B)/embed $(B)/assets.list $(ASSETS) $(MANIFEST)
	$(call say,EMBED $@)
	$(Q)$(B)/embed -o $(B) --assets $(ASSETS)
	@touch $@
$(B)/assets.c: $(B)/assets.stamp ;

# --- programs ---
$(B)/obj/%.o: %.c $(B)/flags | $(B)/sql.h
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(COMPILE) $(WARNINGS) $(CFLAGS) -fPIC -c -o $@ $<
$(B)/obj/made/%.o: $(B)/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(COMPILE) $(CFLAGS) -fPIC -c -o $@ $<
$(B)/obj/app/web/kore.o: INCLUDES += $(KORE_FEATURES)

$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(COMPILE) $(WARNINGS) $(CFLAGS) $(SANITIZE)' | cmp -s - $@ || \
	echo '$(CC) $(COMPILE) $(WARNINGS) $(CFLAGS) $(SANITIZE)' >$@

$(B)/rooms.a: $(OBJECTS)
	@rm -f $@
	$(call say,AR $@)
	$(Q)ar qcs $@ $^

$(B)/convene.so: $(B)/obj/app/web/kore.o $(B)/rooms.a
	$(call say,CC $@)
	$(Q)$(CC) -shared $(LINK) -o $@ $^ $(LIBS)
$(B)/convene-worker: $(B)/obj/app/main_worker.o $(B)/rooms.a
	$(call say,CC $@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LIBS)
$(B)/convene: $(B)/obj/app/main_cli.o $(B)/rooms.a
	$(call say,CC $@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LIBS)

# What tools/bench shows at the door.
$(B)/tickets: $(B)/obj/tests/bench/tickets.o $(B)/rooms.a
	$(call say,CC $@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LIBS)

# --- tests of rules, without a server ---
$(B)/san/%.o: %.c $(B)/flags | $(B)/sql.h
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(COMPILE) -Itests $(WARNINGS) -O0 -g $(SANITIZE) -c -o $@ $<
$(B)/san/made/%.o: $(B)/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(COMPILE) -O0 -g -c -o $@ $<

$(B)/san/rooms$(OF_ROOM).a: $(TESTED_OBJECTS)
	@rm -f $@
	$(call say,AR $@)
	$(Q)ar qcs $@ $^

SUITES = $(patsubst %_test.c,%_suite,$(notdir $(TESTS)))
$(B)/unit$(OF_ROOM).list: LISTED = $(TESTS)
# A suite is a CU_SuiteInfo, see tests/support/suite.h, or a function that adds it.
$(B)/san/unit$(OF_ROOM).c: $(B)/unit$(OF_ROOM).list $(TESTS)
	@mkdir -p $(@D)
	@{ echo '#include <CUnit/Basic.h>'; \
	for t in $(TESTS); do s=$$(basename $$t _test.c)_suite; \
	if grep -q "^$$s(void)" $$t; then \
	echo "void $$s(void); static void add_$$s(void) { $$s(); }"; else \
	echo "extern CU_SuiteInfo $$s; static void add_$$s(void)"; \
	echo "{ CU_SuiteInfo all[] = { $$s, CU_SUITE_INFO_NULL }; CU_register_suites(all); }"; \
	fi; done; \
	echo 'int main(void) { unsigned int failed; CU_initialize_registry();'; \
	printf 'add_%s();\n' $(SUITES); \
	echo 'CU_basic_set_mode(CU_BRM_VERBOSE); CU_basic_run_tests();'; \
	echo 'failed = CU_get_number_of_failures(); CU_cleanup_registry();'; \
	echo 'return failed != 0 || CU_get_error() != CUE_SUCCESS; }'; } >$@

$(B)/san/unit$(OF_ROOM): $(B)/san/unit$(OF_ROOM).c $(TEST_OBJECTS) $(B)/san/rooms$(OF_ROOM).a
	$(call say,CC $@)
	$(Q)$(CC) $(STANDARD) -g $(SANITIZE) -Wl,--as-needed -o $@ $^ $(LIBS) -lcunit

unit: $(B)/san/unit$(OF_ROOM) ## builds the unit tests only
test-unit: $(B)/san/unit$(OF_ROOM) ## runs them, under ASan and UBSan
	$(B)/san/unit$(OF_ROOM)
	@set -e; for t in $(wildcard tests/$(or $(ROOM),*)/*_test.sh); do echo "$$t"; "$$t"; done

# --- fuzzing ---
$(B)/fuzz/%.o: %.c $(B)/flags | $(B)/sql.h
	@mkdir -p $(@D)
	$(call say,CLANG $@)
	$(Q)clang $(COMPILE) -Itests -O1 -g -fsanitize=fuzzer-no-link,address,undefined -c -o $@ $<
$(B)/fuzz/made/%.o: $(B)/%.c
	@mkdir -p $(@D)
	$(call say,CLANG $@)
	$(Q)clang $(COMPILE) -O0 -c -o $@ $<
$(B)/fuzz/rooms.a: $(FUZZED_OBJECTS)
	@rm -f $@
	$(call say,AR $@)
	$(Q)ar qcs $@ $^
$(B)/fuzz/%_fuzz: $(B)/fuzz/tests/fuzz/%_fuzz.o $(B)/fuzz/rooms.a
	$(call say,CLANG $@)
	$(Q)clang -g -fsanitize=fuzzer,address,undefined -Wl,--as-needed -o $@ $^ $(LIBS)

fuzzers: $(FUZZERS:tests/fuzz/%.c=$(B)/fuzz/%) ## builds the fuzzers only
fuzz: fuzzers ## each for FUZZ_SECONDS, from tests/corpus/<name>
	@set -e; for f in $(FUZZERS:tests/fuzz/%_fuzz.c=%); do \
	mkdir -p $(B)/fuzz/found/$$f; \
	seeds=; [ -d tests/corpus/$$f ] && seeds=tests/corpus/$$f; \
	echo "fuzz $$f"; \
	$(B)/fuzz/$${f}_fuzz -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 \
	-artifact_prefix=$(B)/fuzz/$$f- $(B)/fuzz/found/$$f $$seeds \
	2>$(B)/fuzz/$$f.log || { tail -40 $(B)/fuzz/$$f.log; exit 1; }; \
	grep -E 'number_of_executed_units|peak_rss' $(B)/fuzz/$$f.log; done

# --- the rest is scripts ---
lint: $(B)/sql.h ## the rules of the house that a tool can hold
	tools/house-rules
format: ## rewrites every .c as .clang-format says
	clang-format-14 -i $(wildcard app/*.c app/*/*.c tools/*.c tests/*/*.c)
run: ## everything, on this machine
	tools/run
test: ## every test there is
	tools/test
soak: ## registration while what it runs on is killed, for MINUTES (30)
	MINUTES=$(MINUTES) tools/test soak
bench: ## ratios to what the machine can do
	tools/bench
clean: ## removes build/
	rm -rf $(B)

-include $(OBJECTS:.o=.d) $(TESTED_OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d)
-include $(FUZZED_OBJECTS:.o=.d) $(FUZZERS:%.c=$(B)/fuzz/%.d)
-include $(B)/obj/app/web/kore.d $(B)/obj/app/main_worker.d $(B)/obj/app/main_cli.d
