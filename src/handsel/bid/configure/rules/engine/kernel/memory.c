/* Memory: growing arrays and fixed lists. Out of memory ends the program, as it does Python's. */
#include "kernel.h"

void *allot(size_t size) {
    void *found = malloc(size ? size : 1);
    if (!found) abort();
    return found;
}

void *allot_zeroed(size_t size) {
    void *found = calloc(size ? size : 1, 1);
    if (!found) abort();
    return found;
}

void grow(Ints *list, uint32_t room) {
    if (room <= list->room) return;
    uint32_t wanted = list->room < 4 ? 4 : list->room + list->room / 2;
    if (wanted < room) wanted = room;
    list->at = realloc(list->at, (size_t)wanted * sizeof(uint32_t));
    if (!list->at) abort();
    list->room = wanted;
}

/* Lists are made in three strides: begin, count with start[i + 2]++, sum; then fill with
 * at[start[i + 1]++] = item, which leaves every start where it belongs. */
void lists_begin(Lists *lists, uint32_t n) {
    lists->start = allot_zeroed(((size_t)n + 2) * sizeof(uint32_t));
    lists->at = NULL;
}

void lists_sum(Lists *lists, uint32_t n) {
    for (uint32_t i = 1; i < n + 2; i++) lists->start[i] += lists->start[i - 1];
    lists->at = allot((size_t)lists->start[n + 1] * sizeof(uint32_t));
}

void lists_end(Lists *lists, uint32_t n) {
    (void)n;
    free(lists->start);
    free(lists->at);
    lists->start = lists->at = NULL;
}

void release(Kernel *k) {
    if (!k) return;
    release_direct(k->direct);
    uint32_t literals = 2 * k->variables;
    Lists *lists[] = {&k->implied, &k->groups_of, &k->members, &k->clauses_of, &k->options_of};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) lists_end(lists[i], 0);
    for (uint32_t l = 0; l < literals; l++) {
        free(k->watches[l].at);
        free(k->base.held_by[l].at);
        free(k->walker.held_by[l].at);
        free(k->users[l].at);
    }
    for (uint32_t row = 0; row < k->row_room; row++) free(k->row_shows[row].at);
    Ints *ints[] = {&k->arena, &k->learned, &k->trail, &k->level_begin, &k->conflict,
                    &k->root_units, &k->decisions, &k->is_settled, &k->orphans, &k->patch_begin,
                    &k->patch_uses, &k->patch_state, &k->patch_literals, &k->flips, &k->undone_groups, &k->choices,
                    &k->change, &k->clause, &k->spare, &k->touched, &k->check_begin};
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) free(ints[i]->at);
    void *blocks[] = {k->option_literal, k->value, k->level, k->reason, k->watches, k->state,
                      k->base.has, k->base.held_by, k->base.group_holder, k->walker.has,
                      k->walker.held_by, k->walker.group_holder, k->support, k->is_asked, k->is_orphan,
                      k->users, k->stamp, k->patch_stamp, k->seen, k->activity, k->heap,
                      k->heap_at, k->phase, k->rows, k->row_end, k->row_uses, k->row_shows, k->given_literal};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) free(blocks[i]);
    free(k);
}
