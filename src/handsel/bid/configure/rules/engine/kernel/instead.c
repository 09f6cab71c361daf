/* What could be decided instead of what was: other values, all other decisions standing.
 *
 * The base fulfils the other decisions too, so what is sought is near. What is found is kept as a
 * patch, asleep because of the one decision, and outlives the decisions after it as patches do. */
#include "kernel.h"

#define TRIED 16u

/* Note, stamped and in `choices`, what is against the decisions that stay. */
static void note_against(Kernel *k, const int32_t *decisions, uint32_t n, const uint8_t *leaving) {
    next_stamp(k);
    k->choices.n = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (leaving[i]) continue;
        Lit l = NEG(literal_of(k, decisions[i]));
        k->stamp[l] = k->stamp_now;
        push(&k->choices, l);
    }
}

/* Whether a living patch has l and nothing that is stamped. */
static int find_patch_near(const Kernel *k, Lit l) {
    const Ints *list = &k->users[l];
    uint32_t tried = 0;
    for (uint32_t i = list->n; i > 0 && tried < TRIED; i--) {
        uint32_t patch = list->at[i - 1], end = k->patch_begin.at[patch + 1];
        if (k->patch_state.at[patch] == DEAD) continue;
        tried++;
        uint32_t j = k->patch_begin.at[patch];
        while (j < end && k->stamp[k->patch_literals.at[j]] != k->stamp_now) j++;
        if (j == end) return 1;
    }
    return 0;
}

/* Look for a product with an option and all that is decided now, and keep it. */
static int find_near(Kernel *k, int32_t option) {
    uint32_t floor = current_level(k);
    Lit l = literal_of(k, option);
    if (k->value[l]) return k->value[l] > 0;
    if (k->direct) return search_option(k, option);
    if (flip_patch(k, &k->base, l, 0)) {
        keep_patch(k, k->flips.at, k->flips.n);
        return 1;
    }
    if (search(k, floor, l, k->trail.n) != FOUND) return 0;
    keep_found(k, floor, VAR(l));
    return 1;
}

/* Of the options asked for, whether some product has them that fulfils the decisions but those
 * marked in `leaving`; in `out`, 1 or 0. 0 when the decisions clash. */
SHARED int handsel_instead(Kernel *k, const int32_t *decisions, int32_t n, const uint8_t *leaving,
                           const int32_t *asked, int32_t m, uint8_t *out) {
    uint32_t stay = 0, unknown = 0;
    if (k->contradictory || !take(k, decisions, (uint32_t)n)) return 0;
    if (k->direct) allow_instead(k, decisions, (uint32_t)n, leaving);
    else note_against(k, decisions, (uint32_t)n, leaving);
    for (int32_t i = 0; i < m; i++) {
        Lit l = literal_of(k, asked[i]);
        out[i] = k->direct ? shows_option(k, asked[i])
                           : k->base.has[l] || find_patch_near(k, l) || find_row_near(k, l);
        unknown += !out[i];
    }
    if (!unknown) return 1;
    while (stay < (uint32_t)n && !leaving[stay]) stay++;
    retreat(k, stay);
    for (uint32_t i = stay; i < (uint32_t)n; i++)
        if (!leaving[i]) decide(k, literal_of(k, decisions[i]));
    for (int32_t i = 0; i < m; i++)
        if (!out[i]) out[i] = (uint8_t)find_near(k, asked[i]);
    retreat(k, stay);
    return 1;
}
