/* Makes the kernel of a simplified formula: variables numbered anew, pairs as implications, groups,
 * clauses in the arena with their watches and lists. */
#include "kernel.h"

/* A patch may change so much, or a share of all variables. */
#define SHORT_PATCH 200u
#define PATCH_SHARE 20u

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* New numbers for the variables that are left; renames the formula's literals. */
static void rename_all(Kernel *k, Formula *f) {
    Lit *renamed = k->given_literal = allot((size_t)f->variables * 2 * sizeof(Lit));
    renamed[ALWAYS] = ALWAYS;
    renamed[NEVER] = NEVER;
    k->given_variables = f->variables;
    k->variables = 1;
    for (uint32_t v = 1; v < f->variables; v++) {
        if (f->map[2 * v] != 2 * v) continue;
        renamed[2 * v] = 2 * k->variables;
        renamed[2 * v + 1] = 2 * k->variables + 1;
        k->variables++;
    }
    for (Lit l = 2; l < 2 * f->variables; l++)
        if (f->map[l] != l) renamed[l] = renamed[mapped(f, l)];
    for (uint32_t i = 0; i < f->literals.n; i++) f->literals.at[i] = renamed[f->literals.at[i]];
}

static void place_options(Kernel *k, const int32_t *given) {
    k->option_literal = allot((size_t)k->options * sizeof(Lit));
    lists_begin(&k->options_of, k->variables);
    for (uint32_t o = 0; o < k->options; o++) {
        Lit l = given[o] > 0 ? 2 * (uint32_t)given[o] : 2 * (uint32_t)-given[o] + 1;
        l = k->option_literal[o] = k->given_literal[l];
        k->options_of.start[VAR(l) + 2]++;
    }
    lists_sum(&k->options_of, k->variables);
    for (uint32_t o = 0; o < k->options; o++) {
        Lit l = k->option_literal[o];
        k->options_of.at[k->options_of.start[VAR(l) + 1]++] = 2 * o + (l & 1);
        if (VAR(l)) k->is_asked[VAR(l)] = 1;
        if (!VAR(l)) k->state[o] = l == ALWAYS ? 1 : 2;
    }
}

static void make_implications(Kernel *k, const Formula *f) {
    uint32_t literals = 2 * k->variables, kept = 0, begin = 0;
    lists_begin(&k->implied, literals);
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t i = 0; i + 1 < f->starts.n; i++) {
            const Lit *c = f->literals.at + f->starts.at[i];
            if (f->starts.at[i + 1] - f->starts.at[i] != 2) continue;
            if (fill) {
                k->implied.at[k->implied.start[NEG(c[0]) + 1]++] = c[1];
                k->implied.at[k->implied.start[NEG(c[1]) + 1]++] = c[0];
            } else {
                k->implied.start[NEG(c[0]) + 2]++;
                k->implied.start[NEG(c[1]) + 2]++;
            }
        }
        if (!fill) lists_sum(&k->implied, literals);
    }
    for (Lit l = 0; l < literals; l++) {
        uint32_t end = k->implied.start[l + 1], from = kept;
        if (end - begin > 1)
            qsort(k->implied.at + begin, end - begin, sizeof(uint32_t), ascending);
        for (uint32_t i = begin; i < end; i++) {
            Lit to = k->implied.at[i];
            if (kept == from || k->implied.at[kept - 1] != to) k->implied.at[kept++] = to;
        }
        begin = end;
        k->implied.start[l + 1] = kept;
    }
}

static void make_groups(Kernel *k) {
    uint32_t literals = 2 * k->variables;
    Ints members = {0}, starts = {0};
    find_groups(&k->implied, literals, &members, &starts);
    lists_begin(&k->groups_of, literals);
    for (uint32_t i = 0; i < members.n; i++) k->groups_of.start[members.at[i] + 2]++;
    lists_sum(&k->groups_of, literals);
    for (uint32_t g = 0; g + 1 < starts.n; g++)
        for (uint32_t i = starts.at[g]; i < starts.at[g + 1]; i++)
            k->groups_of.at[k->groups_of.start[members.at[i] + 1]++] = g;
    k->members.start = starts.at;
    k->members.at = members.at;
    for (uint32_t i = 0; i < 2; i++) {
        Lit *holder = allot((size_t)starts.n * sizeof(Lit));
        for (uint32_t g = 0; g < starts.n; g++) holder[g] = NEVER;
        *(i ? &k->walker.group_holder : &k->base.group_holder) = holder;
    }
}

