/* Settles a level: every open value gets a patch, or is proved impossible.
 *
 * Flipping starts from the base, where patches are short. Where numbers hang together the base is
 * often far from a product with the value wanted, but the product found for the value before is
 * near: that is the walker, which goes from product to product and leaves a patch at each. */
#include "kernel.h"

#define LUCK_KEPT 64u

/* Whether flipping in the base is worth a try, as it went of late. */
static int base_is_promising(Kernel *k) {
    if (k->lucky + k->unlucky > LUCK_KEPT) {
        k->lucky /= 2;
        k->unlucky /= 2;
    }
    return 4 * k->lucky + 8 >= k->unlucky;
}

static void walk_to(Kernel *k, const Lit *target, uint32_t n) {
    move_product(k, &k->walker, target, n);
}

/* Bring the walker where it fulfils all that is decided. */
static void recall_walker(Kernel *k) {
    uint32_t i = 0;
    while (i < k->trail.n && k->walker.has[k->trail.at[i]]) i++;
    if (i == k->trail.n) return;
    k->change.n = 0;
    for (Lit l = 2; l < 2 * k->variables; l++)
        if (k->base.has[l] && !k->walker.has[l]) push(&k->change, l);
    walk_to(k, k->change.at, k->change.n);
}

/* Keep the walker's product, in which v is as it is not in the base: as a patch, or whole when too
 * much is different. */
static void keep_walk(Kernel *k, uint32_t v) {
    k->change.n = 0;
    for (Lit l = 2; l < 2 * k->variables && k->change.n <= k->longest_patch; l++)
        if (k->walker.has[l] && !k->base.has[l]) push(&k->change, l);
    if (k->change.n > k->longest_patch) {
        keep_row(k, v);
    } else {
        keep_patch(k, k->change.at, k->change.n);
    }
}

/* What a search found, made to show as much as it can, for it is far from the base anyway; the
 * walker goes there. */
static void walk_to_found(Kernel *k, uint32_t floor) {
    extend_found(k);
    k->change.n = 0;
    for (Lit l = 2; l < 2 * k->variables; l++)
        if (!k->walker.has[l] && (k->value[l] ? k->value[l] > 0 : k->base.has[l]))
            push(&k->change, l);
    back_to(k, floor);
    walk_to(k, k->change.at, k->change.n);
}

/* Keep the product that a search found. */
void keep_found(Kernel *k, uint32_t floor, uint32_t v) {
    k->change.n = 0;
    for (uint32_t i = k->level_begin.at[floor]; i < k->trail.n; i++)
        if (!k->base.has[k->trail.at[i]]) push(&k->change, k->trail.at[i]);
    k->is_far = k->change.n > k->longest_patch;
    if (k->is_far) {
        walk_to_found(k, floor);
        keep_walk(k, v);
    } else {
        back_to(k, floor);
        keep_patch(k, k->change.at, k->change.n);
    }
}

/* Walk to a product with l, the other value of v, when that is how things go here. */
static int walk(Kernel *k, uint32_t v, Lit l, int *is_recalled) {
    if (!k->is_far) return 0;
    if (!*is_recalled) recall_walker(k);
    *is_recalled = 1;
    int found = k->walker.has[l] || flip_patch(k, &k->walker, l, 1);
    if (!found) {
        k->shows_first = 1;
        found = flip_patch(k, &k->walker, l, 1);
        k->shows_first = 0;
    }
    if (!found) return 0;
    keep_walk(k, v);
    return 1;
}

/* Find a patch for every open value that has none, or prove it impossible and assign that. */
void settle(Kernel *k) {
    uint32_t floor = current_level(k);
    int is_recalled = 0;
    sweep_patches(k);
    part_from_trail(k);
    part_rows(k);
    while (k->orphans.n) {
        uint32_t v = k->orphans.at[--k->orphans.n];
        k->is_orphan[v] = 0;
        if (k->value[2 * v] || k->support[v] != NONE) continue;
        Lit l = 2 * v + k->base.has[2 * v];
        if (find_patch(k, l) || find_row(k, l)) continue;
        if (!k->is_far || base_is_promising(k)) {
            if (flip_patch(k, &k->base, l, 0)) {
                k->lucky++;
                keep_patch(k, k->flips.at, k->flips.n);
                continue;
            }
            k->unlucky++;
        }
        if (walk(k, v, l, &is_recalled)) continue;
        if (search(k, floor, l, k->trail.n) == FOUND) keep_found(k, floor, v);
        part_from_trail(k);
    }
    forget_learned(k);
}
