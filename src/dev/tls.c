#include "dev/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/diag.h"

enum { DAYS = 30, SECONDS_PER_DAY = 24 * 60 * 60 };

struct tls {
	SSL *ssl;
	BIO *in, *out;
	bool broken;
};

static void add_extension(X509 *certificate, int kind, const char *value) {
	X509V3_CTX context;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
	if (!extension) {
		BUG("no extension '%s'", value);
	}
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key, const char *names) {
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);
	unsigned char serial[8];

	RAND_bytes(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x7f) | 0x40;
	BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	X509_set_version(certificate, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -SECONDS_PER_DAY);
	X509_gmtime_adj(X509_getm_notAfter(certificate), (long)DAYS * SECONDS_PER_DAY);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"slsws dev", -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, key);
	add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign");
	add_extension(certificate, NID_ext_key_usage, "serverAuth");
	add_extension(certificate, NID_subject_key_identifier, "hash");
	add_extension(certificate, NID_subject_alt_name, names);
	X509_sign(certificate, key, EVP_sha256());
	return certificate;
}

static void spell(X509 *certificate, struct text *pem) {
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;

	PEM_write_bio_X509(bio, certificate);
	long length = BIO_get_mem_data(bio, &bytes);
	text_add(pem, bytes, (size_t)length);
	BIO_free(bio);
}

/* HTTP/1.1 alone: there are no WebSockets of API Gateway over HTTP/2. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *length, const unsigned char *in,
		unsigned in_length, void *data) {
	static const unsigned char ours[] = "\x08http/1.1";

	(void)ssl;
	(void)data;
	return SSL_select_next_proto((unsigned char **)(uintptr_t)out, length, ours, sizeof(ours) - 1, in, in_length) ==
		OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

struct tls_server *tls_server_create(const char *names, struct text *pem) {
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");

	if (!context || !key) {
		BUG("no TLS");
	}
	X509 *certificate = make_certificate(key, names);
	spell(certificate, pem);
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1) {
		BUG("the certificate and its key do not go together");
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	return (struct tls_server *)context;
}

void tls_server_destroy(struct tls_server *server) {
	SSL_CTX_free((SSL_CTX *)server);
}

struct tls *tls_create(struct tls_server *server) {
	struct tls *tls = calloc(1, sizeof(*tls));

	if (!tls) {
		BUG("out of memory");
	}
	tls->ssl = SSL_new((SSL_CTX *)server);
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (!tls->ssl || !tls->in || !tls->out) {
		BUG("out of memory");
	}
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	SSL_set_accept_state(tls->ssl);
	return tls;
}

void tls_destroy(struct tls *tls) {
	if (tls) {
		SSL_free(tls->ssl);
		free(tls);
	}
}

void tls_feed(struct tls *tls, const char *bytes, size_t length) {
	BIO_write(tls->in, bytes, (int)length);
}

int tls_read(struct tls *tls, char *out, size_t size) {
	if (tls->broken) {
		return -1;
	}
	ERR_clear_error();
	int count = SSL_read(tls->ssl, out, (int)size);
	if (count > 0) {
		return count;
	}
	int error = SSL_get_error(tls->ssl, count);
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
		return 0;
	}
	tls->broken = error != SSL_ERROR_ZERO_RETURN;
	return -1;
}

void tls_write(struct tls *tls, const char *bytes, size_t length) {
	while (length && !tls->broken) {
		ERR_clear_error();
		int count = SSL_write(tls->ssl, bytes, length > INT32_MAX ? INT32_MAX : (int)length);
		if (count <= 0) {
			tls->broken = true;
			return;
		}
		bytes += count;
		length -= (size_t)count;
	}
}

void tls_finish(struct tls *tls) {
	if (!tls->broken && SSL_is_init_finished(tls->ssl)) {
		ERR_clear_error();
		SSL_shutdown(tls->ssl);
	}
}

void tls_output(struct tls *tls, struct text *out) {
	size_t length = BIO_ctrl_pending(tls->out);

	if (length) {
		char *room = text_room(out, length);
		int count = BIO_read(tls->out, room, (int)length);
		text_wrote(out, count > 0 ? (size_t)count : 0);
	}
}
