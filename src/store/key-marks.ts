/** Marks before each key column that may be NULL. A value lies between the two NULLs. */
export const NULL_FIRST = 0x00;
export const NOT_NULL = 0x01;
export const NULL_LAST = 0x02;

/** What leads a range's bound. */
export const RangeMark = { lowest: 0, finite: 1, highest: 2 } as const;
