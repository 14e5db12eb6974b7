#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

/* Place in languages[]; one that is not ours is English. */
int language_index(const char *language);

/* What ICU is asked for: digits are Latin everywhere, dates British. */
const char *language_locale(const char *language);

#endif
