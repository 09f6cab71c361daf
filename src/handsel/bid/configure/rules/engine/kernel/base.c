/* The base, and what a change of it or of the decisions does to the patches. */
#include "kernel.h"

#define ENTRIES_ALLOWED 65536u
#define ENTRIES_A_VARIABLE 64u

/* Note for every clause which literal of the first base fulfils it; the walker starts there. */
void make_products(Kernel *k) {
    Product *products[] = {&k->base, &k->walker};
    memcpy(k->walker.has, k->base.has, 2 * (size_t)k->variables);
    for (int i = 0; i < 2; i++) {
        Product *p = products[i];
        for (uint32_t c = 0; c < k->first_learned; c += SIZE(k, c) + HEAD) {
            uint32_t j = 0;
            while (!p->has[LITS(k, c)[j]]) j++;
            HOLDER(k, c) = LITS(k, c)[j];
            push(&p->held_by[LITS(k, c)[j]], c);
        }
        for (Lit l = 2; l < 2 * k->variables; l++)
            for (uint32_t g = k->groups_of.start[l]; p->has[l] && g < k->groups_of.start[l + 1]; g++)
                p->group_holder[k->groups_of.at[g]] = l;
    }
    for (uint32_t v = 1; v < k->variables; v++) orphan(k, v);
}

/* Kill the living patches with literal l that are not stamped; drop the dead from its list. */
static void kill_users(Kernel *k, Lit l) {
    Ints *list = &k->users[l];
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        uint32_t patch = list->at[i];
        if (k->patch_state.at[patch] == DEAD) continue;
        if (k->patch_stamp[patch] != k->patch_stamp_now) {
            end_patch(k, patch, DEAD);
        } else {
            list->at[n++] = patch;
        }
    }
    list->n = n;
}

/* Whether a clause that the base fulfils is fulfilled with a patch too. */
static int still_holds(Kernel *k, uint32_t clause, uint32_t patch) {
    uint32_t end = k->patch_begin.at[patch + 1];
    next_stamp(k);
    for (uint32_t i = k->patch_begin.at[patch]; i < end; i++)
        k->stamp[k->patch_literals.at[i]] = k->stamp_now;
    for (uint32_t j = 0; j < SIZE(k, clause); j++) {
        Lit l = LITS(k, clause)[j];
        if (k->stamp[l] == k->stamp_now) return 1;
        if (k->base.has[l] && k->stamp[NEG(l)] != k->stamp_now) return 1;
    }
    return 0;
}

/* Kill patches that needed a literal, which the base lost, in this clause. A patch can break the
 * clause only by taking all its true literals, so those that take any one of them are enough. */
static void kill_in_clause(Kernel *k, uint32_t clause) {
    Lit taken = HOLDER(k, clause);
    for (uint32_t j = 0; j < SIZE(k, clause) && j < 8; j++) {
        Lit l = LITS(k, clause)[j];
        if (k->base.has[l] && k->users[NEG(l)].n < k->users[NEG(taken)].n) taken = l;
    }
    Ints *list = &k->users[NEG(taken)];
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        uint32_t patch = list->at[i];
        if (k->patch_state.at[patch] == DEAD) continue;
        if (k->patch_stamp[patch] != k->patch_stamp_now && !still_holds(k, clause, patch)) {
            end_patch(k, patch, DEAD);
        } else {
            list->at[n++] = patch;
        }
    }
    list->n = n;
}

/* The base has l now and its denial no more: kill the patches that relied on that. */
static void kill_near(Kernel *k, Lit l) {
    Lit lost = NEG(l);
    k->patch_stamp_now++;
    for (uint32_t i = 0; i < k->users[lost].n; i++)
        k->patch_stamp[k->users[lost].at[i]] = k->patch_stamp_now;
    for (uint32_t i = k->implied.start[l]; i < k->implied.start[l + 1]; i++)
        kill_users(k, NEG(k->implied.at[i]));
    for (uint32_t i = k->groups_of.start[l]; i < k->groups_of.start[l + 1]; i++) {
        uint32_t g = k->groups_of.at[i];
        for (uint32_t j = k->members.start[g]; j < k->members.start[g + 1]; j++)
            if (k->members.at[j] != l) kill_users(k, k->members.at[j]);
    }
    for (uint32_t i = k->clauses_of.start[lost]; i < k->clauses_of.start[lost + 1]; i++)
        kill_in_clause(k, k->clauses_of.at[i]);
}

static void make_stamps(Kernel *k) {
    if (k->patch_stamp_room >= k->patch_uses.n && k->patch_stamp) return;
    free(k->patch_stamp);
    k->patch_stamp_room = 2 * k->patch_uses.n + 64;
    k->patch_stamp = allot_zeroed((size_t)k->patch_stamp_room * sizeof(uint32_t));
    k->patch_stamp_now = 0;
}

static void lose_support(Kernel *k, uint32_t v) {
    uint32_t support = k->support[v];
    if (support == NONE) return;
    if (support & ROW) {
        k->row_uses[support & ~ROW]--;
    } else {
        k->patch_uses.at[support]--;
    }
    k->support[v] = NONE;
}

