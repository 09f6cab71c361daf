/* The configurator's kernel: what its files share.
 *
 * A literal is 2 * variable, plus 1 when denied. Variable 0 is the constant: literal 0 is true and
 * literal 1 is false everywhere, so options fixed by the model alone need no case of their own.
 *
 * How an answer comes about. The kernel holds one valid product, the *base*, which fulfils all
 * decisions taken. A value the base has is possible. For every other open value it keeps a *patch*:
 * a few literals which, made true in the base, give another valid product that has the value. A
 * decision changes the base little, and only patches near the change must be made anew; the rest of
 * the model is never looked at. A patch is first sought by flipping what must flip (patch.c), then
 * by conflict-driven search (search.c), which either finds one or proves the value impossible.
 */
#ifndef HANDSEL_KERNEL_H
#define HANDSEL_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint32_t Lit;

#define NEG(l) ((l) ^ 1u)
#define VAR(l) ((l) >> 1)
#define ALWAYS 0u
#define NEVER 1u
#define NONE UINT32_MAX

/* A patch is awake when base and decisions bear it, asleep when a decision stands against it, which
 * an undo may end, and dead when the base changed so that it gives no valid product any more. */
enum { AWAKE, ASLEEP, DEAD };

/* Marks a support that is a row. */
#define ROW 0x80000000u

/* A growing array of numbers. */
typedef struct {
    uint32_t *at;
    uint32_t n, room;
} Ints;

/* Fixed lists, one after another: list i is at[start[i]] to at[start[i + 1]]. */
typedef struct {
    uint32_t *start, *at;
} Lists;

/* A clause watched through one of its literals; when `blocker` holds it need not be looked at. */
typedef struct {
    uint32_t clause;
    Lit blocker;
} Watch;

typedef struct {
    Watch *at;
    uint32_t n, room;
} Watches;

/* Clauses of three and more literals lie in `arena`: size, two words of notes, the literals.
 * Of the model's clauses the notes are the literal of the base that fulfils it, and the group that
 * holds all its literals; of learned ones LEARNED with the number of levels, and the last use. */
#define HEAD 3u
#define SIZE(k, c) ((k)->arena.at[c])
#define HOLDER(k, c) ((k)->arena.at[(c) + 1])
#define LINK(k, c) ((k)->arena.at[(c) + 2])
#define LITS(k, c) ((k)->arena.at + (c) + HEAD)

/* Why a literal holds: a decision, a literal that implies it, or a clause. */
#define REASON_LIT(l) (((l) << 1) | 1u)
#define REASON_CLAUSE(c) ((c) << 1)
#define IS_LIT(r) ((r) & 1u)

/* What Python calls. */
#define SHARED __attribute__((visibility("default")))

enum { COUNT_STEPS, COUNT_PATCHES, COUNT_SEARCHES, COUNT_CONFLICTS, COUNT_LEARNED, COUNT_FLIPS,
       COUNT_KILLED, COUNT_MOVED, COUNT_CALCULATED, COUNTS };

/* A valid product, with what is needed to change it in few steps. */
typedef struct {
    uint8_t *has;             /* literal -> whether the product has it */
    Ints *held_by;            /* literal -> clauses of the model it is noted to fulfil */
    Lit *group_holder;        /* group -> the member it has, or some literal it has not */
} Product;

/* Laws that are calculated; see direct.h. */
typedef struct Direct Direct;

