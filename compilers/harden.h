/*
 * What `--harden` and `custom.slsws.harden` change: a template that is safer than the reference's. A row of the table in
 * harden.c each; without them the template is the reference's to the byte.
 */
#ifndef SLSWS_HARDEN_H
#define SLSWS_HARDEN_H

#include "service.h"

/*
 * Reads what is asked for and gives the service as it is then, which later passes go by: the same one if nothing is. NULL
 * stays NULL, and comes of a word that is not known, which is reported.
 */
const struct service *harden_service(const struct service *service, struct diag *diag);

#endif
