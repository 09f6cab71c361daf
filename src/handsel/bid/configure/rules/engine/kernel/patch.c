/* Patches: what to change in the base to see one value more.
 *
 * `flip_patch` flips the value and then whatever must flip with it, looking only at clauses that
 * lose their last literal. Where there is a choice it takes a value that no patch shows yet, and
 * never the same choice twice: what it cannot find is left to the search. */
#include "kernel.h"

#define LOOKED_AT 24u
#define WALK_PATCHES 8u /* how many times the longest patch a walk's step may be */
#define SLEEPERS_TRIED 16u

static int flip(Kernel *k, Product *p, Lit l) {
    if (k->value[l] || k->stamp[NEG(l)] == k->stamp_now || k->flips.n >= k->most_flips) return 0;
    p->has[l] = 1;
    p->has[NEG(l)] = 0;
    k->stamp[l] = k->stamp_now;
    push(&k->flips, l);
    return 1;
}

static int flip_groups(Kernel *k, Product *p, Lit l) {
    for (uint32_t i = k->groups_of.start[l]; i < k->groups_of.start[l + 1]; i++) {
        uint32_t g = k->groups_of.at[i];
        Lit holder = p->group_holder[g];
        if (holder == l) continue;
        if (p->has[holder] && !flip(k, p, NEG(holder))) return 0;
        push(&k->undone_groups, g);
        push(&k->undone_groups, holder);
        p->group_holder[g] = l;
    }
    return 1;
}

static inline int may_flip(const Kernel *k, Lit l) {
    return !k->value[l] && k->stamp[NEG(l)] != k->stamp_now;
}

/* Find a clause, held by a literal that was flipped, another holder; 0 when that is impossible. */
static int hold_again(Kernel *k, Product *p, Ints *held, uint32_t *i) {
    uint32_t clause = held->at[*i], size = SIZE(k, clause), free_n = 0;
    const Lit *c = LITS(k, clause);
    Lit candidate = NEVER, holder = NEVER;
    if (LINK(k, clause) != NONE && p->has[p->group_holder[LINK(k, clause)]])
        holder = p->group_holder[LINK(k, clause)];
    for (uint32_t j = 0; j < size && holder == NEVER; j++) {
        if (p->has[c[j]]) {
            holder = c[j];
        } else if (may_flip(k, c[j])) {
            free_n++;
            candidate = c[j];
        }
    }
    if (holder != NEVER && k->stamp[holder] != k->stamp_now) {
        if (p == &k->base) HOLDER(k, clause) = holder;
        push(&p->held_by[holder], clause);
        held->at[*i] = held->at[--held->n];
        return 1;
    }
    ++*i;
    if (holder != NEVER) return 1;
    if (free_n == 0) return 0;
    if (free_n == 1) return flip(k, p, candidate);
    push(&k->choices, clause);
    return 1;
}

static int follow(Kernel *k, Product *p, Lit l) {
    for (uint32_t i = k->implied.start[l]; i < k->implied.start[l + 1]; i++) {
        Lit to = k->implied.at[i];
        if (!p->has[to] && !flip(k, p, to)) return 0;
    }
    if (!flip_groups(k, p, l)) return 0;
    Ints *held = &p->held_by[NEG(l)];
    for (uint32_t i = 0; i < held->n;)
        if (!hold_again(k, p, held, &i)) return 0;
    return 1;
}

/* Whether to flip l rather than the other. What is computed comes before what is chosen, and the
 * later computed first, so that changes flow from choices to results; of choices one not shown yet.
 * With `shows_first` only the last counts. */
static inline int is_better(const Kernel *k, Lit l, Lit other) {
    uint32_t v = VAR(l), w = VAR(other);
    if (!k->shows_first) {
        if (k->is_asked[v] != k->is_asked[w]) return !k->is_asked[v];
        if (!k->is_asked[v]) return v > w;
    }
    return k->is_orphan[v] && !k->is_orphan[w];
}

/* Flip a literal of a clause left open. */
static int choose(Kernel *k, Product *p, uint32_t clause) {
    const Lit *c = LITS(k, clause);
    uint32_t size = SIZE(k, clause), looked = 0;
    Lit best = NEVER;
    for (uint32_t j = 0; j < size; j++)
        if (p->has[c[j]]) return 1;
    uint32_t from = size > LOOKED_AT ? (k->turn += 7) % size : 0;
    for (uint32_t j = 0; j < size && looked < LOOKED_AT; j++) {
        Lit l = c[from + j < size ? from + j : from + j - size];
        if (!may_flip(k, l)) continue;
        looked++;
        if (best == NEVER || is_better(k, l, best)) best = l;
    }
    return best != NEVER && flip(k, p, best);
}

