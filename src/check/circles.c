/*
 * Resources that wait for one another, and conditions that ask one another.
 *
 * Tarjan's algorithm finds the groups in which each leads to each, in linear time; of each group the shortest circle
 * through its first member is shown.
 */
#include "check.h"

#include "base/text.h"

struct edge {
	size_t to;
	const struct reference *why;	/* NULL in a graph of conditions */
};

struct graph {
	struct arena *arena;
	size_t count;
	size_t *starts;			/* of a node's edges, and one more */
	struct edge *edges;
	/* Tarjan's */
	size_t *order, *low, *stack, *group, *next;
	size_t depth, visited;
};

enum { MOST_SHOWN = 12 };

/* --- groups ----------------------------------------------------------------------------------------------------- */

static void prepare(struct graph *g, struct arena *a, size_t nodes, size_t edges) {
	*g = (struct graph){ .arena = a, .count = nodes };
	g->starts = arena_array(a, size_t, nodes + 2);
	g->edges = arena_array(a, struct edge, edges);
	g->order = arena_array(a, size_t, nodes);
	g->low = arena_array(a, size_t, nodes);
	g->stack = arena_array(a, size_t, nodes);
	g->group = arena_array(a, size_t, nodes);
	g->next = arena_array(a, size_t, nodes);
}

static void enter(struct graph *g, size_t node) {
	g->order[node] = g->low[node] = ++g->visited;
	g->stack[g->depth++] = node;
	g->next[node] = g->starts[node];
}

static void lower(struct graph *g, size_t node, size_t to) {
	g->low[node] = to < g->low[node] ? to : g->low[node];
}

/* Takes a group off the stack if the node is its first: all get its number, which is that node's + 1. */
static void leave(struct graph *g, size_t node) {
	if (g->low[node] != g->order[node]) {
		return;
	}
	while (g->group[node] == 0) {
		g->group[g->stack[--g->depth]] = node + 1;
	}
}

/* Depth first from a node, `path` being the nodes on the way, as the graph may be deeper than the machine's stack. */
static void visit(struct graph *g, size_t root, size_t *path) {
	size_t length = 0;

	enter(g, root);
	path[length++] = root;
	while (length) {
		size_t node = path[length - 1];
		if (g->next[node] == g->starts[node + 1]) {
			leave(g, node);
			length--;
			if (length) {
				lower(g, path[length - 1], g->low[node]);
			}
			continue;
		}
		size_t to = g->edges[g->next[node]++].to;
		if (!g->order[to]) {
			enter(g, to);
			path[length++] = to;
		} else if (!g->group[to]) {
			lower(g, node, g->order[to]);
		}
	}
}

static void find_groups(struct graph *g) {
	size_t *path = arena_array(g->arena, size_t, g->count);

	for (size_t i = 0; i < g->count; i++) {
		if (!g->order[i]) {
			visit(g, i, path);
		}
	}
}

/* --- one circle ------------------------------------------------------------------------------------------------- */

/* Breadth first within a group, from a node back to it. from[] has for each node the edge that led to it + 1, source[]
   where that began; the result is the edge that closes the circle + 1, or 0. `queue` has room for all nodes. */
static size_t close_circle(const struct graph *g, size_t start, size_t *from, size_t *source, size_t *queue) {
	size_t head = 0, tail = 0;

	queue[tail++] = start;
	while (head < tail) {
		size_t node = queue[head++];
		for (size_t e = g->starts[node]; e < g->starts[node + 1]; e++) {
			size_t to = g->edges[e].to;
			if (to == start) {
				source[start] = node;
				return e + 1;
			}
			if (g->group[to] == g->group[start] && !from[to]) {
				from[to] = e + 1;
				source[to] = node;
				queue[tail++] = to;
			}
		}
	}
	return 0;
}

struct circles {
	struct graph *graph;
	size_t *from, *source, *circle;		/* circle: edges, the last first */
};

static struct circles circles_of(struct graph *g) {
	return (struct circles){
		.graph = g,
		.from = arena_array(g->arena, size_t, g->count),
		.source = arena_array(g->arena, size_t, g->count),
		.circle = arena_array(g->arena, size_t, g->count + 1),
	};
}

/* The edges of a circle through the first node of a group, in c->circle from the last to the first; their number. */
static size_t find_circle(struct circles *c, size_t start) {
	struct graph *g = c->graph;
	size_t count = 0, node = start, edge = close_circle(g, start, c->from, c->source, g->stack);

	while (edge) {
		c->circle[count++] = edge - 1;
		node = c->source[node];
		edge = node == start ? 0 : c->from[node];
	}
	return count;
}

/* --- resources -------------------------------------------------------------------------------------------------- */

