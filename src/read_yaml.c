#include "read_yaml.h"

struct value *read_yaml(struct arena *a, const struct source *source, struct diag *diag) { (void)a; (void)source; (void)diag; return NULL; }
struct value *yaml_scalar(struct arena *a, const char *text, size_t length) { return value_text(a, text, length); }
