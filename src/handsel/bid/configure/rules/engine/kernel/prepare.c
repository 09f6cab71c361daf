/* A formula made simpler without changing its products: what is fixed by units is put in, literals
 * that imply each other become one, clauses that say nothing more than others are dropped. */
#include "kernel.h"

/* Literals per round that clauses may be compared with pairs; more is not worth the load time. */
#define WIDEST_PAIRS 400u
#define ROUNDS 12

Lit mapped(Formula *f, Lit l) {
    while (f->map[l] != l) {
        f->map[l] = f->map[f->map[l]];
        l = f->map[l];
    }
    return l;
}

void fix(Formula *f, Lit l) {
    l = mapped(f, l);
    if (l == NEVER) f->contradictory = 1;
    if (l <= NEVER) return;
    f->map[l] = ALWAYS;
    f->map[NEG(l)] = NEVER;
}

/* Put in what is known. Returns how many units were found on the way: clauses before them may still
 * have their literals. The last time units are kept as clauses, so that nothing is lost. */
static uint32_t put_in(Formula *f, uint32_t *stamp, int is_last) {
    Ints literals = {0}, starts = {0};
    uint32_t units = 0;
    grow(&literals, f->literals.n + 1);
    grow(&starts, f->starts.n);
    push(&starts, 0);
    for (uint32_t i = 0; i + 1 < f->starts.n; i++) {
        uint32_t begin = literals.n, mark = i + 1;
        int holds = 0;
        for (uint32_t j = f->starts.at[i]; j < f->starts.at[i + 1] && !holds; j++) {
            Lit l = mapped(f, f->literals.at[j]);
            holds = l == ALWAYS || stamp[NEG(l)] == mark;
            if (l == NEVER || stamp[l] == mark) continue;
            stamp[l] = mark;
            push(&literals, l);
        }
        uint32_t size = literals.n - begin;
        if (!holds && size >= (is_last ? 1 : 2)) {
            push(&starts, literals.n);
            continue;
        }
        if (!holds && size == 0) f->contradictory = 1;
        if (!holds && size == 1) {
            fix(f, literals.at[begin]);
            units++;
        }
        literals.n = begin;
    }
    memset(stamp, 0, 2 * (size_t)f->variables * sizeof *stamp);
    free(f->literals.at);
    free(f->starts.at);
    f->literals = literals;
    f->starts = starts;
    return units;
}

static void pairs_of(const Formula *f, Lists *pairs) {
    uint32_t literals = 2 * f->variables;
    lists_begin(pairs, literals);
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t i = 0; i + 1 < f->starts.n; i++) {
            uint32_t begin = f->starts.at[i];
            if (f->starts.at[i + 1] - begin != 2) continue;
            Lit a = f->literals.at[begin], b = f->literals.at[begin + 1];
            if (fill) {
                pairs->at[pairs->start[NEG(a) + 1]++] = b;
                pairs->at[pairs->start[NEG(b) + 1]++] = a;
            } else {
                pairs->start[NEG(a) + 2]++;
                pairs->start[NEG(b) + 2]++;
            }
        }
        if (!fill) lists_sum(pairs, literals);
    }
}

typedef struct {
    uint32_t *index, *low, *component, *stack, *path, *next;
    uint32_t stack_n, path_n, count, components;
} Tarjan;

static void walk(Tarjan *t, const Lists *pairs, Lit root) {
    t->path[t->path_n++] = root;
    while (t->path_n) {
        Lit l = t->path[t->path_n - 1];
        if (!t->index[l]) {
            t->index[l] = t->low[l] = ++t->count;
            t->next[l] = pairs->start[l];
            t->stack[t->stack_n++] = l;
        }
        int deeper = 0;
        for (; t->next[l] < pairs->start[l + 1]; t->next[l]++) {
            Lit to = pairs->at[t->next[l]];
            if (!t->index[to]) {
                t->path[t->path_n++] = to;
                deeper = 1;
                break;
            }
            if (t->component[to] == NONE && t->low[to] < t->low[l]) t->low[l] = t->low[to];
        }
        if (deeper) continue;
        t->path_n--;
        if (t->low[l] != t->index[l]) continue;
        Lit member;
        do {
            member = t->stack[--t->stack_n];
            t->component[member] = t->components;
        } while (member != l);
        t->components++;
    }
}

