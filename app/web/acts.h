#ifndef WEB_ACTS_H
#define WEB_ACTS_H

#include <stdbool.h>

#include "web/visit.h"

extern const struct act web_health, web_ready, web_metrics, web_openapi,
    web_language, web_about;

/* A path to go on to that stays with us: "//evil" and "/\evil" do not. */
bool path_ours(const char *);

#endif
