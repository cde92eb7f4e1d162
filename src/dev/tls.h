/*
 * TLS over bytes that others carry, through OpenSSL; and the certificate that it is done with.
 *
 * A key and a self-signed certificate are made at the start, for this run only: clients that are given its text as an
 * authority (AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS) trust it, nobody else does.
 */
#ifndef SLSWS_DEV_TLS_H
#define SLSWS_DEV_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct tls_server;
struct tls;

/* `names`: the subject's alternative names, as "DNS:localhost,IP:127.0.0.1". The certificate's text (PEM) goes to `pem`. */
struct tls_server *tls_server_create(const char *names, struct text *pem);
void tls_server_destroy(struct tls_server *server);

struct tls *tls_create(struct tls_server *server);
void tls_destroy(struct tls *tls);

void tls_feed(struct tls *tls, const char *bytes, size_t length);	/* what came from the other side */
/* Plain bytes: how many, 0 when more must be fed first, -1 when there will be none any more. */
int tls_read(struct tls *tls, char *out, size_t size);
void tls_write(struct tls *tls, const char *bytes, size_t length);	/* plain bytes for the other side */
void tls_finish(struct tls *tls);					/* says that there are no more */
void tls_output(struct tls *tls, struct text *out);			/* adds what is to be carried to the other side */

#endif