typedef struct Kernel {
    Direct *direct;           /* NULL where laws are only known as clauses */
    uint32_t variables, options;
    int contradictory;

    /* The model. */
    Ints arena;
    uint32_t first_learned;   /* where learned clauses begin in the arena */
    Ints learned;
    Lists implied;            /* literal -> literals that follow from it alone */
    Lists groups_of, members; /* of each group at most one member holds */
    Lists clauses_of;         /* literal -> the model's clauses with it */
    Lists options_of;         /* variable -> option * 2, plus 1 when the option is its denial */
    Lit *option_literal;
    uint32_t given_variables;
    Lit *given_literal;       /* literal as given -> literal */

    /* What holds now. */
    int8_t *value;            /* literal -> 1 true, -1 false, 0 open */
    uint32_t *level, *reason; /* variable -> */
    Ints trail, level_begin;
    uint32_t head;
    Watches *watches;
    Ints conflict;
    Ints root_units;

    /* The session. */
    Ints decisions;           /* literals of the decisions taken, level by level */
    Ints is_settled;          /* whether everything possible at a level is known */
    uint8_t *state;           /* option -> what is told */
    uint32_t told;            /* the trail up to here is in `state` */

    /* The base, the walker (another product, wherever the last search ended) and the patches. */
    Product base, walker;
    int is_far;               /* whether the last search ended far from the base */
    uint32_t longest_patch;   /* what changes more than this is rather kept as a whole product */
    uint32_t most_flips;
    int shows_first;          /* how patch.c chooses */
    uint32_t lucky, unlucky;  /* attempts to flip in the base of late, halved now and then */
    uint32_t *support;        /* variable -> patch or ROW | row with its other value, or NONE */
    uint8_t *is_asked;        /* variable -> whether an option depends on it */
    uint8_t *is_orphan;       /* variable -> whether it stands in `orphans` */
    Ints orphans;
    Ints patch_begin, patch_uses, patch_state, patch_literals;
    Ints *users;              /* literal -> patches with it (dead ones linger) */
    uint64_t live_entries, all_entries;
    uint32_t parted_to;       /* patches against the trail up to here are asleep */
    uint32_t agreed_to;       /* the base fulfils the trail up to here */

    /* Whole products; see rows.c. */
    uint64_t *rows;
    uint32_t row_words, row_n, row_room, row_next;
    uint32_t *row_end;        /* row -> index of the decision against it, or NONE */
    uint32_t *row_uses;
    Ints *row_shows;          /* row -> variables it was taken as support for */
    uint32_t rows_to;         /* decisions up to here are heeded */

    uint64_t flips_before;    /* what was flipped before the session at hand; see moments.c */
    int keeps_all;            /* whether also moments that are found anew as soon */

    /* Room for the work of one moment. */
    Ints flips, undone_groups, choices, change, clause, spare;
    uint32_t *stamp, stamp_now;     /* literal -> */
    uint32_t *patch_stamp;          /* patch -> */
    uint32_t patch_stamp_room, patch_stamp_now;
    uint32_t turn;

    /* Search. */
    uint8_t *seen;
    Ints touched;
    double *activity, activity_step;
    uint32_t *heap, *heap_at, heap_n;
    int heap_is_used;
    uint8_t *phase;
    Ints check_begin;
    uint32_t check;
    uint64_t counts[COUNTS];
} Kernel;

/* The literal of an option's number, negative to exclude it. */
static inline Lit literal_of(const Kernel *k, int32_t decision) {
    return decision > 0 ? k->option_literal[decision - 1] : NEG(k->option_literal[-decision - 1]);
}

/* memory.c */
void *allot(size_t size);
void *allot_zeroed(size_t size);
void grow(Ints *list, uint32_t room);
void lists_begin(Lists *lists, uint32_t n);
void lists_sum(Lists *lists, uint32_t n);
void lists_end(Lists *lists, uint32_t n);
void release(Kernel *k);

static inline void push(Ints *list, uint32_t item) {
    if (list->n == list->room) grow(list, list->n + 1);
    list->at[list->n++] = item;
}

/* prepare.c: clauses made simpler. build.c: the kernel made of them. */
typedef struct {
    uint32_t variables;
    Ints literals, starts;
    Lit *map;                 /* literal -> the literal it is the same as, or the constant */
    int contradictory;
} Formula;

