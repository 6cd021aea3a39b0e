import type { Settings } from './golden-cases.js';

/** One call of a function, operator or cast on literals; ours is found by `name` in golden.test.ts. */
export interface OperationCase {
  readonly name: string;
  /** SQL with $1, $2 … for the arguments. */
  readonly sql: string;
  /** [type, text] */
  readonly arguments: readonly (readonly [type: string, text: string])[];
  readonly settings?: Settings;
}

export function sqlOf(operation: OperationCase): string {
  return operation.sql.replace(/\$(\d)/g, (_, n: string) => {
    const [type, text] = operation.arguments[Number(n) - 1] ?? ['text', ''];
    return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'::${type}`;
  });
}

export const operationCases: readonly OperationCase[] = [];
