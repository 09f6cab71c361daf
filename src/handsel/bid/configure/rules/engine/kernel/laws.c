/* Calculates laws over the values of variables. */
#include "direct.h"

/* Laws of so few combinations are calculated once for all of them. */
#define MOST_TRUTHS 65536u

static int64_t floored(int64_t a, int64_t b) {
    int64_t q = a / b;
    return q * b > a || (q * b < a && ((a < 0) != (b < 0))) ? q - 1 : q;
}

static int64_t joined(int32_t what, int64_t a, int64_t b) {
    switch (what) {
    case PLUS: return a + b;
    case MINUS: return a - b;
    case TIMES: return a * b;
    case LEAST: return a < b ? a : b;
    case GREATEST: return a > b ? a : b;
    case SAME: return a == b;
    case DIFFERENT: return a != b;
    case BELOW: return a < b;
    case AT_MOST: return a <= b;
    case AND: return a && b;
    default: return a || b;
    }
}

/* 0 also where a law divides by zero: such a product is left to the search. */
static int calculated(Direct *d, uint32_t law) {
    int64_t *top = d->stack;
    const Step *end = d->steps + d->step_begin[law + 1];
    for (const Step *s = d->steps + d->step_begin[law]; s < end; s++) {
        switch (s->what) {
        case CONSTANT: *top++ = d->numbers[s->at]; break;
        case COLUMN: *top++ = d->numbers[s->at + d->value[s->variable]]; break;
        case NOT: top[-1] = !top[-1]; break;
        case CHOSEN:
            top -= 2;
            top[-1] = top[-1] ? top[0] : top[1];
            break;
        case DIVIDED:
            top--;
            if (!top[0]) return 0;
            top[-1] = floored(top[-1], top[0]);
            break;
        default:
            top--;
            top[-1] = joined(s->what, top[-1], top[0]);
        }
    }
    return d->stack[0] != 0;
}

/* Whether the product in `value` fulfils a law. */
int law_holds(Direct *d, uint32_t law) {
    d->asked++;
    if (d->truth_begin[law] == NONE) return calculated(d, law);
    uint32_t at = d->truth_begin[law];
    for (uint32_t i = d->scope.start[law]; i < d->scope.start[law + 1]; i++)
        at += d->stride[i] * d->value[d->scope.at[i]];
    return d->truths[at];
}

/* Write down the truths of a law from `at` on; how many there are, or 0 where they are too many. */
static uint32_t write_truths(Direct *d, uint32_t law, uint32_t at) {
    uint32_t begin = d->scope.start[law], end = d->scope.start[law + 1], count = 1;
    for (uint32_t i = begin; i < end; i++) {
        d->stride[i] = count;
        count *= d->size[d->scope.at[i]];
        if (count > MOST_TRUTHS) return 0;
        d->value[d->scope.at[i]] = 0;
    }
    if (!d->truths) return count;
    for (uint32_t c = 0; c < count; c++) {
        d->truths[at + c] = (uint8_t)calculated(d, law);
        for (uint32_t i = begin; i < end; i++) {
            uint32_t v = d->scope.at[i];
            if (++d->value[v] < d->size[v]) break;
            d->value[v] = 0;
        }
    }
    return count;
}

static void tabulate(Direct *d) {
    for (int fill = 0; fill < 2; fill++) {
        uint32_t at = 0;
        for (uint32_t law = 0; law < d->laws; law++) {
            uint32_t count = write_truths(d, law, at);
            d->truth_begin[law] = count ? at : NONE;
            at += count;
        }
        if (!fill) d->truths = allot(at);
    }
}

static void list_laws(Direct *d, const int32_t *starts, const int32_t *scope) {
    lists_begin(&d->scope, d->laws);
    lists_begin(&d->laws_of, d->variables);
    for (uint32_t law = 0; law < d->laws; law++)
        d->scope.start[law + 2] = (uint32_t)(starts[law + 1] - starts[law]);
    lists_sum(&d->scope, d->laws);
    for (uint32_t law = 0; law < d->laws; law++)
        for (int32_t i = starts[law]; i < starts[law + 1]; i++) {
            d->scope.at[d->scope.start[law + 1]++] = (uint32_t)scope[i];
            d->laws_of.start[(uint32_t)scope[i] + 2]++;
        }
    lists_sum(&d->laws_of, d->variables);
    for (uint32_t law = 0; law < d->laws; law++)
        for (uint32_t i = d->scope.start[law]; i < d->scope.start[law + 1]; i++)
            d->laws_of.at[d->laws_of.start[d->scope.at[i] + 1]++] = law;
    d->stride = allot((size_t)(d->scope.start[d->laws] + 1) * sizeof(uint32_t));
}

