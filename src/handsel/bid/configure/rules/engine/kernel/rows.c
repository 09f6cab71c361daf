/* Rows: whole products, one bit a variable.
 *
 * A patch that changes much would die with the next move of the base. A product far from the base is
 * kept whole instead: it stands as long as it fulfils the decisions, whatever the base does, and
 * stands again when the decision against it is undone. */
#include "kernel.h"

#define ROWS_AT_FIRST 64u
#define ROWS_KEPT 1024u
#define ROW_BYTES_KEPT (16u << 20)

static inline int row_has(const Kernel *k, uint32_t row, Lit l) {
    uint64_t word = k->rows[(size_t)row * k->row_words + (VAR(l) >> 6)];
    return (int)((word >> (VAR(l) & 63)) & 1) != (int)(l & 1);
}

static void more_rows(Kernel *k) {
    uint32_t room = k->row_room ? 2 * k->row_room : ROWS_AT_FIRST;
    k->row_words = k->variables / 64 + 1;
    k->rows = realloc(k->rows, (size_t)room * k->row_words * sizeof(uint64_t));
    k->row_end = realloc(k->row_end, room * sizeof(uint32_t));
    k->row_uses = realloc(k->row_uses, room * sizeof(uint32_t));
    k->row_shows = realloc(k->row_shows, room * sizeof(Ints));
    if (!k->rows || !k->row_end || !k->row_uses || !k->row_shows) abort();
    memset(k->row_shows + k->row_room, 0, (room - k->row_room) * sizeof(Ints));
    k->row_room = room;
}

/* A place for a new row: a new one while there is room, else that of the oldest that shows nothing. */
static uint32_t place_for_row(Kernel *k) {
    int is_full = k->row_n >= ROWS_KEPT ||
                  (size_t)k->row_n * k->row_words * sizeof(uint64_t) >= ROW_BYTES_KEPT;
    for (uint32_t i = 0; is_full && i < k->row_n; i++) {
        uint32_t row = k->row_next;
        k->row_next = row + 1 < k->row_n ? row + 1 : 0;
        if (!k->row_uses[row]) return row;
    }
    if (k->row_n == k->row_room) more_rows(k);
    return k->row_n++;
}

static void show(Kernel *k, uint32_t row, uint32_t v) {
    k->support[v] = ROW | row;
    k->row_uses[row]++;
    push(&k->row_shows[row], v);
}

static uint32_t new_row(Kernel *k) {
    uint32_t row = place_for_row(k);
    k->row_end[row] = NONE;
    k->row_uses[row] = k->row_shows[row].n = 0;
    return row;
}

/* Keep a product given in words; it shows nothing yet. */
void put_row(Kernel *k, const uint32_t *words) {
    uint32_t row = new_row(k);
    memcpy(k->rows + (size_t)row * k->row_words, words, k->row_words * sizeof(uint64_t));
}

/* Keep the walker's product: it shows v and every orphan's value that it has. */
void keep_row(Kernel *k, uint32_t v) {
    uint32_t row = new_row(k);
    uint64_t *words = k->rows + (size_t)row * k->row_words;
    memset(words, 0, k->row_words * sizeof(uint64_t));
    for (uint32_t w = 0; w < k->variables; w++)
        words[w >> 6] |= (uint64_t)k->walker.has[2 * w] << (w & 63);
    show(k, row, v);
    for (uint32_t i = 0; i < k->orphans.n; i++) {
        uint32_t w = k->orphans.at[i];
        if (k->value[2 * w] || k->support[w] != NONE) continue;
        if (k->walker.has[2 * w] != k->base.has[2 * w]) show(k, row, w);
    }
    k->counts[COUNT_PATCHES]++;
}

/* Look for l in a row that fulfils all decisions. */
int find_row(Kernel *k, Lit l) {
    for (uint32_t row = k->row_n; row > 0; row--) {
        if (k->row_end[row - 1] != NONE || !row_has(k, row - 1, l)) continue;
        show(k, row - 1, VAR(l));
        return 1;
    }
    return 0;
}

/* Whether some row has l and none of `choices`. */
int find_row_near(const Kernel *k, Lit l) {
    for (uint32_t row = k->row_n; row > 0; row--) {
        if (!row_has(k, row - 1, l)) continue;
        uint32_t i = 0;
        while (i < k->choices.n && !row_has(k, row - 1, k->choices.at[i])) i++;
        if (i == k->choices.n) return 1;
    }
    return 0;
}

/* Put the rows aside that new decisions contradict; what they showed must be shown anew. */
void part_rows(Kernel *k) {
    for (; k->rows_to < k->decisions.n; k->rows_to++) {
        Lit l = k->decisions.at[k->rows_to];
        for (uint32_t row = 0; row < k->row_n; row++) {
            if (k->row_end[row] != NONE || row_has(k, row, l)) continue;
            k->row_end[row] = k->rows_to;
            for (uint32_t i = 0; i < k->row_shows[row].n; i++) {
                uint32_t v = k->row_shows[row].at[i];
                if (k->support[v] != (ROW | row)) continue;
                k->support[v] = NONE;
                orphan(k, v);
            }
            k->row_uses[row] = k->row_shows[row].n = 0;
        }
    }
}

/* Decisions from a level on are undone: rows they stood against stand again. */
void wake_rows(Kernel *k, uint32_t level) {
    if (k->rows_to <= level) return;
    for (uint32_t row = 0; row < k->row_n; row++)
        if (k->row_end[row] != NONE && k->row_end[row] >= level) k->row_end[row] = NONE;
    k->rows_to = level;
}
