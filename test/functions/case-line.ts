/**
 * A golden file is a list of calls, each followed by what PostgreSQL answers:
 *
 *     lpad | text:hi | int4:5        a function, an operator (+), a cast (::numeric) or an aggregate (@sum, over arrays of inputs)
 *     SELECT 1 + 1                   or a whole query, for the test that goes through the binder
 *     = "   hi"                      the result as text in JSON; several lines for a set
 *     ! 22023 message                or the error
 *
 * `#set TimeZone = Europe/Berlin` holds for what follows. `type:` alone is NULL, `type:"…"` a JSON string; VARIADIC stands before a type.
 */
export interface CaseArgument {
  readonly type: string;
  readonly text: string | null;
  readonly variadic: boolean;
}
export interface GoldenCase {
  readonly line: string;
  readonly name: string;
  readonly kind: 'function' | 'operator' | 'cast' | 'aggregate' | 'sql';
  readonly args: readonly CaseArgument[];
  readonly settings: ReadonlyMap<string, string>;
  readonly expected: string;
}

export function parseCase(line: string): Pick<GoldenCase, 'name' | 'kind' | 'args'> {
  if (line.startsWith('SELECT ')) return { name: line, kind: 'sql', args: [] };
  const [head = '', ...rest] = line.split(' | ');
  const args = rest.map((part): CaseArgument => {
    const variadic = part.startsWith('VARIADIC ');
    const spec = variadic ? part.slice(9) : part;
    const colon = spec.indexOf(':');
    if (colon < 0) throw new Error(`an argument without its type: ${line}`);
    const text = spec.slice(colon + 1);
    return {
      type: spec.slice(0, colon),
      text: text === '' ? null : /^"(?:[^"\\]|\\.)*"$/.test(text) ? JSON.parse(text) : text,
      variadic,
    };
  });
  if (head.startsWith('::')) return { name: head.slice(2), kind: 'cast', args };
  if (head.startsWith('@') && /[a-z]/.test(head)) return { name: head.slice(1), kind: 'aggregate', args };
  return { name: head, kind: /^[a-z_]/i.test(head) ? 'function' : 'operator', args };
}

export function parseGolden(text: string): GoldenCase[] {
  const cases: GoldenCase[] = [];
  let settings = new Map<string, string>();
  let line: string | undefined;
  let expected: string[] = [];
  const finish = (): void => {
    if (line !== undefined) cases.push({ line, ...parseCase(line), settings, expected: expected.join('\n') });
    line = undefined;
    expected = [];
  };
  for (const row of text.split('\n')) {
    if (/^[=!] (".*"|null|void|[0-9A-Z]{5} .*)$/.test(row) && line !== undefined) {
      expected.push(row);
    } else if (row.startsWith('#')) {
      finish();
      const match = /^#set (\w+) = (.*)$/.exec(row);
      if (match?.[1] !== undefined && match[2] !== undefined) settings = new Map(settings).set(match[1], match[2]);
    } else if (row.trim() !== '') {
      finish();
      line = row;
    }
  }
  finish();
  return cases;
}
