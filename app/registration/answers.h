#ifndef REGISTRATION_ANSWERS_H
#define REGISTRATION_ANSWERS_H

#include <jansson.h>
#include <stdbool.h>

struct fault;
struct visit;

/*
 * page.questions from the rows of a form's questions: each {field, more, only_if,
 * depends, values, in, in_dir, audience} for the template registration/questions, in the
 * visitor's language or the nearest there is.  What was typed stands in them on
 * a page that is shown again, with what is wrong; else what `answers` {question:
 * value} says, which may be NULL.  `faults` [{question, fault, detail}] are all
 * that is wrong with what was typed, or NULL.  Who asked for JSON has the rows.
 */
void answers_form(struct visit *, json_t *page, const json_t *questions,
    const json_t *answers, const json_t *faults);

/* Rows of answers into what is read: each gets `words`, and its label becomes
 * the words that it answered. */
void answers_say(struct visit *, json_t *answers);

/* An `answer` for the organizers' page of one registration. */
int answers_one(struct visit *, json_t *page, struct fault *);

/* Is it this text?  Whoever writes JSON may put anything where a text belongs. */
bool answers_is(const json_t *value, const char *text);

/* Words by language: the visitor's, `other`'s, English, any.  `in` is the
 * language that they are in; NULL and "" when there are none. */
const char *answers_words(struct visit *, const json_t *by_language,
    const char *other, const char **in);

/* The words of a question's option. */
const char *answers_option(struct visit *, const json_t *options,
    const char *value, const char *other);

#endif