/* Look for what to change in a product to make l true; that is then in `flips`. The product is
 * changed when it `stays` so. 0 when nothing was found this way, which proves nothing. */
int flip_patch(Kernel *k, Product *p, Lit l, int stays) {
    uint32_t next = 0;
    k->most_flips = p == &k->base ? k->longest_patch : WALK_PATCHES * k->longest_patch;
    k->flips.n = k->choices.n = k->undone_groups.n = 0;
    next_stamp(k);
    int found = flip(k, p, l);
    while (found) {
        if (next < k->flips.n) {
            found = follow(k, p, k->flips.at[next++]);
        } else if (k->choices.n) {
            found = choose(k, p, k->choices.at[--k->choices.n]);
        } else {
            break;
        }
    }
    k->counts[COUNT_FLIPS] += k->flips.n;
    if (found && stays) {
        for (uint32_t i = 0; i < k->flips.n; i++) move_holders(k, p, NEG(k->flips.at[i]));
        return 1;
    }
    for (uint32_t i = 0; i < k->flips.n; i++) {
        p->has[k->flips.at[i]] = 0;
        p->has[NEG(k->flips.at[i])] = 1;
    }
    for (uint32_t i = k->undone_groups.n; i > 0; i -= 2)
        p->group_holder[k->undone_groups.at[i - 2]] = k->undone_groups.at[i - 1];
    return found;
}

/* Keep a patch: it shows each of its literals that has no patch yet. */
void keep_patch(Kernel *k, const Lit *literals, uint32_t n) {
    uint32_t patch = k->patch_uses.n, uses = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = VAR(literals[i]);
        if (!k->is_asked[v] || k->value[2 * v] || k->support[v] != NONE) continue;
        k->support[v] = patch;
        uses++;
    }
    if (!k->patch_begin.n) push(&k->patch_begin, 0);
    for (uint32_t i = 0; i < n; i++) {
        push(&k->patch_literals, literals[i]);
        push(&k->users[literals[i]], patch);
    }
    push(&k->patch_begin, k->patch_literals.n);
    push(&k->patch_uses, uses);
    push(&k->patch_state, AWAKE);
    k->counts[COUNT_PATCHES]++;
    k->all_entries += n;
    k->live_entries += n;
}

void orphan(Kernel *k, uint32_t v) {
    if (k->is_orphan[v] || !k->is_asked[v]) return;
    k->is_orphan[v] = 1;
    push(&k->orphans, v);
}

/* A patch falls asleep or dies: what it showed must be shown anew. */
void end_patch(Kernel *k, uint32_t patch, uint32_t state) {
    if (k->patch_state.at[patch] >= state) return;
    uint32_t begin = k->patch_begin.at[patch], end = k->patch_begin.at[patch + 1];
    for (uint32_t i = begin; k->patch_uses.at[patch] && i < end; i++) {
        uint32_t v = VAR(k->patch_literals.at[i]);
        if (k->support[v] != patch) continue;
        k->support[v] = NONE;
        k->patch_uses.at[patch]--;
        orphan(k, v);
    }
    k->patch_state.at[patch] = state;
    if (state == DEAD) k->live_entries -= end - begin;
    k->counts[COUNT_KILLED]++;
}

static int is_against_trail(const Kernel *k, uint32_t patch) {
    for (uint32_t i = k->patch_begin.at[patch]; i < k->patch_begin.at[patch + 1]; i++)
        if (k->value[k->patch_literals.at[i]] < 0) return 1;
    return 0;
}

/* Look for l in a patch that was made for something else, or that an undo woke. */
int find_patch(Kernel *k, Lit l) {
    Ints *list = &k->users[l];
    uint32_t tried = 0;
    for (uint32_t i = list->n; i > 0 && tried < SLEEPERS_TRIED; i--) {
        uint32_t patch = list->at[i - 1];
        if (k->patch_state.at[patch] == DEAD) continue;
        if (k->patch_state.at[patch] == ASLEEP) {
            tried++;
            if (is_against_trail(k, patch)) continue;
            k->patch_state.at[patch] = AWAKE;
        }
        k->support[VAR(l)] = patch;
        k->patch_uses.at[patch]++;
        return 1;
    }
    return 0;
}