static void make_room(Direct *d) {
    d->now = allot_zeroed(d->variables * sizeof(uint16_t));
    d->value = allot_zeroed(d->variables * sizeof(uint16_t));
    d->is_held = allot_zeroed(d->variables);
    d->is_touched = allot_zeroed(d->variables);
    d->allowed = allot_zeroed(d->slots);
    d->root_allowed = allot_zeroed(d->slots);
    d->known = allot_zeroed(d->slots * sizeof(Changes));
    d->law_stamp = allot_zeroed(d->laws * sizeof(uint32_t));
    d->truth_begin = allot_zeroed(d->laws * sizeof(uint32_t));
}

/* Literals of the slots: a truth has one option, its True; else every value has its own. */
static void place_slots(Direct *d, const Kernel *k, const int32_t *options) {
    uint32_t option = 0;
    d->option_slot = allot(k->options * sizeof(uint32_t));
    d->slots = 0;
    for (uint32_t v = 0; v < d->variables; v++) {
        d->slot[v] = d->slots;
        d->slots += d->size[v] = options[v] ? (uint32_t)options[v] : 2;
    }
    d->literal = allot(d->slots * sizeof(Lit));
    for (uint32_t v = 0; v < d->variables; v++) {
        if (options[v]) {
            for (uint32_t i = 0; i < d->size[v]; i++) {
                d->option_slot[option] = d->slot[v] + i;
                d->literal[d->slot[v] + i] = k->option_literal[option++];
            }
        } else {
            d->option_slot[option] = d->slot[v] + 1;
            d->literal[d->slot[v] + 1] = k->option_literal[option++];
            d->literal[d->slot[v]] = NEG(d->literal[d->slot[v] + 1]);
        }
    }
}

/* Read the laws. `options` has for each variable how many options it has, 0 for a truth. */
Direct *make_direct(const Kernel *k, const int32_t *counts, const int32_t *options,
                    const int32_t *starts, const int32_t *scope, const int32_t *step_starts,
                    const int32_t *steps, const int64_t *numbers) {
    Direct *d = allot_zeroed(sizeof *d);
    d->variables = (uint32_t)counts[0];
    d->laws = (uint32_t)counts[1];
    d->size = allot(d->variables * sizeof(uint32_t));
    d->slot = allot(d->variables * sizeof(uint32_t));
    place_slots(d, k, options);
    make_room(d);
    list_laws(d, starts, scope);
    d->step_begin = allot((size_t)(d->laws + 1) * sizeof(uint32_t));
    for (uint32_t law = 0; law <= d->laws; law++) d->step_begin[law] = (uint32_t)step_starts[law];
    d->steps = allot(d->step_begin[d->laws] * sizeof(Step));
    memcpy(d->steps, steps, d->step_begin[d->laws] * sizeof(Step));
    d->numbers = allot((size_t)counts[2] * sizeof(int64_t));
    memcpy(d->numbers, numbers, (size_t)counts[2] * sizeof(int64_t));
    d->stack = allot((size_t)(counts[3] + 1) * sizeof(int64_t));
    tabulate(d);
    return d;
}

void release_direct(Direct *d) {
    if (!d) return;
    Lists *lists[] = {&d->scope, &d->laws_of};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) lists_end(lists[i], 0);
    void *blocks[] = {d->size, d->slot, d->literal, d->steps, d->step_begin, d->numbers, d->stack,
                      d->truth_begin, d->stride, d->truths, d->now, d->allowed, d->root_allowed, d->option_slot, d->known, d->value,
                      d->is_held, d->is_touched, d->law_stamp};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) free(blocks[i]);
    free(d);
}
