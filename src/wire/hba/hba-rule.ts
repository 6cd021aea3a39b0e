import type { HbaAddress } from './hba-address.js';
import type { HbaToken } from './hba-tokens.js';

export const HBA_TYPES = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
export type HbaType = (typeof HBA_TYPES)[number];

export const HBA_METHODS = ['trust', 'reject', 'scram-sha-256', 'md5', 'password', 'cert', 'jwt', 'peer'] as const;
export type HbaMethod = (typeof HBA_METHODS)[number];

/** A line of the file: who comes so, to such a database, in that name, from there, shows who they are by the method. The first that fits counts. */
export interface HbaRule {
  readonly line: number;
  readonly type: HbaType;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
  /** Of all types but local. */
  readonly address: HbaAddress | undefined;
  readonly method: HbaMethod;
  readonly options: ReadonlyMap<string, string>;
}

/** A line that is no rule, and why. */
export interface HbaMistake {
  readonly line: number;
  readonly message: string;
}

/** What a rule is compared with. */
export interface HbaClient {
  readonly isLocal: boolean;
  readonly address: string | undefined;
  readonly isTls: boolean;
  readonly user: string;
  readonly database: string;
  readonly isReplication: boolean;
  /** Who connected by the Unix socket, where the kernel was asked. */
  readonly peerUid?: number | undefined;
}
