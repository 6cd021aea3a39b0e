/** A broken invariant of ours, never of the user's: answered as XX000 and logged with its stack. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** For the default branch of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}
