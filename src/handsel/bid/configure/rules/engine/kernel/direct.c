/* Answers by laws calculated: the base moved, values shown, and the search asked about the rest. */
#include "direct.h"

#define ASKED_A_MOVE 30000u
/* After so many searches it pays to have the solver's base near. */
#define SEARCHED_FROM_AFAR 3u

/* What may be had at most with what is assigned. */
void read_allowed(const Kernel *k, uint8_t *allowed) {
    const Direct *d = k->direct;
    for (uint32_t s = 0; s < d->slots; s++) allowed[s] = k->value[d->literal[s]] >= 0;
}

static int is_allowed(const Direct *d) {
    for (uint32_t v = 0; v < d->variables; v++)
        if (!d->allowed[d->slot[v] + d->value[v]]) return 0;
    return 1;
}

/* What is tried becomes the base. */
void go_there(Direct *d) {
    memcpy(d->now, d->value, d->variables * sizeof(uint16_t));
    begin_change(d);
}

/* Try the solver's product: what is assigned, else its base. */
static void try_product(const Kernel *k) {
    Direct *d = k->direct;
    begin_change(d);
    for (uint32_t v = 0; v < d->variables; v++)
        for (uint32_t x = 0; x < d->size[v]; x++) {
            Lit l = d->literal[d->slot[v] + x];
            if (k->value[l] ? k->value[l] > 0 : k->base.has[l]) touch(d, v, x);
        }
}

/* Laws calculated and clauses do not agree: the clauses are right. */
static void give_up(Kernel *k) {
    release_direct(k->direct);
    k->direct = NULL;
    k->counts[COUNT_CALCULATED] = 0;
    clear_patches(k);
    orphan_all(k);
}

/* Go to the solver's base. 0 when that breaks a law as calculated; then nothing is calculated any
 * more. */
int follow_base(Kernel *k) {
    Direct *d = k->direct;
    try_product(k);
    int holds = 1;
    for (uint32_t law = 0; law < d->laws && holds; law++) holds = law_holds(d, law);
    if (holds) {
        go_there(d);
        k->counts[COUNT_CALCULATED]++;
    } else {
        give_up(k);
    }
    return holds;
}

/* Go to the product known for some value that is allowed of a variable that must change. */
static int go_to_known(Direct *d, uint32_t v) {
    for (uint32_t x = 0; x < d->size[v]; x++)
        if (d->allowed[d->slot[v] + x] && has_known(d, v, x) && is_allowed(d)) return 1;
    return 0;
}

static uint32_t nearest_allowed(const Direct *d, uint32_t v) {
    uint32_t now = d->now[v];
    const uint8_t *allowed = d->allowed + d->slot[v];
    for (uint32_t away = 0; away < d->size[v]; away++) {
        if (away <= now && allowed[now - away]) return now - away;
        if (now + away < d->size[v] && allowed[now + away]) return now + away;
    }
    return now;
}

/* Try a product near the base with all that is assigned. 0 when no way was found, which proves
 * nothing. */
static int try_assigned(Kernel *k, uint32_t most) {
    Direct *d = k->direct;
    uint32_t first = 0;
    read_allowed(k, d->allowed);
    begin_change(d);
    while (first < d->variables && d->allowed[d->slot[first] + d->now[first]]) first++;
    if (first == d->variables || go_to_known(d, first)) return 1;
    begin_change(d);
    for (uint32_t v = first; v < d->variables; v++)
        if (!d->allowed[d->slot[v] + d->now[v]]) touch(d, v, nearest_allowed(d, v));
    return mend_all(d, most) && is_allowed(d);
}

/* Bring the base to what is assigned. */
int move_direct(Kernel *k) {
    if (!try_assigned(k, ASKED_A_MOVE)) return 0;
    go_there(k->direct);
    return 1;
}

/* Show a product with all that is assumed and assigned, in `model`, one byte an option; the base
 * stays. Only where nothing is assumed but options. */
int show_direct(Kernel *k, const Lit *assumed, uint32_t n, uint8_t *model) {
    Direct *d = k->direct;
    for (uint32_t i = 0; d && i < n; i++)
        if (VAR(assumed[i]) && !k->is_asked[VAR(assumed[i])]) return 0;
    if (!d || !try_assigned(k, ASKED_A_VALUE)) return 0;
    for (uint32_t o = 0; o < k->options; o++) {
        uint32_t slot = d->option_slot[o], v = variable_of(d, slot);
        model[o] = d->slot[v] + d->value[v] == slot ? 1 : 2;
    }
    begin_change(d);
    return 1;
}

/* The variable of a slot. */
uint32_t variable_of(const Direct *d, uint32_t slot) {
    uint32_t low = 0, high = d->variables;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (d->slot[middle] <= slot) low = middle;
        else high = middle;
    }
    return low;
}

/* Ask the solver for a product with a value and all that is assigned; it is kept for the value.
 * When there is none that is assigned. */
