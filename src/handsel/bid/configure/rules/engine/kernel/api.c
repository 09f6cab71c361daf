/* What Python calls. */
#include "kernel.h"

enum { NO = 0, YES = 1 };

static Formula formula_of(int32_t variables, const int32_t *literals, const int32_t *starts,
                          int32_t clauses) {
    Formula f = {.variables = (uint32_t)variables + 1};
    grow(&f.literals, (uint32_t)starts[clauses] + 1);
    grow(&f.starts, (uint32_t)clauses + 1);
    for (int32_t i = 0; i < starts[clauses]; i++)
        push(&f.literals, literals[i] > 0 ? 2 * (uint32_t)literals[i]
                                          : 2 * (uint32_t)-literals[i] + 1);
    for (int32_t i = 0; i <= clauses; i++) push(&f.starts, (uint32_t)starts[i]);
    f.map = allot(2 * (size_t)f.variables * sizeof(Lit));
    for (Lit l = 0; l < 2 * f.variables; l++) f.map[l] = l;
    return f;
}

SHARED Kernel *handsel_open(int32_t variables, const int32_t *literals, const int32_t *starts,
                            int32_t clauses, const int32_t *option_literals, int32_t options) {
    Formula f = formula_of(variables, literals, starts, clauses);
    simplify(&f);
    Kernel *k = build(&f, option_literals, (uint32_t)options);
    release_formula(&f);
    if (!k->contradictory && first_base(k) == REFUTED) k->contradictory = 1;
    if (k->contradictory) return k;
    k->agreed_to = k->trail.n;
    settle(k);
    tell(k);
    return k;
}

/* From here on keep what changes more than `longest` as a whole product, and every moment. Answers
 * stay the same. */
SHARED void handsel_tune(Kernel *k, int32_t longest) {
    k->longest_patch = (uint32_t)longest;
    k->keeps_all = 1;
}

SHARED void handsel_close(Kernel *k) { release(k); }

/* Assert what was learned about the model itself; only possible while nothing is decided. */
static void assert_units(Kernel *k) {
    for (uint32_t i = 0; i < k->root_units.n; i++)
        if (!k->value[k->root_units.at[i]]) assign(k, k->root_units.at[i], NONE);
    k->root_units.n = 0;
    if (propagate(k)) k->contradictory = 1;
}

/* One more decision. 0 when it clashes with those before; then nothing is changed. */
int decide(Kernel *k, Lit l) {
    if (k->value[l] < 0) {
        k->conflict.n = 0;
        push(&k->conflict, l);
        return NO;
    }
    open_level(k);
    if (!k->value[l]) assign(k, l, NONE);
    push(&k->decisions, l);
    push(&k->is_settled, 0);
    return !propagate(k);
}

/* Bring the base to all that is decided. 0 when no product fulfils it. */
int move_base(Kernel *k) {
    uint32_t floor = current_level(k), from = k->agreed_to, i = from;
    while (i < k->trail.n && k->base.has[k->trail.at[i]]) i++;
    if (i == k->trail.n) {
        k->agreed_to = i;
        return YES;
    }
    k->change.n = 0;
    Lit l = k->trail.at[from];
    uint32_t patch = k->support[VAR(l)];
    if (k->level_begin.at[floor - 1] == from && k->parted_to == from && !(patch & ROW) &&
        !k->base.has[l]) {
        /* One decision more, and a product that has it is known. */
        for (i = k->patch_begin.at[patch]; i < k->patch_begin.at[patch + 1]; i++)
            if (!k->base.has[k->patch_literals.at[i]]) push(&k->change, k->patch_literals.at[i]);
    } else {
        if (search(k, floor, ALWAYS, from) == REFUTED) return NO;
        for (i = from; i < k->trail.n; i++)
            if (!k->base.has[k->trail.at[i]]) push(&k->change, k->trail.at[i]);
        back_to(k, floor);
    }
    change_base(k, k->change.at, k->change.n);
    k->agreed_to = k->trail.n;
    return YES;
}

/* Go back to what these decisions have in common with those taken; tells how many that are. */
static uint32_t return_to_common(Kernel *k, const int32_t *decisions, uint32_t n) {
    uint32_t common = 0;
    while (common < k->decisions.n && common < n &&
           k->decisions.at[common] == literal_of(k, decisions[common]))
        common++;
    retreat(k, common);
    if (common == 0 && k->root_units.n) assert_units(k);
    return common;
}

