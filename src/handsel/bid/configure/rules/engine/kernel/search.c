/* Conflict-driven search for a valid product near the base.
 *
 * Whatever is not assigned keeps the base's value. So only clauses that lost the literal the base
 * fulfils them with need a decision, and the search ends when there is none: its cost follows what
 * changes, not the size of the model. */
#include "kernel.h"

#define LOOKED_AT 48u        /* literals of a broken clause compared before one is taken */
#define RESTART_CONFLICTS 64u
#define EXTENSIONS_TRIED 48u
#define PATIENCE 300u        /* conflicts after which variables are chosen by activity */

static uint32_t luby(uint32_t i) {
    uint32_t size = 1, power = 0;
    while (size < i + 1) {
        size = 2 * size + 1;
        power++;
    }
    while (size - 1 != i) {
        size = (size - 1) / 2;
        power--;
        i %= size;
    }
    return 1u << power;
}

/* The literal to make true of a clause nothing fulfils any more. */
static Lit best_of(Kernel *k, const Lit *c, uint32_t size) {
    Lit best = NEVER;
    uint32_t looked = 0;
    for (uint32_t j = 0; j < size && looked < LOOKED_AT; j++) {
        Lit l = c[j];
        if (k->value[l]) continue;
        looked++;
        if (k->is_orphan[VAR(l)]) return l;
        if (best == NEVER || k->activity[VAR(l)] > k->activity[VAR(best)]) best = l;
    }
    return best;
}

/* A literal of a clause that the changed literal l broke, or NEVER when it broke none. */
static Lit mend(Kernel *k, Lit l) {
    Ints *held = &k->base.held_by[NEG(l)];
    for (uint32_t i = 0; i < held->n;) {
        uint32_t clause = held->at[i], size = SIZE(k, clause), j = 0;
        const Lit *c = LITS(k, clause);
        while (j < size && !(k->value[c[j]] > 0 || (k->value[c[j]] == 0 && k->base.has[c[j]]))) j++;
        if (j == size) return best_of(k, c, size);
        if (k->base.has[c[j]]) {
            HOLDER(k, clause) = c[j];
            push(&k->base.held_by[c[j]], clause);
            held->at[i] = held->at[--held->n];
        } else {
            i++;
        }
    }
    return NEVER;
}

static Lit next_choice(Kernel *k) {
    for (; k->check < k->trail.n; k->check++) {
        Lit l = k->trail.at[k->check];
        if (k->base.has[l]) continue;
        Lit choice = mend(k, l);
        if (choice == NEVER) continue;
        if (!k->heap_is_used) return choice;
        uint32_t v = heap_take(k);
        return 2 * v + !k->phase[v];
    }
    return NEVER;
}

/* Learn from a clash and go back, never below `floor`. */
static void learn_and_return(Kernel *k, uint32_t floor) {
    uint32_t level, clause = learn(k, &level);
    back_to(k, level > floor ? level : floor);
    Lit l = k->clause.at[0];
    assign(k, l, clause == NONE ? NONE : REASON_CLAUSE(clause));
}

/* Look for a product with all that holds at level `floor`, the current one, and `goal` (ALWAYS when
 * there is none). The trail from `check_from` may differ from the base. FOUND: the product is what
 * is assigned, else the base; go back to `floor` after reading it. REFUTED: back at `floor`, where
 * the goal is false now; or, when floor itself clashes, with `conflict` saying why. */
int search(Kernel *k, uint32_t floor, Lit goal, uint32_t check_from) {
    uint32_t conflicts = 0, restarts = 0, limit = RESTART_CONFLICTS;
    int answer = FOUND;
    k->counts[COUNT_SEARCHES]++;
    k->check = check_from;
    for (;;) {
        if (propagate(k)) {
            k->counts[COUNT_CONFLICTS]++;
            if (current_level(k) <= floor) {
                answer = REFUTED;
                break;
            }
            learn_and_return(k, floor);
            if (++conflicts == PATIENCE) heap_fill(k);
            if (conflicts > limit) {
                limit = conflicts + RESTART_CONFLICTS * luby(++restarts);
                back_to(k, floor);
            }
            continue;
        }
        if (goal != ALWAYS && current_level(k) == floor) {
            if (k->value[goal] < 0) {
                answer = REFUTED;
                break;
            }
            open_level(k);
            if (!k->value[goal]) assign(k, goal, NONE);
            continue;
        }
        Lit choice = next_choice(k);
        if (choice == NEVER) break;
        open_level(k);
        assign(k, choice, NONE);
    }
    k->heap_is_used = 0;
    return answer;
}

/* After a search found a product: make open values true that nothing shows yet, as far as that goes
 * without a clash, so that one product shows many. Each is tried once and left where it clashes. */
void extend_found(Kernel *k) {
    uint32_t tries = EXTENSIONS_TRIED;
    for (uint32_t i = k->orphans.n; i > 0 && tries; i--) {
        uint32_t v = k->orphans.at[i - 1], level = current_level(k), check = k->check;
        Lit l = 2 * v + k->base.has[2 * v], choice = l;
        if (k->value[l] || k->support[v] != NONE) continue;
        tries--;
        while (choice != NEVER) {
            open_level(k);
            assign(k, choice, NONE);
            if (propagate(k)) break;
            choice = next_choice(k);
        }
        if (choice == NEVER) continue;
        back_to(k, level);
        k->check = check;
    }
}

/* Search the whole model for a first product and make it the base. */
int first_base(Kernel *k) {
    uint32_t conflicts = 0, restarts = 0, limit = RESTART_CONFLICTS, v;
    heap_fill(k);
    for (;;) {
        if (propagate(k)) {
            if (current_level(k) == 0) return REFUTED;
            learn_and_return(k, 0);
            if (++conflicts > limit) {
                limit = conflicts + RESTART_CONFLICTS * luby(++restarts);
                back_to(k, 0);
            }
            continue;
        }
        v = heap_take(k);
        if (!v) break;
        open_level(k);
        assign(k, 2 * v + !k->phase[v], NONE);
    }
    for (v = 1; v < k->variables; v++) {
        k->base.has[2 * v] = k->value[2 * v] > 0;
        k->base.has[2 * v + 1] = !k->base.has[2 * v];
    }
    k->heap_is_used = 0;
    back_to(k, 0);
    make_products(k);
    return FOUND;
}
