/** Branded identifiers: plain strings and numbers at run time, kept apart by the compiler. */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Who owns a row of a user table: a role's name or an end user's id. Non-empty text. */
export type UserId = Branded<string, 'UserId'>;
/** An object's number in pg_catalog: 1 … 2^32-1. User objects start at 16384. */
export type Oid = number;
/** A storage id: names the spaces of a table or index; a rewrite or TRUNCATE takes a new one (PostgreSQL's relfilenode). */
export type StorageId = Branded<number, 'StorageId'>;
/** 0 … shard count - 1. */
export type ShardId = Branded<number, 'ShardId'>;
/** 0 … 1023. */
export type SlotId = Branded<number, 'SlotId'>;
/** Commit sequence number: 1 … 2^53-1, one a commit, in commit order. */
export type Seq = Branded<number, 'Seq'>;

export const userId = (text: string): UserId => text as UserId;
export const storageId = (n: number): StorageId => n as StorageId;
export const shardId = (n: number): ShardId => n as ShardId;
export const slotId = (n: number): SlotId => n as SlotId;
export const seq = (n: number): Seq => n as Seq;

export const FIRST_USER_OID = 16384;