/* Take these decisions and bring the base to them. 0 when they clash. */
int take(Kernel *k, const int32_t *decisions, uint32_t n) {
    uint32_t common = return_to_common(k, decisions, n);
    for (uint32_t i = common; i < n; i++) {
        if (decide(k, literal_of(k, decisions[i]))) continue;
        retreat(k, common);
        return NO;
    }
    if (k->direct && move_direct(k)) return YES;
    if (k->agreed_to == k->trail.n || move_base(k)) {
        if (k->direct) follow_base(k);
        return YES;
    }
    retreat(k, common);
    return NO;
}

/* The state of every option after these decisions, in `out`. 0 when they clash. */
SHARED int handsel_domains(Kernel *k, const int32_t *decisions, int32_t n, uint8_t *out) {
    k->counts[COUNT_STEPS]++;
    if (k->contradictory || !take(k, decisions, (uint32_t)n)) return NO;
    if (n > 0 && !k->is_settled.at[n - 1]) {
        if (k->direct) settle_direct(k);
        if (!k->direct && k->agreed_to < k->trail.n && !move_base(k)) return NO;
        if (!k->direct) settle(k);
        k->is_settled.at[n - 1] = 1;
    }
    tell(k);
    memcpy(out, k->state, k->options);
    return YES;
}

static Lit given(const Kernel *k, int32_t literal) {
    return k->given_literal[literal > 0 ? 2 * (uint32_t)literal : 2 * (uint32_t)-literal + 1];
}

/* Mark in `core` which of the assumptions the clash comes from. */
static void tell_core(Kernel *k, const Lit *assumed, uint32_t n, uint32_t tried, uint8_t *core) {
    k->spare.n = 0;
    core_of_conflict(k, &k->spare);
    uint32_t mark = next_stamp(k);
    for (uint32_t i = 0; i < k->spare.n; i++) k->stamp[k->spare.at[i]] = mark;
    for (uint32_t i = 0; i < n; i++) {
        core[i] = k->stamp[assumed[i]] == mark || i == tried;
        k->stamp[assumed[i]] = 0;
    }
}

/* Whether a product fulfils decisions and literals together. YES: it is in `model`, one byte an
 * option. NO: `core` marks decisions, then literals, that cannot hold together. The base and the
 * patches stay as they are. */
SHARED int handsel_solve(Kernel *k, const int32_t *decisions, int32_t n, const int32_t *literals,
                         int32_t more, uint8_t *model, uint8_t *core) {
    uint32_t all = (uint32_t)(n + more), tried = NONE;
    memset(core, 0, all);
    if (k->contradictory) return NO;
    uint32_t taken = return_to_common(k, decisions, (uint32_t)n);
    Lit *assumed = allot(((size_t)all + 1) * sizeof(Lit));
    for (uint32_t i = 0; i < all; i++)
        assumed[i] = i < (uint32_t)n ? literal_of(k, decisions[i]) : given(k, literals[i - (uint32_t)n]);
    int answer = YES;
    for (uint32_t i = taken; i < all && answer == YES; i++) {
        answer = decide(k, assumed[i]);
        if (!answer) tried = i;
    }
    uint32_t floor = current_level(k);
    int is_found = answer == YES && show_direct(k, assumed, all, model);
    if (answer == YES && !is_found) answer = search(k, floor, ALWAYS, k->agreed_to) == FOUND;
    if (answer == NO) tell_core(k, assumed, all, tried, core);
    for (uint32_t o = 0; answer == YES && !is_found && o < k->options; o++) {
        Lit l = k->option_literal[o];
        model[o] = (k->value[l] ? k->value[l] > 0 : k->base.has[l]) ? 1 : 2;
    }
    back_to(k, floor);
    retreat(k, k->decisions.n < (uint32_t)n ? k->decisions.n : (uint32_t)n);
    if (answer == NO) retreat(k, taken);
    free(assumed);
    return answer;
}

SHARED void handsel_counts(const Kernel *k, uint64_t *out) {
    memcpy(out, k->counts, sizeof k->counts);
}
