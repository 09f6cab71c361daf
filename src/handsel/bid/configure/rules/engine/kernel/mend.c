/* Looks for products near the base by changing a few variables: one more for every law broken. */
#include "direct.h"

#define BEST_KEPT 3u
#define BROKEN_KEPT 64u

/* One way to mend a law: a variable, its value, and how many laws are broken then. */
typedef struct {
    uint32_t broken, variable, value;
} Way;

void touch(Direct *d, uint32_t v, uint32_t value) {
    if (!d->is_touched[v]) {
        d->is_touched[v] = 1;
        d->touched[d->touched_n++] = v;
    }
    d->value[v] = (uint16_t)value;
}

/* Back to the base. */
void begin_change(Direct *d) {
    while (d->touched_n) {
        uint32_t v = d->touched[--d->touched_n];
        d->value[v] = d->now[v];
        d->is_touched[v] = d->is_held[v] = 0;
    }
}

/* The laws that the product tried breaks, of those about variables that were touched. */
static uint32_t find_broken(Direct *d, uint32_t *broken) {
    uint32_t n = 0;
    d->stamp++;
    for (uint32_t i = 0; i < d->touched_n; i++) {
        uint32_t v = d->touched[i];
        if (d->value[v] == d->now[v]) continue;
        for (uint32_t j = d->laws_of.start[v]; j < d->laws_of.start[v + 1]; j++) {
            uint32_t law = d->laws_of.at[j];
            if (d->law_stamp[law] == d->stamp) continue;
            d->law_stamp[law] = d->stamp;
            if (!law_holds(d, law) && n < BROKEN_KEPT) broken[n++] = law;
        }
    }
    return n;
}

/* How many laws are broken, of these and those about v; counted up to `most` and no further. */
static uint32_t count_broken(Direct *d, const uint32_t *broken, uint32_t n, uint32_t v,
                             uint32_t most) {
    uint32_t count = 0;
    d->stamp++;
    for (uint32_t i = 0; i < n && count <= most; i++) {
        d->law_stamp[broken[i]] = d->stamp;
        count += !law_holds(d, broken[i]);
    }
    for (uint32_t j = d->laws_of.start[v]; j < d->laws_of.start[v + 1] && count <= most; j++)
        if (d->law_stamp[d->laws_of.at[j]] != d->stamp) count += !law_holds(d, d->laws_of.at[j]);
    return count;
}

static uint32_t keep_way(Way *ways, uint32_t n, Way way) {
    uint32_t i = n < BEST_KEPT ? n : BEST_KEPT - 1;
    if (n == BEST_KEPT && ways[i].broken <= way.broken) return n;
    for (; i > 0 && ways[i - 1].broken > way.broken; i--) ways[i] = ways[i - 1];
    ways[i] = way;
    return n < BEST_KEPT ? n + 1 : n;
}

/* All values of v that mend a law, near ones first. 1 when one of them mends all laws. */
static int try_values(Direct *d, uint32_t v, uint32_t law, const uint32_t *broken, uint32_t n,
                      Way *ways, uint32_t *ways_n) {
    uint32_t old = d->value[v], size = d->size[v];
    const uint8_t *allowed = d->allowed + d->slot[v];
    touch(d, v, old);
    for (uint32_t away = 1; away < size && d->asked < d->most_asked; away++) {
        for (int up = 0; up < 2; up++) {
            if (up ? old + away >= size : away > old) continue;
            uint32_t value = up ? old + away : old - away;
            if (!allowed[value]) continue;
            d->value[v] = (uint16_t)value;
            if (!law_holds(d, law)) continue;
            uint32_t most = *ways_n == BEST_KEPT ? ways[BEST_KEPT - 1].broken : BROKEN_KEPT;
            uint32_t count = count_broken(d, broken, n, v, most);
            if (!count) return 1;
            *ways_n = keep_way(ways, *ways_n, (Way){count, v, value});
        }
    }
    d->value[v] = (uint16_t)old;
    return 0;
}

