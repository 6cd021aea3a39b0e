/** One attempt to log in, for whoever keeps a record. Never a secret. */
export interface LoginAttempt {
  readonly user: string;
  readonly database: string;
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly isTls: boolean;
  /** The method of the rule; undefined: no rule fits, or it never came to that. */
  readonly method: string | undefined;
  readonly ruleLine: number | undefined;
}

export interface LoginLog {
  succeeded(attempt: LoginAttempt, pid: number, identity: string | undefined): void;
  failed(attempt: LoginAttempt, code: string, reason: string): void;
}
