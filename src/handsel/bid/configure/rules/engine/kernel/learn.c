/* What a clash teaches: a clause that follows from the model alone; and which variables matter. */
#include "kernel.h"

#define ACTIVITY_LIMIT 1e100
#define ACTIVITY_GROWTH 1.05

static int hotter(const Kernel *k, uint32_t v, uint32_t w) {
    return k->activity[v] > k->activity[w] || (k->activity[v] == k->activity[w] && v < w);
}

static void place(Kernel *k, uint32_t at, uint32_t v) {
    k->heap[at] = v;
    k->heap_at[v] = at;
}

static void sift_up(Kernel *k, uint32_t at) {
    uint32_t v = k->heap[at];
    while (at && hotter(k, v, k->heap[(at - 1) / 2])) {
        place(k, at, k->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(k, at, v);
}

static void sift_down(Kernel *k, uint32_t at) {
    uint32_t v = k->heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= k->heap_n) break;
        if (child + 1 < k->heap_n && hotter(k, k->heap[child + 1], k->heap[child])) child++;
        if (!hotter(k, k->heap[child], v)) break;
        place(k, at, k->heap[child]);
        at = child;
    }
    place(k, at, v);
}

void heap_insert(Kernel *k, uint32_t v) {
    if (k->heap_at[v] != NONE) return;
    place(k, k->heap_n++, v);
    sift_up(k, k->heap_n - 1);
}

/* From here on the heap holds every open variable, until `heap_is_used` is taken back. */
void heap_fill(Kernel *k) {
    k->heap_n = 0;
    memset(k->heap_at, 0xff, k->variables * sizeof(uint32_t));
    for (uint32_t v = 1; v < k->variables; v++)
        if (!k->value[2 * v]) heap_insert(k, v);
    k->heap_is_used = 1;
}

/* The open variable that clashed most of late, or 0 when none is open. */
uint32_t heap_take(Kernel *k) {
    while (k->heap_n) {
        uint32_t v = k->heap[0], last = k->heap[--k->heap_n];
        k->heap_at[v] = NONE;
        if (k->heap_n) {
            place(k, 0, last);
            sift_down(k, 0);
        }
        if (!k->value[2 * v]) return v;
    }
    return 0;
}

void raise_activity(Kernel *k, uint32_t v) {
    k->activity[v] += k->activity_step;
    if (k->activity[v] > ACTIVITY_LIMIT) {
        for (uint32_t w = 1; w < k->variables; w++) k->activity[w] /= ACTIVITY_LIMIT;
        k->activity_step /= ACTIVITY_LIMIT;
    }
    if (k->heap_is_used && k->heap_at[v] != NONE) sift_up(k, k->heap_at[v]);
}

static void meet(Kernel *k, Lit l, uint32_t *open) {
    uint32_t v = VAR(l);
    if (k->seen[v] || k->level[v] == 0) return;
    k->seen[v] = 1;
    push(&k->touched, v);
    raise_activity(k, v);
    if (k->level[v] == current_level(k)) {
        ++*open;
    } else {
        push(&k->clause, l);
    }
}

static void meet_reason(Kernel *k, Lit l, uint32_t *open) {
    uint32_t reason = k->reason[VAR(l)];
    if (IS_LIT(reason)) {
        meet(k, NEG(reason >> 1), open);
        return;
    }
    uint32_t clause = reason >> 1;
    for (uint32_t j = 0; j < SIZE(k, clause); j++)
        if (LITS(k, clause)[j] != l) meet(k, LITS(k, clause)[j], open);
}

/* Whether a literal of the learned clause follows from the others. */
static int is_needless(const Kernel *k, Lit l) {
    uint32_t reason = k->reason[VAR(l)];
    if (reason == NONE) return 0;
    if (IS_LIT(reason)) return k->seen[VAR(reason >> 1)] || !k->level[VAR(reason >> 1)];
    uint32_t clause = reason >> 1;
    for (uint32_t j = 0; j < SIZE(k, clause); j++) {
        uint32_t v = VAR(LITS(k, clause)[j]);
        if (v != VAR(l) && !k->seen[v] && k->level[v]) return 0;
    }
    return 1;
}

/* Learn from `conflict`: the first unique implication point's clause, in `clause`, its literal of
 * the current level first, then one of the highest level of the others, which is told. Returns
 * where the clause lies in the arena, or NONE when it is one literal only. */