/* The group that consists of a clause's literals, or NONE. */
static uint32_t group_with(const Kernel *k, const Lit *c, uint32_t size) {
    const Lists *of = &k->groups_of;
    for (uint32_t i = of->start[c[0]]; i < of->start[c[0] + 1]; i++) {
        uint32_t g = of->at[i], found = 1;
        if (k->members.start[g + 1] - k->members.start[g] != size) continue;
        for (uint32_t j = 1; j < size && found == j; j++)
            for (uint32_t n = of->start[c[j]]; n < of->start[c[j] + 1]; n++)
                if (of->at[n] == g) {
                    found++;
                    break;
                }
        if (found == size) return g;
    }
    return NONE;
}

static void make_clauses(Kernel *k, const Formula *f) {
    uint32_t literals = 2 * k->variables;
    lists_begin(&k->clauses_of, literals);
    for (uint32_t i = 0; i + 1 < f->starts.n; i++) {
        const Lit *c = f->literals.at + f->starts.at[i];
        uint32_t size = f->starts.at[i + 1] - f->starts.at[i];
        if (size == 1) push(&k->root_units, c[0]);
        if (size < 3) continue;
        uint32_t clause = k->arena.n;
        push(&k->arena, size);
        push(&k->arena, NEVER);
        push(&k->arena, size >= 4 ? group_with(k, c, size) : NONE);
        for (uint32_t j = 0; j < size; j++) {
            push(&k->arena, c[j]);
            k->clauses_of.start[c[j] + 2]++;
        }
        watch_clause(k, clause);
    }
    k->first_learned = k->arena.n;
    lists_sum(&k->clauses_of, literals);
    for (uint32_t c = 0; c < k->first_learned; c += SIZE(k, c) + HEAD)
        for (uint32_t j = 0; j < SIZE(k, c); j++)
            k->clauses_of.at[k->clauses_of.start[LITS(k, c)[j] + 1]++] = c;
}

static void make_room(Kernel *k) {
    size_t n = k->variables, literals = 2 * n;
    k->value = allot_zeroed(literals);
    k->value[ALWAYS] = 1;
    k->value[NEVER] = -1;
    k->level = allot_zeroed(n * sizeof(uint32_t));
    k->reason = allot(n * sizeof(uint32_t));
    memset(k->reason, 0xff, n * sizeof(uint32_t));
    grow(&k->trail, (uint32_t)n + 1);
    k->watches = allot_zeroed(literals * sizeof(Watches));
    k->base.has = allot_zeroed(literals);
    k->walker.has = allot_zeroed(literals);
    k->base.has[ALWAYS] = k->walker.has[ALWAYS] = 1;
    k->base.held_by = allot_zeroed(literals * sizeof(Ints));
    k->walker.held_by = allot_zeroed(literals * sizeof(Ints));
    k->users = allot_zeroed(literals * sizeof(Ints));
    k->support = allot(n * sizeof(uint32_t));
    memset(k->support, 0xff, n * sizeof(uint32_t));
    k->is_asked = allot_zeroed(n);
    k->is_orphan = allot_zeroed(n);
    k->state = allot_zeroed(k->options);
    k->stamp = allot_zeroed(literals * sizeof(uint32_t));
    k->seen = allot_zeroed(n);
    k->activity = allot_zeroed(n * sizeof(double));
    k->activity_step = 1;
    k->heap = allot(n * sizeof(uint32_t));
    k->heap_at = allot(n * sizeof(uint32_t));
    memset(k->heap_at, 0xff, n * sizeof(uint32_t));
    k->phase = allot_zeroed(n);
}

/* The kernel of a simplified formula. The formula's literals are renamed on the way. */
Kernel *build(Formula *f, const int32_t *option_literals, uint32_t options) {
    Kernel *k = allot_zeroed(sizeof *k);
    k->options = options;
    rename_all(k, f);
    make_room(k);
    k->longest_patch = k->variables / PATCH_SHARE;
    if (k->longest_patch < SHORT_PATCH) k->longest_patch = SHORT_PATCH;
    place_options(k, option_literals);
    make_implications(k, f);
    make_groups(k);
    make_clauses(k, f);
    k->contradictory = f->contradictory;
    if (f->contradictory) return k;
    for (uint32_t i = 0; i < k->root_units.n; i++) {
        Lit l = k->root_units.at[i];
        if (k->value[l] < 0) k->contradictory = 1;
        if (!k->value[l]) assign(k, l, NONE);
    }
    k->root_units.n = 0;
    if (propagate(k)) k->contradictory = 1;
    return k;
}
