/*
 * The functions behind the framework's own custom resources, with the role that they share.
 */
#ifndef SLSWS_CUSTOM_RESOURCE_H
#define SLSWS_CUSTOM_RESOURCE_H

#include "service.h"
#include "template.h"

enum custom_resource { CUSTOM_ACCOUNT_ROLE };

/* Adds the function of a custom resource, its role unless there is one, and the list of statements to the role. */
void custom_resource_add(const struct service *service, struct template *t, enum custom_resource which,
		struct value *statements);

#endif
