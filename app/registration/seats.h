#ifndef REGISTRATION_SEATS_H
#define REGISTRATION_SEATS_H

#include <jansson.h>

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
