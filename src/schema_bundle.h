/*
 * The schema for editors, as text with a last newline: made by schema/bundle.py of the files in schema/.
 */
#ifndef SLSWS_SCHEMA_BUNDLE_H
#define SLSWS_SCHEMA_BUNDLE_H

extern const char schema_bundle[];

#endif
