#ifndef ACCOUNT_LOGIN_H
#define ACCOUNT_LOGIN_H

struct visit;

/* Makes a login's token; its hash is bound under that name. */
void login_prepare(struct visit *, const char *hash_name);

/* Gives the browser the token that login_prepare() made. */
void login_begin(struct visit *);

#endif
