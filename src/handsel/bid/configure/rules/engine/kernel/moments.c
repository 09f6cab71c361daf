/* Moments: base and patches as a session left them.
 *
 * Sessions take turns. One that comes back would find the base elsewhere and all its patches dead,
 * and what was found for it would have to be found again. So they are kept aside when another
 * session takes the kernel, and put back when it returns; that costs what they take to copy. */
#include "kernel.h"

/* A moment is kept when it took a flip for so many of its words, or more, to find what it holds. */
#define WORDS_A_FLIP 8u
/* Patches against no more decisions than this are kept too: they show what else could be decided. */
#define AGAINST 1u
#define ENTRIES_KEPT 65536u

static int is_worth_it(const Kernel *k, uint32_t size) {
    return k->keeps_all || WORDS_A_FLIP * (k->counts[COUNT_FLIPS] - k->flips_before) >= size;
}

static uint32_t half_words(const Kernel *k) { return 2 * (k->variables / 64 + 1); }

static void put_product(const Kernel *k, const uint8_t *has, Ints *out) {
    uint32_t begin = out->n;
    grow(out, begin + half_words(k));
    memset(out->at + begin, 0, half_words(k) * sizeof(uint32_t));
    out->n += half_words(k);
    for (uint32_t v = 0; v < k->variables; v++)
        out->at[begin + (v >> 5)] |= (uint32_t)has[2 * v] << (v & 31);
}

/* Whether a patch that shows nothing now may show what to decide instead of what was. */
static int is_near(Kernel *k, uint32_t patch) {
    uint32_t against = 0;
    for (uint32_t i = k->patch_begin.at[patch]; i < k->patch_begin.at[patch + 1]; i++)
        against += k->stamp[k->patch_literals.at[i]] == k->stamp_now;
    return against <= AGAINST;
}

/* Those that show something first, then those near, as far as there is room. */
static void put_patches(Kernel *k, const int32_t *decisions, uint32_t n, Ints *out) {
    uint32_t counted = out->n, last = counted + ENTRIES_KEPT;
    push(out, 0);
    next_stamp(k);
    for (uint32_t i = 0; i < n; i++) k->stamp[NEG(literal_of(k, decisions[i]))] = k->stamp_now;
    for (int shows = 1; shows >= 0; shows--)
        for (uint32_t p = k->patch_uses.n; p > 0 && (shows || out->n < last); p--) {
            uint32_t begin = k->patch_begin.at[p - 1], end = k->patch_begin.at[p];
            if (k->patch_state.at[p - 1] == DEAD || (k->patch_uses.at[p - 1] > 0) != shows) continue;
            if (!shows && !is_near(k, p - 1)) continue;
            push(out, end - begin);
            for (uint32_t i = begin; i < end; i++) push(out, k->patch_literals.at[i]);
            out->at[counted]++;
        }
}

static void put_rows(const Kernel *k, Ints *out) {
    uint32_t counted = out->n;
    push(out, 0);
    for (uint32_t row = 0; row < k->row_n; row++) {
        if (!k->row_uses[row]) continue;
        grow(out, out->n + half_words(k));
        memcpy(out->at + out->n, k->rows + (size_t)row * k->row_words,
               half_words(k) * sizeof(uint32_t));
        out->n += half_words(k);
        out->at[counted]++;
    }
}

/* What the session at hand, with these decisions, has found, or NULL when it is as well found anew. Give it back with
 * `handsel_drop`; `size` is what it takes in bytes. */
SHARED uint32_t *handsel_keep(Kernel *k, const int32_t *decisions, int32_t n, uint32_t *size) {
    Ints out = {0};
    if (k->direct) {
        keep_direct(k, &out);
    } else if (!k->contradictory && is_worth_it(k, half_words(k))) {
        put_product(k, k->base.has, &out);
        put_patches(k, decisions, (uint32_t)n, &out);
        put_rows(k, &out);
        if (!is_worth_it(k, out.n)) {
            free(out.at);
            out = (Ints){0};
        }
    }
    k->flips_before = k->counts[COUNT_FLIPS];
    *size = out.room * (uint32_t)sizeof(uint32_t);
    return out.at;
}

SHARED void handsel_drop(uint32_t *moment) { free(moment); }

/* Forget all patches, and what rows show. */
void clear_patches(Kernel *k) {
    for (uint32_t i = 0; i < k->patch_literals.n; i++) k->users[k->patch_literals.at[i]].n = 0;
    k->patch_begin.n = k->patch_uses.n = k->patch_state.n = k->patch_literals.n = 0;
    k->all_entries = k->live_entries = 0;
    for (uint32_t row = 0; row < k->row_n; row++) k->row_uses[row] = k->row_shows[row].n = 0;
    memset(k->support, 0xff, k->variables * sizeof(uint32_t));
}

static const uint32_t *take_base(Kernel *k, const uint32_t *from) {
    k->change.n = 0;
    for (uint32_t v = 1; v < k->variables; v++) {
        uint32_t has = from[v >> 5] >> (v & 31) & 1;
        if (has != k->base.has[2 * v]) push(&k->change, 2 * v + !has);
    }
    move_product(k, &k->base, k->change.at, k->change.n);
    return from + half_words(k);
}

static const uint32_t *take_patches(Kernel *k, const uint32_t *from) {
    uint32_t count = *from++;
    for (uint32_t p = 0; p < count; p++) {
        uint32_t n = *from++;
        keep_patch(k, from, n);
        from += n;
    }
    return from;
}

static void take_rows(Kernel *k, const uint32_t *from) {
    uint32_t count = *from++;
    for (uint32_t row = 0; row < count; row++, from += half_words(k)) put_row(k, from);
}

/* Everything that nothing shows must be shown anew. */
void orphan_all(Kernel *k) {
    for (uint32_t v = 1; v < k->variables; v++)
        if (k->support[v] == NONE) orphan(k, v);
}

/* Go on where a session was kept; its decisions are to be taken next. */
SHARED void handsel_recall(Kernel *k, const uint32_t *moment) {
    if (k->contradictory) return;
    retreat(k, 0);
    if (k->direct) {
        recall_direct(k, moment);
        return;
    }
    clear_patches(k);
    moment = take_base(k, moment);
    moment = take_patches(k, moment);
    take_rows(k, moment);
    k->parted_to = k->agreed_to = 0;
    k->flips_before = k->counts[COUNT_FLIPS];
    orphan_all(k);
}
