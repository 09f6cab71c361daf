/* Finds groups of literals of which at most one can hold: cliques among the pair clauses. A group
 * of n takes n entries where its pairs took n * (n - 1), and a flip in it costs one look. */
#include "kernel.h"

#define SMALLEST_GROUP 5u

typedef struct {
    const Lists *implied;
    uint8_t *used;          /* entry of `implied` -> whether a group holds it */
    uint32_t *met, *joined; /* literal -> members it excludes; stamp of membership */
    uint32_t stamp;
    Ints order;
} Search;

/* A clique around l among unused pairs, greedily; in `clique`. */
static void grow_clique(Search *s, Lit l, Ints *clique) {
    const Lists *implied = s->implied;
    clique->n = 0;
    s->order.n = 0;
    push(clique, l);
    for (uint32_t i = implied->start[l]; i < implied->start[l + 1]; i++) {
        if (s->used[i]) continue;
        Lit other = NEG(implied->at[i]);
        s->met[other] = 1;
        push(&s->order, other);
    }
    for (uint32_t j = 0; j < s->order.n; j++) {
        Lit next = s->order.at[j];
        if (s->met[next] != clique->n) continue;
        push(clique, next);
        for (uint32_t i = implied->start[next]; i < implied->start[next + 1]; i++)
            if (!s->used[i] && s->met[NEG(implied->at[i])]) s->met[NEG(implied->at[i])]++;
    }
    for (uint32_t j = 0; j < s->order.n; j++) s->met[s->order.at[j]] = 0;
}

static void mark_used(Search *s, const Ints *clique) {
    s->stamp++;
    for (uint32_t j = 0; j < clique->n; j++) s->joined[clique->at[j]] = s->stamp;
    for (uint32_t j = 0; j < clique->n; j++) {
        Lit l = clique->at[j];
        for (uint32_t i = s->implied->start[l]; i < s->implied->start[l + 1]; i++)
            if (s->joined[NEG(s->implied->at[i])] == s->stamp) s->used[i] = 1;
    }
}

/* Take all groups out of `implied`; their members go to `members`, where each begins to `starts`. */
void find_groups(Lists *implied, uint32_t literals, Ints *members, Ints *starts) {
    uint32_t entries = implied->start[literals];
    Search s = {.implied = implied};
    s.used = allot_zeroed(entries);
    s.met = allot_zeroed((size_t)literals * sizeof(uint32_t));
    s.joined = allot_zeroed((size_t)literals * sizeof(uint32_t));
    Ints clique = {0};
    push(starts, 0);
    for (Lit l = 2; l < literals; l++) {
        for (;;) {
            uint32_t left = 0;
            for (uint32_t i = implied->start[l]; i < implied->start[l + 1]; i++)
                left += !s.used[i];
            if (left + 1 < SMALLEST_GROUP) break;
            grow_clique(&s, l, &clique);
            if (clique.n < SMALLEST_GROUP) break;
            mark_used(&s, &clique);
            for (uint32_t j = 0; j < clique.n; j++) push(members, clique.at[j]);
            push(starts, members->n);
        }
    }
    uint32_t kept = 0, begin = 0;
    for (Lit l = 0; l < literals; l++) {
        uint32_t end = implied->start[l + 1];
        for (uint32_t i = begin; i < end; i++)
            if (!s.used[i]) implied->at[kept++] = implied->at[i];
        begin = end;
        implied->start[l + 1] = kept;
    }
    free(s.used);
    free(s.met);
    free(s.joined);
    free(s.order.at);
    free(clique.at);
}