int search_direct(Kernel *k, uint32_t slot) {
    Direct *d = k->direct;
    uint32_t floor = current_level(k), v = variable_of(d, slot);
    if (search(k, floor, d->literal[slot], k->agreed_to) != FOUND) return 0;
    try_product(k);
    back_to(k, floor);
    if (!stands(d)) {
        give_up(k);
        return 1;
    }
    shorten_change(d, v);
    note_change(d, d->known + slot);
    return 1;
}

/* Show every value, or prove it impossible and assign that. */
static void show(Kernel *k, uint32_t v, uint32_t x) {
    Direct *d = k->direct;
    uint32_t slot = d->slot[v] + x;
    if (!d->allowed[slot] || find_change(d, v, x, ASKED_A_VALUE)) return;
    if (d->searched++ == SEARCHED_FROM_AFAR && k->agreed_to < k->trail.n) move_base(k);
    if (!k->value[d->literal[slot]]) search_direct(k, slot);
    if (k->direct) read_allowed(k, d->allowed);
}

/* All values of all variables, from the base's outwards, so that each has a neighbour to begin
 * from. */
void settle_direct(Kernel *k) {
    read_allowed(k, k->direct->allowed);
    k->direct->searched = 0;
    for (uint32_t v = 0; k->direct && v < k->direct->variables; v++) {
        uint32_t now = k->direct->now[v];
        for (uint32_t x = now; k->direct && x > 0; x--) show(k, v, x - 1);
        for (uint32_t x = now + 1; k->direct && x < k->direct->size[v]; x++) show(k, v, x);
    }
    forget_learned(k);
}

/* Leave only what a decision leaves. */
static void restrict_to(Direct *d, int32_t decision) {
    uint32_t slot = d->option_slot[(decision > 0 ? decision : -decision) - 1];
    uint32_t v = variable_of(d, slot);
    if (decision < 0) {
        d->allowed[slot] = 0;
        return;
    }
    for (uint32_t s = d->slot[v]; s < d->slot[v] + d->size[v]; s++) d->allowed[s] &= s == slot;
}

/* Allow what decisions leave, but those marked. */
void allow_instead(Kernel *k, const int32_t *decisions, uint32_t n, const uint8_t *leaving) {
    Direct *d = k->direct;
    memcpy(d->allowed, d->root_allowed, d->slots);
    for (uint32_t i = 0; i < n; i++)
        if (!leaving[i]) restrict_to(d, decisions[i]);
}

/* Whether an option can be had with what is allowed; 0 proves nothing. */
int shows_option(Kernel *k, int32_t option) {
    Direct *d = k->direct;
    uint32_t slot = d->option_slot[(option > 0 ? option : -option) - 1], v = variable_of(d, slot);
    if (option < 0 || !d->allowed[slot]) return 0;
    return slot == d->slot[v] + d->now[v] || find_change(d, v, slot - d->slot[v], ASKED_A_VALUE);
}

/* Ask the solver whether an option can be had with all that is assigned. */
int search_option(Kernel *k, int32_t option) {
    if (option > 0) return search_direct(k, k->direct->option_slot[option - 1]);
    uint32_t floor = current_level(k);
    int found = search(k, floor, literal_of(k, option), k->agreed_to) == FOUND;
    back_to(k, floor);
    return found;
}

/* What to keep of a session: the base, and what is known for every value. */
void keep_direct(const Kernel *k, Ints *out) {
    const Direct *d = k->direct;
    for (uint32_t v = 0; v < d->variables; v++) push(out, d->now[v]);
    for (uint32_t s = 0; s < d->slots; s++) {
        const Changes *known = d->known + s;
        push(out, known->n);
        for (uint32_t i = 0; i < known->n; i++)
            push(out, (uint32_t)known->variable[i] << 16 | known->value[i]);
    }
}

void recall_direct(Kernel *k, const uint32_t *from) {
    Direct *d = k->direct;
    begin_change(d);
    for (uint32_t v = 0; v < d->variables; v++) d->value[v] = d->now[v] = (uint16_t)*from++;
    for (uint32_t s = 0; s < d->slots; s++) {
        Changes *known = d->known + s;
        known->n = (uint16_t)*from++;
        for (uint32_t i = 0; i < known->n; i++, from++) {
            known->variable[i] = (uint16_t)(*from >> 16);
            known->value[i] = (uint16_t)*from;
        }
    }
}

/* Calculate laws from here on; before anything is decided. See engine/direct.py. */
SHARED void handsel_direct(Kernel *k, const int32_t *counts, const int32_t *options,
                           const int32_t *starts, const int32_t *scope,
                           const int32_t *step_starts, const int32_t *steps,
                           const int64_t *numbers) {
    if (k->contradictory) return;
    k->direct = make_direct(k, counts, options, starts, scope, step_starts, steps, numbers);
    if (!follow_base(k)) return;
    clear_patches(k);
    settle_direct(k);
    if (k->direct) read_allowed(k, k->direct->root_allowed);
    tell(k);
}