/* Note other literals of the product for the clauses it fulfilled with one it lost. */
void move_holders(Kernel *k, Product *p, Lit lost) {
    Ints *held = &p->held_by[lost];
    for (uint32_t i = 0; i < held->n; i++) {
        uint32_t c = held->at[i], j = 0;
        while (!p->has[LITS(k, c)[j]]) j++;
        if (p == &k->base) HOLDER(k, c) = LITS(k, c)[j];
        push(&p->held_by[LITS(k, c)[j]], c);
    }
    held->n = 0;
}

/* Make these literals true in a product; the result must be valid. */
void move_product(Kernel *k, Product *p, const Lit *changed, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        Lit l = changed[i];
        p->has[l] = 1;
        p->has[NEG(l)] = 0;
        for (uint32_t j = k->groups_of.start[l]; j < k->groups_of.start[l + 1]; j++)
            p->group_holder[k->groups_of.at[j]] = l;
    }
    for (uint32_t i = 0; i < n; i++) move_holders(k, p, NEG(changed[i]));
}

/* Move the base, and kill the patches that relied on what it was. */
void change_base(Kernel *k, const Lit *changed, uint32_t n) {
    make_stamps(k);
    move_product(k, &k->base, changed, n);
    for (uint32_t i = 0; i < n; i++) {
        lose_support(k, VAR(changed[i]));
        orphan(k, VAR(changed[i]));
    }
    for (uint32_t i = 0; i < n; i++) kill_near(k, changed[i]);
    k->counts[COUNT_MOVED] += n;
}

/* Put the patches to sleep that contradict what was assigned lately. */
void part_from_trail(Kernel *k) {
    for (; k->parted_to < k->trail.n; k->parted_to++) {
        Ints *list = &k->users[NEG(k->trail.at[k->parted_to])];
        uint32_t n = 0;
        for (uint32_t i = 0; i < list->n; i++) {
            uint32_t patch = list->at[i];
            if (k->patch_state.at[patch] == DEAD) continue;
            end_patch(k, patch, ASLEEP);
            list->at[n++] = patch;
        }
        list->n = n;
    }
}

/* Throw dead patches away when they take more room than the living; when those are too many, the
 * ones that show nothing now as well. */
void sweep_patches(Kernel *k) {
    int too_many = k->live_entries > ENTRIES_ALLOWED + (uint64_t)ENTRIES_A_VARIABLE * k->variables;
    if (!too_many && k->all_entries < 2 * k->live_entries + ENTRIES_ALLOWED) return;
    Ints begin = {0}, uses = {0}, state = {0}, literals = {0};
    uint32_t *number = allot((size_t)(k->patch_uses.n + 1) * sizeof(uint32_t));
    for (Lit l = 0; l < 2 * k->variables; l++) k->users[l].n = 0;
    push(&begin, 0);
    for (uint32_t p = 0; p < k->patch_uses.n; p++) {
        if (k->patch_state.at[p] == DEAD || (too_many && !k->patch_uses.at[p])) continue;
        number[p] = uses.n;
        for (uint32_t i = k->patch_begin.at[p]; i < k->patch_begin.at[p + 1]; i++) {
            push(&literals, k->patch_literals.at[i]);
            push(&k->users[k->patch_literals.at[i]], uses.n);
        }
        push(&uses, k->patch_uses.at[p]);
        push(&state, k->patch_state.at[p]);
        push(&begin, literals.n);
    }
    for (uint32_t v = 1; v < k->variables; v++)
        if (!(k->support[v] & ROW)) k->support[v] = number[k->support[v]];
    free(number);
    free(k->patch_begin.at);
    free(k->patch_uses.at);
    free(k->patch_state.at);
    free(k->patch_literals.at);
    k->patch_begin = begin;
    k->patch_uses = uses;
    k->patch_state = state;
    k->patch_literals = literals;
    k->all_entries = k->live_entries = literals.n;
    k->patch_stamp_room = 0;
}

/* Write what the trail says into `state`. */
void tell(Kernel *k) {
    for (; k->told < k->trail.n; k->told++) {
        Lit l = k->trail.at[k->told];
        uint32_t v = VAR(l);
        for (uint32_t i = k->options_of.start[v]; i < k->options_of.start[v + 1]; i++) {
            uint32_t option = k->options_of.at[i];
            k->state[option >> 1] = 1 + ((option & 1) != (l & 1));
        }
    }
}

/* Take decisions back to a level. What was possible there is known; patches wait till needed. */
void retreat(Kernel *k, uint32_t level) {
    if (current_level(k) <= level) return;
    for (uint32_t i = k->trail.n; i > k->level_begin.at[level]; i--) {
        uint32_t v = VAR(k->trail.at[i - 1]);
        if (k->support[v] == NONE) orphan(k, v);
        for (uint32_t j = k->options_of.start[v]; i <= k->told && j < k->options_of.start[v + 1]; j++)
            k->state[k->options_of.at[j] >> 1] = 0;
    }
    back_to(k, level);
    wake_rows(k, level);
    if (k->told > k->trail.n) k->told = k->trail.n;
    if (k->parted_to > k->trail.n) k->parted_to = k->trail.n;
    if (k->agreed_to > k->trail.n) k->agreed_to = k->trail.n;
    k->decisions.n = k->is_settled.n = level;
}