/* Make one of literals that imply each other. Returns how many went. */
static uint32_t merge_equals(Formula *f) {
    uint32_t literals = 2 * f->variables, merged = 0;
    Lists pairs;
    pairs_of(f, &pairs);
    Tarjan t = {0};
    uint32_t *room = allot_zeroed(6 * (size_t)literals * sizeof(uint32_t));
    t.index = room;
    t.low = room + literals;
    t.component = room + 2 * (size_t)literals;
    t.stack = room + 3 * (size_t)literals;
    t.path = room + 4 * (size_t)literals;
    t.next = room + 5 * (size_t)literals;
    memset(t.component, 0xff, literals * sizeof(uint32_t));
    for (Lit l = 2; l < literals; l++)
        if (!t.index[l] && pairs.start[l] != pairs.start[l + 1]) walk(&t, &pairs, l);
    Lit *first = allot((size_t)(t.components + 1) * sizeof(Lit));
    memset(first, 0xff, (size_t)(t.components + 1) * sizeof(Lit));
    for (Lit l = 2; l < literals; l += 2) {
        uint32_t c = t.component[l], d = t.component[NEG(l)];
        if (c == NONE || d == NONE || f->map[l] != l) continue;
        if (c == d) {
            f->contradictory = 1;
        } else if (first[c] == NONE) {
            first[c] = l;
            first[d] = NEG(l);
        } else {
            f->map[l] = first[c];
            f->map[NEG(l)] = NEG(first[c]);
            merged++;
        }
    }
    free(first);
    free(room);
    lists_end(&pairs, 0);
    return merged;
}

/* Drop clauses that hold a pair clause, and literals that a pair makes needless. */
static void shorten(Formula *f, uint32_t *stamp) {
    Lists pairs;
    pairs_of(f, &pairs);
    uint32_t kept = 0, starts = 1, next = 0;
    for (uint32_t i = 0; i + 1 < f->starts.n; i++) {
        uint32_t begin = next, end = next = f->starts.at[i + 1], mark = i + 1;
        int needless = 0;
        if (end - begin > 2) {
            for (uint32_t j = begin; j < end; j++) stamp[f->literals.at[j]] = mark;
            for (uint32_t j = begin; j < end && !needless; j++) {
                Lit l = f->literals.at[j], no = NEG(l);
                if (stamp[l] != mark || pairs.start[no + 1] - pairs.start[no] > WIDEST_PAIRS)
                    continue;
                for (uint32_t p = pairs.start[no]; p < pairs.start[no + 1]; p++) {
                    if (stamp[pairs.at[p]] == mark) needless = 1;
                    if (stamp[NEG(pairs.at[p])] == mark) stamp[NEG(pairs.at[p])] = 0;
                }
            }
        }
        uint32_t from = kept;
        for (uint32_t j = begin; j < end && !needless; j++)
            if (end - begin <= 2 || stamp[f->literals.at[j]] == mark)
                f->literals.at[kept++] = f->literals.at[j];
        if (kept > from) f->starts.at[starts++] = kept;
    }
    f->starts.n = starts;
    f->literals.n = kept;
    memset(stamp, 0, 2 * (size_t)f->variables * sizeof *stamp);
    lists_end(&pairs, 0);
}

void simplify(Formula *f) {
    uint32_t *stamp = allot_zeroed(2 * (size_t)f->variables * sizeof *stamp);
    for (int round = 0; round < 3 && !f->contradictory; round++) {
        for (int i = 0; i < ROUNDS && put_in(f, stamp, 0) && !f->contradictory; i++) continue;
        if (f->contradictory || !merge_equals(f)) break;
    }
    if (!f->contradictory) {
        put_in(f, stamp, 1);
        shorten(f, stamp);
    }
    free(stamp);
}

void release_formula(Formula *f) {
    free(f->literals.at);
    free(f->starts.at);
    free(f->map);
}
