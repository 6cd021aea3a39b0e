/** Work that usually ends at once and sometimes waits (law 9). Test with `instanceof Promise`. */
export type MaybePromise<T> = T | Promise<T>;
