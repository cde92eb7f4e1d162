/*
 * Where in the configuration the resources come from that slsws makes.
 */
#ifndef SLSWS_CHECK_PLACES_H
#define SLSWS_CHECK_PLACES_H

#include "service.h"

struct places;

/* `service` NULL: no places. */
const struct places *places_create(struct arena *a, const struct service *service);
/* What a logical id was made for; a mark without a source: nothing in particular. */
struct mark places_find(const struct places *places, const char *id);

#endif
