#ifndef REGISTRATION_SEATS_H
#define REGISTRATION_SEATS_H

#include <jansson.h>
#include <stdbool.h>

struct visit;

/* A member of a row: its text or NULL, its number or 0. */
const char *seats_string(const json_t *row, const char *name);
json_int_t seats_number(const json_t *row, const char *name);

/* Is it only to be said what a change would do? */
bool seats_trial(struct visit *);

/*
 * Of rows with seats (null: no limit), confirmed, kept, offered and held: how
 * many are `used`, how many `free`, and the `parts` that are not empty, [{part,
 * count, from, wide}], of which the last two are thousandths of a bar.
 */
void seats_bars(json_t *rows);

/*
 * Where page.tried is what registration.simulate() answered: its `rows` [{name
 * or null, before, after}], each bucket beside itself and last the common pool,
 * or page.refused, the message of why it cannot be.
 */
void seats_tried(json_t *page);

#endif
