/** What one client did and saw in one transaction, in its order. Values are appended once in a whole run. */
export type Operation =
  | { readonly kind: 'append'; readonly key: number; readonly value: number }
  | { readonly kind: 'read'; readonly key: number; readonly values: readonly number[] };

/** `unknown`: the connection broke while it committed. */
export type Outcome = 'committed' | 'aborted' | 'unknown';

export interface HistoryTransaction {
  readonly name: string;
  readonly operations: Operation[];
  outcome: Outcome;
  /** Milliseconds: before its first statement was sent, after its COMMIT was answered. */
  readonly began: number;
  ended: number;
}

export type Level = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/** What is there after the run, by key. */
export type FinalLists = ReadonlyMap<number, readonly number[]>;
