/* The preferred product: of one variable after another the best value that still fits. */
#include "direct.h"

/* Whether l can hold with all that is assigned; the base has it then. */
static int can_hold(Kernel *k, int32_t option, Lit l) {
    Direct *d = k->direct;
    uint32_t slot = d->option_slot[(option > 0 ? option : -option) - 1] - (option < 0);
    uint32_t v = variable_of(d, slot), x = slot - d->slot[v];
    if (d->now[v] == x) return 1;
    read_allowed(k, d->allowed);
    if (!find_change(d, v, x, ASKED_A_VALUE) && (k->value[l] || !search_direct(k, slot))) return 0;
    if (k->direct) go_there(d);
    return 1;
}

/* The first of the options that can hold; it is decided. -1 when none can. */
static int32_t choose_first(Kernel *k, const int32_t *options, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        Lit l = literal_of(k, options[i]);
        if (k->value[l] < 0) continue;
        if (k->value[l] == 0 && (!can_hold(k, options[i], l) || !k->direct)) continue;
        if (k->value[l] == 0) decide(k, l);
        return i;
    }
    return -1;
}

/* Of each group of options the first that can be had with the decisions and what was chosen of the
 * groups before; its place in the group is told in `chosen`. Only for truths may an option be
 * denied. 0 when this engine cannot tell: where laws are not calculated. */
SHARED int handsel_prefer(Kernel *k, const int32_t *decisions, int32_t n, const int32_t *options,
                          const int32_t *starts, int32_t groups, int32_t *chosen) {
    if (k->contradictory || !k->direct || !take(k, decisions, (uint32_t)n) || !k->direct) return 0;
    uint32_t level = current_level(k), bytes = k->direct->variables * (uint32_t)sizeof(uint16_t);
    uint16_t *now = allot(bytes);
    int told = 1;
    memcpy(now, k->direct->now, bytes);
    for (int32_t g = 0; g < groups && told; g++) {
        chosen[g] = choose_first(k, options + starts[g], starts[g + 1] - starts[g]);
        told = k->direct && chosen[g] >= 0;
    }
    retreat(k, level);
    if (k->direct) {
        begin_change(k->direct);
        memcpy(k->direct->now, now, bytes);
        memcpy(k->direct->value, now, bytes);
    }
    free(now);
    return told;
}