/* What SAM makes of one of its resources are several, of which each has but a part of the references. */
static bool is_split(const struct resource *r) {
	return text_starts(r->type, "AWS::Serverless::");
}

static bool is_edge(const struct reference *r) {
	return r->sure && r->from && r->to && !is_split(r->from) && !is_split(r->to);
}

static void connect(struct graph *g, const struct check *c) {
	size_t at = 0, node = 0;

	for (size_t i = 0; i < c->reference_count; i++) {
		const struct reference *r = &c->references[i];
		if (!is_edge(r)) {
			continue;
		}
		while (node <= r->from->number) {
			g->starts[node++] = at;
		}
		g->edges[at++] = (struct edge){ r->to->number, r };
	}
	while (node <= c->resource_count) {
		g->starts[node++] = at;
	}
}

static const char *verb(const struct reference *r) {
	return r->kind == REFERENCE_DEPENDS_ON ? "depends on" : "refers to";
}

static void report_circle(const struct check *c, struct circles *circles, size_t start) {
	const struct edge *edges = circles->graph->edges;
	size_t count = find_circle(circles, start);

	if (!count) {
		return;
	}
	const struct reference *first = edges[circles->circle[count - 1]].why;
	struct diagnostic *d = count == 1 ?
		check_report(c, "T005", first->from, first->at, "'%s' %s itself", first->from->id, verb(first)) :
		check_report(c, "T005", first->from, first->at, "%zu resources wait for one another: '%s' %s '%s'", count,
			first->from->id, verb(first), first->to->id);
	for (size_t i = count - 1; i-- > 0;) {
		const struct reference *r = edges[circles->circle[i]].why;
		if (count - i > MOST_SHOWN && i > 0) {
			continue;
		}
		diag_note(d, r->at->mark, "%s'%s' %s '%s'", count - i > MOST_SHOWN ? "and so on until " : "", r->from->id, verb(r),
			r->to->id);
	}
}

static void check_resource_circles(const struct check *c) {
	struct graph g;

	prepare(&g, c->arena, c->resource_count, c->reference_count);
	connect(&g, c);
	find_groups(&g);
	/* a group has the number of its first node, whose edges lead into it if it is a circle */
	struct circles circles = circles_of(&g);
	for (size_t i = 0; i < g.count; i++) {
		if (g.group[i] == i + 1) {
			report_circle(c, &circles, i);
		}
	}
}

/* --- conditions ------------------------------------------------------------------------------------------------- */

struct conditions {
	const struct check *check;
	const struct value *numbers;
	struct graph graph;
	size_t edges, capacity;
};

static void add_edge(struct conditions *s, size_t to) {
	if (s->edges == s->capacity) {
		struct edge *before = s->graph.edges;
		s->capacity = s->capacity ? s->capacity * 2 : 64;
		s->graph.edges = arena_array(s->check->arena, struct edge, s->capacity);
		if (s->edges) {
			memcpy(s->graph.edges, before, s->edges * sizeof(*before));
		}
	}
	s->graph.edges[s->edges++] = (struct edge){ .to = to };
}

static void connect_condition(struct conditions *s, const struct value *v) {
	const struct value *name = is_map(v) && v->length == 1 ? map_get(v, "Condition") : NULL;
	const struct value *number = is_string(name) ? map_get_text(s->numbers, name->text, name->length) : NULL;

	if (number) {
		add_edge(s, (size_t)number->number);
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		connect_condition(s, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		connect_condition(s, list_get(v, i));
	}
}

static void check_condition_circles(const struct check *c) {
	const struct value *map = map_get(c->template, "Conditions");
	struct conditions s = { .check = c };
	struct value *numbers = value_map(c->arena);
	size_t count = 0;

	if (!is_map(map) || !map->length) {
		return;
	}
	const struct entry **entries = arena_array(c->arena, const struct entry *, map->length);
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		entries[count] = e;
		map_set(c->arena, numbers, e->key, value_number(c->arena, (double)count++));
	}
	s.numbers = numbers;
	prepare(&s.graph, c->arena, count, 0);
	for (size_t i = 0; i < count; i++) {
		s.graph.starts[i] = s.edges;
		connect_condition(&s, entries[i]->value);
	}
	s.graph.starts[count] = s.edges;
	find_groups(&s.graph);
	struct circles circles = circles_of(&s.graph);
	for (size_t i = 0; i < count; i++) {
		size_t length = s.graph.group[i] == i + 1 ? find_circle(&circles, i) : 0;
		if (length) {
			check_report_key(c, "T006", NULL, entries[i], length == 1 ? "condition '%s' asks itself" :
				"condition '%s' asks itself by way of %zu others", entries[i]->key, length - 1);
		}
	}
}

check_fn check_circles;

void check_circles(const struct check *c) {
	check_resource_circles(c);
	check_condition_circles(c);
}
