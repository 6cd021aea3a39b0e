/** Marks before each key column that may be NULL. A value lies between the two NULLs. */
export const NULL_FIRST = 0x00;
export const NOT_NULL = 0x01;
export const NULL_LAST = 0x02;
