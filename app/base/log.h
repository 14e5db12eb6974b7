#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * One JSON object a line on standard error: time, level, event and the pairs
 * given.  Never personal data, never a secret; control characters are escaped,
 * so one event is one line.
 */
enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* Pairs of name and value, ended by NULL: log_event(…, "job", kind, NULL). */
void log_event(enum log_level, const char *event, ...)
    __attribute__((sentinel));

#endif