static int mend(Direct *d, uint32_t depth) {
    uint32_t *broken = d->broken_room[depth], n = find_broken(d, broken), ways_n = 0, law;
    Way ways[BEST_KEPT];
    if (!n) return 1;
    if (n == BROKEN_KEPT || depth == DEEPEST || d->asked >= d->most_asked) return 0;
    law = broken[0];
    for (uint32_t i = 1; i < n; i++)
        if (d->scope.start[broken[i] + 1] - d->scope.start[broken[i]] <
            d->scope.start[law + 1] - d->scope.start[law])
            law = broken[i];
    for (uint32_t i = d->scope.start[law]; i < d->scope.start[law + 1]; i++) {
        uint32_t v = d->scope.at[i];
        if (!d->is_held[v] && try_values(d, v, law, broken, n, ways, &ways_n)) return 1;
    }
    for (uint32_t i = 0; i < ways_n; i++) {
        uint32_t v = ways[i].variable, old = d->value[v];
        touch(d, v, ways[i].value);
        d->is_held[v] = 1;
        if (mend(d, depth + 1)) return 1;
        d->is_held[v] = 0;
        d->value[v] = (uint16_t)old;
    }
    return 0;
}

/* Write down what differs from the base, in order to have it again. */
void note_change(const Direct *d, Changes *found) {
    found->n = 0;
    for (uint32_t i = 0; i < d->touched_n; i++) {
        uint32_t v = d->touched[i];
        if (d->value[v] == d->now[v]) continue;
        if (found->n == MOST_CHANGES) {
            found->n = 0;
            return;
        }
        found->variable[found->n] = (uint16_t)v;
        found->value[found->n++] = d->value[v];
    }
}

/* Begin from what is known for another value, or from the base; 0 when that may not be. */
static int begin_from(Direct *d, const Changes *from) {
    begin_change(d);
    for (uint32_t i = 0; i < from->n; i++) {
        if (!d->allowed[d->slot[from->variable[i]] + from->value[i]]) return 0;
        touch(d, from->variable[i], from->value[i]);
    }
    return 1;
}

/* Whether the product tried fulfils all laws. */
int stands(Direct *d) { return !find_broken(d, d->broken_room[0]); }

/* Whether what is known for a value still gives a valid product, left in `value`. */
int has_known(Direct *d, uint32_t v, uint32_t value) {
    const Changes *known = d->known + d->slot[v] + value;
    for (uint32_t i = 0; i < known->n; i++)
        if (known->variable[i] == v) return begin_from(d, known) && stands(d);
    return 0;
}

static int mended(Direct *d, uint32_t v, uint32_t value, uint32_t depth, uint32_t most) {
    touch(d, v, value);
    d->is_held[v] = 1;
    d->asked = 0;
    d->most_asked = most;
    return mend(d, depth);
}

/* Look for a valid product in which v has a value, all else as allowed. It is kept. 0 proves
 * nothing. */
int find_change(Direct *d, uint32_t v, uint32_t value, uint32_t most) {
    static const Changes nothing;
    Changes *known = d->known + d->slot[v];
    if (has_known(d, v, value)) return 1;
    uint32_t near = value < d->now[v] ? value + 1 : value - 1;
    const Changes *from = known + near;
    int found = begin_from(d, &nothing) && mended(d, v, value, DEEPEST, most);
    if (!found && near != d->now[v] && from->n)
        found = begin_from(d, from) && mended(d, v, value, DEEPEST, most);
    if (!found) found = begin_from(d, &nothing) && mended(d, v, value, 0, most);
    if (!found && near != d->now[v] && from->n)
        found = begin_from(d, from) && mended(d, v, value, 1, most);
    if (found) note_change(d, known + value);
    return found;
}

/* Take back what needs no change, so that what is kept is short. */
void shorten_change(Direct *d, uint32_t kept) {
    for (uint32_t i = d->touched_n; i > 0; i--) {
        uint32_t v = d->touched[i - 1], value = d->value[v];
        if (v == kept || value == d->now[v]) continue;
        d->value[v] = d->now[v];
        for (uint32_t j = d->laws_of.start[v]; j < d->laws_of.start[v + 1]; j++)
            if (!law_holds(d, d->laws_of.at[j])) {
                d->value[v] = (uint16_t)value;
                break;
            }
    }
}

/* Mend the product in `value`, with these variables touched, so that it is valid and allowed. */
int mend_all(Direct *d, uint32_t most) {
    d->asked = 0;
    d->most_asked = most;
    return mend(d, 0);
}
