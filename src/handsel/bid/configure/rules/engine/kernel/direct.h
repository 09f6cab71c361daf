/* Laws as they are written, beside the clauses made of them.
 *
 * Where laws calculate, most of the solver's variables are thresholds of quantities between, and a
 * product differs from its neighbour in hundreds of them. So products are sought here over the
 * model's own variables, of which a product has a few dozen, and laws are calculated. What is found
 * is certain, for it fulfils every law; what is not found says nothing and is left to the search. */
#ifndef HANDSEL_DIRECT_H
#define HANDSEL_DIRECT_H

#include "kernel.h"

/* A product known for a value differs from the base in no more variables than this. */
#define MOST_CHANGES 12u

/* Laws asked about for one value before it is left to the search. */
#define ASKED_A_VALUE 8000u

/* Variables changed one after another because of one. */
#define DEEPEST 9u

/* Steps of a calculation; see compiled `laws` in engine/direct.py. */
enum { CONSTANT, COLUMN, PLUS, MINUS, TIMES, DIVIDED, LEAST, GREATEST, SAME, DIFFERENT, BELOW,
       AT_MOST, AND, OR, NOT, CHOSEN };

typedef struct {
    int32_t what, variable, at;   /* `at`: where the number or the column of numbers lies */
} Step;

typedef struct {
    uint16_t n, variable[MOST_CHANGES], value[MOST_CHANGES];
} Changes;

struct Direct {
    uint32_t variables, laws, slots;
    uint32_t *size, *slot;        /* variable -> how many values; where its slots begin */
    Lit *literal;                 /* slot (a value of a variable) -> its literal */
    Lists scope, laws_of;         /* law -> variables; variable -> laws */
    Step *steps;
    uint32_t *step_begin;         /* law -> */
    int64_t *numbers, *stack;
    uint32_t *truth_begin;        /* law -> its truths by values, or NONE where it is calculated */
    uint32_t *stride;             /* as `scope` */
    uint8_t *truths;

    uint16_t *now;                /* variable -> its value in a valid product, the base here */
    uint8_t *allowed;             /* slot -> whether the search may use it */
    Changes *known;               /* slot -> what to change in the base to have it, perhaps */

    /* Room for a search. */
    uint16_t *value;              /* variable -> its value in the product tried */
    uint8_t *root_allowed;        /* slot -> whether some product has it */
    uint32_t *option_slot;        /* option -> slot */
    uint8_t *is_held;             /* variable -> whether the search must leave it */
    uint8_t *is_touched;
    uint32_t touched[256], touched_n;
    uint32_t *law_stamp, stamp, broken_room[DEEPEST + 1][64];
    uint32_t asked, most_asked, searched;
};

/* laws.c */
int law_holds(Direct *d, uint32_t law);

/* mend.c */
void touch(Direct *d, uint32_t v, uint32_t value);
void begin_change(Direct *d);
void note_change(const Direct *d, Changes *found);
void shorten_change(Direct *d, uint32_t kept);
int stands(Direct *d);
int has_known(Direct *d, uint32_t v, uint32_t value);
int find_change(Direct *d, uint32_t v, uint32_t value, uint32_t most);
int mend_all(Direct *d, uint32_t most);

/* direct.c */
void read_allowed(const Kernel *k, uint8_t *allowed);
void go_there(Direct *d);
uint32_t variable_of(const Direct *d, uint32_t slot);
int search_direct(Kernel *k, uint32_t slot);

#endif
