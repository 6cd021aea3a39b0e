/** A query as text, or as a query builder has compiled it (Kysely: `sql`, `parameters`; Drizzle: `sql`, `params`). */
export type LiveStatement =
  | string
  | { readonly sql: string; readonly parameters?: readonly unknown[]; readonly params?: readonly unknown[] }
  /** Kysely's builders. */
  | { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } }
  /** Drizzle's. */
  | { toSQL(): { readonly sql: string; readonly params: readonly unknown[] } };

/** The statement as one text with its parameters in it: LISTEN takes none. @throws Error for a parameter that is not given */
export function statementText(statement: LiveStatement, parameters: readonly unknown[] = []): string {
  if (typeof statement === 'string') return withParameters(statement, parameters);
  if ('compile' in statement) return statementText(statement.compile());
  if ('toSQL' in statement) return statementText(statement.toSQL());
  return withParameters(statement.sql, statement.parameters ?? statement.params ?? []);
}

/** What is no place for a parameter: strings, names, dollar-quoted texts and comments; and the parameters themselves. */
const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g;

function withParameters(text: string, parameters: readonly unknown[]): string {
  return text.replace(PIECES, (piece: string, _tag: string | undefined, number: string | undefined) => {
    if (number === undefined) return piece;
    if (Number(number) > parameters.length) throw new Error(`parameter $${number} is not given`);
    return literal(parameters[Number(number) - 1]);
  });
}

/** As a literal that PostgreSQL reads by the type that is wanted in its place. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return quoted(valueText(value));
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(elementText).join(',')}}`;
  return JSON.stringify(value);
}

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return valueText(value);
  return `"${valueText(value).replace(/["\\]/g, '\\$&')}"`;
}

function quoted(text: string): string {
  const inner = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${inner.replaceAll('\\', '\\\\')}'` : `'${inner}'`;
}
