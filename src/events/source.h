/*
 * Event sources that Lambda polls: what the types of such events share.
 */
#ifndef SLSWS_EVENT_SOURCE_H
#define SLSWS_EVENT_SOURCE_H

#include "service.h"

/* What the reference takes for the name of a source that a function of CloudFormation gives: the resource of Fn::GetAtt, the
   text of Fn::ImportValue, the last part of Fn::Join (and, where it looks at that, of Ref). NULL: none of them. */
const struct value *source_name(const struct value *arn, bool by_ref);

/* Reports that there is no name in an ARN, or no ARN. */
void source_report(const struct entry *event, const struct value *arn, struct diag *diag);

/* {Filters: [{Pattern}, ...]} of filterPatterns; NULL: there are none, or they were reported. */
struct value *source_filters(struct service *service, const struct value *config, struct diag *diag);

/* A setting that counts when it is neither missing nor null. */
struct value *source_setting(const struct value *config, const char *key);

/* Whether a text is under `key` of the event, a topic or a queue, that ids can be made of; reports it where not. */
bool source_is_named(const struct entry *event, const char *key, struct diag *diag);

#endif
