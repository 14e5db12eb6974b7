#ifndef DB_ALARM_H
#define DB_ALARM_H

#include "db/db.h"

/*
 * One moment to be woken at, on a loop whose timers cannot be taken back.  Its
 * owner may go at once: what the loop still holds goes when its time comes.
 */
struct alarm;

struct alarm *alarm_new(const struct db_loop *, void (*call)(void *), void *);
void alarm_free(struct alarm *);                  /* accepts NULL */
void alarm_set(struct alarm *, int milliseconds); /* replaces what was set */
bool alarm_is_set(const struct alarm *);

#endif