Lit mapped(Formula *f, Lit l);
void fix(Formula *f, Lit l);
void simplify(Formula *f);
void release_formula(Formula *f);
Kernel *build(Formula *f, const int32_t *option_literals, uint32_t options);
void find_groups(Lists *implied, uint32_t literals, Ints *members, Ints *starts);

/* trail.c */
int propagate(Kernel *k);
void back_to(Kernel *k, uint32_t level);
void open_level(Kernel *k);
void watch_clause(Kernel *k, uint32_t clause);

static inline uint32_t next_stamp(Kernel *k) {
    if (++k->stamp_now == NONE) {
        memset(k->stamp, 0, 2 * (size_t)k->variables * sizeof(uint32_t));
        k->stamp_now = 1;
    }
    return k->stamp_now;
}

static inline uint32_t current_level(const Kernel *k) { return k->level_begin.n; }

static inline void assign(Kernel *k, Lit l, uint32_t reason) {
    k->value[l] = 1;
    k->value[NEG(l)] = -1;
    k->level[VAR(l)] = current_level(k);
    k->reason[VAR(l)] = reason;
    k->trail.at[k->trail.n++] = l;
}

/* search.c, learn.c */
enum { FOUND = 1, REFUTED = 0 };
int search(Kernel *k, uint32_t floor, Lit goal, uint32_t check_from);
void extend_found(Kernel *k);
int first_base(Kernel *k);
uint32_t learn(Kernel *k, uint32_t *back_level);
void core_of_conflict(Kernel *k, Ints *core);
void heap_insert(Kernel *k, uint32_t v);
void heap_fill(Kernel *k);
uint32_t heap_take(Kernel *k);
void raise_activity(Kernel *k, uint32_t v);
void forget_learned(Kernel *k);

/* rows.c */
void keep_row(Kernel *k, uint32_t v);
void put_row(Kernel *k, const uint32_t *words);
int find_row_near(const Kernel *k, Lit l);
int find_row(Kernel *k, Lit l);
void part_rows(Kernel *k);
void wake_rows(Kernel *k, uint32_t level);

/* patch.c, base.c, settle.c, api.c */
int flip_patch(Kernel *k, Product *p, Lit l, int stays);
void keep_patch(Kernel *k, const Lit *literals, uint32_t n);
void end_patch(Kernel *k, uint32_t patch, uint32_t state);
int find_patch(Kernel *k, Lit l);
void orphan(Kernel *k, uint32_t v);
void change_base(Kernel *k, const Lit *changed, uint32_t n);
void part_from_trail(Kernel *k);
void sweep_patches(Kernel *k);
void settle(Kernel *k);
void tell(Kernel *k);
void retreat(Kernel *k, uint32_t level);
int decide(Kernel *k, Lit l);
int move_base(Kernel *k);
void clear_patches(Kernel *k);
void orphan_all(Kernel *k);
int take(Kernel *k, const int32_t *decisions, uint32_t n);
void keep_found(Kernel *k, uint32_t floor, uint32_t v);
void make_products(Kernel *k);
void move_holders(Kernel *k, Product *p, Lit lost);
void move_product(Kernel *k, Product *p, const Lit *changed, uint32_t n);

/* laws.c, direct.c */
Direct *make_direct(const Kernel *k, const int32_t *counts, const int32_t *options,
                    const int32_t *starts, const int32_t *scope, const int32_t *step_starts,
                    const int32_t *steps, const int64_t *numbers);
void release_direct(Direct *d);
int move_direct(Kernel *k);
int follow_base(Kernel *k);
void settle_direct(Kernel *k);
int show_direct(Kernel *k, const Lit *assumed, uint32_t n, uint8_t *model);
void allow_instead(Kernel *k, const int32_t *decisions, uint32_t n, const uint8_t *leaving);
int shows_option(Kernel *k, int32_t option);
int search_option(Kernel *k, int32_t option);
void keep_direct(const Kernel *k, Ints *out);
void recall_direct(Kernel *k, const uint32_t *from);

#endif
