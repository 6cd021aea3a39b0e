import type { LockMode, TableLockMode } from './transaction.js';

/** In PostgreSQL's order, which numbers them from 1. */
export const TABLE_LOCK_MODES: readonly TableLockMode[] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

/** Modes by number: table modes 0 … 7 as PostgreSQL orders them, row modes 8 … 11. Sets of modes are bits. */
const NUMBERS: Readonly<Record<LockMode, number>> = {
  'ACCESS SHARE': 0,
  'ROW SHARE': 1,
  'ROW EXCLUSIVE': 2,
  'SHARE UPDATE EXCLUSIVE': 3,
  SHARE: 4,
  'SHARE ROW EXCLUSIVE': 5,
  EXCLUSIVE: 6,
  'ACCESS EXCLUSIVE': 7,
  'KEY SHARE': 8,
  'SHARE ROW': 9,
  'NO KEY UPDATE': 10,
  UPDATE: 11,
};
export const LOCK_MODES = Object.keys(NUMBERS) as readonly LockMode[];

export const modeBit = (mode: LockMode): number => 1 << NUMBERS[mode];
export const isRowMode = (mode: LockMode): boolean => NUMBERS[mode] >= NUMBERS['KEY SHARE'];

/** PostgreSQL manual, "Conflicting Lock Modes" and "Conflicting Row-Level Locks". */
const CONFLICTING: Readonly<Record<LockMode, readonly LockMode[]>> = {
  'ACCESS SHARE': ['ACCESS EXCLUSIVE'],
  'ROW SHARE': ['EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'ROW EXCLUSIVE': ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'SHARE UPDATE EXCLUSIVE': ['SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  SHARE: ['ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'SHARE ROW EXCLUSIVE': ['ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  EXCLUSIVE: ['ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'ACCESS EXCLUSIVE': [
    'ACCESS SHARE',
    'ROW SHARE',
    'ROW EXCLUSIVE',
    'SHARE UPDATE EXCLUSIVE',
    'SHARE',
    'SHARE ROW EXCLUSIVE',
    'EXCLUSIVE',
    'ACCESS EXCLUSIVE',
  ],
  'KEY SHARE': ['UPDATE'],
  'SHARE ROW': ['NO KEY UPDATE', 'UPDATE'],
  'NO KEY UPDATE': ['SHARE ROW', 'NO KEY UPDATE', 'UPDATE'],
  UPDATE: ['KEY SHARE', 'SHARE ROW', 'NO KEY UPDATE', 'UPDATE'],
};

const CONFLICTS: readonly number[] = LOCK_MODES.map((mode) => CONFLICTING[mode].reduce((bits, other) => bits | modeBit(other), 0));

/** The modes that another may not hold, as bits. */
export const conflictsOf = (mode: LockMode): number => CONFLICTS[NUMBERS[mode]] ?? 0;

/** As pg_locks and deadlock reports call a table mode: AccessShareLock. */
export function lockModeName(mode: LockMode): string {
  const words = mode.split(' ').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${words.join('')}Lock`;
}

/** The modes of statements that read or write rows: they conflict with each other never. */
export const isSharedTableMode = (mode: LockMode): boolean => NUMBERS[mode] <= NUMBERS['ROW EXCLUSIVE'];

/** Whether a lock of this mode makes a transaction one that writes: it gets a number of its own in PostgreSQL. */
export const isWritingMode = (mode: LockMode): boolean => isRowMode(mode) || mode === 'ACCESS EXCLUSIVE';
