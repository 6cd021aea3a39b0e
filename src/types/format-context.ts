import type { UserTypes } from './user-types.js';

/** What the text forms of values depend on: the session's settings, and the catalog for reg* types. */
export interface FormatContext {
  /** 'ISO' | 'SQL' | 'Postgres' | 'German' */
  readonly dateStyle: 'ISO' | 'SQL' | 'Postgres' | 'German';
  readonly dateOrder: 'MDY' | 'DMY' | 'YMD';
  readonly intervalStyle: 'postgres' | 'postgres_verbose' | 'sql_standard' | 'iso_8601';
  /** A name that the time-zone room accepts: 'UTC', 'Europe/Berlin', '<+03>-03' … */
  readonly timeZone: string;
  /** -15 … 3; 1 and more: shortest exact form. */
  readonly extraFloatDigits: number;
  readonly byteaOutput: 'hex' | 'escape';
  /** The transaction's start: microseconds since 2000-01-01 UTC. For 'now', 'today' and now(). */
  readonly transactionStartMicros: number;
  /** Names of catalog objects for reg* types; absent where no catalog is at hand (then numbers are printed). */
  readonly names?: ObjectNames | undefined;
  /** Types that users have made; absent where no catalog is at hand. */
  readonly userTypes?: UserTypes | undefined;
  /** Whoever reads a long text asks it now and then. @throws SqlError 57014 when the statement was cancelled, or its time is up */
  readonly interrupt?: { check(): void } | undefined;
}

/** Looks up objects for regclass, regtype, regproc, regrole, regnamespace, regoperator, regprocedure. */
export interface ObjectNames {
  /** The text PostgreSQL prints: schema-qualified when not visible, quoted when needed; undefined when there is no such object. */
  nameOf(kind: RegKind, oid: number): string | undefined;
  /** @throws SqlError 42P01, 42704, 42883 … as PostgreSQL words it */
  oidOf(kind: RegKind, name: string): number;
}
export type RegKind =
  | 'regclass'
  | 'regtype'
  | 'regproc'
  | 'regprocedure'
  | 'regoper'
  | 'regoperator'
  | 'regrole'
  | 'regnamespace'
  | 'regcollation'
  | 'regconfig'
  | 'regdictionary';