uint32_t learn(Kernel *k, uint32_t *back_level) {
    uint32_t open = 0, at = k->trail.n;
    k->clause.n = 0;
    push(&k->clause, NEVER);
    for (uint32_t j = 0; j < k->conflict.n; j++) meet(k, k->conflict.at[j], &open);
    Lit l;
    for (;;) {
        do l = k->trail.at[--at];
        while (!k->seen[VAR(l)]);
        if (--open == 0) break;
        meet_reason(k, l, &open);
    }
    k->clause.at[0] = NEG(l);
    uint32_t kept = 1, highest = 0;
    for (uint32_t j = 1; j < k->clause.n; j++)
        if (!is_needless(k, k->clause.at[j])) k->clause.at[kept++] = k->clause.at[j];
    k->clause.n = kept;
    for (uint32_t j = 1; j < kept; j++) {
        Lit other = k->clause.at[j];
        if (k->level[VAR(other)] <= highest) continue;
        highest = k->level[VAR(other)];
        k->clause.at[j] = k->clause.at[1];
        k->clause.at[1] = other;
    }
    *back_level = highest;
    while (k->touched.n) k->seen[k->touched.at[--k->touched.n]] = 0;
    k->activity_step *= ACTIVITY_GROWTH;
    if (kept == 1) {
        push(&k->root_units, k->clause.at[0]);
        return NONE;
    }
    uint32_t clause = k->arena.n;
    k->counts[COUNT_LEARNED]++;
    push(&k->arena, kept);
    push(&k->arena, NEVER);
    push(&k->arena, NONE);
    for (uint32_t j = 0; j < kept; j++) push(&k->arena, k->clause.at[j]);
    push(&k->learned, clause);
    watch_clause(k, clause);
    return clause;
}

/* The decisions that `conflict` comes from. */
void core_of_conflict(Kernel *k, Ints *core) {
    for (uint32_t j = 0; j < k->conflict.n; j++) {
        uint32_t v = VAR(k->conflict.at[j]);
        if (k->level[v]) k->seen[v] = 1;
    }
    for (uint32_t i = k->trail.n; i > 0; i--) {
        Lit l = k->trail.at[i - 1];
        uint32_t v = VAR(l), reason = k->reason[v];
        if (!k->seen[v]) continue;
        k->seen[v] = 0;
        if (k->level[v] == 0) continue;
        if (reason == NONE) {
            push(core, l);
        } else if (IS_LIT(reason)) {
            k->seen[VAR(reason >> 1)] = 1;
        } else {
            for (uint32_t j = 0; j < SIZE(k, reason >> 1); j++) {
                uint32_t w = VAR(LITS(k, reason >> 1)[j]);
                if (w != v) k->seen[w] = 1;
            }
        }
    }
}

#define LEARNED_KEPT 20000u

static int is_reason(const Kernel *k, uint32_t clause) {
    Lit l = LITS(k, clause)[0];
    return k->value[l] > 0 && k->reason[VAR(l)] == REASON_CLAUSE(clause);
}

/* When learned clauses are too many, forget the longer half of them and close the gaps. */
void forget_learned(Kernel *k) {
    if (k->learned.n < LEARNED_KEPT) return;
    uint32_t sizes[64] = {0}, limit = 0, counted = 0, kept = 0, to = k->first_learned;
    for (uint32_t i = 0; i < k->learned.n; i++) {
        uint32_t size = SIZE(k, k->learned.at[i]);
        sizes[size < 63 ? size : 63]++;
    }
    while (limit < 63 && counted + sizes[limit] <= LEARNED_KEPT / 2) counted += sizes[limit++];
    uint32_t *moved = allot((size_t)(k->arena.n - k->first_learned) * sizeof(uint32_t));
    for (uint32_t i = 0; i < k->learned.n; i++) {
        uint32_t c = k->learned.at[i], length = SIZE(k, c) + HEAD;
        int stays = SIZE(k, c) < limit || is_reason(k, c);
        moved[c - k->first_learned] = stays ? to : NONE;
        if (!stays) continue;
        if (is_reason(k, c)) k->reason[VAR(LITS(k, c)[0])] = REASON_CLAUSE(to);
        memmove(k->arena.at + to, k->arena.at + c, length * sizeof(uint32_t));
        k->learned.at[kept++] = to;
        to += length;
    }
    k->learned.n = kept;
    k->arena.n = to;
    for (uint32_t l = 0; l < 2 * k->variables; l++) {
        Watches *list = &k->watches[l];
        uint32_t n = 0;
        for (uint32_t i = 0; i < list->n; i++) {
            Watch w = list->at[i];
            if (w.clause >= k->first_learned) w.clause = moved[w.clause - k->first_learned];
            if (w.clause != NONE) list->at[n++] = w;
        }
        list->n = n;
    }
    free(moved);
}
