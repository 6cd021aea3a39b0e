/** SQL text as a tree, so that a failing statement can be cut down part by part. */
export type Sql = string | Sequence | List | Literal;

export interface Sequence {
  readonly kind: 'sequence';
  readonly parts: readonly Sql[];
  /** What may stand in its place, simplest first. */
  readonly simpler: readonly Sql[];
}

/** Items of which all but `min` can be left out; with none left, what stands around them goes too. */
export interface List {
  readonly kind: 'list';
  readonly before: string;
  readonly separator: string;
  readonly items: readonly Sql[];
  readonly min: number;
}

/** A constant, which the extended protocol may send as a parameter. */
export interface Literal {
  readonly kind: 'literal';
  readonly text: string;
  readonly value: string | null;
  /** Another of the type, for running the prepared statement again. */
  readonly other: string | null;
  readonly type: string;
  readonly isParameter: boolean;
}

export function sql(strings: TemplateStringsArray, ...values: readonly Sql[]): Sequence {
  const parts: Sql[] = [];
  strings.forEach((text, i) => {
    if (text !== '') parts.push(text);
    const value = values[i];
    if (value !== undefined && value !== '') parts.push(value);
  });
  return { kind: 'sequence', parts, simpler: [] };
}

export function withSimpler(node: Sql, simpler: readonly Sql[]): Sequence {
  return typeof node !== 'string' && node.kind === 'sequence'
    ? { ...node, simpler: [...simpler, ...node.simpler] }
    : { kind: 'sequence', parts: [node], simpler };
}

export function list(items: readonly Sql[], options: { before?: string; separator?: string; min?: number } = {}): List {
  return { kind: 'list', items, before: options.before ?? '', separator: options.separator ?? ', ', min: options.min ?? 0 };
}

/** A part that can be left out. */
export const optional = (part: Sql): List => list([part], { separator: '' });

export interface Statement {
  readonly text: string;
  /** Of a prepared statement. */
  readonly name?: string;
  /** Undefined: by the simple protocol. */
  readonly values?: readonly (string | null)[];
  readonly others?: readonly (string | null)[];
}

export function render(tree: Sql, withParameters: boolean): Statement {
  const values: (string | null)[] = [];
  const others: (string | null)[] = [];
  const numbers = new Map<string, number>();
  const write = (node: Sql): string => {
    if (typeof node === 'string') return node;
    if (node.kind === 'sequence') return node.parts.map(write).join('');
    if (node.kind === 'list') return node.items.length === 0 ? '' : node.before + node.items.map(write).join(node.separator);
    if (!withParameters || !node.isParameter) return node.text;
    // Equal constants are one parameter, so that an expression still equals its twin in GROUP BY.
    const key = JSON.stringify([node.type, node.value]);
    let number = numbers.get(key);
    if (number === undefined) {
      number = values.push(node.value);
      others.push(node.other);
      numbers.set(key, number);
    }
    return `$${number}::${node.type}`;
  };
  const text = write(tree);
  return withParameters ? { text, values, others } : { text };
}

/** All that one step of cutting down can make of a tree, the biggest cuts first at each level. */
export function* variants(node: Sql): Generator<Sql> {
  if (typeof node === 'string' || node.kind === 'literal') return;
  if (node.kind === 'sequence') {
    yield* node.simpler;
    for (const [i, part] of node.parts.entries()) {
      for (const changed of variants(part)) yield { ...node, parts: node.parts.with(i, changed) };
    }
    return;
  }
  const { items, min } = node;
  if (min === 0 && items.length > 1) yield { ...node, items: [] };
  if (items.length > min) {
    for (const i of items.keys()) yield { ...node, items: items.toSpliced(i, 1) };
  }
  for (const [i, item] of items.entries()) {
    for (const changed of variants(item)) yield { ...node, items: items.with(i, changed) };
  }
}
