/* What follows from what holds: the trail, and propagation along pairs, groups and clauses. */
#include "kernel.h"

static inline void watch(Watches *list, uint32_t clause, Lit blocker) {
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 4;
        list->at = realloc(list->at, list->room * sizeof(Watch));
        if (!list->at) abort();
    }
    list->at[list->n++] = (Watch){clause, blocker};
}

/* Watch a clause by its first two literals. */
void watch_clause(Kernel *k, uint32_t clause) {
    Lit *c = LITS(k, clause);
    watch(&k->watches[NEG(c[0])], clause, c[1]);
    watch(&k->watches[NEG(c[1])], clause, c[0]);
}

static int clash(Kernel *k, Lit a, Lit b) {
    k->conflict.n = 0;
    push(&k->conflict, a);
    push(&k->conflict, b);
    return 1;
}

static int along_pairs(Kernel *k, Lit l) {
    const Lists *implied = &k->implied;
    for (uint32_t i = implied->start[l]; i < implied->start[l + 1]; i++) {
        Lit to = implied->at[i];
        if (k->value[to] > 0) continue;
        if (k->value[to] < 0) return clash(k, NEG(l), to);
        assign(k, to, REASON_LIT(l));
    }
    const Lists *of = &k->groups_of;
    for (uint32_t i = of->start[l]; i < of->start[l + 1]; i++) {
        uint32_t g = of->at[i];
        for (uint32_t j = k->members.start[g]; j < k->members.start[g + 1]; j++) {
            Lit other = k->members.at[j];
            if (other == l || k->value[other] < 0) continue;
            if (k->value[other] > 0) return clash(k, NEG(l), NEG(other));
            assign(k, NEG(other), REASON_LIT(l));
        }
    }
    return 0;
}

static int along_clauses(Kernel *k, Lit l) {
    Watches *list = &k->watches[l];
    Watch *from = list->at, *to = list->at, *end = list->at + list->n;
    Lit no = NEG(l);
    int clashed = 0;
    while (from < end) {
        Watch w = *from++;
        if (k->value[w.blocker] > 0) {
            *to++ = w;
            continue;
        }
        Lit *c = LITS(k, w.clause);
        uint32_t size = SIZE(k, w.clause);
        if (c[0] == no) {
            c[0] = c[1];
            c[1] = no;
        }
        Lit first = c[0];
        if (first != w.blocker && k->value[first] > 0) {
            *to++ = (Watch){w.clause, first};
            continue;
        }
        uint32_t j = 2;
        while (j < size && k->value[c[j]] < 0) j++;
        if (j < size) {
            c[1] = c[j];
            c[j] = no;
            watch(&k->watches[NEG(c[1])], w.clause, first);
            continue;
        }
        *to++ = (Watch){w.clause, first};
        if (k->value[first] < 0) {
            k->conflict.n = 0;
            for (j = 0; j < size; j++) push(&k->conflict, c[j]);
            clashed = 1;
            break;
        }
        assign(k, first, REASON_CLAUSE(w.clause));
    }
    while (from < end) *to++ = *from++;
    list->n = (uint32_t)(to - list->at);
    return clashed;
}

/* Assign all that follows. 1 when it clashes; then `conflict` is a clause with no true literal. */
int propagate(Kernel *k) {
    while (k->head < k->trail.n) {
        Lit l = k->trail.at[k->head++];
        if (along_pairs(k, l) || along_clauses(k, l)) {
            k->head = k->trail.n;
            return 1;
        }
    }
    return 0;
}

void open_level(Kernel *k) {
    push(&k->level_begin, k->trail.n);
    push(&k->check_begin, k->check);
}

/* Take back all that was assigned above a level. */
void back_to(Kernel *k, uint32_t level) {
    if (current_level(k) <= level) return;
    uint32_t begin = k->level_begin.at[level];
    for (uint32_t i = k->trail.n; i > begin; i--) {
        Lit l = k->trail.at[i - 1];
        uint32_t v = VAR(l);
        k->value[l] = k->value[NEG(l)] = 0;
        k->reason[v] = NONE;
        k->phase[v] = !(l & 1);
        if (k->heap_is_used) heap_insert(k, v);
    }
    k->trail.n = k->head = begin;
    k->check = k->check_begin.at[level];
    k->check_begin.n = k->level_begin.n = level;
}
